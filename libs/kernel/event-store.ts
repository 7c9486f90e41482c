import { DomainError } from './errors.js';
import type { Envelope, Message, RecordedEvent } from './message.js';

/** A stream that a decision read without writing it: the append is refused if it has moved on since. */
export interface Guard {
  readonly stream: string;
  /** Number of events that were read. */
  readonly length: number;
}

export interface Append {
  readonly stream: string;
  /** Number of events in the stream that was decided on: the revision of the first new event. */
  readonly expectedLength: number;
  /** At least one. Revisions run from `expectedLength`; all carry this stream. */
  readonly events: readonly Envelope[];
  /**
   * Streams that must not have moved on. Checked in the same transaction on PostgreSQL and in memory;
   * on EventStoreDB just before the append, so a seat that ends within that instant is caught one command later.
   */
  readonly guards?: readonly Guard[];
}

export interface Appended {
  /** Revision of the last event. */
  readonly revision: number;
  /** Position of the last event. */
  readonly position: bigint;
  /** Position of each event, where the engine's are not dense. */
  readonly positions?: readonly bigint[];
  /** True where the first event's id was already in the stream: nothing was written, and this is the first result. */
  readonly repeated: boolean;
}

export interface ReadOptions {
  /** First revision to read; 0 unless told. */
  readonly from?: number;
  /** At most so many events; all unless told. */
  readonly limit?: number;
}

/** What of a stream is enough for a fold that asks for nothing beside the messages. */
export interface StreamMessages {
  readonly messages: readonly Message[];
  /** Id of the first event of the stream, where it was among those read. */
  readonly opening?: string;
}

export interface ReadAllOptions {
  readonly limit: number;
  /** Only streams of these categories; all unless told. */
  readonly categories?: readonly string[];
}

/** A stretch of the log. `through` may lie behind the last event where a filter left events out: checkpoint there. */
export interface LogSlice {
  readonly events: readonly RecordedEvent[];
  /** Every event up to here has been considered. Equals the position asked for when there is nothing new. */
  readonly through: bigint;
}

/** Port to the log. Every adapter passes test/contracts/event-store.contract.ts. */
export abstract class EventStore {
  /**
   * Appends all events or none, in one step.
   *
   * An append whose first event id stands in the stream already is answered with its first result.
   * @throws DomainError shape.too-large when they are more than one append may hold
   * @throws ConcurrencyError when the stream, or a guarded one, is not as long as expected
   * @throws UnavailableError when the outcome is not known: retry with the same event ids
   */
  abstract append(append: Append): Promise<Appended>;

  /**
   * When to work out what to append: now (undefined), or as soon as it would be sent on. Nothing rests on it but speed: who waits decides
   * on what is newest, and together with the others who wait.
   */
  room(): Promise<void> | undefined {
    return undefined;
  }

  /** The events of a stream in order; none for a stream that does not exist. */
  abstract read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]>;

  /** The messages of a stream from a revision on, in order, as they were stored: where events have no other part to tell, this costs half. */
  async messages(stream: string, from = 0): Promise<StreamMessages> {
    const messages = await this.read(stream, { from });
    const [first] = messages;
    return from > 0 || first === undefined ? { messages } : { messages, opening: first.id };
  }

  /** The event of that stream with that id, if it is there. */
  abstract find(stream: string, eventId: string): Promise<RecordedEvent | undefined>;

  /** Events with a position greater than `after`, in the one total order, without gaps. 0n is before the first. */
  abstract readAll(after: bigint, options: ReadAllOptions): Promise<LogSlice>;

  /**
   * Catch-up, then live, until `signal` aborts: slices of at most `limit` events, each at least one event or a moved `through`.
   * A reader that keeps `through` and comes back with it misses nothing and sees nothing twice.
   */
  abstract subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<LogSlice>;

  /** Position of the last event; 0n for an empty log. */
  abstract head(): Promise<bigint>;

  /** Waits for appends under way and lets go of connections. */
  abstract close(): Promise<void>;
}

/** The part of a stream's name before its first dash. */
export const categoryOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));

const bytesAtMost = 1024 * 1024;
/** What an engine keeps beside the canonical bytes of an event: its type, twice, and a few of its own. */
const besideEach = 300;

/**
 * Every engine takes as much in one append as the one that takes least: an alliance may move from one to another.
 *
 * @param texts - the canonical text of all events, in any pieces
 * @throws DomainError shape.too-large
 */
export function refuseTooLarge(texts: readonly string[], events: number): void {
  // No character takes more than three bytes of UTF-8, so hardly any append has to be measured.
  if (texts.reduce((sum, { length }) => sum + 3 * length, events * besideEach) <= bytesAtMost) return;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), events * besideEach);
  if (bytes <= bytesAtMost) return;
  throw new DomainError(
    'shape.too-large',
    {
      en: 'This is more than 1 MiB and cannot be kept as one step. Divide it into smaller parts, or attach what is long as a file.',
      zh: '内容超过 1 MiB，无法一次保存。请拆分为较小的部分，或将长文作为附件上传。',
    },
    { bytes, bytesAtMost },
  );
}
