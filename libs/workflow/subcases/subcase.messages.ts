import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DecidesOnWhatWasRead, type Message, Personal, type Sealable, type Sealed } from '#kernel';
import type { Applicant } from '../applicant.js';
import type { Explanation } from '../explanation.js';
import type { FileKept } from '../file.messages.js';
import type { FactValue } from '../condition.js';
import type { End, Pinned, Stage } from '../definition.js';
import { Evidence } from '../evidence.js';
import { AtStage, type InVisit, stageId } from '../in-visit.js';

/** To the case that has come to its end, by the applicant's office. */
export class LodgeAppeal {
  /** The appeal's name in the definition. */
  @Matches(stageId) readonly appeal!: string;
  /** Of those that the definition allows, by id. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(stageId, { each: true })
  readonly grounds!: readonly string[];
  @Personal() @IsString() @Length(1, 10_000) readonly statement!: Sealable;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => Evidence) readonly evidence!: readonly Evidence[];
}

/** Sent by the engine when the time for an appeal has passed. */
export class CloseAppealWindow {}

/** Sent by the engine to `case-<parent>.<name>.<number>`: what it is about is read from the parent. */
export class OpenSubcase {}

/** Sent by the engine to the parent when a sub-case has ended: what it came to is read from there. */
export class RecordResult {
  @Matches(stageId) readonly subcase!: string;
  @IsInt() @Min(1) @Max(1_000) readonly number!: number;
}

/** Sent by the engine to a sub-case whose matter is over otherwise. */
export class CloseSubcase {}

export class GiveStatement extends AtStage {
  @Personal() @IsString() @Length(1, 10_000) readonly statement!: Sealable;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => Evidence) readonly evidence!: readonly Evidence[];
}

export class LapseStatement extends AtStage {}

@DecidesOnWhatWasRead()
export class GiveRuling extends AtStage {
  @IsIn(['sustained', 'dismissed']) readonly ruling!: 'sustained' | 'dismissed';
  /** An official reason, on record for ever: about the matter, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
  /** Of the hearing that was held. */
  @IsOptional() @ValidateNested() @Type(() => Evidence) readonly minutes?: Evidence;
}

export const subcaseShapes = {
  LodgeAppeal,
  CloseAppealWindow,
  OpenSubcase,
  RecordResult,
  CloseSubcase,
  GiveStatement,
  LapseStatement,
  GiveRuling,
} as const;

/** Until when which appeal may be lodged against an end. */
export interface AppealWindow {
  readonly subcase: string;
  /** Before this instant. */
  readonly until: string;
}

export interface AppealLodged {
  readonly subcase: string;
  /** From 1, for each sub-case of that name. */
  readonly number: number;
  readonly grounds: readonly string[];
  readonly statement: Sealed;
  readonly evidence: readonly Evidence[];
}

/** Why somebody may not judge a sub-case. */
export interface Barred {
  readonly person: string;
  readonly because: 'reviewed' | 'voted' | 'ruled' | 'declared' | 'objected';
}

/** Why a stage of the parent came to its outcome, without those whom it excluded. */
export interface FirstReason extends InVisit {
  readonly kind: Stage['kind'];
  readonly outcome: string;
  readonly explanation: Explanation;
}

/** What a sub-case is about. */
export interface Origin {
  readonly parent: { readonly case: string; readonly number: string };
  /** From 1, for each sub-case of that name. */
  readonly count: number;
  /** Of an appeal: the end that it is lodged against. */
  readonly against?: { readonly end: string; readonly outcome: End['outcome']; readonly at: string };
  /** Of a hearing: the objection that is heard. */
  readonly objection?: InVisit & { readonly objection: string };
  readonly plea: {
    readonly by: string;
    readonly at: string;
    readonly grounds: readonly string[];
    readonly statement: Sealed;
    readonly evidence: readonly Evidence[];
  };
  readonly reasons: readonly FirstReason[];
  /** Who judged the matter before, or may not judge it for another reason. */
  readonly barred: readonly Barred[];
}

/** A sub-case begins with all that it is judged on, as it was then. */
export interface SubcaseOpened extends Origin {
  readonly number: string;
  readonly round: string;
  readonly subject: string;
  readonly definition: Pinned;
  readonly charter: number;
  readonly seed: string;
  readonly applicant: Applicant;
  readonly about: Readonly<Record<string, FactValue>>;
  /** Of form and files. */
  readonly version: number;
  readonly form: Readonly<Record<string, FactValue>>;
  readonly files: readonly FileKept[];
}

/** What an appeal came to. The end that it was lodged against stays on record. */
export interface DecisionUpheld {
  readonly subcase: string;
  readonly number: number;
  /** The end of the appeal. */
  readonly by: string;
  readonly explanation: Explanation;
}

export interface DecisionSuperseded extends DecisionUpheld {
  /** The end of the case that takes the place of the first. */
  readonly end: string;
  readonly outcome: End['outcome'];
}

/** The appeal is granted and the case goes on at a stage: the end that it had stands no more, and stays on record. */
export interface CaseReopened extends DecisionUpheld {
  readonly to: string;
  /** The places of its round had been given: it goes on beside the quotas, and nobody gives way to it. */
  readonly besideQuotas?: true;
}

export type SubcaseEvent =
  | Message<'AppealLodged', AppealLodged>
  | Message<'AppealWindowClosed', { readonly subcase: string }>
  | Message<'SubcaseOpened', SubcaseOpened>
  | Message<'SubcaseDropped', Readonly<Record<never, never>>>
  | Message<'DecisionUpheld', DecisionUpheld>
  | Message<'DecisionSuperseded', DecisionSuperseded>
  | Message<'CaseReopened', CaseReopened>;

export type PleadingEvent =
  | Message<
      'StatementGiven',
      InVisit & { readonly by: string; readonly statement: Sealed; readonly evidence: readonly Evidence[] }
    >
  | Message<
      'RulingGiven',
      InVisit & { readonly ruling: 'sustained' | 'dismissed'; readonly reason: string; readonly minutes?: Evidence }
    >;
