import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openIdentity, personContext } from '#identity';
import { charterContext } from '#charter';
import {
  canonicalJson,
  CommandHandling,
  envelopeOf,
  installationKeyIn,
  openPool,
  PostgresEventStore,
  PostgresVault,
  type RecordedEvent,
  States,
  SystemClock,
  uuidv7,
} from '#kernel';
import { entente } from '../../apps/cli/cli.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { Child } from '../faults/support/child.js';
import { dense, nothingTwice, sealedIn, wholeLog } from '../faults/support/log-facts.js';
import { freshDatabase, logHeldOnce, type TestDatabase } from '../support/postgres.js';

const list = [
  'name,moe_code,school_code,province,supervising_dept,city,level',
  '中山大学,4144010558,10558,广东省,教育部,广州市,本科',
  '吉利学院,4111012802,12802,四川省,四川省教育厅,成都市,本科',
].join('\n');

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase('cli');
  folder = await mkdtemp(join(tmpdir(), 'entente-cli-'));
  await writeFile(join(folder, 'charter.json'), JSON.stringify(modelCharter({ zh: '联盟', en: 'Alliance' })));
  await writeFile(join(folder, 'unsound.json'), JSON.stringify({ ...modelCharter({ zh: '联盟', en: 'Alliance' }), rules: [] }));
  await writeFile(join(folder, 'list.csv'), list);
  await writeFile(join(folder, 'more.csv'), `${list}\n北京大学,4111010001,10001,北京市,教育部,北京市,本科\n`);
  await writeFile(join(folder, 'bad.csv'), `${list}\n错,1,1,广东,教育部,广州市,本科\n`);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function run(...words: readonly string[]) {
  const said: string[] = [];
  const told: string[] = [];
  const environment = { DATABASE_URL: database.url, DATA_DIR: folder };
  const code = await entente(words, { environment, say: (text) => said.push(text), tell: (text) => told.push(text) });
  return { code, said: said.join('\n'), told: told.join('\n') };
}
const file = (name: string): string => join(folder, name);

test('an operator founds an alliance, imports its institutions and looks back, all from the command line', async () => {
  expect(await run('import', 'institutions', file('list.csv'))).toMatchObject({
    code: 1,
    told: expect.stringContaining('entente found'),
  });
  expect(await run('found', 'gdmooc', file('list.csv'))).toMatchObject({ code: 1 });
  expect(await run('found', 'gdmooc', file('unsound.json'))).toMatchObject({
    code: 1,
    told: expect.stringContaining('charter.unsound'),
  });
  expect(await run('found', 'gdmooc', file('charter.json'))).toMatchObject({ code: 0, told: '' });

  const bad = await run('import', 'institutions', file('bad.csv'));
  expect(bad).toMatchObject({ code: 1, said: '', told: expect.stringContaining('bad.csv:4: ') });
  expect(await run('replay', 'institution-gdmooc.4144010558')).toMatchObject({ code: 1 });

  expect(await run('import', 'institutions', file('list.csv'))).toMatchObject({
    code: 0,
    said: expect.stringContaining('2 registered'),
  });
  expect(await run('import', 'institutions', file('list.csv'))).toMatchObject({
    code: 0,
    said: expect.stringContaining('2 as before'),
  });

  const replayed = await run('replay', 'institution-gdmooc.4111012802');
  expect(replayed.code).toBe(0);
  const { state, events, position } = JSON.parse(replayed.said) as { state: unknown; events: unknown[]; position: string };
  expect(state).toMatchObject({ facts: { name: '吉利学院', province: '51' } });
  expect(events).toHaveLength(1);
  expect(await run('replay', 'institution-gdmooc.4111012802', '--position', position)).toMatchObject({
    code: 0,
    said: replayed.said,
  });
  expect(await run('replay', 'institution-gdmooc.4111012802', '--position', '1')).toMatchObject({ code: 1 });
  expect(await run('replay', 'institution-gdmooc.4111012802', '--as-of', '2020-01-01')).toMatchObject({ code: 1 });
  expect(await run('replay', 'institution-gdmooc.4111012802', '--as-of', '2999-01-01')).toMatchObject({
    code: 0,
    said: replayed.said,
  });
});

