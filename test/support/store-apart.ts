import {
  envelopeOf,
  type Append,
  type Appended,
  ConcurrencyError,
  type Envelope,
  EventStore,
  type LogSlice,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
} from '#kernel';

/** An empty log on a server that others use too: its streams have names of their own, and it begins where the server's log ended. */
export class StoreApart extends EventStore {
  private constructor(
    private readonly inner: EventStore,
    private readonly mark: string,
    private readonly start: bigint,
  ) {
    super();
  }

  /** @param mark - letters and digits that no other log on that server uses */
  static async open(inner: EventStore, mark: string): Promise<StoreApart> {
    return new StoreApart(inner, mark, await inner.head());
  }

  override async append({ stream, events, guards = [], ...rest }: Append): Promise<Appended> {
    const moved = {
      ...rest,
      stream: this.there(stream),
      events: events.map((event): Envelope => ({ ...event, stream: this.there(event.stream) })),
      guards: guards.map((guard) => ({ ...guard, stream: this.there(guard.stream) })),
    };
    return this.inner.append(moved).catch((failure: unknown) => {
      if (!(failure instanceof ConcurrencyError)) throw failure;
      throw new ConcurrencyError(this.here(failure.stream), failure.expected, failure.actual);
    });
  }

  override async read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    return (await this.inner.read(this.there(stream), options)).map((event) => this.home(event));
  }

  override async find(stream: string, eventId: string): Promise<RecordedEvent | undefined> {
    const event = await this.inner.find(this.there(stream), eventId);
    return event && this.home(event);
  }

  override async readAll(after: bigint, options: ReadAllOptions): Promise<LogSlice> {
    const { events, through } = await this.inner.readAll(this.placeOf(after), options);
    return this.own(events, through);
  }

  override async *subscribe(after: bigint, options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<LogSlice> {
    for await (const { events, through } of this.inner.subscribe(this.placeOf(after), options)) yield this.own(events, through);
  }

  override async head(): Promise<bigint> {
    const head = await this.inner.head();
    return head > this.start ? head : 0n;
  }

  override close(): Promise<void> {
    return this.inner.close();
  }

  private own(events: readonly RecordedEvent[], through: bigint): LogSlice {
    const own = events.filter(({ stream }) => stream.includes(`-${this.mark}.`)).map((event) => this.home(event));
    return { events: own, through: through > this.start ? through : 0n };
  }

  private placeOf(after: bigint): bigint {
    return after > this.start ? after : this.start;
  }

  private readonly there = (stream: string): string => stream.replace('-', `-${this.mark}.`);
  private readonly here = (stream: string): string => stream.replace(`-${this.mark}.`, '-');
  private readonly home = (event: RecordedEvent): RecordedEvent => ({
    ...envelopeOf(event),
    position: event.position,
    stream: this.here(event.stream),
  });
}
