import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { ensurePostgres } from '../../libs/kernel/embedded.postgres.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends its connections and removes it. */
  readonly drop: () => Promise<void>;
}

/**
 * An empty database of its own for one suite, on the server of this test run.
 *
 * The server is the one of TEST_DATABASE_URL (whose user may create databases), or else an embedded one that the first
 * suite to ask starts and that ends with the run, so suites without a database do not wait for it.
 */
export async function freshDatabase(name = 'suite'): Promise<TestDatabase> {
  const server = await serverUrl();
  const database = `test_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_${randomBytes(4).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${database} TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`) };
}

/**
 * Waits in the database itself until a query finds something, and lets nobody write to the log from then on: whoever would, waits.
 *
 * @returns what ends it
 */
export async function logHeldOnce(url: string, found: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(`do $$ begin
    for tries in 1..20000 loop
      exit when exists (${found});
      perform pg_sleep(0.002);
    end loop;
    lock table event in share mode;
  end $$`);
  return () => client.end();
}

async function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    if (!/test/i.test(new URL(given).pathname))
      throw new Error('TEST_DATABASE_URL names a database without `test` in its name: tests do not touch that.');
    return given;
  }
  return (await ensurePostgres({ dataDir: join(runFolder(), 'postgres') })).url;
}

function runFolder(): string {
  const folder = process.env['ENTENTE_TEST_RUN'];
  if (!folder) throw new Error('No test run is under way: test/support/run.mjs starts one (globalSetup of Jest).');
  return folder;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
