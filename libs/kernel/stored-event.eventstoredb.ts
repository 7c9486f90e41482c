import { type AllStreamResolvedEvent, binaryEvent, type EventData, type ReadPosition, START } from '@eventstore/db-client';
import { canonicalJson } from './canonical.js';
import { type Append, categoryOf, type LogSlice, type ReadAllOptions, refuseTooLarge } from './event-store.js';
import type { Envelope, RecordedEvent } from './message.js';

/** What the client hands out for one event; its own types promise more than an older server keeps. */
export interface Stored {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly position?: { readonly commit: bigint };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The events of an append as EventStoreDB keeps them: `data` holds the canonical bytes, as binary, because the client would write
 * JSON anew with its members in another order. `attempt` goes into the metadata, outside what is hashed.
 *
 * @throws TypeError for what JSON cannot hold, and for events that are not the next of the stream
 * @throws DomainError when they are more than one append may hold
 */
export function storable({ stream, expectedLength, events }: Append, attempt: string): EventData[] {
  if (events.length === 0) throw new TypeError(`nothing to append to ${stream}`);
  const bodies = events.map((event) => canonicalJson(event));
  refuseTooLarge(bodies, events.length);
  return events.map((event, index) => {
    if (event.stream !== stream || event.revision !== expectedLength + index)
      throw new TypeError(`event ${event.id} is revision ${event.revision} of ${event.stream}, not the next of ${stream}`);
    const data = Buffer.from(bodies[index] as string, 'utf8');
    const metadata = Buffer.from(JSON.stringify({ attempt }), 'utf8');
    return binaryEvent({ id: event.id, type: event.type, data: Uint8Array.from(data), metadata: Uint8Array.from(metadata) });
  });
}

/** Whether that very append wrote the event, rather than an earlier one with the same ids. */
export const isOfAttempt = ({ metadata }: Stored, attempt: string): boolean =>
  typeof metadata === 'object' && metadata !== null && 'attempt' in metadata && metadata.attempt === attempt;

/** @throws Error when the event is not what this log keeps under that name and number */
export function recorded(stored: Stored): RecordedEvent {
  const { streamId, id, revision, data } = stored;
  if (!(data instanceof Uint8Array)) throw new Error(`${streamId} holds an event at ${revision} that Entente did not write`);
  const envelope = JSON.parse(utf8.decode(data)) as Envelope;
  if (envelope.stream !== streamId || envelope.id !== id || envelope.revision !== Number(revision))
    throw new Error(`${streamId} holds at ${revision} an event that belongs elsewhere`);
  return { ...envelope, position: positionOf(stored) };
}

function positionOf({ streamId, position }: Stored): bigint {
  if (position === undefined) throw new Error(`no position for an event of ${streamId}: EventStoreDB 22.6 or later is needed`);
  return position.commit;
}

/** An append over gRPC commits each event where it prepares it, so one number names both. */
export const placeOf = (after: bigint): ReadPosition => (after === 0n ? START : { commit: after, prepare: after });

/** Whether an event is one of the alliance's, not one of the server's or of another program. */
export const isOurs = ({ streamId, type, isJson }: Stored): boolean =>
  !streamId.startsWith('$') && !type.startsWith('$') && !isJson;

/** A slice in the making. */
export class Slicing {
  private readonly events: RecordedEvent[] = [];
  private readonly bounded = new Set<string>();
  private last: bigint;

  constructor(
    private through: bigint,
    private readonly options: ReadAllOptions,
  ) {
    this.last = through;
  }

  /** Position of the last event taken, the server's own included. */
  get considered(): bigint {
    return this.last;
  }

  get isFull(): boolean {
    return this.events.length >= this.options.limit;
  }

  /** The server's own events do not move `through`: at the end of the log it is the position of the last event of ours. */
  take({ event }: AllStreamResolvedEvent): void {
    if (event === undefined || event.position.commit <= this.last) return;
    this.last = event.position.commit;
    if (mayLoseEvents(event)) this.bounded.add(event.streamId.slice(2));
    if (!isOurs(event)) return;
    this.through = this.last;
    const { categories } = this.options;
    if (categories?.includes(categoryOf(event.streamId)) ?? true) this.events.push(recorded(event));
  }

  /** Everything up to `position`, or up to what was taken last, has been considered: the reader need not look there again. */
  reached(position = this.last): void {
    if (position > this.through) this.through = position;
  }

  /** Streams whose metadata were seen to tell the server that it may drop events. */
  get suspects(): ReadonlySet<string> {
    return this.bounded;
  }

  get slice(): LogSlice {
    return { events: this.events, through: this.through };
  }
}

const losing = ['$maxAge', '$maxCount', '$tb'];

/** A stream's metadata stand in a stream of their own, named with two dollars before. */
const mayLoseEvents = ({ streamId, type, data }: Stored): boolean =>
  type === '$metadata' && /^\$\$[^$]/.test(streamId) && typeof data === 'object' && losing.some((name) => name in (data ?? {}));
