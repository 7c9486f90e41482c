import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AppendResult,
  BACKWARDS,
  END,
  type EventData,
  type EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { backoffMs, connect, disconnect, fromLeader, mayComeBack, persistently, visiting, within } from './calls.eventstoredb.js';
import { ConcurrencyError } from './errors.js';
import { type Append, type Appended, EventStore, type LogSlice, type ReadAllOptions, type ReadOptions } from './event-store.js';
import { type KnownIds, StreamIds } from './event-store.ids.js';
import { live } from './live.eventstoredb.js';
import type { RecordedEvent } from './message.js';
import { isOfAttempt, isOurs, placeOf, recorded, Slicing, storable, type Stored } from './stored-event.eventstoredb.js';

export interface EventStoreDbOptions {
  /** How long a call may stay silent before it is given up; 5,000 unless told. */
  readonly timeoutMs?: number;
}

const buffering = { highWaterMark: 256 };
const pageAtLeast = 256;

/**
 * The log in EventStoreDB or KurrentDB, 22.6 or later. Positions are the commit positions that the server gives: increasing, not dense.
 *
 * The ids of streams in use are kept, because the server recognises a repeated append only at the revision where it first stood.
 */
export class EventStoreDbEventStore extends EventStore {
  private readonly client: EventStoreDBClient;
  private readonly ids = new StreamIds();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly timeoutMs: number;
  private readonly closing = new AbortController();

  /**
   * Opens no connection yet.
   * @param connection - `esdb://…`: every node of the cluster, or its name for discovery
   */
  constructor(connection: string, { timeoutMs = 5_000 }: EventStoreDbOptions = {}) {
    super();
    this.timeoutMs = timeoutMs;
    this.client = connect(connection);
  }

  override append(append: Append): Promise<Appended> {
    const appending = this.appendOnce(append);
    const done = (): boolean => this.underWay.delete(appending);
    this.underWay.add(appending);
    appending.then(done, done);
    return appending;
  }

  private async appendOnce(append: Append): Promise<Appended> {
    const { stream, expectedLength, events } = append;
    const attempt = randomUUID();
    const storables = storable(append, attempt);
    const [known, moved] = await Promise.all([this.learn(stream, expectedLength), this.movedGuard(append)]);
    const first = known.revisionOf(events[0]?.id as string);
    if (first !== undefined) return this.result(append, first);
    if (known.length < expectedLength || moved !== undefined) return this.unwritten(append, moved);
    const written = await this.write(stream, expectedLength, storables);
    if (written === undefined) return this.unwritten(append);
    if (written.nextExpectedRevision !== BigInt(expectedLength + events.length - 1)) throw lost(stream);
    for (const { id, revision } of events) known.note(revision, id);
    return this.result(append, expectedLength, attempt);
  }

  private async movedGuard({ guards = [] }: Append): Promise<ConcurrencyError | undefined> {
    const lengths = await Promise.all(guards.map(({ stream }) => this.lengthOf(stream)));
    const index = guards.findIndex(({ length }, place) => lengths[place] !== length);
    const guard = guards[index];
    return guard && new ConcurrencyError(guard.stream, guard.length, lengths[index] as number);
  }

  /** Nothing where the stream is not as long as expected. */
  private async write(stream: string, expectedLength: number, events: EventData[]): Promise<AppendResult | undefined> {
    const expectedRevision: bigint | typeof NO_STREAM = expectedLength === 0 ? NO_STREAM : BigInt(expectedLength - 1);
    const options = { ...fromLeader, expectedRevision, deadline: this.timeoutMs };
    const what = `append to ${stream}`;
    try {
      return await persistently(what, () => within(this.timeoutMs, what, this.client.appendToStream(stream, events, options)));
    } catch (failure) {
      if (failure instanceof WrongExpectedVersionError) return undefined;
      throw failure;
    }
  }

  /** Either the append stands in the stream already, or the log has moved on. */
  private async unwritten(append: Append, moved?: ConcurrencyError): Promise<Appended> {
    const { stream, expectedLength, events } = append;
    const known = await this.learn(stream);
    const first = known.revisionOf(events[0]?.id as string);
    if (first !== undefined) return this.result(append, first);
    if (known.length === expectedLength && moved !== undefined) throw moved;
    throw new ConcurrencyError(stream, expectedLength, known.length);
  }

  /**
   * Reads what stands there: the server's answer to an append does not tell whether it wrote anything, and need not hold a position.
   */
  private async result({ stream, events }: Append, first: number, attempt?: string): Promise<Appended> {
    const stored: Stored[] = [];
    await this.scan(stream, first, events.length, (event) => stored.push(event));
    const last = stored.at(-1);
    if (last === undefined) throw lost(stream);
    const positions = stored.map((event) => recorded(event).position);
    const [position, revision] = [positions.at(-1) as bigint, Number(last.revision)];
    return { revision, position, positions, repeated: attempt === undefined || !isOfAttempt(last, attempt) };
  }

  override async read(stream: string, { from = 0, limit = Infinity }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    const known = this.ids.of(stream);
    await this.scan(stream, from, limit, (event) => {
      events.push(recorded(event));
      known.note(Number(event.revision), event.id);
    });
    return events;
  }

  override async find(stream: string, eventId: string): Promise<RecordedEvent | undefined> {
    const revision = this.ids.of(stream).revisionOf(eventId) ?? (await this.learn(stream)).revisionOf(eventId);
    return revision === undefined ? undefined : (await this.read(stream, { from: revision, limit: 1 }))[0];
  }

