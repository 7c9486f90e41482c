import pg from 'pg';
import { canonicalJson } from './canonical.js';
import type { Envelope, EventMeta, RecordedEvent } from './message.js';

/** The canonical text of an event, in two parts: `{"data":` data `,` frame. */
export interface StoredText {
  readonly data: string;
  /** What follows the data, up to the last brace: `"id":…,"meta":…,…}`. */
  readonly frame: string;
}

/** In canonical order data comes first: a replay reads it without the rest. @throws TypeError for what JSON cannot hold */
export function storedText({ data, ...frame }: Envelope): StoredText {
  return { data: canonicalJson(data), frame: canonicalJson(frame).slice(1) };
}

export interface EventRow {
  readonly position: string;
  readonly data: unknown;
  readonly frame: string;
}

/** To be asked for with every event: data is parsed while later rows are still on their way. Whatever else is text is cast to varchar. */
export const dataIsJson: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.TEXT ? (JSON.parse as (text: string) => unknown) : pg.types.getTypeParser(type, format),
};

export const recorded = (row: EventRow): RecordedEvent => new StoredEvent(row);

type Frame = Omit<Envelope, 'data'>;

/** An event as it came from the table: what nobody asks for is not parsed, and a fold asks for little beside the data. */
class StoredEvent implements RecordedEvent {
  readonly data: unknown;
  private parsed: Frame | undefined;
  private place: bigint | undefined;

  constructor(private readonly row: EventRow) {
    this.data = row.data;
  }

  get position(): bigint {
    return (this.place ??= BigInt(this.row.position));
  }

  get type(): string {
    const { frame } = this.row;
    const begin = frame.lastIndexOf(typeBegins) + typeBegins.length;
    return frame.slice(begin, frame.indexOf('"', begin));
  }

  get version(): number {
    const { frame } = this.row;
    return Number(frame.slice(frame.lastIndexOf(':') + 1, -1));
  }

  get id(): string {
    return this.frame.id;
  }

  get stream(): string {
    return this.frame.stream;
  }

  get revision(): number {
    return this.frame.revision;
  }

  get meta(): EventMeta {
    return this.frame.meta;
  }

  private get frame(): Frame {
    return (this.parsed ??= JSON.parse(`{${this.row.frame}`) as Frame);
  }

  toJSON(): Envelope {
    return { data: this.data, ...this.frame };
  }
}

// A quotation mark inside a value is escaped, so these are names of members; a type is an identifier.
const typeBegins = '"type":"';
