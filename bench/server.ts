import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, runtimeRole } from '../libs/kernel/database.postgres.js';
import { ensurePostgres, stopPostgres } from '../libs/kernel/embedded.postgres.js';
import { PostgresEventStore } from '../libs/kernel/event-store.postgres.js';
import { logMigrations } from '../libs/kernel/log-schema.postgres.js';

/** A PostgreSQL of the bench's own, with the durability it comes with (fsync on), or the one of BENCH_DATABASE_URL. */
export interface BenchServer {
  /** An empty database. */
  readonly database: (name: string) => Promise<string>;
  /** An empty log in a database of its own, as servers have it. */
  readonly log: (name: string) => Promise<{ readonly url: string; readonly store: PostgresEventStore }>;
  readonly stop: () => Promise<void>;
}

export async function startServer(): Promise<BenchServer> {
  const given = process.env['BENCH_DATABASE_URL'];
  const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'entente-bench-')) : undefined;
  const dataDir = folder === undefined ? undefined : join(folder, 'postgres');
  const server = given ?? (await ensurePostgres({ dataDir: dataDir as string })).url;
  const stop = async (): Promise<void> => {
    if (dataDir !== undefined) await stopPostgres(dataDir);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  // A signal stops it, and the bench that fails of that stops it again.
  let stopping: Promise<void> | undefined;
  const database = (name: string): Promise<string> => createDatabase(server, name);
  return {
    database,
    log: async (name) => {
      const url = await database(name);
      await migrate(url, logMigrations);
      return { url, store: new PostgresEventStore(url, { role: runtimeRole }) };
    },
    stop: () => (stopping ??= stop()),
  };
}

async function createDatabase(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`drop database if exists bench_${name} with (force)`);
    await client.query(`create database bench_${name} template template0 encoding 'UTF8'`);
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = `/bench_${name}`;
  return url.href;
}
