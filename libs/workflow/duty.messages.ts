import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { DecidesOnWhatWasRead, type Message } from '#kernel';
import { AtStage, type InVisit, sha256Hex, type Timed } from './in-visit.js';

class AtInspection extends AtStage {
  /** From 1. */
  @IsInt() @Min(1) readonly inspection!: number;
}

export class OpenInspection extends AtInspection {}

@DecidesOnWhatWasRead()
export class PassInspection extends AtInspection {
  @IsOptional() @IsString() @Length(1, 2000) readonly note?: string;
}

@DecidesOnWhatWasRead()
export class Warn extends AtStage {
  /** The inspection that found it; absent where it came to light otherwise. */
  @IsOptional() @IsInt() @Min(1) readonly inspection?: number;
  /** An official reason, on record for ever: about the obligation, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

class OfWarning extends AtStage {
  /** From 1. */
  @IsInt() @Min(1) readonly warning!: number;
}

/** What shows that a remedy was made; files by what they are, not by what someone called them. */
export class RemedyEvidence {
  @Matches(sha256Hex) readonly sha256!: string;
  @IsInt() @Min(1) @Max(2 ** 40) readonly bytes!: number;
  @Matches(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/) readonly mediaType!: string;
}

export class ReportRemedy extends OfWarning {
  /** An official statement: about the obligation, not about a person. */
  @IsString() @Length(1, 4000) readonly statement!: string;
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => RemedyEvidence)
  readonly evidence!: readonly RemedyEvidence[];
}

@DecidesOnWhatWasRead()
export class AcceptRemedy extends OfWarning {
  @IsOptional() @IsString() @Length(1, 2000) readonly note?: string;
}

@DecidesOnWhatWasRead()
export class RejectRemedy extends OfWarning {
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class LapseRemedy extends OfWarning {}
export class EndDuty extends AtStage {}

export const dutyShapes = {
  OpenInspection,
  PassInspection,
  Warn,
  ReportRemedy,
  AcceptRemedy,
  RejectRemedy,
  LapseRemedy,
  EndDuty,
} as const;

export interface WarningGiven extends Timed {
  /** From 1. */
  readonly warning: number;
  readonly inspection?: number;
  readonly reason: string;
  /** Before this instant the remedy must be reported. */
  readonly remedyDueAt: string;
}

export interface RemedyReported extends Timed {
  readonly warning: number;
  readonly statement: string;
  readonly evidence: readonly { readonly sha256: string; readonly bytes: number; readonly mediaType: string }[];
  /** Until when the organ should rule on it. */
  readonly rulingDueAt: string;
}

export type DutyEvent =
  | Message<'InspectionOpened', InVisit & { readonly inspection: number; readonly dueAt: string }>
  | Message<'InspectionPassed', InVisit & { readonly inspection: number; readonly note?: string }>
  | Message<'WarningGiven', WarningGiven>
  | Message<'RemedyReported', RemedyReported>
  | Message<'RemedyAccepted', InVisit & { readonly warning: number; readonly note?: string }>
  | Message<'RemedyRejected', InVisit & { readonly warning: number; readonly reason: string }>
  | Message<'RemedyLapsed', InVisit & { readonly warning: number }>
  | Message<'DutyHeld', InVisit & { readonly warning: number }>;
