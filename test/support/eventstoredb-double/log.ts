import { randomUUID } from 'node:crypto';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Kept extends Proposed {
  readonly stream: string;
  readonly revision: number;
  /** Where its record begins. Commit and prepare position in $all are both this, as for every append over gRPC. */
  readonly position: bigint;
  /** Position of the first record of the same append: the prepare position that a read of the stream answers. */
  readonly transaction: bigint;
}

/** 'any' serves the client's own stream metadata calls only. */
export type Expected = number | 'no-stream' | 'any';

export type Outcome =
  | { readonly kind: 'written' | 'repeated'; readonly last: Kept }
  | { readonly kind: 'wrong-expected-version'; readonly current: number | undefined };

/** The part of EventStoreDB that a client can tell: streams, revisions, idempotence, and one log with the server's own events in it. */
export class DoubleLog {
  readonly records: Kept[] = [];
  private readonly streams = new Map<string, Kept[]>();
  private readonly listeners = new Set<() => void>();
  private end = 0n;

  constructor() {
    this.write('$epochs', [systemEvent('$epoch-information', { epoch: 0 })]);
  }

  stream(name: string): readonly Kept[] | undefined {
    return this.streams.get(name);
  }

  /** Every append of a business stream is followed by what a real server writes there too: statistics and a projection's link. */
  append(stream: string, expected: Expected, events: readonly Proposed[]): Outcome {
    const own = this.streams.get(stream) ?? [];
    const before = expected === 'no-stream' ? -1 : expected === 'any' ? own.length - 1 : expected;
    if (before < own.length - 1) return repeatedAt(own, before, events);
    if (before > own.length - 1) return wrongExpectedVersion(own);
    const last = this.write(stream, events);
    if (!stream.startsWith('$')) {
      this.write('$stats-127.0.0.1', [systemEvent('$statsCollected', { cpu: 1 })]);
      this.write(`$ce-${stream.slice(0, stream.indexOf('-'))}`, [systemEvent('$>', `${last.revision}@${stream}`)]);
    }
    for (const listener of this.listeners) listener();
    return { kind: 'written', last };
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private write(stream: string, events: readonly Proposed[]): Kept {
    const own = this.streams.get(stream) ?? [];
    this.streams.set(stream, own);
    const transaction = this.end;
    for (const event of events) {
      const kept = { ...event, stream, revision: own.length, position: this.end, transaction };
      own.push(kept);
      this.records.push(kept);
      this.end += BigInt(97 + event.data.length + event.metadata.length + 2 * (stream.length + event.type.length));
    }
    return own.at(-1) as Kept;
  }
}

/** Idempotent only if exactly these ids follow the expected revision. */
function repeatedAt(own: readonly Kept[], before: number, events: readonly Proposed[]): Outcome {
  const there = own.slice(before + 1, before + 1 + events.length);
  const same = there.length === events.length && there.every(({ id }, index) => id === events[index]?.id);
  return same ? { kind: 'repeated', last: there.at(-1) as Kept } : wrongExpectedVersion(own);
}

const wrongExpectedVersion = (own: readonly Kept[]): Outcome => ({
  kind: 'wrong-expected-version',
  current: own.length === 0 ? undefined : own.length - 1,
});

const systemEvent = (type: string, data: unknown): Proposed => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: new Uint8Array(),
});
