import pg from 'pg';
import { answering } from './database.postgres.js';
import type { LogSlice } from './event-store.js';
import type { Sql, View } from './view.js';

/**
 * How far a view has got. It stands among the view's own tables: whoever drops the schema drops it too, and whoever swaps it in swaps both.
 * Readers and writers touch it before any other table of the schema, so one lock on it holds off all of them.
 */
const checkpoint = '_checkpoint';

/** The schema that readers are given. */
export const liveSchema = (view: View): string => `view_${view.name}`;

export interface Checkpoint {
  readonly version: number;
  /** The view holds everything up to here. */
  readonly position: bigint;
}

/** Queries on one connection, one after the other; a broken connection shows as UnavailableError. */
export function sqlOn(client: pg.ClientBase): Sql {
  let isAsking = false;
  return {
    async query<R>(text: string, values: readonly unknown[] = []) {
      // pg would put it off by itself, which saves nothing, and from version 9 on refuses it.
      if (isAsking) throw new TypeError('a connection takes one query after the other: wait for the answer first');
      isAsking = true;
      try {
        return await answering(async () => (await client.query(text, [...values])).rows as R[]);
      } finally {
        isAsking = false;
      }
    },
  };
}

/**
 * Runs `work` between `opening` (`begin; …`, in one round trip) and commit, or rolls back.
 *
 * @param work - gets the answer to the last statement of `opening`
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  opening: string,
  work: (client: pg.PoolClient, opened: pg.QueryResult) => Promise<T>,
): Promise<T> {
  const client = await answering(() => pool.connect());
  let broken = false;
  const breaks = (): void => {
    broken = true;
  };
  // A connection that breaks between two queries would otherwise end the process.
  client.on('error', breaks);
  try {
    const opened = (await answering(() => client.query(opening))) as unknown as pg.QueryResult | pg.QueryResult[];
    const result = await work(client, Array.isArray(opened) ? (opened.at(-1) as pg.QueryResult) : opened);
    await answering(() => client.query('commit'));
    return result;
  } catch (failure) {
    await client.query('rollback').catch(breaks);
    throw failure;
  } finally {
    client.off('error', breaks);
    client.release(broken);
  }
}

const isCode = (failure: unknown, ...codes: readonly string[]): boolean =>
  failure instanceof pg.DatabaseError && codes.includes(failure.code ?? '');

/** Whether a statement failed because a table, a column or a schema is not there. */
export const isAbsent = (failure: unknown): boolean => isCode(failure, '42P01', '42703', '3F000');

/** Whether a statement failed because a lock was not to be had in time. */
export const isLockedOut = (failure: unknown): boolean => isCode(failure, '55P03');

/** The checkpoint in a schema, or nothing where the view is not there (yet). */
export async function checkpointIn(client: pg.Pool | pg.ClientBase, schema: string): Promise<Checkpoint | undefined> {
  try {
    const { rows } = await answering(() => client.query<CheckpointRow>(`select version, position from ${schema}.${checkpoint}`));
    return rows.map(checkpointOf)[0];
  } catch (failure) {
    if (isAbsent(failure)) return undefined;
    throw failure;
  }
}

interface CheckpointRow {
  readonly version: number;
  readonly position: string;
}

const checkpointOf = ({ version, position }: CheckpointRow): Checkpoint => ({ version, position: BigInt(position) });

/** Makes a schema anew, with the view's empty tables and a checkpoint before the first event. What was there is dropped. */
export async function makeTables(pool: pg.Pool, view: View, schema: string): Promise<void> {
  await inTransaction(pool, `begin; drop schema if exists ${schema} cascade; create schema ${schema}`, async (client) => {
    await view.create(sqlOn(client), schema);
    await client.query(
      `create table ${schema}.${checkpoint} (version int not null, position bigint not null);
       insert into ${schema}.${checkpoint} values (${Number(view.version)}, 0)`,
    );
  });
}

const moveCheckpoint = (schema: string, from: bigint, through: bigint): string =>
  `update ${schema}.${checkpoint} set position = ${through} where position = ${from}`;

