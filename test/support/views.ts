import type pg from 'pg';
import type { EventStore, RecordedEvent, Sql, View } from '#kernel';
import { envelopes } from './envelopes.js';

/** Counts the events of each stream, and keeps every one: a batch taken twice or left out shows. */
export const tallies = (change: Partial<View> = {}): View => ({
  name: 'tallies',
  version: 1,
  categories: ['thing'],
  async create(sql, schema) {
    await sql.query(`create table ${schema}.tally (stream text primary key, events int not null, sum int not null)`);
    await sql.query(`create table ${schema}.seen (position bigint primary key, stream text not null references ${schema}.tally)`);
  },
  async apply(events, sql, schema) {
    await addTallies(events, sql, schema);
    await sql.query(`insert into ${schema}.seen select * from unnest($1::bigint[], $2::text[])`, [
      events.map(({ position }) => position),
      events.map(({ stream }) => stream),
    ]);
  },
  ...change,
});

const numberIn = ({ data }: RecordedEvent): number => (data as { n: number }).n;

async function addTallies(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `insert into ${schema}.tally as known select stream, count(*), sum(n) from unnest($1::text[], $2::int[]) as given (stream, n) group by stream
     on conflict (stream) do update set events = known.events + excluded.events, sum = known.sum + excluded.sum`,
    [events.map(({ stream }) => stream), events.map(numberIn)],
  );
}

export const eventsSeen = async (sql: Sql, schema: string): Promise<number> =>
  (await sql.query<{ n: number }>(`select count(*)::int as n from ${schema}.seen`))[0]?.n ?? -1;

/** As many as the log takes in one go. */
const perAppend = 1_000;

/** Appends to one stream, from its present end on. */
export async function append(store: EventStore, stream: string, count: number): Promise<bigint> {
  const from = (await store.read(stream)).length;
  const now = Math.min(count, perAppend);
  const { position } = await store.append({ stream, expectedLength: from, events: envelopes(stream, from, now) });
  return count === now ? position : append(store, stream, count - now);
}

/** Breaks every connection of a database, but for the one that asks. */
export const breakConnections = (pool: pg.Pool): Promise<unknown> =>
  pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
