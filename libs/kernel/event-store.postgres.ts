import type pg from 'pg';
import { chooseAppends, commitBatch, type Pending } from './append-batch.postgres.js';
import { answering, openPool } from './database.postgres.js';
import { UnavailableError } from './errors.js';
import {
  type Append,
  type Appended,
  EventStore,
  type LogSlice,
  type ReadAllOptions,
  type ReadOptions,
  refuseTooLarge,
  type StreamMessages,
} from './event-store.js';
import { Gathering } from './gathering.js';
import { LogSignal } from './log-signal.postgres.js';
import type { Message, RecordedEvent } from './message.js';
import { OwnAppends } from './own-appends.postgres.js';
import { chooseReads, type Extent, type PendingRead, readBatch, type StreamRow } from './read-batch.postgres.js';
import { dataIsJson, type EventRow, recorded, storedText } from './stored-event.postgres.js';

export interface PostgresEventStoreOptions {
  /** The role to act under: `runtimeRole` in servers and workers; the one that signs in unless told. */
  readonly role?: string;
  /** Connections for reading; 4 unless told. Appends have two of their own, and the doorbell one. */
  readonly readers?: number;
}

const appendLanes = 2;

/** How long a reader sleeps that hears of nothing: bounds the delay when a doorbell is lost. */
const pollMs = 250;

/**
 * The log in PostgreSQL. Positions are dense from 1, and their order is the order of commits.
 *
 * Appends that arrive while others commit are gathered into one transaction, and reads of streams into one query.
 */
export class PostgresEventStore extends EventStore {
  private readonly writers: pg.Pool;
  private readonly readers: pg.Pool;
  private readonly appends: Gathering<Pending>;
  private readonly reads: Gathering<PendingRead>;
  private readonly doorbell: LogSignal;
  private readonly own = new OwnAppends();
  private readonly sleepers = new Set<() => void>();
  private arrivals = 0;
  /** How often there was reason to think that others have appended. */
  private news = 0;
  private closed = false;

  /** Opens no connection yet. The database has been migrated with `logMigrations`. */
  constructor(url: string, { role, readers = 4 }: PostgresEventStoreOptions = {}) {
    super();
    const acting = role === undefined ? {} : { role };
    this.writers = openPool(url, { ...acting, max: appendLanes, settings });
    this.readers = openPool(url, { ...acting, max: readers, settings });
    this.doorbell = new LogSignal(url, role, () => this.heard());
    this.appends = new Gathering(appendLanes, chooseAppends, async (batch) => {
      await commitBatch(this.writers, batch);
      this.arrived();
      this.doorbell.ring();
    });
    this.reads = new Gathering(readers, chooseReads, (batch) => readBatch(this.readers, batch));
  }

  override async append(append: Append): Promise<Appended> {
    if (append.events.length === 0) throw new TypeError(`nothing to append to ${append.stream}`);
    const texts = append.events.map((event, index) => {
      if (event.stream === append.stream && event.revision === append.expectedLength + index) return storedText(event);
      throw new TypeError(`event ${event.id} is revision ${event.revision} of ${event.stream}, not the next of ${append.stream}`);
    });
    refuseTooLarge(
      texts.flatMap(({ data, frame }) => [data, frame]),
      texts.length,
    );
    const size = texts.reduce((sum, { data, frame }) => sum + data.length + frame.length, 0);
    return new Promise((resolve, reject) => {
      const appended = (outcome: Appended): void => {
        if (!outcome.repeated) this.own.keep(outcome.position, append.events, texts);
        resolve(outcome);
      };
      this.appends.add({ append, texts, size, resolve: appended, reject });
    });
  }

  override room(): Promise<void> | undefined {
    return this.appends.room();
  }

  override async read(stream: string, { from = 0, limit }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    return (await this.rows(stream, 'events', from, limit)).map((row) => recorded(row as EventRow));
  }

  override async messages(stream: string, from = 0): Promise<StreamMessages> {
    const rows = await this.rows(stream, 'messages', from);
    const messages = rows.map(({ type, data }): Message => ({ type, data }));
    const [first] = rows;
    return from > 0 || first === undefined ? { messages } : { messages, opening: recorded(first as EventRow).id };
  }

  private async rows(stream: string, extent: Extent, from: number, limit?: number): Promise<readonly StreamRow[]> {
    return new Promise((resolve, reject) => this.reads.add({ stream, from, limit, extent, resolve, reject }));
  }

