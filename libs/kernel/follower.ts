import type { Caller } from './authority.js';
import type { Context } from './decider.js';
import type { Envelope, Message } from './message.js';
import type { Loaded } from './states.js';

/** An event with its stream as it is just after it. */
export interface Step {
  readonly event: Envelope;
  readonly after: Loaded;
  sequels?: Sequels | undefined;
}

/** A command that follows from an event at once, and goes to the event's own stream. */
export interface Sequel {
  readonly context: Context;
  readonly command: Message;
  readonly caller: Caller;
}

/** What follows from an event. */
export interface Sequels {
  /**
   * To its own stream, at once: decided on the state that is about to be. What is accepted stands in the same append; what is not, and
   * whatever holds personal data, is as if it had not been named.
   */
  readonly commands: readonly Sequel[];

  /**
   * The event is in the log, and so are the events of some commands. Must not throw.
   *
   * @param done - ids of all commands whose events stand in the same append
   */
  appended(position: bigint, done: ReadonlySet<string>): void;
}

/** Whoever carries on what commands begin. A hint: what other processes append is not told. */
export interface Follower {
  /** @returns what follows from an event that is about to be appended; undefined, at once or later, for nothing */
  follow(step: Step): Promise<Sequels | undefined> | undefined;
}
