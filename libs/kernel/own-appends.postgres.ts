import { type Envelope, envelopeOf, type EventMeta, type RecordedEvent } from './message.js';
import type { StoredText } from './stored-event.postgres.js';

const eventsAtMost = 2_000;
const charactersAtMost = 4_000_000;

/**
 * What this process has appended lately, so that those who follow the log in it need not ask the database for it.
 *
 * Positions are dense and an event never changes: what stands at the next position is the next event, whoever tells it.
 */
export class OwnAppends {
  private readonly events = new Map<number, AppendedEvent>();
  private characters = 0;
  private latest = 0;

  /** @param last - position of the last of these, which stand one after the other, each with its text */
  keep(last: bigint, events: readonly Envelope[], texts: readonly StoredText[]): void {
    let position = Number(last) - events.length;
    for (const [index, event] of events.entries()) {
      position += 1;
      const kept = new AppendedEvent(position, event, texts[index] as StoredText);
      this.events.set(position, kept);
      this.characters += kept.size;
    }
    this.latest = Math.max(this.latest, position);
    this.forget();
  }

  /** The events from `after` on to the first that is not known here, so many at most. */
  following(after: bigint, limit: number): readonly RecordedEvent[] {
    const events: RecordedEvent[] = [];
    for (let position = Number(after) + 1; events.length < limit; position += 1) {
      const event = this.events.get(position);
      if (event === undefined) break;
      events.push(event);
    }
    return events;
  }

  /** Whether the log is known to go on after a position. */
  goesOnAfter(position: bigint): boolean {
    return this.latest > position;
  }

  private forget(): void {
    for (const [position, { size }] of this.events) {
      if (this.events.size <= eventsAtMost && this.characters <= charactersAtMost) return;
      this.events.delete(position);
      this.characters -= size;
    }
  }
}

/** An event as it was appended. Its data is read from what was stored: what JSON leaves out nobody is to see here either. */
class AppendedEvent implements RecordedEvent {
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly version: number;
  readonly meta: EventMeta;
  /** Characters of its text. */
  readonly size: number;
  private read: { readonly data: unknown } | undefined;

  constructor(
    position: number,
    { id, stream, revision, type, version, meta }: Envelope,
    private readonly text: StoredText,
  ) {
    this.position = BigInt(position);
    this.id = id;
    this.stream = stream;
    this.revision = revision;
    this.type = type;
    this.version = version;
    this.meta = meta;
    this.size = text.data.length + text.frame.length;
  }

  get data(): unknown {
    this.read ??= { data: JSON.parse(this.text.data) as unknown };
    return this.read.data;
  }

  toJSON(): Envelope {
    return envelopeOf(this);
  }
}
