import { canonicalJson } from './canonical.js';
import { ConcurrencyError } from './errors.js';
import {
  type Append,
  type Appended,
  categoryOf,
  EventStore,
  type LogSlice,
  type ReadAllOptions,
  type ReadOptions,
  refuseTooLarge,
} from './event-store.js';
import type { Envelope, RecordedEvent } from './message.js';

/** The log in memory: for unit tests and simulation. Keeps the canonical text, as the others do, and hands out parsed copies. */
export class InMemoryEventStore extends EventStore {
  private readonly log: string[] = [];
  private readonly positions = new Map<string, number[]>();
  private readonly ids = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  override async append({ stream, expectedLength, events, guards = [] }: Append): Promise<Appended> {
    const texts = events.map((event) => canonicalJson(event));
    refuseTooLarge(texts, events.length);
    const first = this.ids.get(`${stream} ${events[0]?.id}`);
    if (first !== undefined) return this.firstResult(stream, first, events.length);
    for (const guard of [{ stream, length: expectedLength }, ...guards]) {
      const actual = this.positions.get(guard.stream)?.length ?? 0;
      if (actual !== guard.length) throw new ConcurrencyError(guard.stream, guard.length, actual);
    }
    const own = this.positions.get(stream) ?? [];
    this.positions.set(stream, own);
    for (const [index, event] of events.entries()) {
      this.log.push(texts[index] as string);
      own.push(this.log.length);
      this.ids.set(`${stream} ${event.id}`, this.log.length);
    }
    for (const wake of this.waiting) wake();
    return { revision: own.length - 1, position: BigInt(this.log.length), repeated: false };
  }

  private firstResult(stream: string, first: number, count: number): Appended {
    const revision = (this.positions.get(stream) as number[]).indexOf(first) + count - 1;
    return { revision, position: BigInt(first + count - 1), repeated: true };
  }

  override async read(stream: string, { from = 0, limit }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    const own = this.positions.get(stream) ?? [];
    return own.slice(from, limit === undefined ? undefined : from + limit).map((position) => this.at(position));
  }

  override async find(stream: string, eventId: string): Promise<RecordedEvent | undefined> {
    const position = this.ids.get(`${stream} ${eventId}`);
    return position === undefined ? undefined : this.at(position);
  }

  override async readAll(after: bigint, { limit, categories }: ReadAllOptions): Promise<LogSlice> {
    const events: RecordedEvent[] = [];
    let position = Number(after);
    while (position < this.log.length && events.length < limit) {
      position += 1;
      const event = this.at(position);
      if (categories === undefined || categories.includes(categoryOf(event.stream))) events.push(event);
    }
    return { events, through: BigInt(position) };
  }

  override async *subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    let through = after;
    while (!options.signal.aborted) {
      const slice = await this.readAll(through, options);
      if (slice.through === through) await this.arrival(options.signal);
      else yield slice;
      through = slice.through;
    }
  }

  private async arrival(signal: AbortSignal): Promise<void> {
    let wake = (): void => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
    this.waiting.delete(wake);
    signal.removeEventListener('abort', wake);
  }

  override async head(): Promise<bigint> {
    return BigInt(this.log.length);
  }

  override async close(): Promise<void> {}

  private at(position: number): RecordedEvent {
    return { ...(JSON.parse(this.log[position - 1] as string) as Envelope), position: BigInt(position) };
  }
}
