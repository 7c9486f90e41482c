import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { Message } from '#kernel';

/** Sent by the engine once a membership has been suspended. */
export class FreezeApplications {
  /** Ids of the institution's open cases: added by the engine. */
  @IsArray() @ArrayMaxSize(10_000) @IsString({ each: true }) @MaxLength(300, { each: true }) readonly cases!: readonly string[];
}

/** Sent by the engine once a membership is suspended no more. */
export class ResumeApplications {}

/** Commands to what is known of an institution's applications together: `standing-<alliance>.<institution>`. */
export const standingShapes = { FreezeApplications, ResumeApplications } as const;

export type StandingCommand =
  Message<'FreezeApplications', FreezeApplications> | Message<'ResumeApplications', ResumeApplications>;

export type StandingEvent =
  | Message<'ApplicationsFrozen', { readonly cases: readonly string[] }>
  | Message<'ApplicationsResumed', { readonly cases: readonly string[] }>;

/** Nothing is done on the case until its applicant is a member in good standing again. */
export class FreezeCase {}
export class ResumeCase {}

export const freezeShapes = { FreezeCase, ResumeCase } as const;

export interface CaseFrozen {
  readonly because: 'membership-suspended';
}

export interface CaseResumed {
  readonly frozenAt: string;
  /** Whole days, begun ones included, that the case was frozen. */
  readonly days: number;
  /** Every deadline that was still to come when it was frozen, and what it is now: so many days later, at the end of a working day. */
  readonly deadlines: readonly { readonly was: string; readonly is: string }[];
  /** The year of one of them whose public holidays were not known. */
  readonly unannounced?: number;
}

export type FreezeEvent = Message<'CaseFrozen', CaseFrozen> | Message<'CaseResumed', CaseResumed>;
