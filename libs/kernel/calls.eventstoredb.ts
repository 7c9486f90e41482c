import { setTimeout as pause } from 'node:timers/promises';
import {
  AccessDeniedError,
  type BaseOptions,
  CancelledError,
  EventStoreDBClient,
  InvalidArgumentError,
  isCommandError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  type StreamingRead,
  UnavailableError as ServerUnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { UnavailableError } from './errors.js';

const attempts = 6;
const longestPauseMs = 2_000;

/** A follower may be behind; what is decided on comes from the leader. */
export const fromLeader: BaseOptions = { requiresLeader: true };

/**
 * A client that appends call by call.
 *
 * Its batch path has no timer, misreports a wrong revision and may reject a neighbour's append; and asking the server whether it
 * offers that path is a call without a timer too. So it is never asked.
 */
export function connect(connection: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connection);
  Object.assign(client, { supports: async (): Promise<boolean> => false });
  return client;
}

/** Cancels what is under way and closes the connection, which the client's own `dispose` leaves open. */
export async function disconnect(client: EventStoreDBClient, timeoutMs: number): Promise<void> {
  // The connection is closed all the same where the server lets a cancelled call hang.
  await Promise.allSettled([within(timeoutMs, 'disconnect', client.dispose())]);
  const channelOf = Reflect.get(client, 'getChannel') as () => Promise<{ close(): void }>;
  (await channelOf()).close();
}

/** Whether the server said that it did not do it, or the connection was lost: the same call may be made again. */
const isTransient = (failure: unknown): boolean =>
  failure instanceof NotLeaderError || failure instanceof ServerUnavailableError || failure instanceof CancelledError;

/** Whether a reader may wait for the server to serve again. */
export const mayComeBack = (failure: unknown): boolean => failure instanceof UnavailableError || !isDefinite(failure);

const isDefinite = (failure: unknown): boolean =>
  !(failure instanceof Error && isCommandError(failure)) ||
  [
    AccessDeniedError,
    InvalidArgumentError,
    MaxAppendSizeExceededError,
    StreamDeletedError,
    StreamNotFoundError,
    WrongExpectedVersionError,
  ].some((kind) => failure instanceof kind);

/** Makes a call that may safely be made twice, again and again where the leader has moved or the connection was lost. */
export async function persistently<T>(what: string, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (failure) {
      if (isDefinite(failure)) throw failure;
      if (!isTransient(failure) || tries === attempts) throw unavailable(what, failure);
      await pause(backoffMs(tries));
    }
  }
}

/** Waits before the `tries`-th repetition: 20 ms, doubled each time, with jitter. */
export const backoffMs = (tries: number): number => Math.min(longestPauseMs, 10 * 2 ** tries) * (0.5 + Math.random() / 2);

/** The client's own promise may never settle; this one does. */
export async function within<T>(timeoutMs: number, what: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(what, timeoutMs)), timeoutMs);
  });
  return Promise.race([call, silence]).finally(() => clearTimeout(timer));
}

/** Hands every item to `visit` until it has had enough; nothing is gathered, and a server that falls silent is given up. */
export async function visiting<T>(
  timeoutMs: number,
  what: string,
  read: StreamingRead<T>,
  visit: (item: T) => 'more' | 'enough',
): Promise<void> {
  const timer = setTimeout(() => read.destroy(silent(what, timeoutMs)), timeoutMs);
  read.on('error', () => undefined);
  try {
    for await (const item of read) {
      timer.refresh();
      if (visit(item as T) === 'enough') return;
    }
  } finally {
    clearTimeout(timer);
    void read.cancel().catch(() => undefined);
  }
}

export const silent = (what: string, timeoutMs: number): UnavailableError =>
  new UnavailableError(`EventStoreDB did not answer within ${timeoutMs} ms: ${what}`);

const unavailable = (what: string, failure: unknown): UnavailableError =>
  Object.assign(new UnavailableError(`EventStoreDB does not serve: ${what}`), { cause: failure });
