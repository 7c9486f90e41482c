import type { OrderedCaller, RecordedEvent } from '#kernel';
import type { CaseResumed } from './freeze/freeze.messages.js';

/**
 * What a case owes after an event: a command of ours, now or at an instant.
 *
 * Pure data, computed from the log by `effectsOf`; the runtime sees to it that each is carried out once. Its command id is
 * `derivedUuid(event.id, 'effect.<index>')`, so a redelivery changes nothing; its job id is `effect.<position>.<index>`.
 */
export interface Effect {
  /** A verb for people: `remind`, `close`, `assign`. */
  readonly name: string;
  readonly command: {
    /** Category of the target stream: `case`, `round`, `recognition`. */
    readonly context: string;
    /** What follows the category in its name. */
    readonly id: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
  /** ISO 8601 UTC; now where absent. */
  readonly dueAt?: string;
  /** The stage visit, or the part of it, that it belongs to: it is no longer owed once that has been left or done. */
  readonly during?: StageVisit;
  /** Whether its case stands still: it falls due once the case goes on. */
  readonly held?: true;
  /** What the runtime must add to the command's data just before it sends it. */
  readonly needs?: Need;
  /** Whose act it is, where somebody ordered it; the engine's own otherwise. */
  readonly ordered?: Ordered;
  /** What to send in the engine's name where a rule refuses the command, or nothing comes of it: with `code` and `text` of the refusal. */
  readonly otherwise?: Effect['command'];
}

export interface Ordered extends Pick<OrderedCaller, 'actor' | 'principal' | 'onBehalfOf' | 'under'> {
  /** Of the target stream when it was ordered: what decides on what was read does not decide on anything else. */
  readonly revision: number;
}

/**
 * `loads`: open reviews per person in this round; `entrants`: the subjects of every case that the round has taken in;
 * `places`: who has a place by the order of the log; `assignment`: panels for all cases of a stage, computed in a thread of its own;
 * `applications`: an institution's open cases; `provisional`: cases that have deadlines counted over a year without its holidays.
 */
export type Need = 'loads' | 'entrants' | 'places' | 'assignment' | 'applications' | 'provisional';

/** One visit of a case to a stage; `of` names a part of it: a reviewer's assignment, a sitting, an objection. */
export interface StageVisit {
  readonly stage: string;
  readonly visit: number;
  readonly of?: string;
}

/** Which owed effects an event makes moot. */
export interface Settlement {
  /** The effect with this command id has been carried out. */
  readonly commandId: string;
  /** Earlier effects of the same stream with this `during`: without `of`, all of that visit's; with it, those of that part. */
  readonly during?: StageVisit;
  /** Every earlier effect of the same stream that has a `during`: the case has ended. */
  readonly allStages?: true;
  /** Earlier effects of the same stream that have a `during` fall due no more until it is resumed: the case stands still. */
  readonly holds?: true;
  /** Those that were held go on: with a deadline that has moved, or so many days later. */
  readonly resumes?: Pick<CaseResumed, 'frozenAt' | 'days' | 'deadlines'>;
  /** Earlier effects of the same stream that fall due at a deadline which has moved fall due when it is now. */
  readonly moves?: readonly { readonly was: string; readonly is: string }[];
  /** Earlier effects of the same stream that belong to a visit, and to the case's own stage, are for another visit from here on. */
  readonly readdressed?: readonly { readonly from: StageVisit; readonly to: StageVisit }[];
}

/** An effect with the event that it follows from. */
export interface OwedEffect extends Effect {
  /** `effect.<position>.<index>` */
  readonly id: string;
  readonly commandId: string;
  readonly cause: Pick<RecordedEvent, 'id' | 'position' | 'stream'>;
  readonly alliance: string;
  readonly correlation: string;
  /** Id of the workflow definition: the engine acts in its name. */
  readonly workflow: string;
  /** Events that the engine's authority rests on: the case's opening and the cause. */
  readonly proof: readonly string[];
}
