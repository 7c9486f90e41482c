import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsInstant, type Message, Personal, type Sealable, type Sealed } from '#kernel';
import { AtStage, type InVisit as At } from './in-visit.js';

const person = /^[A-Za-z0-9-]{1,100}$/;

/** One reviewer more than the panel was meant to have (加签). */
export class AddReviewer extends AtStage {
  @Matches(person) readonly reviewer!: string;
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Takes a reviewer from the panel (减签) who has not reviewed yet. */
export class RemoveReviewer extends AtStage {
  @IsString() @Length(1, 100) readonly assignment!: string;
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Gives a review that is not done to another of the pool, for good (转办). */
export class TransferReview extends AtStage {
  /** Whose review, where the keeper of the panel does it for another. */
  @IsOptional() @Matches(person) readonly reviewer?: string;
  @Matches(person) readonly to!: string;
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Lets another of the pool review in one's place for a while, under their own name. */
export class AppointSubstitute extends AtStage {
  @IsOptional() @Matches(person) readonly reviewer?: string;
  @Matches(person) readonly substitute!: string;
  /** From this instant on, and before that one. */
  @IsInstant() readonly from!: string;
  @IsInstant() readonly until!: string;
}

class OfAssignment extends AtStage {
  @IsString() @Length(1, 100) readonly assignment!: string;
}

export class BeginSubstitution extends OfAssignment {}
export class EndSubstitution extends OfAssignment {}

/** Commands that change who reviews while a panel runs. */
export const panelChangeShapes = {
  AddReviewer,
  RemoveReviewer,
  TransferReview,
  AppointSubstitute,
  BeginSubstitution,
  EndSubstitution,
} as const;

export type PanelChangeEvent =
  /** Whom the keeper wants in the empty places; drawn where nobody is named. */
  | Message<'ReviewersSought', At & { readonly reviewers?: readonly string[] }>
  | Message<'ReviewerAdded', At & { readonly reviewer: string; readonly reason: Sealed }>
  | Message<
      'ReviewerRemoved',
      At & {
        readonly assignment: string;
        readonly reviewer: string;
        readonly reason: Sealed;
        /** Whether somebody is drawn in their place: without, too few would be left. */
        readonly replaced: boolean;
        /** What was given before: kept on record, no longer counted. Not given any more: a review that was submitted stands. */
        readonly excludes?: 'review';
      }
    >
  | Message<
      'ReviewTransferred',
      At & { readonly assignment: string; readonly reviewer: string; readonly to: string; readonly reason: Sealed }
    >
  | Message<
      'SubstituteAppointed',
      At & {
        readonly assignment: string;
        readonly reviewer: string;
        readonly substitute: string;
        readonly from: string;
        readonly until: string;
      }
    >
  | Message<'SubstitutionBegan', At & { readonly assignment: string; readonly substitute: string }>
  | Message<'SubstitutionEnded', At & { readonly assignment: string; readonly substitute: string }>;
