import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { Message } from '#kernel';
import type { Pinned } from '../definition.js';
import type { Fraction } from '../fraction.js';
import type { Offset } from './calibrate.js';
import type { Quota, TieRule } from './ranking.stage.js';
import type { FilledCell, Placing } from './select.js';

/** Fixes who is waited for, once the round takes in nobody more. */
export class CountEntrants {
  /** The subjects of the round's cases: added by the engine. */
  @IsOptional() @IsArray() @IsString({ each: true }) readonly entrants?: readonly string[];
}

/** Says that a case has come, or will not come. What is true of it, the ranking reads in the case itself. */
export class ReportStanding {
  @IsString() @Length(1, 200) readonly subject!: string;
}

/** Puts equals at the cut in order, as the organ has resolved. It must name those who are equal now, so nobody decides on what is past. */
export class DecideTie {
  /** Every one of the equals, the first to be selected first. */
  @IsArray() @ArrayMinSize(2) @ArrayMaxSize(200) @ArrayUnique() @IsString({ each: true }) readonly order!: readonly string[];
  /** Number of the resolution or minutes: on record for ever, so no names. */
  @IsString() @Length(1, 400) readonly resolution!: string;
}

export class LapseTie {
  /** Which tie the timer was set for, from 1. */
  @Matches(/^\d{1,4}$/) readonly tie!: string;
}

export class ReleaseReserve {}

/** Waits no longer for applications that stand still because a membership is suspended. A place is kept for each of them. */
export class RankWithout {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(100) @ArrayUnique() @IsString({ each: true }) readonly subjects!: readonly string[];
  /** On record for ever: no names. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** Commands to `ranking-<alliance>.<round>.<stage>`. */
export const rankingShapes = { CountEntrants, ReportStanding, RankWithout, DecideTie, LapseTie, ReleaseReserve } as const;

export type RankingCommand =
  | Message<'CountEntrants', CountEntrants>
  | Message<'ReportStanding', ReportStanding>
  | Message<'RankWithout', RankWithout>
  | Message<'DecideTie', DecideTie>
  | Message<'LapseTie', LapseTie>
  | Message<'ReleaseReserve', ReleaseReserve>;

/** The rules of this ranking, as they were before anyone came. */
export interface RankingOpened {
  readonly round: string;
  readonly stage: string;
  readonly definition: Pinned;
  /** Lots follow from it. */
  readonly seed: string;
  readonly by: 'raw' | 'normalised';
  readonly quotas: readonly Quota[];
  readonly ties: TieRule;
  readonly outlier: number;
  readonly atLeast?: number;
}

/** A case with what it is ordered by. */
export interface StandingTaken {
  readonly subject: string;
  readonly visit: number;
  readonly institution: string;
  /** People who may not put it in order. */
  readonly conflicts: readonly string[];
  readonly group?: string;
  /** The value of every fact that a quota counts by. */
  readonly facts: Readonly<Record<string, string>>;
  /** Quotas, by their place in the list, that do not count it: it came by another way than the one that they are for. */
  readonly uncounted?: readonly number[];
  readonly reviews: readonly { readonly assignment: string; readonly reviewer: string; readonly total: Fraction }[];
  /** Mean of the reviews, of 100; absent where there are none. */
  readonly raw?: Fraction;
  /** Means of the criteria that tell equals apart. */
  readonly criteria: readonly Fraction[];
}

/** A case that stands still and is not waited for: what counts it among the quotas, so that a place is kept until it comes or ends. */
export interface EntrantPassedOver extends Pick<StandingTaken, 'subject' | 'institution' | 'group' | 'facts' | 'uncounted'> {
  readonly reason: string;
}

/** Lists are recorded in parts of less than 60 kB; `part` is from 1. */
interface Part {
  readonly part: number;
  readonly of: number;
}

export interface Ranked extends Placing {
  /** A place had been kept for it. */
  readonly kept?: true;
  /** Mean of the reviews less their reviewers' offsets, in millionths of a point. */
  readonly normalised?: number;
}

export interface TieReferred {
  /** From 1. */
  readonly tie: number;
  readonly subjects: readonly string[];
  /** How many of them can be selected. */
  readonly places: number;
  readonly dueAt: string;
}

export type RankingEvent =
  | Message<'RankingOpened', RankingOpened>
  | Message<'EntrantsCounted', Part & { readonly subjects: readonly string[] }>
  | Message<'StandingTaken', StandingTaken>
  /** The panel was opened again: what the case was to be ordered by does not count, and it is waited for. */
  | Message<'StandingTakenBack', { readonly subject: string }>
  /** Before the ranking it is not waited for any more; after it, its place is free. */
  | Message<'EntrantLeft', { readonly subject: string; readonly because: 'withdrawn' | 'refused' | 'granted' | 'elsewhere' }>
  | Message<'EntrantPassedOver', EntrantPassedOver>
  | Message<
      'ReviewersCalibrated',
      Part & { readonly method: string; readonly shrinkage: number; readonly inputs: string; readonly offsets: readonly Offset[] }
    >
  | Message<'QuotasFilled', Part & { readonly cells: readonly FilledCell[] }>
  | Message<'CasesRanked', Part & { readonly places: readonly Ranked[] }>
  | Message<'TieReferred', TieReferred>
  | Message<
      'TieDecided',
      { readonly tie: number; readonly by: 'organ' | 'lot'; readonly order: readonly string[]; readonly resolution?: string }
    >
  | Message<'RankingDecided', { readonly ranked: number; readonly selected: number; readonly reserveUntil?: string }>
  | Message<'ReserveRaised', { readonly subject: string }>
  | Message<'ReserveReleased', { readonly subjects: readonly string[] }>;
