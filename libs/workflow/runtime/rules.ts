import type { AnyDecider, Envelope, RecordedEvent } from '#kernel';
import type { Effect, Settlement } from '../effect.js';

/**
 * What the runtime must know of workflows to say what is owed: nothing but what follows from the log.
 */
export interface OwingRules {
  /** Deciders of the streams that owe anything: cases and rounds. */
  readonly deciders: readonly AnyDecider[];
  /**
   * What an event gives rise to.
   *
   * @param after - state of the event's stream just after it
   * @returns the same list for the same event, whenever it is asked: the place in it is part of the effect's id
   */
  readonly effectsOf: (event: Envelope, after: unknown) => Promise<readonly Effect[]>;
  /** Id of the workflow definition in whose name the engine acts. */
  readonly workflowOf: (after: unknown) => string;
  /** Which effects an event makes moot. */
  readonly settles: (event: RecordedEvent) => Settlement;
}
