import type { Pool, PoolClient } from 'pg';
import { SystemClock } from '#kernel';

export interface Listening {
  readonly heard: () => void;
  readonly signal: AbortSignal;
  readonly report: (failure: unknown) => void;
}

const reconnectAfterMs = 1_000;

/**
 * Keeps one connection of the pool listening to a channel until `signal` aborts.
 *
 * Notifications are lost while the connection is broken; once it stands again, one is made up.
 */
export async function listen(pool: Pool, channel: string, { heard, signal, report }: Listening): Promise<void> {
  // A broken connection is a matter of the machine's time, whatever time the workflow lives in.
  const clock = new SystemClock();
  while (!signal.aborted) {
    try {
      const client = await pool.connect();
      await untilBroken(client, channel, heard, signal);
    } catch (failure) {
      report(failure);
      await clock.waitUntil(clock.now() + reconnectAfterMs, signal);
    }
  }
}

async function untilBroken(client: PoolClient, channel: string, heard: () => void, signal: AbortSignal): Promise<void> {
  const end = new AbortController();
  try {
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection that listens was closed')));
      signal.addEventListener('abort', () => resolve(), { once: true, signal: end.signal });
      if (signal.aborted) resolve();
    });
    client.on('notification', heard);
    await Promise.race([ended, client.query(`LISTEN ${channel}`)]);
    heard();
    await ended;
  } finally {
    end.abort();
    client.removeAllListeners('notification');
    client.removeAllListeners('end');
    client.release(true);
  }
}
