import type { Chance } from './chance.js';

/** Who does what outside the panel and the committee, whose people the log names. */
export interface Cast {
  readonly secretary: string;
  readonly deanOf: (institution: string) => string;
  readonly departmentOf: (province: string) => string;
  /** Who rules on objections: the first of them who may. */
  readonly committee: readonly string[];
  /** Who rules on appeals, and on objections where the workflow says so: the first of them who may. */
  readonly council: readonly string[];
  /** Raises objections. */
  readonly critic: string;
}

/** How people behave. Probabilities from 0 to 1. */
export interface Temper {
  readonly chance: Chance;
  /** How good a course is, from 0 to 1. */
  readonly quality: (subject: string) => number;
  /** How far reviewers may be from each other: a share of the points; none for a course that everyone scores alike. */
  readonly spread?: (subject: string) => number;
  /** When something meant for an instant is done, where an institution is suspended then. */
  readonly thawed?: (institution: string, atMs: number) => number;
  /** How long people take over a case: 1 is usual. */
  readonly pace: (subject: string) => number;
  /** Whether somebody does at all what they would do next; everybody unless told. `name` tells people apart. */
  readonly acts?: (subject: string, stage: string, act: Act, name: string) => boolean;
  readonly odds: (subject: string) => Odds;
}

/** How often something happens, from 0 to 1. */
export interface Odds {
  readonly fails: number;
  readonly returns: number;
  readonly neverCorrects: number;
  readonly withdraws: number;
  readonly conflicted: number;
  readonly late: number;
  readonly silent: number;
  readonly absent: number;
  readonly objects: number;
  /** Acts only after the deadline. */
  readonly overdue: number;
  /** Declares a conflict only after having scored. */
  readonly conflictedAfter?: number;
  /** Sees a course altogether differently from the other reviewers; speaks where they discuss; thinks again then. */
  readonly strays?: number;
  readonly speaks?: number;
  readonly thinksAgain?: number;
  /** Withdraws when reviewers have begun. */
  readonly withdrawsInReview?: number;
  /** Upholds an objection to a good course. */
  readonly upholds?: number;
  /** Sends a case back to an earlier stage, where the workflow lets it. */
  readonly sendsBack?: number;
  /** Confirms nothing: refuses, or never answers. */
  readonly refuses?: number;
  readonly neverAnswers?: number;
  /** Appeals against a decision that may be appealed against; of those, too late, or on a ground that there is not. */
  readonly appeals?: number;
  readonly appealsLate?: number;
  readonly appealsGroundless?: number;
  /** An appeal's evidence shows its reviewers a good course. */
  readonly convinces?: number;
  /** Dismisses an appeal that its reviewers were for. */
  readonly dismisses?: number;
}

export type Act = 'confirm' | 'check' | 'correct' | 'review' | 'vote' | 'object' | 'rule';
