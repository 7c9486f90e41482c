import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext } from '#charter';
import { CommandHandling, InMemoryVault, States, SystemClock, uuidv7 } from '#kernel';
import { institutionContext } from '#organisation';
import { importInstitutions } from '../../apps/cli/import-institutions.js';
import { type InstitutionRow } from '../../apps/cli/institutions.file.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { freshLog, type TestLog } from '../support/postgres-log.js';

/** As many as the Ministry's list of 2025 has. */
const count = 2_919;
const rows: readonly InstitutionRow[] = Array.from({ length: count }, (_, index) => ({
  code: `41440${String(index).padStart(5, '0')}`,
  facts: {
    name: `第${index}大学`,
    schoolCode: String(index).padStart(5, '0'),
    province: '44',
    supervisor: '广东省',
    city: '广州市',
    level: 'undergraduate',
  },
}));

let log: TestLog;
beforeAll(async () => {
  log = await freshLog('import');
});
afterAll(() => log.drop());

test('the whole list is registered; again, it changes nothing; a new name is a renaming', async () => {
  const store = log.open();
  const states = new States(store);
  for (const { decider } of [charterContext, institutionContext]) states.register(decider);
  const handling = new CommandHandling(store, states, new InMemoryVault(), new SystemClock());
  const found = { type: 'AdoptCharter', data: { document: modelCharter({ zh: '联盟', en: 'Alliance' }) } };
  await handling.handle(charterContext, 'a', found, { kind: 'operator', alliance: 'a', commandId: uuidv7(Date.now()) });
  expect(await importInstitutions({ handling, states }, 'a', rows, uuidv7(1))).toEqual({
    registered: count,
    changed: 0,
    unchanged: 0,
  });
  expect(await store.head()).toBe(BigInt(count + 1));

  expect(await importInstitutions({ handling, states }, 'a', rows, uuidv7(2))).toEqual({
    registered: 0,
    changed: 0,
    unchanged: count,
  });
  const [first, ...others] = rows as [InstitutionRow, ...InstitutionRow[]];
  const renamed = [{ ...first, facts: { ...first.facts, name: '新大学' } }, ...others];
  expect(await importInstitutions({ handling, states }, 'a', renamed, uuidv7(3))).toEqual({
    registered: 0,
    changed: 1,
    unchanged: count - 1,
  });
  expect(await importInstitutions({ handling, states }, 'a', rows, uuidv7(4))).toEqual({
    registered: 0,
    changed: 1,
    unchanged: count - 1,
  });
  expect((await store.read(`institution-a.${first.code}`)).map(({ type }) => type)).toEqual([
    'InstitutionRegistered',
    'InstitutionRenamed',
    'InstitutionRenamed',
  ]);
  await store.close();
});

test('an import without the power for it changes nothing', async () => {
  const store = log.open();
  const states = new States(store);
  for (const { decider } of [charterContext, institutionContext]) states.register(decider);
  const handling = new CommandHandling(store, states, new InMemoryVault(), new SystemClock());
  await expect(importInstitutions({ handling, states }, 'b', rows, uuidv7(5))).rejects.toMatchObject({
    code: 'authority.no-charter',
  });
  expect((await store.readAll(0n, { limit: 10_000 })).events.every(({ meta }) => meta.alliance === 'a')).toBe(true);
  await store.close();
});
