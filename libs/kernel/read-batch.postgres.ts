import type pg from 'pg';
import { answering } from './database.postgres.js';
import { dataIsJson } from './stored-event.postgres.js';

/** How much of each event is read. The frame is more than half of what is stored; a stream's opening is read whole in either case. */
export type Extent = 'events' | 'messages';

/** A read of one stream on its way. */
export interface PendingRead {
  readonly stream: string;
  readonly from: number;
  readonly limit: number | undefined;
  readonly extent: Extent;
  readonly resolve: (rows: readonly StreamRow[]) => void;
  readonly reject: (failure: unknown) => void;
}

export interface StreamRow {
  readonly position: string;
  readonly type: string;
  readonly data: unknown;
  readonly frame: string | null;
}

const readsPerBatch = 200;

export const chooseReads = (
  waiting: readonly PendingRead[],
): { readonly batch: readonly PendingRead[]; readonly rest: PendingRead[] } => ({
  batch: waiting.slice(0, readsPerBatch),
  rest: waiting.slice(readsPerBatch),
});

interface NumberedRow extends StreamRow {
  readonly read: number;
  readonly revision: number;
}

// Rows come in no promised order: sorting here would carry the bodies through a sort, and each knows its revision.
const streams = `
select r.n::int as read, e.*
from unnest($1::text[], $2::int[], $3::int[], $4::bool[]) with ordinality as r(stream, first, size, whole, n)
cross join lateral (
  select revision, position, type::varchar, data, case when r.whole or revision = 0 then frame::varchar end as frame
  from event where stream = r.stream and revision >= r.first order by revision limit r.size
) e`;

/** Answers a batch of reads with one query. A stream that several ask for in the same way is read once. */
export async function readBatch(pool: pg.Pool, batch: readonly PendingRead[]): Promise<void> {
  const questions = new Map<string, PendingRead[]>();
  for (const read of batch) {
    const key = `${read.extent} ${read.from} ${read.limit} ${read.stream}`;
    const same = questions.get(key);
    if (same === undefined) questions.set(key, [read]);
    else same.push(read);
  }
  const asked = [...questions.values()];
  try {
    const answers = await ask(
      pool,
      asked.map(([read]) => read as PendingRead),
    );
    for (const [index, readers] of asked.entries()) for (const { resolve } of readers) resolve(answers[index] ?? []);
  } catch (failure) {
    for (const { reject } of batch) reject(failure);
  }
}

async function ask(pool: pg.Pool, reads: readonly PendingRead[]): Promise<readonly (readonly StreamRow[])[]> {
  const [only, ...others] = reads as [PendingRead, ...PendingRead[]];
  if (others.length === 0) return [await askOne(pool, only)];
  const values = [
    reads.map(({ stream }) => stream),
    reads.map(({ from }) => from),
    reads.map(({ limit }) => limit ?? null),
    reads.map(isWhole),
  ];
  const { rows } = await answering(() => pool.query<NumberedRow>({ name: 'streams', text: streams, values, types: dataIsJson }));
  const answers = reads.map((): StreamRow[] => []);
  for (const row of rows) (answers[row.read - 1] as StreamRow[])[row.revision - (reads[row.read - 1] as PendingRead).from] = row;
  return answers;
}

const oneStream = `
select position, type::varchar, data, case when $4 or revision = 0 then frame::varchar end as frame
from event where stream = $1 and revision >= $2 order by revision limit $3`;

/** A long stream alone is the replay of somebody: its rows need no number. */
async function askOne(pool: pg.Pool, read: PendingRead): Promise<readonly StreamRow[]> {
  const values = [read.stream, read.from, read.limit ?? null, isWhole(read)];
  return (await answering(() => pool.query<StreamRow>({ name: 'stream', text: oneStream, values, types: dataIsJson }))).rows;
}

const isWhole = ({ extent }: PendingRead): boolean => extent === 'events';