test('an operator puts an amended charter into force and adopts a workflow under it, and founds nothing twice', async () => {
  const again = await run('found', 'gdmooc', file('charter.json'));
  expect(again).toMatchObject({ code: 1, told: expect.stringContaining('entente amend gdmooc') });
  expect(await run('amend', 'nobody', file('charter.json'))).toMatchObject({
    code: 1,
    told: expect.stringContaining('entente found nobody'),
  });
  const own = (await readFile('workflows/shared-course-offer.yaml', 'utf8')).replace('id: shared-course-offer', 'id: our-offer');
  await writeFile(file('our-offer.yaml'), own);
  expect(await run('workflow', 'adopt', 'gdmooc', file('our-offer.yaml'))).toMatchObject({
    code: 1,
    told: expect.stringContaining('Name "our-offer" among the workflows'),
  });
  const charter = JSON.stringify(modelCharter({ zh: '联盟', en: 'Alliance' }));
  await writeFile(file('amended.json'), charter.replaceAll('"shared-course-offer"', '"shared-course-offer","our-offer"'));
  expect(await run('amend', 'gdmooc', file('amended.json'))).toMatchObject({
    code: 0,
    said: expect.stringContaining('Version 2'),
  });
  expect(await run('workflow', 'adopt', 'gdmooc', file('our-offer.yaml'))).toMatchObject({ code: 0, told: '' });
});

test('views are built anew and compared from the command line', async () => {
  expect(await run('rebuild', 'institutions')).toEqual({ code: 0, said: 'institutions: rebuilt.', told: '' });
  expect(await run('rebuild', 'institutions', '--compare')).toEqual({ code: 0, said: 'institutions: equal', told: '' });
  expect(await run('import', 'institutions', file('more.csv'))).toMatchObject({ code: 0 });
  const behind = await run('rebuild', 'institutions', '--compare');
  expect(behind).toMatchObject({ code: 1, said: expect.stringContaining('1 events behind the log') });
  expect(await run('rebuild', 'weather')).toMatchObject({ code: 2, told: expect.stringContaining('institutions') });
});

const bytesOf = (event: RecordedEvent): string => `${event.position} ${canonicalJson(envelopeOf(event))}`;

/** What the installation keeps, looked at beside the command line. */
async function installation() {
  const pool = openPool(database.url, { max: 2 });
  const [store, clock] = [new PostgresEventStore(database.url), new SystemClock()];
  const vault = new PostgresVault(pool, await installationKeyIn(file('installation.key')));
  const states = new States(store);
  for (const { decider } of [charterContext, personContext]) states.register(decider);
  const commands = new CommandHandling(store, states, vault, clock);
  const identity = openIdentity({ pool, clock, states, tail: store, vault, commands, publicUrl: 'http://localhost' });
  const register = async (name: string): Promise<string> => {
    const id = uuidv7(clock.now());
    const data = { person: `person-${id}`, name: { zh: name } };
    const operator = { kind: 'operator', alliance: 'gdmooc', commandId: uuidv7(clock.now()) } as const;
    await commands.handle(personContext, id, { type: 'RegisterPerson', data }, operator);
    return data.person;
  };
  /** What people wrote that is in the log, as the log names it, and as far as it can still be read. */
  const written = async (person: string) => {
    const digests = (await store.read(person)).flatMap(({ data }) => sealedIn(data).map(({ sealed }) => sealed));
    return { digests, read: [...(await vault.open(digests)).values()] };
  };
  const close = async (): Promise<void> => {
    await store.close();
    await pool.end();
  };
  const log = () => wholeLog(store);
  return { identity, register, written, log, close };
}

test('nobody is erased who is not there', async () => {
  expect(await run('erase', 'person-1')).toMatchObject({ code: 1, told: 'There is no person "person-1".' });
});

