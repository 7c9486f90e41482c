import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { DecidesOnWhatWasRead, IsInstant, type Message, Personal, type Sealable, type Sealed } from '#kernel';
import { type FileKept, FileReference } from '../file.messages.js';
import { AtStage, type InVisit, stageId } from '../in-visit.js';

const taskPart = /^(check|party\.[a-z][a-z0-9-]{0,63}|(inspection|remedy|ruling)\.[1-9]\d{0,5})$/;
const personId = /^[A-Za-z0-9-]{1,100}$/;

class OfTask extends AtStage {
  /** Whose turn it is: `check`, `party.<id>`, `inspection.<n>`, `remedy.<n>`, `ruling.<n>`. */
  @Matches(taskPart) readonly part!: string;
}

/** Hands one's task to somebody else who sits in the same organ. */
@DecidesOnWhatWasRead()
export class TransferTask extends OfTask {
  @Matches(personId) readonly to!: string;
  /** Illness and leave are reasons: kept as personal data. */
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Gives a task that was handed over back to its organ. */
@DecidesOnWhatWasRead()
export class TakeBackTask extends OfTask {
  @Personal() @IsString() @Length(1, 2000) readonly reason!: Sealable;
}

/** Takes back the sender's own signature, answer, review, vote or substitution, while the next step has not begun. */
export class RetractAct extends AtStage {
  /** The command that is taken back, `SubmitReview` for instance; what can be taken back unless told. */
  @IsOptional() @Matches(/^[A-Z][A-Za-z]{2,39}$/) readonly act?: string;
  /** For whom the sender answered, where the stage asks parties; the absent member for whom they voted, under a proxy. */
  @IsOptional() @Matches(stageId) readonly party?: string;
}

/** An organ by its id in the charter, never by a title; `scope` where it exists once per institution or province. */
export class OrganNamed {
  @Matches(/^[a-z][a-z0-9-]{0,63}$/) readonly organ!: string;
  @IsOptional() @Matches(/^[A-Za-z0-9]{1,32}$/) readonly scope?: string;
}

/** Lets people and organs read the case from now on. */
export class CopyCase extends AtStage {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^person-[0-9a-zA-Z-]{1,60}$/, { each: true })
  readonly people?: readonly string[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => OrganNamed)
  readonly organs?: readonly OrganNamed[];
}

class OfSlots {
  /** Slots of the form's files. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(stageId, { each: true })
  readonly slots!: readonly string[];
  /** An official reason, on record for ever: about the files, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** Asks to replace files after the deadline. */
export class RequestFileCorrection extends OfSlots {}

/** `stage`: whoever holds it answers; whoever keeps the procedure, unless told. */
@DecidesOnWhatWasRead()
export class GrantFileCorrection extends OfSlots {
  /** From 1. */
  @IsInt() @Min(1) readonly request!: number;
  @IsOptional() @Matches(stageId) readonly stage?: string;
  /** Before this instant. */
  @IsInstant() readonly until!: string;
}

@DecidesOnWhatWasRead()
export class DenyFileCorrection {
  @IsInt() @Min(1) readonly request!: number;
  @IsOptional() @Matches(stageId) readonly stage?: string;
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** The files that a grant names, and no other. */
export class ReplaceFiles {
  @IsInt() @Min(1) readonly request!: number;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => FileReference)
  readonly files!: readonly FileReference[];
}

export class LapseFileCorrection {
  @IsInt() @Min(1) readonly request!: number;
}

export const actShapes = {
  TransferTask,
  TakeBackTask,
  RetractAct,
  CopyCase,
  RequestFileCorrection,
  GrantFileCorrection,
  DenyFileCorrection,
  ReplaceFiles,
  LapseFileCorrection,
} as const;

type Shapes = { readonly [K in keyof typeof actShapes]: Message<K, InstanceType<(typeof actShapes)[K]>> };
export type ActCommand = Shapes[keyof Shapes];

export interface TaskTransferred extends InVisit {
  readonly part: string;
  /** Who had it: the organ, where nobody in particular did. */
  readonly from?: string;
  readonly to: string;
  readonly reason: Sealed;
}

export interface ActRetracted extends InVisit {
  readonly act: 'signature' | 'answer' | 'review' | 'vote' | 'substitution';
  /** The party or the assignment that the act was for; of a vote under a proxy, whose it was. */
  readonly of?: string;
}

export interface CaseCopied extends InVisit {
  readonly people: readonly string[];
  readonly organs: readonly { readonly organ: string; readonly scope?: string }[];
}

export interface FileCorrectionGranted {
  readonly request: number;
  readonly slots: readonly string[];
  readonly reason: string;
  readonly until: string;
}

export interface FilesReplaced {
  readonly request: number;
  /** Of the application; whoever judges an earlier one goes on with that. */
  readonly version: number;
  /** All files of this version. */
  readonly files: readonly FileKept[];
  /** SHA-256 (hex) of the canonical form and files of this version. */
  readonly sha256: string;
}

/** An act at a stage that is not one kind's. */
export type StageActEvent =
  | Message<'TaskTransferred', TaskTransferred>
  | Message<'TaskTakenBack', InVisit & { readonly part: string; readonly from: string; readonly reason: Sealed }>
  | Message<'ActRetracted', ActRetracted>
  | Message<'CaseCopied', CaseCopied>;

/** About the application's files, whatever stages are open. */
export type FileCorrectionEvent =
  | Message<'FileCorrectionRequested', { readonly request: number; readonly slots: readonly string[]; readonly reason: string }>
  | Message<'FileCorrectionGranted', FileCorrectionGranted>
  | Message<'FileCorrectionDenied', { readonly request: number; readonly reason: string }>
  | Message<'FileCorrectionLapsed', { readonly request: number }>
  | Message<'FilesReplaced', FilesReplaced>;
