import { type AllStreamSubscription, type EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import { fromLeader, silent } from './calls.eventstoredb.js';
import { UnavailableError } from './errors.js';
import type { ReadAllOptions } from './event-store.js';
import { placeOf, Slicing } from './stored-event.eventstoredb.js';

/** Streams of the alliances, and the metadata streams of those; all else is the server's own and need not travel. */
const businessStreams = String.raw`^(\$\$)?[^$]`;

/**
 * One subscription to the whole log, until it is lost or `signal` aborts.
 *
 * Categories are left out here and not by the server, so that a reader learns at once how far the log has been considered.
 * @throws UnavailableError when it is lost
 */
export async function* live(
  client: EventStoreDBClient,
  after: bigint,
  { signal, timeoutMs, ...options }: ReadAllOptions & { readonly signal: AbortSignal; readonly timeoutMs: number },
): AsyncGenerator<Slicing> {
  let checkpoint = after;
  let through = after;
  const filter = streamNameFilter({
    regex: businessStreams,
    checkpointReached: (_, { commit }) => {
      checkpoint = commit;
    },
  });
  const subscription = client.subscribeToAll(
    { ...fromLeader, fromPosition: placeOf(after), filter },
    { highWaterMark: options.limit },
  );
  const arrivals = new Arrivals(subscription, signal, timeoutMs);
  try {
    while (!signal.aborted) {
      const slicing = new Slicing(through, options);
      if (fill(slicing, subscription)) slicing.reached(checkpoint);
      if (slicing.slice.through === through) await arrivals.next();
      else yield slicing;
      through = slicing.slice.through;
    }
  } finally {
    arrivals.stop();
  }
}

/** True where nothing more has arrived yet. */
function fill(slicing: Slicing, subscription: AllStreamSubscription): boolean {
  while (!slicing.isFull) {
    const item = subscription.read() as Parameters<Slicing['take']>[0] | null;
    if (item === null) return true;
    slicing.take(item);
  }
  return false;
}

class Arrivals {
  private failure: unknown;
  private wake = (): void => undefined;
  private arrived = false;
  private readonly timer: NodeJS.Timeout;
  private readonly ring = (): void => {
    this.arrived = true;
    this.wake();
  };

  constructor(
    private readonly subscription: AllStreamSubscription,
    private readonly signal: AbortSignal,
    timeoutMs: number,
  ) {
    this.timer = setTimeout(() => this.fail(silent('subscribe', timeoutMs)), timeoutMs);
    subscription.on('readable', this.ring);
    subscription.on('confirmation', () => clearTimeout(this.timer));
    subscription.on('error', (failure) => this.fail(failure));
    subscription.on('end', () => this.fail(new UnavailableError('EventStoreDB ended the subscription')));
    signal.addEventListener('abort', this.ring, { once: true });
  }

  /** Settles when there may be something to read, or the signal aborts. */
  async next(): Promise<void> {
    if (!this.arrived && this.failure === undefined && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.arrived = false;
    if (this.failure !== undefined) throw this.failure;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.ring);
    void this.subscription.unsubscribe().catch(() => undefined);
    this.subscription.destroy();
  }

  private fail(failure: unknown): void {
    this.failure ??= failure;
    this.ring();
  }
}
