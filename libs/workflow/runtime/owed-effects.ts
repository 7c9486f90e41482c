import type { Text } from '#kernel';
import type { Bell } from './doorbell.js';
import type { DueEffect } from './owed.js';

/** An effect taken to be carried out. */
export interface Taken {
  readonly effect: DueEffect;
  /** How often it failed before. */
  readonly attempts: number;
}

export interface Take {
  readonly limit: number;
  /** Only these. */
  readonly ids?: readonly string[];
  /** None of these. */
  readonly except?: readonly string[];
  /** Position of the log that the answer must include. */
  readonly atLeast?: bigint;
}

/**
 * How carrying out an effect ended where no event tells: nothing came of it, a rule said no, or it failed and is to be tried again.
 */
export type Outcome =
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'refused'; readonly code: string; readonly text: Text }
  | { readonly kind: 'failed'; readonly error: string; readonly againAtMs: number };

/** An effect that needs a person's attention: refused, or failing again and again. */
export interface Incident {
  readonly effect: DueEffect;
  readonly attempts: number;
  /** Code of the refusal; absent where it failed for another reason and is still being tried. */
  readonly refusal?: string;
  readonly text: Text;
  /** What went wrong, for operators: the message of the last error. */
  readonly error?: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** A bell, with the position of the event that it follows from. */
export type ComingUp = Bell & { readonly position: bigint };

/** Port to what is owed, and to the notes on attempts that the log knows nothing of. */
export abstract class OwedEffects {
  /**
   * Takes effects that are due, earliest first, so that nobody else takes them for a while.
   *
   * @returns them, and whether others may be due
   * @throws UnavailableError when what is owed cannot be told now
   */
  abstract take(nowMs: number, options: Take): Promise<{ readonly taken: readonly Taken[]; readonly more: boolean }>;

  /** What falls due after `afterMs` and up to `untilMs`, of what was caused after a position of the log. */
  abstract comingUp(afterMs: number, untilMs: number, causedAfter: bigint): Promise<readonly ComingUp[]>;

  /** Keeps an effect for whoever took it for a while longer, and notes how much of it is done, 0 to 1. */
  abstract keep(effect: DueEffect, nowMs: number, share: number): Promise<void>;

  /** Notes how it ended. What is settled by its own event needs no note. */
  abstract note(effect: DueEffect, outcome: Outcome): Promise<void>;

  /** Whether an effect is still owed, by the log as it is at least at a position. */
  abstract isOwed(effect: DueEffect, atLeast: bigint): Promise<boolean>;

  /** What needs attention, oldest first, a thousand at most. */
  abstract incidents(): Promise<readonly Incident[]>;
}

/** From so many failures on, an effect is an incident. */
export const worrying = 3;

/** What people read about an effect that fails for a reason that is not theirs. */
export const stillTrying: Text = {
  en: 'This step failed and is being tried again. If it stays here, tell whoever runs the installation.',
  zh: '此步骤执行失败，系统正在重试。若长时间停留在此，请联系系统运维人员。',
};
