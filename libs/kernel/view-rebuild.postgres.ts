import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from './clock.js';
import { UnavailableError } from './errors.js';
import type { EventStore, LogSlice } from './event-store.js';
import { holding } from './leadership.postgres.js';
import type { View } from './view.js';
import {
  applySlice,
  applyWithin,
  checkpointIn,
  holdStill,
  inTransaction,
  isLockedOut,
  liveSchema,
  lockOut,
  makeTables,
  tablesOf,
} from './view-tables.postgres.js';

export interface ViewSources {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly clock: Clock;
}

/** Events per transaction, at most. */
export const batchAtMost = 1_000;
const swapAttempts = 300;
const swapPauseMs = 100;

/**
 * Builds a view from the first event beside the live one, catches up, and swaps it in: in one transaction, which holds readers up for
 * an instant. What an interrupted build has left is dropped first.
 *
 * @throws UnavailableError where the same view is being built already, or readers leave no gap for the swap
 */
export function rebuildView(sources: ViewSources, view: View, signal?: AbortSignal): Promise<void> {
  const next = `${liveSchema(view)}_next`;
  return alone(sources, next, async (lost) => {
    const stopped = signal === undefined ? lost : AbortSignal.any([signal, lost]);
    const position = await build(sources, view, next, stopped);
    for (const table of await tablesOf(sources.pool, next)) await sources.pool.query(`analyze ${next}.${table}`);
    await swapIn(sources, view, next, position, stopped);
  });
}

async function alone(sources: ViewSources, schema: string, work: (lost: AbortSignal) => Promise<void>): Promise<void> {
  const lock = createHash('sha256').update(schema).digest().readUIntBE(0, 6);
  if (!(await holding(sources.pool, lock, work))) throw new UnavailableError(`${schema} is being built by another process`);
}

/** @returns how far the new tables have got: the end of the log when it was looked at last, or `until` */
async function build(
  { pool, store }: ViewSources,
  view: View,
  schema: string,
  signal: AbortSignal,
  until?: bigint,
): Promise<bigint> {
  await makeTables(pool, view, schema);
  let position = 0n;
  for await (const slice of slicesFrom(store, view, 0n, until)) {
    signal.throwIfAborted();
    if (!(await applySlice(pool, view, schema, position, slice))) throw new Error(`${schema} is written to by another`);
    position = slice.through;
  }
  return position;
}

/** What is in the log now, the next slice being read while one is worked on. */
async function* slicesFrom(store: EventStore, view: View, after: bigint, until?: bigint): AsyncGenerator<LogSlice> {
  const read = (from: bigint): Promise<LogSlice> => {
    const reading = store.readAll(from, { limit: batchAtMost, categories: view.categories });
    // Awaited a turn later: a failure must not count as unhandled until then.
    reading.catch(() => undefined);
    return reading;
  };
  let position = after;
  let upcoming = read(position);
  while (until === undefined || position < until) {
    const slice = until === undefined ? await upcoming : cut(await upcoming, until);
    if (slice.through === position) return;
    position = slice.through;
    upcoming = read(position);
    yield slice;
  }
}

const cut = ({ events, through }: LogSlice, until: bigint): LogSlice => ({
  events: events.filter(({ position }) => position <= until),
  through: through < until ? through : until,
});

async function swapIn(sources: ViewSources, view: View, next: string, position: bigint, signal: AbortSignal): Promise<void> {
  const live = liveSchema(view);
  for (let attempt = 0; attempt < swapAttempts; attempt += 1) {
    signal.throwIfAborted();
    try {
      // Whoever waits for a lock holds up all who come after: so not for long, and then again.
      return await inTransaction(sources.pool, `begin; set local lock_timeout = '200ms'`, async (client) => {
        const reached = (await lockOut(client, live))?.position ?? 0n;
        await bringTo(sources, client, view, next, position, reached);
        await client.query(`drop schema if exists ${live} cascade; alter schema ${next} rename to ${live}`);
      });
    } catch (failure) {
      if (!isLockedOut(failure)) throw failure;
      await sources.clock.waitUntil(sources.clock.now() + swapPauseMs, signal);
    }
  }
  throw new UnavailableError(`${live} is read without a pause; its new version could not be swapped in`, 60_000);
}

/** A view never goes back: the new tables take what the live ones have taken meanwhile. */
async function bringTo(
  { store }: ViewSources,
  client: pg.ClientBase,
  view: View,
  schema: string,
  from: bigint,
  until: bigint,
): Promise<void> {
  let position = from;
  if (position >= until) return;
  for await (const slice of slicesFrom(store, view, from, until)) {
    await applyWithin(client, view, schema, position, slice);
    position = slice.through;
  }
}

/** One row that only one of the two holds, as text. */
export interface Difference {
  readonly table: string;
  readonly only: 'live' | 'rebuilt';
  /** Empty where the whole table is missing on the other side. */
  readonly row: string;
}

/**
 * Builds a view from the first event up to where the live one stands, and compares every table with the live one, byte for byte.
 *
 * The live view is not changed; while the tables are compared it takes no new events.
 * @returns the first difference, by table and row; nothing where all is equal
 * @throws UnavailableError where the view is not there, or is being compared by another
 */
export async function rebuildAndCompare(sources: ViewSources, view: View): Promise<Difference | undefined> {
  const live = liveSchema(view);
  const check = `${live}_check`;
  const before = await checkpointIn(sources.pool, live);
  if (before === undefined) throw new UnavailableError(`${live} has not been built yet`);
  let difference: Difference | undefined;
  await alone(sources, check, async (lost) => {
    const position = await build(sources, view, check, lost, before.position);
    difference = await inTransaction(sources.pool, 'begin', async (client) => {
      const now = await holdStill(client, live);
      await bringTo(sources, client, view, check, position, now?.position ?? position);
      return firstDifference(client, live, check);
    });
    await sources.pool.query(`drop schema ${check} cascade`);
  });
  return difference;
}

/** How many events of the log the live view has not taken yet: for more than a moment, only where nobody follows the log or it is stuck. */
export async function eventsBehind({ pool, store }: ViewSources, view: View): Promise<number> {
  const { position } = (await checkpointIn(pool, liveSchema(view))) ?? { position: 0n };
  let behind = 0;
  for await (const { events } of slicesFrom(store, view, position)) behind += events.length;
  return behind;
}

async function firstDifference(client: pg.ClientBase, live: string, rebuilt: string): Promise<Difference | undefined> {
  const [here, there] = [await tablesOf(client, live), await tablesOf(client, rebuilt)];
  for (const table of [...new Set([...here, ...there])].sort((a, b) => (a < b ? -1 : 1))) {
    if (!there.includes(table)) return { table, only: 'live', row: '' };
    if (!here.includes(table)) return { table, only: 'rebuilt', row: '' };
    const rowsOf = (schema: string): string => `select "one row"::text as "row" from ${schema}.${table} as "one row"`;
    const { rows } = await client.query<Omit<Difference, 'table'>>(
      `select "only", "row" from (
         select 'live' as "only", "row" from (${rowsOf(live)} except all ${rowsOf(rebuilt)}) as more
         union all select 'rebuilt', "row" from (${rowsOf(rebuilt)} except all ${rowsOf(live)}) as less
       ) as different order by "row" collate "C", "only" limit 1`,
    );
    if (rows[0] !== undefined) return { table, ...rows[0] };
  }
  return undefined;
}