  override async find(stream: string, eventId: string): Promise<RecordedEvent | undefined> {
    const rows = await this.ask<EventRow>(
      'find',
      'select position, data, frame::varchar from event where id = $1 and stream = $2',
      [eventId, stream],
    );
    return rows.map(recorded)[0];
  }

  override async readAll(after: bigint, { limit, categories }: ReadAllOptions): Promise<LogSlice> {
    if (categories !== undefined) return this.readCategories(after, limit, [...new Set(categories)]);
    const events = (await this.ask<EventRow>('all', allEvents, [after, limit])).map(recorded);
    return { events, through: events.at(-1)?.position ?? after };
  }

  private async readCategories(after: bigint, limit: number, categories: readonly string[]): Promise<LogSlice> {
    const through = after + stretch;
    const rows = await this.ask<CategoryRow>('categories', eventsOfCategories, [after, through, limit, categories]);
    const events = rows.filter(holdsEvent).map(recorded);
    if (events.length === limit) return { events, through: (events.at(-1) as RecordedEvent).position };
    const head = BigInt(rows[0]?.head ?? 0);
    if (head > through) return { events, through };
    return { events, through: head > after ? head : after };
  }

  override async *subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    this.doorbell.open();
    let through = after;
    let looked = -1;
    while (!options.signal.aborted && !this.closed) {
      const { arrivals, news } = this;
      const own = this.ownSlice(through, options);
      const slice = own ?? (await this.readSince(looked, through, options));
      if (own === undefined && slice !== undefined && slice.events.length < options.limit) looked = news;
      if (slice === undefined || slice.through === through) await this.arrivalSince(arrivals, options.signal);
      else yield slice;
      through = slice?.through ?? through;
    }
  }

  private ownSlice(after: bigint, { limit, categories }: ReadAllOptions): LogSlice | undefined {
    if (categories !== undefined) return undefined;
    const events = this.own.following(after, limit);
    const last = events.at(-1);
    return last && { events, through: last.position };
  }

  /** Asks the database only where others may have appended. */
  private async readSince(looked: number, after: bigint, options: ReadAllOptions): Promise<LogSlice | undefined> {
    if (looked === this.news && !this.own.goesOnAfter(after)) return { events: [], through: after };
    return this.sliceOrNothing(after, options);
  }

  /** Nothing while the database does not answer: a subscriber waits for it to come back. */
  private async sliceOrNothing(after: bigint, options: ReadAllOptions): Promise<LogSlice | undefined> {
    try {
      return await this.readAll(after, options);
    } catch (failure) {
      if (failure instanceof UnavailableError) return undefined;
      throw failure;
    }
  }

  private heard(): void {
    this.news += 1;
    this.arrived();
  }

  private arrived(): void {
    this.arrivals += 1;
    for (const wake of this.sleepers) wake();
  }

  private async arrivalSince(seen: number, signal: AbortSignal): Promise<void> {
    if (this.arrivals !== seen || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(() => this.heard(), pollMs);
      this.sleepers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  override async head(): Promise<bigint> {
    const rows = await this.ask<{ head: string }>('head', 'select coalesce(max(position), 0) as head from event', []);
    return BigInt(rows[0]?.head ?? 0);
  }

  override async close(): Promise<void> {
    if (this.closed) return;
    await this.appends.settled();
    await this.reads.settled();
    this.closed = true;
    this.arrived();
    await Promise.all([this.doorbell.close(), this.writers.end(), this.readers.end()]);
  }

  private async ask<R extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<readonly R[]> {
    return (await answering(() => this.readers.query<R>({ name, text, values: [...values], types: dataIsJson }))).rows;
  }
}

// The log is asked in few ways, each through one index, whatever its size: a plan made while it was empty must not be a scan.
const settings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  jit: 'off',
  statement_timeout: '30s',
};

const allEvents = 'select position, data, frame::varchar from event where position > $1 order by position limit $2';

/** How many events are looked through at once for those of some categories: an index of its own would cost every append. */
const stretch = 20_000n;

// The head is taken in the same snapshot: what the filter leaves out up to there has been considered.
const eventsOfCategories = `
select h.head, e.position, e.data, e.frame
from (select coalesce(max(position), 0) as head from event) h
left join lateral (
  select position, data, frame::varchar from event
  where position > $1 and position <= $2 and split_part(stream, '-', 1) = any($4) order by position limit $3
) e on true
order by e.position`;

interface CategoryRow {
  readonly head: string;
  readonly position: string | null;
  readonly data: unknown;
  readonly frame: string | null;
}

const holdsEvent = (row: CategoryRow): row is CategoryRow & EventRow => row.position !== null;
