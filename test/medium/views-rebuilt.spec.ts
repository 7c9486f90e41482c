import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openPool, rebuildAndCompare, runtimeRole } from '#kernel';
import { loadDefinition } from '#workflow';
import { entente } from '../../apps/cli/cli.js';
import { simulateAccreditation, type Simulated } from '../../apps/cli/simulation.js';
import { institutions } from '../../apps/server/demonstration.people.js';
import { type Engines, openEngines } from '../../apps/server/engines.js';
import { readSettings } from '../../apps/server/settings.js';
import { envelopes } from '../support/envelopes.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let dataDir: string;
let pool: pg.Pool;
let simulated: Simulated;
let environment: Readonly<Record<string, string>>;

/** A whole round lies in the log, and every view has followed it. */
beforeAll(async () => {
  database = await freshDatabase('views_rebuilt');
  dataDir = await mkdtemp(join(tmpdir(), 'entente-views-rebuilt-'));
  environment = { DATABASE_URL: database.url, DATA_DIR: dataDir };
  pool = openPool(database.url, { max: 4 });
  await withEngines(async (engines) => {
    const { store, runner } = engines;
    const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
    simulated = await simulateAccreditation({ store, definition, institutions, applications: 16, seed: 5 });
    engines.follow(() => undefined);
    await runner.caughtUp(await store.head());
  });
});

afterAll(async () => {
  await pool.end();
  await rm(dataDir, { recursive: true, force: true });
  await database.drop();
});

async function withEngines(work: (engines: Engines) => Promise<void>): Promise<void> {
  const engines = await openEngines({ ...readSettings(environment), databaseUrl: database.url });
  try {
    await work(engines);
  } finally {
    await engines.close();
  }
}

/** Every row of every table of every view, but for how far it has got, as text. */
async function everything(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'view\\_%' and tablename <> 'checkpoint' order by 1`,
  );
  const contents: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select r::text as row from ${name} r order by 1`);
    contents[name] = rows.map(({ row }) => row);
  }
  return contents;
}

async function told(...words: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const listen = (line: string): void => void lines.push(line);
  expect(await entente([...words, '--lang', 'en'], { environment, say: listen, tell: listen })).toBe(0);
  return lines;
}

test('a folder whose key did not seal the personal data of the database is named, before anything is sealed under another', async () => {
  await withEngines(async ({ vault }) => void (await vault.keyOf('person-1')));
  const elsewhere = await mkdtemp(join(tmpdir(), 'entente-views-rebuilt-'));
  const settings = readSettings({ ...environment, DATA_DIR: elsewhere });
  await expect(openEngines({ ...settings, databaseUrl: database.url })).rejects.toThrow('installation.key is not the key');
  await rm(elsewhere, { recursive: true, force: true });
});

test('no process of ours may change or remove what stands in the log: it appends under the rights of the runtime role', async () => {
  await withEngines(async ({ pool: own, store }) => {
    for (const statement of ['delete from event', 'update event set data = data', 'truncate event'])
      await expect(own.query(statement)).rejects.toThrow('permission denied');
    await pool.query(`revoke insert on event from ${runtimeRole}`);
    const append = { stream: 'thing-a', expectedLength: 0, events: envelopes('thing-a', 0, 1) };
    await expect(store.append(append)).rejects.toThrow('permission denied');
    await pool.query(`grant insert on event to ${runtimeRole}`);
  });
});

test('every view built anew from a whole round is the live one', async () => {
  expect(new Set(simulated.cases.map(({ outcome }) => outcome)).size).toBeGreaterThan(1);
  await withEngines(async ({ followed, store, clock }) => {
    expect(followed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['owed', 'cases', 'people', 'recognitions', 'seats']),
    );
    const differences = [];
    for (const view of followed) differences.push(await rebuildAndCompare({ pool, store, clock }, view));
    expect(differences).toEqual(followed.map(() => undefined));
  });
});

test('the operator who builds every view anew finds what was there before', async () => {
  const before = await everything();
  expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(9);
  const compared = await told('rebuild', '--compare');
  const rebuilt = await told('rebuild');
  expect(rebuilt).toHaveLength(compared.length);
  expect(compared.filter((line) => !line.endsWith(': equal'))).toEqual([]);
  expect(compared).toContain('owed: equal');
  const after = await everything();
  expect(after).toEqual(before);
});

test('a view that somebody has tampered with is named, and right again once it is built anew', async () => {
  const before = await everything();
  const [table = ''] = Object.keys(before).filter(
    (name) => name.startsWith('view_recognitions.') && (before[name] ?? []).length > 1,
  );
  await pool.query(`delete from ${table} where ctid = (select min(ctid) from ${table})`);
  const lines: string[] = [];
  const listen = (line: string): void => void lines.push(line);
  expect(
    await entente(['rebuild', 'recognitions', '--compare', '--lang', 'en'], { environment, say: listen, tell: listen }),
  ).toBe(1);
  expect(lines).toEqual([expect.stringMatching(/^recognitions: .*"only":"rebuilt"/)]);
  await told('rebuild', 'recognitions');
  expect((await everything())[table]).toEqual(before[table]);
});
