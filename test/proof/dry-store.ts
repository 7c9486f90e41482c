import { type Append, type Appended, EventStore, type LogSlice, type ReadAllOptions, type RecordedEvent } from '#kernel';

/** What would have been appended. */
export class WouldAppend extends Error {
  constructor(readonly append: Append) {
    super(`would append to ${append.stream}`);
  }
}

/** A log that is read as it is, and to which nothing is ever appended: whoever tries is told so. */
export class DryStore extends EventStore {
  constructor(private readonly log: EventStore) {
    super();
  }

  override append(append: Append): Promise<Appended> {
    return Promise.reject(new WouldAppend(append));
  }

  override read(...asked: Parameters<EventStore['read']>): Promise<readonly RecordedEvent[]> {
    return this.log.read(...asked);
  }

  override readAll(after: bigint, options: ReadAllOptions): Promise<LogSlice> {
    return this.log.readAll(after, options);
  }

  override find(...asked: Parameters<EventStore['find']>): Promise<RecordedEvent | undefined> {
    return this.log.find(...asked);
  }

  override head(): Promise<bigint> {
    return this.log.head();
  }

  override subscribe(...asked: Parameters<EventStore['subscribe']>): ReturnType<EventStore['subscribe']> {
    return this.log.subscribe(...asked);
  }

  override close(): Promise<void> {
    return this.log.close();
  }
}
