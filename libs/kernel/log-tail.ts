import { UnavailableError } from './errors.js';
import { categoryOf, type EventStore, type LogSlice, type ReadAllOptions } from './event-store.js';
import type { RecordedEvent } from './message.js';

const sliceAtMost = 1_000;

/** The events after `from` up to `through`, all of them. */
interface Stretch {
  from: bigint;
  through: bigint;
  readonly events: RecordedEvent[];
}

/**
 * The end of the log, read once for all who follow it in this process.
 *
 * Who is far behind reads the log itself until it has come near enough; from there on it costs no further query.
 */
export class LogTail {
  private kept: Stretch | undefined;
  private failure: unknown;
  private readonly waiting = new Set<() => void>();
  private followers = 0;
  private leaving = new AbortController();

  /** @param eventsAtMost - how many are kept in memory */
  constructor(
    private readonly store: EventStore,
    private readonly eventsAtMost = 5_000,
  ) {}

  /** As EventStore.subscribe: catch-up, then live. Ends in an error where the log cannot be followed any more. */
  async *subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    let through = after;
    this.join();
    const wake = (): void => this.wake();
    options.signal.addEventListener('abort', wake, { once: true });
    try {
      while (!options.signal.aborted) {
        const slice = this.recent(through, options) ?? (await this.store.readAll(through, options));
        if (slice.through === through) await this.arrivalAfter(through, options.signal);
        else yield slice;
        through = slice.through;
      }
    } finally {
      options.signal.removeEventListener('abort', wake);
      this.leave();
    }
  }

  private join(): void {
    this.followers += 1;
    if (this.followers > 1 && this.failure === undefined) return;
    this.leaving.abort();
    this.leaving = new AbortController();
    this.failure = undefined;
    this.kept = undefined;
    void this.follow(this.leaving.signal);
  }

  private leave(): void {
    this.followers -= 1;
    if (this.followers === 0) this.leaving.abort();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    try {
      const head = await this.store.head();
      if (signal.aborted) return;
      this.kept = { from: head, through: head, events: [] };
      this.wake();
      for await (const { events, through } of this.store.subscribe(head, { limit: sliceAtMost, signal })) {
        if (signal.aborted) return;
        this.add(events, through);
      }
      throw new UnavailableError('the log has been closed');
    } catch (failure) {
      if (signal.aborted) return;
      this.failure = failure;
      this.wake();
    }
  }

  private add(events: readonly RecordedEvent[], through: bigint): void {
    const kept = this.kept as Stretch;
    kept.events.push(...events);
    kept.through = through;
    if (kept.events.length > this.eventsAtMost) {
      // Half at a time, so that few are moved often.
      const dropped = kept.events.splice(0, kept.events.length - Math.floor(this.eventsAtMost / 2));
      kept.from = (dropped.at(-1) as RecordedEvent).position;
    }
    this.wake();
  }

  /** Nothing where what is asked for begins before what is kept. */
  private recent(after: bigint, { limit, categories }: ReadAllOptions): LogSlice | undefined {
    if (this.failure !== undefined) throw this.failure;
    if (this.kept === undefined || after < this.kept.from) return undefined;
    const { events, through } = this.kept;
    if (after >= through) return { events: [], through: after };
    const chosen: RecordedEvent[] = [];
    for (let at = indexAfter(events, after); at < events.length && chosen.length < limit; at += 1) {
      const event = events[at] as RecordedEvent;
      if (categories === undefined || categories.includes(categoryOf(event.stream))) chosen.push(event);
    }
    return { events: chosen, through: chosen.length === limit ? (chosen.at(-1) as RecordedEvent).position : through };
  }

  private async arrivalAfter(position: bigint, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.failure === undefined && (this.kept?.through ?? 0n) <= position) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Index of the first event after a position. */
function indexAfter(events: readonly RecordedEvent[], position: bigint): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as RecordedEvent).position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
