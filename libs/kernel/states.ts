import type { AnyDecider, Fact } from './decider.js';
import { categoryOf, type EventStore, type StreamMessages } from './event-store.js';
import { type Envelope, type Message, personOf } from './message.js';
import { Recent } from './recent.js';

/** What a stream's events fold to, and how many they were. */
export interface Loaded<S = unknown> {
  readonly state: S;
  /** Number of events; 0 for a stream that does not exist. */
  readonly length: number;
  /** Id of the first event, where there is one. */
  readonly opening?: string;
}

/** One step of a fold, with the event brought to the current version of its shape first. */
export function evolved(decider: AnyDecider, state: unknown, event: Envelope): unknown {
  const message = upcast(decider, event);
  return decider.foldsFacts === true ? decider.evolve(state, message, new FactOf(event)) : decider.evolve(state, message);
}

/** What a fold may ask beside the message, read off the event when it does. */
class FactOf implements Fact {
  constructor(private readonly event: Envelope) {}
  get id(): string {
    return this.event.id;
  }
  get revision(): number {
    return this.event.revision;
  }
  get recordedAt(): string {
    return this.event.meta.recordedAt;
  }
  get actor(): string {
    return personOf(this.event.meta);
  }
}

function upcast({ versions, upcasters }: AnyDecider, event: Envelope): Message {
  const current = versions?.[event.type] ?? 1;
  let data: unknown = event.data;
  for (let version = event.version; version < current; version += 1) {
    const step = upcasters?.[`${event.type}.${version}`];
    if (step === undefined) throw new Error(`no upcaster for ${event.type} version ${version}`);
    data = step(data as never);
  }
  return { type: event.type, data };
}

/**
 * The folded state of streams, kept for the most recently used.
 *
 * A state may be behind the log: an append decided on it is caught by its expected length and its guards. `fresh` reads what is missing.
 */
export class States {
  private readonly cache: Recent<Loaded>;
  private readonly deciders = new Map<string, AnyDecider>();

  constructor(
    private readonly store: EventStore,
    capacity = 40_000,
  ) {
    this.cache = new Recent(capacity);
  }

  /** Makes a decider's streams loadable. Twice the same is once. */
  register(decider: AnyDecider): void {
    const known = this.deciders.get(decider.category);
    if (known !== undefined && known !== decider) throw new Error(`two deciders claim the category ${decider.category}`);
    this.deciders.set(decider.category, decider);
  }

  deciderOf(stream: string): AnyDecider {
    const decider = this.deciders.get(categoryOf(stream));
    if (decider === undefined) throw new Error(`no decider for ${stream}`);
    return decider;
  }

  /** The state as last seen by this process, where it still has it. */
  known<S>(stream: string): Loaded<S> | undefined {
    return this.cache.get(stream) as Loaded<S> | undefined;
  }

  /** The state as last seen by this process, or as read now. */
  async load<S>(stream: string): Promise<Loaded<S>> {
    return this.known<S>(stream) ?? this.fresh<S>(stream);
  }

  /** The state with everything that is in the log by now. */
  async fresh<S>(stream: string): Promise<Loaded<S>> {
    const decider = this.deciderOf(stream);
    const before = this.cache.get(stream) ?? { state: decider.initialState, length: 0 };
    const loaded = foldsMessages(decider)
      ? withMessages(decider, before, await this.store.messages(stream, before.length))
      : withEvents(decider, before, await this.store.read(stream, { from: before.length }));
    this.keep(stream, loaded);
    return loaded as Loaded<S>;
  }

  /** A stream after one more event than before. Nothing is kept: the event may never be appended. */
  after(stream: string, before: Loaded, event: Envelope): Loaded {
    return withEvents(this.deciderOf(stream), before, [event]);
  }

  /** Keeps what a stream folds to, unless more is known of it. */
  keep(stream: string, loaded: Loaded): void {
    const known = this.cache.get(stream);
    if (known !== undefined && known.length > loaded.length) return;
    this.cache.set(stream, loaded);
  }
}

function withEvents(decider: AnyDecider, before: Loaded, events: readonly Envelope[]): Loaded {
  const state = events.reduce((folded, event) => evolved(decider, folded, event), before.state);
  return { state, ...grown(before, events.length, events[0]?.id) };
}

/** Whether the messages of its streams are enough: there is no older shape among them, and nothing else is asked for. */
const foldsMessages = ({ versions, foldsFacts }: AnyDecider): boolean => versions === undefined && foldsFacts === undefined;

function withMessages(decider: AnyDecider, before: Loaded, { messages, opening }: StreamMessages): Loaded {
  const state = messages.reduce((folded, message) => decider.evolve(folded, message), before.state);
  return { state, ...grown(before, messages.length, opening) };
}

function grown(before: Loaded, by: number, first: string | undefined): Omit<Loaded, 'state'> {
  const opening = before.opening ?? (before.length === 0 ? first : undefined);
  return { length: before.length + by, ...(opening === undefined ? {} : { opening }) };
}
