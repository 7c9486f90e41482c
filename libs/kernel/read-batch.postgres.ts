import type pg from 'pg';
import { answering } from './database.postgres.js';
import type { RecordedEvent } from './message.js';
import { type EventRow, recorded } from './stored-event.postgres.js';

/** A read of one stream on its way. */
export interface PendingRead {
  readonly stream: string;
  readonly from: number;
  readonly limit: number | undefined;
  readonly resolve: (events: readonly RecordedEvent[]) => void;
  readonly reject: (failure: unknown) => void;
}

const readsPerBatch = 200;

export const chooseReads = (
  waiting: readonly PendingRead[],
): { readonly batch: readonly PendingRead[]; readonly rest: PendingRead[] } => ({
  batch: waiting.slice(0, readsPerBatch),
  rest: waiting.slice(readsPerBatch),
});

interface NumberedRow extends EventRow {
  readonly read: number;
}

// Rows come in no promised order: sorting here would carry the bodies through a sort, and each event knows its revision.
const streams = `
select r.n::int as read, e.position, e.data, e.frame
from unnest($1::text[], $2::int[], $3::int[]) with ordinality as r(stream, first, size, n)
cross join lateral (
  select position, data, frame from event where stream = r.stream and revision >= r.first order by revision limit r.size
) e`;

/** Answers a batch of reads with one query. A stream that several ask for in the same way is read once. */
export async function readBatch(pool: pg.Pool, batch: readonly PendingRead[]): Promise<void> {
  const questions = new Map<string, PendingRead[]>();
  for (const read of batch) {
    const key = `${read.from} ${read.limit} ${read.stream}`;
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

async function ask(pool: pg.Pool, reads: readonly PendingRead[]): Promise<readonly (readonly RecordedEvent[])[]> {
  const [only, ...others] = reads as [PendingRead, ...PendingRead[]];
  if (others.length === 0) return [await askOne(pool, only)];
  const values = [reads.map(({ stream }) => stream), reads.map(({ from }) => from), reads.map(({ limit }) => limit ?? null)];
  const { rows } = await answering(() => pool.query<NumberedRow>({ name: 'streams', text: streams, values }));
  const answers = reads.map((): RecordedEvent[] => []);
  for (const row of rows) {
    const event = recorded(row);
    (answers[row.read - 1] as RecordedEvent[])[event.revision - (reads[row.read - 1] as PendingRead).from] = event;
  }
  return answers;
}

const oneStream = 'select position, data, frame from event where stream = $1 and revision >= $2 order by revision limit $3';

/** A long stream alone is the replay of somebody: its rows need no number. */
async function askOne(pool: pg.Pool, { stream, from, limit }: PendingRead): Promise<readonly RecordedEvent[]> {
  const values = [stream, from, limit ?? null];
  return (await answering(() => pool.query<EventRow>({ name: 'stream', text: oneStream, values }))).rows.map(recorded);
}