  /** Brings what is known of a stream's ids up to its first `length` events, or all. */
  private async learn(stream: string, length = Infinity): Promise<KnownIds> {
    const known = this.ids.of(stream);
    await this.scan(stream, known.length, length - known.length, ({ revision, id }) => known.note(Number(revision), id));
    return known;
  }

  /** @throws Error when the stream does not hold what it must: someone deleted or truncated it */
  private async scan(stream: string, from: number, limit: number, visit: (event: Stored) => void): Promise<void> {
    let next = from;
    await persistently(`read ${stream}`, async () => {
      const left = from + limit - next;
      if (left <= 0) return;
      const maxCount = Math.min(left, Number.MAX_SAFE_INTEGER);
      const options = { ...fromLeader, direction: FORWARDS, fromRevision: BigInt(next), maxCount } as const;
      await this.visitStream(stream, this.client.readStream(stream, options, buffering), (event) => {
        if (event.revision !== BigInt(next)) throw lost(stream);
        next += 1;
        visit(event);
      });
    });
  }

  private async lengthOf(stream: string): Promise<number> {
    return persistently(`read ${stream}`, async () => {
      let length = 0;
      const options = { ...fromLeader, direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
      await this.visitStream(stream, this.client.readStream(stream, options), ({ revision }) => {
        length = Number(revision) + 1;
      });
      return length;
    });
  }

  private async visitStream(
    stream: string,
    reading: ReturnType<EventStoreDBClient['readStream']>,
    visit: (event: Stored) => void,
  ): Promise<void> {
    try {
      await visiting(this.timeoutMs, `read ${stream}`, reading, ({ event }) => {
        if (event !== undefined) visit(event);
        return 'more';
      });
    } catch (failure) {
      if (!(failure instanceof StreamNotFoundError)) throw failure;
    }
  }

  /** A log whose filter leaves much out is read for about as long as a call may take; then the slice tells how far that was. */
  override async readAll(after: bigint, options: ReadAllOptions): Promise<LogSlice> {
    const slicing = new Slicing(after, options);
    const until = Date.now() + this.timeoutMs;
    while (!slicing.isFull && (await this.readPage(slicing, Math.max(options.limit, pageAtLeast)))) {
      if (Date.now() < until) continue;
      slicing.reached();
      break;
    }
    await this.refuseLosing(slicing);
    return slicing.slice;
  }

  /** True where there may be more. A page is asked for by its size, because what a cancelled read has sent already is lost work. */
  private async readPage(slicing: Slicing, size: number): Promise<boolean> {
    return persistently('read the log', async () => {
      // The event at the position itself comes first, and has been taken before.
      const maxCount = size + 1;
      const options = { ...fromLeader, direction: FORWARDS, fromPosition: placeOf(slicing.considered), maxCount } as const;
      let read = 0;
      await visiting(this.timeoutMs, 'read the log', this.client.readAll(options, buffering), (item) => {
        read += 1;
        slicing.take(item);
        return slicing.isFull ? 'enough' : 'more';
      });
      return read === maxCount;
    });
  }

  override async *subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    let through = after;
    for (let losses = 0; !signal.aborted; losses += 1) {
      try {
        for await (const slice of this.follow(through, { ...options, signal })) {
          through = slice.through;
          losses = 0;
          yield slice;
        }
      } catch (failure) {
        if (signal.aborted) return;
        if (!mayComeBack(failure)) throw failure;
        await pause(backoffMs(losses + 1), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Full slices while there is much to read, then what arrives. */
  private async *follow(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    let through = after;
    while (!options.signal.aborted) {
      const slice = await this.readAll(through, options);
      if (slice.through === through) break;
      through = slice.through;
      yield slice;
    }
    for await (const slicing of live(this.client, through, { ...options, timeoutMs: this.timeoutMs })) {
      await this.refuseLosing(slicing);
      yield slicing.slice;
    }
  }

  /** @throws Error when a stream that this slice speaks of is, now, one whose events the server may drop */
  private async refuseLosing({ suspects }: Slicing): Promise<void> {
    for (const stream of suspects) {
      const reading = persistently(`read the metadata of ${stream}`, () => this.client.getStreamMetadata(stream, fromLeader));
      const { metadata } = await within(this.timeoutMs, `read the metadata of ${stream}`, reading);
      const { maxAge, maxCount, truncateBefore } = metadata ?? {};
      if ((maxAge ?? maxCount ?? truncateBefore) !== undefined) throw losing(stream);
    }
  }

  override async head(): Promise<bigint> {
    return persistently('find the end of the log', async () => {
      let head = 0n;
      const reading = this.client.readAll({ ...fromLeader, direction: BACKWARDS, fromPosition: END });
      await visiting(this.timeoutMs, 'find the end of the log', reading, ({ event }) => {
        if (event === undefined || !isOurs(event)) return 'more';
        head = recorded(event).position;
        return 'enough';
      });
      return head;
    });
  }

  override async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.underWay);
    await disconnect(this.client, this.timeoutMs);
  }
}

const lost = (stream: string): Error =>
  new Error(`${stream} was deleted or truncated on the server: put it back from a backup before going on`);

const losing = (stream: string): Error =>
  new Error(`the server may drop events of ${stream}: take $maxAge, $maxCount and $tb out of its metadata`);
