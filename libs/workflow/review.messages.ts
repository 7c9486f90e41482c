import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsInt, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { type Message, Personal, type Sealable, type Sealed } from '#kernel';
import type { Fraction } from './fraction.js';
import { AtStage, type InVisit as At, stageId, type Timed } from './in-visit.js';

export class ScoreGiven {
  @Matches(stageId) readonly criterion!: string;
  @IsInt() @Min(0) @Max(1000) readonly points!: number;
}

export class SubmitReview extends AtStage {
  @IsArray() @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => ScoreGiven) readonly scores!: readonly ScoreGiven[];
  /** Items of the rubric's negative list that were found. */
  @IsArray() @ArrayMaxSize(50) @ArrayUnique() @IsString({ each: true }) readonly vetoes!: readonly string[];
  @Personal() @IsString() @Length(1, 10_000) readonly comment!: Sealable;
}

/** Gives the sender's own review anew while the panel is open: every version stays on record, the last counts. */
export class ReviseReview extends SubmitReview {
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Says something to the other reviewers of a panel that discusses. */
export class DiscussReviews extends AtStage {
  @Personal() @IsString() @Length(1, 5000) readonly comment!: Sealable;
}

class OfDiscussion extends AtStage {
  /** From 1: how often reviews of this visit have been put to discussion. */
  @IsInt() @Min(1) readonly discussion!: number;
}

export class RemindDiscussion extends OfDiscussion {}
export class CloseDiscussion extends OfDiscussion {}

/** Commands with which reviewers say what they think, alone and to each other. */
export const reviewShapes = { SubmitReview, ReviseReview, DiscussReviews, RemindDiscussion, CloseDiscussion } as const;

export interface ReviewGiven extends At {
  readonly assignment: string;
  readonly reviewer: string;
  readonly scores: readonly { readonly criterion: string; readonly points: number }[];
  readonly vetoes: readonly string[];
  readonly comment: Sealed;
  /** The version of the application that was judged. */
  readonly version: number;
  /** SHA-256 (hex) of the canonical form and files of that version. */
  readonly sha256?: string;
  /** Weighted, of 100. */
  readonly total: Fraction;
}

export interface ReviewSubmitted extends ReviewGiven {
  /** In whose place a substitute reviewed. */
  readonly principal?: string;
}

export interface ReviewRevised extends ReviewGiven {
  /** From 2: the first is the one that was submitted. */
  readonly revision: number;
  readonly reason: Sealed;
}

export interface DiscussionOpened extends Timed {
  /** From 1: another review that comes later is discussed anew. */
  readonly discussion: number;
  /** Assignments whose reviews are discussed. */
  readonly reviews: readonly string[];
  readonly remindAt: string;
  /** The panel comes to its result then, and not before. */
  readonly until: string;
}

export type ReviewEvent =
  | Message<'ReviewSubmitted', ReviewSubmitted>
  | Message<'ReviewRevised', ReviewRevised>
  | Message<'DiscussionOpened', DiscussionOpened>
  | Message<'ReviewsDiscussed', At & { readonly comment: string; readonly assignment: string; readonly text: Sealed }>
  | Message<'DiscussionReminded', At & { readonly discussion: number; readonly assignments: readonly string[] }>;