test('who is erased cannot be read any more, and the log stands as it stood and still verifies', async () => {
  const { register, written, log, close } = await installation();
  try {
    const [erased, other] = [await register('容闳'), await register('詹天佑')];
    const [before, { digests, read }] = [await log(), await written(erased)];
    expect(read).toEqual([{ zh: '容闳' }]);

    expect(await run('erase', erased)).toEqual({ code: 0, said: `${erased} has been erased.`, told: '' });

    expect(await written(erased)).toEqual({ digests, read: [] });
    expect((await written(other)).read).toEqual([{ zh: '詹天佑' }]);
    const after = await log();
    expect(after.slice(0, before.length).map(bytesOf)).toEqual(before.map(bytesOf));
    expect(after.slice(before.length)).toMatchObject([{ type: 'PersonErased', stream: erased, data: {} }]);
    expect([...dense(after), ...nothingTwice(after)]).toEqual([]);
    const { said } = await run('replay', erased);
    expect(JSON.parse(said)).toMatchObject({
      state: { status: 'erased' },
      events: [{ data: { name: { sealed: digests[0] } } }, {}],
    });
    expect(await run('erase', erased)).toMatchObject({ code: 0 });
    expect(await log()).toHaveLength(after.length);
  } finally {
    await close();
  }
});

test('a key opens the door until it is revoked, and only for powers that the charter knows', async () => {
  const { register, identity, close } = await installation();
  try {
    const person = await register('容闳');

    expect(await run('key', 'issue', 'person-1')).toMatchObject({ code: 1 });
    expect(await run('key', 'issue', person, '--powers', 'rule-the-world')).toMatchObject({ code: 1, said: '' });
    expect(await run('key', 'issue', person, '--days', '400')).toMatchObject({ code: 2, said: '' });
    const { code, said: token } = await run('key', 'issue', person, '--powers', 'register-course', '--days', '30');
    expect(code).toBe(0);
    const [, key = ''] = /^uak_([0-9a-f]{16})_/.exec(token) ?? [];
    const request = { method: 'GET', authorization: `Bearer ${token}`, ip: '127.0.0.1' };
    expect(await identity.authenticate(request)).toMatchObject({
      person,
      key: { id: key, alliance: 'gdmooc', powers: ['register-course'] },
    });

    expect(await run('key', 'revoke', person, key)).toMatchObject({ code: 0 });
    expect(await run('key', 'revoke', person, key)).toMatchObject({ code: 1 });
    expect(await identity.keys.lives(key)).toBe(false);
  } finally {
    await close();
  }
});

/** More than are under way at once. */
const many = 3_000;
test('an import that is killed in the middle is finished by the same command, and nothing stands twice', async () => {
  const rows = Array.from({ length: many }, (_, index) => {
    const school = String(index).padStart(5, '0');
    return `第${index}大学,41440${school},${school},广东省,广东省,广州市,本科`;
  });
  await writeFile(file('many.csv'), [list.split('\n', 1)[0], ...rows].join('\n'));
  expect(await run('found', 'killed', file('charter.json'))).toMatchObject({ code: 0 });
  const words = ['import', 'institutions', file('many.csv'), '--alliance', 'killed'] as const;
  const pool = openPool(database.url, { max: 1 });
  const registered = async (): Promise<number> => {
    const { rows: found } = await pool.query<{ n: number }>(
      "select count(*)::int as n from event where stream like 'institution-killed.%'",
    );
    return found[0]?.n ?? 0;
  };
  try {
    const env = { ...process.env, DATABASE_URL: database.url, DATA_DIR: folder };
    const child = Child.script('apps/cli/main.ts', words, { env });
    // As soon as the first are there it waits, and is killed waiting.
    const release = await logHeldOnce(database.url, "select from event where stream like 'institution-killed.%'");
    const before = await registered();
    expect([before > 0, before < many]).toEqual([true, true]);
    expect(await child.end('SIGKILL')).toBe('SIGKILL');
    await release();
    const again = await run(...words);
    expect(again).toMatchObject({ code: 0, told: '' });
    const [, added = '', known = ''] = /(\d+) registered, 0 changed, (\d+) as before/.exec(again.said) ?? [];
    expect([Number(added) + Number(known), Number(known) >= before, await registered()]).toEqual([many, true, many]);
  } finally {
    await pool.end();
  }
});
