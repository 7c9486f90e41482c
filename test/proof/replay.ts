import type { EventStore, Fact, LogSlice, Message, ReadAllOptions, ReadOptions, RecordedEvent } from '#kernel';
import { owingRules } from '#workflow';
import { InMemoryOwedEffects } from '../../libs/workflow/runtime/owed.memory.js';
import { statesOf } from '../support/any-room.js';
import { DryStore } from './dry-store.js';

/** A log that is read once; what was read cannot be changed any more. */
export class ReadLog extends DryStore {
  private readonly events: RecordedEvent[] = [];
  private readonly byStream = new Map<string, RecordedEvent[]>();

  constructor(private readonly source: EventStore) {
    super(source);
  }

  get streams(): Iterable<string> {
    return this.byStream.keys();
  }

  /** Everything that has been read. */
  get all(): readonly RecordedEvent[] {
    return this.events;
  }

  /** Reads what is new. */
  async follow(): Promise<void> {
    const { events } = await this.source.readAll(BigInt(this.events.length), { limit: 100_000 });
    for (const event of events.map(frozen)) {
      this.events.push(event);
      this.byStream.set(event.stream, [...(this.byStream.get(event.stream) ?? []), event]);
    }
  }

  override async read(stream: string, { from = 0, limit }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    return (this.byStream.get(stream) ?? []).slice(from, limit === undefined ? undefined : from + limit);
  }

  override async readAll(after: bigint, { limit, categories }: ReadAllOptions): Promise<LogSlice> {
    if (categories !== undefined) return super.readAll(after, { limit, categories });
    const events = this.events.slice(Number(after), Number(after) + limit);
    return { events, through: after + BigInt(events.length) };
  }
}

/** What the log alone tells to somebody who knows nothing yet: every state, none of which changes later, and what is owed. */
export async function replayedFrom(log: ReadLog) {
  const states = statesOf(log, (decider) => ({
    ...decider,
    evolve: (state: unknown, event: Message, fact: Fact) => frozen(decider.evolve(state, event, fact)),
  }));
  const ledger = new InMemoryOwedEffects(owingRules(states), log);
  await ledger.follow();
  return { states, owed: ledger.all };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
