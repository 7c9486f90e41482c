import type pg from 'pg';
import type { Clock } from './clock.js';
import { answering } from './database.postgres.js';

const standbyMs = 250;

/**
 * Runs `work` in one process at a time: in the one that holds the advisory lock, until `signal` aborts.
 *
 * The others ask for the lock four times a second. A leader whose connection breaks has lost the lock: its `work` is told by its signal.
 * It may still be at its last transaction when the next one begins, so `work` guards its writes itself.
 */
export async function leading(
  pool: pg.Pool,
  lock: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await holding(pool, lock, (lost) => work(AbortSignal.any([signal, lost]))).catch(() => undefined);
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
  let held = true;
  try {
    const { rows } = await answering(() => client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [lock]));
    held = rows[0]?.held === true;
    if (held) await work(lost.signal);
    return held;
  } finally {
    client.off('error', lose);
    client.off('end', lose);
    // Closing the connection is what surely lets go of the lock.
    client.release(held);
  }
}
