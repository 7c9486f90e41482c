import type { Caller } from './authority.js';
import type { Context } from './decider.js';
import type { Envelope, Message } from './message.js';
import type { Loaded } from './states.js';

/** An event with its stream as it is just after it. */
export interface Step {
  readonly event: Envelope;
  readonly after: Loaded;
}

/** A command that follows from an event at once, and goes to the event's own stream. */
export interface Sequel {
  readonly context: Context;
  readonly command: Message;
  readonly caller: Caller;
}

/** Whoever carries on what commands begin. */
export interface Follower {
  /**
   * What follows at once from an event that is about to be appended.
   *
   * It is decided on the state that is about to be. What is accepted stands in the same append; what is not, and whatever holds personal
   * data, is as if it had not been named.
   */
  sequels(step: Step): Promise<readonly Sequel[]>;

  /**
   * Hears of every append that is made here, as soon as it is durable; must not throw. A hint: what others append is not told.
   *
   * @param position - of the last step
   */
  appended(steps: readonly Step[], position: bigint): void;
}
