import type { Message } from './message.js';
import type { Grant, Permit } from './authority.js';

/** What a rule may know beside the command and the state of its stream. All of it is data: a rule reads no clock and draws no number. */
export interface DecisionContext {
  /** The instant of the decision, in milliseconds since 1970 UTC: the arrival of the command, and `recordedAt` of its events. */
  readonly now: number;
  readonly alliance: string;
  /** The part of the stream's name after the category. */
  readonly id: string;
  /** The id that the sender gave, which is another one where the command was forwarded. */
  readonly sentTo?: string;
  /** The person, also where a machine key sent it; `engine`; `operator`. */
  readonly actor: string;
  /** Under what the actor acts: power, charter version, decision rule, proof. */
  readonly grant: Grant;
  /** A UUID of this command, the same one on a retry; another for each name. */
  readonly newId: (name: string) => string;
  /** The state of a stream that `consults` named: the initial state where the stream does not exist. */
  readonly consulted: <T>(stream: string) => T;
  /** How many events that stream held when it was read. */
  readonly lengthOf: (stream: string) => number;
}

/** When and by whom an event was recorded: what `evolve` may want beside the event itself. */
export interface Fact {
  readonly id: string;
  readonly revision: number;
  readonly recordedAt: string;
  /** As the `actor` of the decision. */
  readonly actor: string;
}

/** What `permits` and `consults` see: no time, no grant yet. */
export type AskingContext = Pick<DecisionContext, 'alliance' | 'id' | 'sentTo' | 'actor' | 'consulted'> & {
  /** Whether `consulted` has that stream by now: what to ask for next may depend on it. */
  readonly loaded: (stream: string) => boolean;
};

/** Where a command goes whose sender cannot know the address: read off the state of another stream. */
export interface Forwarding<S = never> {
  readonly by: string;
  /** Id of the stream that it goes to. */
  to(state: S): string;
}

/** One number, or the least and the most. */
export type Parts = number | readonly [least: number, most: number];

/**
 * The rules of one kind of stream, as pure functions.
 *
 * `decide` throws DomainError when a rule says no, and returns no events when there is nothing to do.
 * `evolve` never refuses: what is in the stream has happened.
 */
export type Decider<C extends Message, E extends Message, S> = Rules<C, E, S> & (MessageFold<E, S> | EventFold<E, S>);

/** A fold to which the messages are enough: its streams are read at half the cost. */
interface MessageFold<E extends Message, S> {
  readonly foldsFacts?: never;
  readonly evolve: (state: S, event: E) => S;
}

/** A fold that asks also when each event was recorded, by whom, or as which one. */
interface EventFold<E extends Message, S> {
  readonly foldsFacts: true;
  readonly evolve: (state: S, event: E, fact: Fact) => S;
}

interface Rules<C extends Message, E extends Message, S> {
  /** Stream category: one lower-case word, no dash (EventStoreDB splits categories at the first dash). */
  readonly category: string;
  /** True where a stream is not one alliance's (a person). Otherwise its id is `<alliance>` or `<alliance>.<rest>`, and no other alliance reaches it. */
  readonly shared?: true;
  /** How many parts its ids have between their dots, at least and at most; any number where absent. An address with one more would be another stream about the same. */
  readonly parts?: Parts;
  /** The power that each command needs. The compiler asks for every command of C. */
  readonly permits: {
    readonly [K in C['type']]: string | ((command: Extract<C, { type: K }>, state: S, context: AskingContext) => Permit);
  };
  readonly initialState: S;
  /**
   * Streams whose state the rule reads. Asked again with what was loaded, until it names nothing new (four times at most).
   * They become guards of the append: if one of them moves on meanwhile, the command is decided again.
   */
  readonly consults?: (command: C, state: S, context: AskingContext) => readonly string[];
  /** For commands that do not go to the id that their sender gives: the rule finds that one as `sentTo`. */
  readonly forwards?: (command: C, context: Pick<AskingContext, 'alliance' | 'id'>) => Forwarding | undefined;
  /**
   * Whether the sender of a command that is refused may know that its stream exists: whoever may not is told that there is none, whatever
   * the refusal. Streams that it has to read first, or the answer; for a command that names other streams it throws what is told instead.
   */
  readonly mayKnow?: (command: C, state: S, context: AskingContext & Pick<DecisionContext, 'now'>) => readonly string[] | boolean;
  readonly decide: (command: C, state: S, context: DecisionContext) => readonly E[];
  /** Current version of each event's shape, where it is not 1. */
  readonly versions?: Partial<Record<E['type'], number>>;
  /** Turns the data of an older version into the next version's, by `type.version`. Pure. */
  readonly upcasters?: Readonly<Record<string, (data: never) => unknown>>;
}

/**
 * A decider whose types are its own affair: what registries and loaders hold.
 *
 * Methods, not properties: a method's parameters may be narrower, and a loader hands a decider only what its own streams hold.
 */
export interface AnyDecider {
  readonly category: string;
  readonly shared?: true;
  readonly parts?: Parts;
  readonly initialState: unknown;
  readonly versions?: Readonly<Record<string, number | undefined>>;
  readonly upcasters?: Readonly<Record<string, (data: never) => unknown>>;
  readonly permits: Readonly<
    Record<string, string | { of(command: Message, state: unknown, context: AskingContext): Permit }['of']>
  >;
  consults?(command: Message, state: unknown, context: AskingContext): readonly string[];
  forwards?(command: Message, context: Pick<AskingContext, 'alliance' | 'id'>): Forwarding | undefined;
  mayKnow?(command: Message, state: unknown, context: AskingContext & Pick<DecisionContext, 'now'>): readonly string[] | boolean;
  decide(command: Message, state: unknown, context: DecisionContext): readonly Message[];
  readonly foldsFacts?: true;
  evolve(state: unknown, event: Message, fact?: Fact): unknown;
}

/** A class-validator shape: what the body of a command must look like. */
export type Shape = new () => object;

/**
 * A bounded context as the doors see it: its rules, and the shape of each of its commands.
 */
export interface Context {
  /** The first part of its routes, `/v1/<name>/<id>/<command>`; the decider's category. */
  readonly name: string;
  readonly decider: AnyDecider;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** States a context, and lets the compiler compare its shapes with its decider's commands. */
export function context<C extends Message, E extends Message, S>(
  decider: Decider<C, E, S>,
  shapes: { readonly [K in C['type']]: Shape },
): Context {
  return { name: decider.category, decider, shapes };
}