/**
 * Takes a slice of the log in one transaction with the checkpoint that it moves from `from` to the slice's end.
 *
 * What a crash of the server may take back, checkpoint and rows alike, is taken again from the log: so no commit waits for the disk.
 * @returns false where the checkpoint stands elsewhere: another has been here, nothing was done
 */
export function applySlice(pool: pg.Pool, view: View, schema: string, from: bigint, slice: LogSlice): Promise<boolean> {
  const moving = `set local synchronous_commit = off; ${moveCheckpoint(schema, from, slice.through)}`;
  if (slice.events.length === 0) return hasMoved(pool, moving);
  return inTransaction(pool, `begin; ${moving}`, async (client, { rowCount }) => {
    if (rowCount === 0) return false;
    await view.apply(slice.events, sqlOn(client), schema);
    return true;
  });
}

/** Statements sent together are one transaction. */
async function hasMoved(pool: pg.Pool, moving: string): Promise<boolean> {
  const results = (await answering(() => pool.query(moving))) as unknown as readonly pg.QueryResult[];
  return results.at(-1)?.rowCount !== 0;
}

/** Takes a slice within a transaction that goes on. */
export async function applyWithin(
  client: pg.ClientBase,
  view: View,
  schema: string,
  from: bigint,
  slice: LogSlice,
): Promise<void> {
  await client.query(moveCheckpoint(schema, from, slice.through));
  if (slice.events.length > 0) await view.apply(slice.events, sqlOn(client), schema);
}

/** Keeps readers and writers of a schema away until the transaction ends, and says how far it had got. */
export async function lockOut(client: pg.ClientBase, schema: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    `${schema}.${checkpoint}`,
  ]);
  if (rows[0]?.there !== true) return undefined;
  await client.query(`lock table ${schema}.${checkpoint} in access exclusive mode`);
  return checkpointIn(client, schema);
}

/** Keeps writers of a schema away until the transaction ends, and says how far it has got; readers go on. */
export async function holdStill(client: pg.ClientBase, schema: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<CheckpointRow>(`select version, position from ${schema}.${checkpoint} for update`);
  return rows.map(checkpointOf)[0];
}

/**
 * Reads in one snapshot that no swap can come between: the lock is taken before the snapshot is.
 *
 * @param work - is told how far the view has got in this snapshot
 */
export function inSnapshot<T>(pool: pg.Pool, schema: string, work: (sql: Sql, at: Checkpoint) => Promise<T>): Promise<T> {
  const opening = `begin isolation level repeatable read read only; set local statement_timeout = '30s';
    lock table ${schema}.${checkpoint} in access share mode; select version, position from ${schema}.${checkpoint}`;
  return inTransaction(pool, opening, (client, { rows }) => work(sqlOn(client), checkpointOf(rows[0] as CheckpointRow)));
}

/** How far each view has got that is there. */
export async function positionsOf(pool: pg.Pool, views: readonly View[]): Promise<ReadonlyMap<string, bigint>> {
  const { rows: there } = await answering(() =>
    pool.query<{ schema: string }>(
      `select nspname as schema from pg_namespace s join pg_class t on t.relnamespace = s.oid
       where t.relname = '${checkpoint}' and nspname = any($1)`,
      [views.map(liveSchema)],
    ),
  );
  if (there.length === 0) return new Map();
  const each = there.map(
    ({ schema }) => `select '${schema.slice('view_'.length)}' as name, position from ${schema}.${checkpoint}`,
  );
  const { rows } = await answering(() => pool.query<{ name: string; position: string }>(each.join(' union all ')));
  return new Map(rows.map(({ name, position }) => [name, BigInt(position)]));
}

/** The names of a schema's tables, but for the checkpoint. */
export async function tablesOf(client: pg.Pool | pg.ClientBase, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I', t.relname) as name from pg_class t join pg_namespace s on s.oid = t.relnamespace
     where s.nspname = $1 and t.relkind = 'r' and t.relname <> '${checkpoint}' order by t.relname collate "C"`,
    [schema],
  );
  return rows.map(({ name }) => name);
}
