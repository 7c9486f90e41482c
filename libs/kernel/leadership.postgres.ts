import type pg from 'pg';
import type { Clock } from './clock.js';
import { answering } from './database.postgres.js';
import { UnavailableError } from './errors.js';

const standbyMs = 250;

/**
 * Runs `work` in one process at a time: in the one that holds the advisory lock, until `signal` aborts.
 *
 * The others ask for the lock four times a second. A leader whose connection breaks has lost the lock: its `work` is told by its signal.
 * It may still be at its last transaction when the next one begins, so `work` guards its writes itself.
 *
 * @param report - takes what `work` fails with, or what keeps from leading; the first of several in a row
 */
export async function leading(
  pool: pg.Pool,
  lock: number,
  { clock, signal, report }: { readonly clock: Clock; readonly signal: AbortSignal; readonly report: (failure: unknown) => void },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  const failed = (failure: unknown): boolean => {
    if (!hasFailed && !(failure instanceof UnavailableError)) report(failure);
    return true;
  };
  while (!signal.aborted) {
    hasFailed = await holding(pool, lock, (lost) => work(AbortSignal.any([signal, lost]))).then(() => false, failed);
    await clock.waitUntil(clock.now() + standbyMs, signal);
  }
}

/**
 * Runs `work` while this process holds the lock.
 *
 * @returns false where another holds it: nothing was done
 */
export async function holding(pool: pg.Pool, lock: number, work: (lost: AbortSignal) => Promise<void>): Promise<boolean> {
  const client = await answering(() => pool.connect());
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  client.on('error', lose);
  client.on('end', lose);
  let broken = true;
  try {
    const { rows } = await answering(() => client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [lock]));
    broken = false;
    if (rows[0]?.held !== true) return false;
    try {
      await work(lost.signal);
      return true;
    } finally {
      // Where the answer does not come, closing the connection is what lets go of the lock.
      broken = await client.query('select pg_advisory_unlock($1)', [lock]).then(
        () => false,
        () => true,
      );
    }
  } finally {
    client.off('error', lose);
    client.off('end', lose);
    client.release(broken);
  }
}
