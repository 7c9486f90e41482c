import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { DecidesOnWhatWasRead, IsInstant, type Message, Personal, type Sealable } from '#kernel';
import { recountShapes } from './calendar/calendar.messages.js';
import type { FactValue } from './condition.js';
import { confirmationShapes } from './confirmation.messages.js';
import { actShapes } from './acts/acts.messages.js';
import { dutyShapes } from './duty.messages.js';
import { Evidence } from './evidence.js';
import { FileReference } from './file.messages.js';
import { freezeShapes } from './freeze/freeze.messages.js';
import { AtStage, stageId } from './in-visit.js';
import { migrationShapes } from './migration.messages.js';
import { noticeStageShapes } from './notice.messages.js';
import { rankingStageShapes } from './ranking/stage.messages.js';
import { panelChangeShapes } from './panel.messages.js';
import { reviewShapes } from './review.messages.js';
import { registrationStageShapes } from './registration.messages.js';
import { subcaseShapes } from './subcases/subcase.messages.js';

class Application {
  /** Values by field of the definition's form; no personal data: people are random ids. */
  @IsObject() @IsNotEmptyObject() readonly form!: Readonly<Record<string, FactValue>>;
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => FileReference)
  readonly files!: readonly FileReference[];
}

export class SubmitApplication extends Application {
  /** `moe_code` of the applicant. */
  @Matches(/^[A-Za-z0-9]{1,32}$/) readonly institution!: string;
}

export class WithdrawApplication {
  @IsString() @Length(1, 2000) readonly reason!: string;
}

@DecidesOnWhatWasRead()
export class PassCheck extends AtStage {
  @IsOptional() @IsString() @Length(1, 2000) readonly note?: string;
}

@DecidesOnWhatWasRead()
export class ReturnForCorrection extends AtStage {
  /** An official reason, on record for ever: about the application, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** Gives one applicant longer for the correction that is under way. */
@DecidesOnWhatWasRead()
export class ExtendCorrection extends AtStage {
  /** The new deadline: before this instant it must arrive. */
  @IsInstant() readonly until!: string;
  /** An official reason, on record for ever: about the application, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

@DecidesOnWhatWasRead()
export class FailCheck extends AtStage {
  @IsString() @Length(1, 2000) readonly reason!: string;
}

@DecidesOnWhatWasRead()
export class SendBack extends AtStage {
  /** One of the earlier stages that the definition names. */
  @Matches(stageId) readonly to!: string;
  /** An official reason, on record for ever: about the application, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class ResubmitApplication extends Application {
  @Matches(stageId) readonly stage!: string;
  @IsOptional() @IsInt() @Min(1) readonly visit?: number;
}

export class LapseCorrection extends AtStage {}

/** Ends a check whose owner let its last date pass. */
export class ExpireCheck extends AtStage {}

export class ReportOverdue extends AtStage {
  /** The part of the stage that is late. */
  @IsString() @Length(1, 100) readonly of!: string;
}

/** Reminds those who have not acted yet: the office of a check, or who has not signed or voted. */
export class SendReminder extends AtStage {
  /** The part that is waited for: `check.0`, `sitting.1`. */
  @Matches(/^(check|sitting)\.\d{1,3}$/) readonly of!: string;
}

/** Puts on record whose signatures a check needs. */
export class CallSigners extends AtStage {}

/** Counts the signatures of a check again: a seat may have ended. */
export class CountSignatures extends AtStage {}

export class AssignReviewers extends AtStage {
  /** Open reviews per person in this round, as last counted: added by the engine. */
  @IsOptional() @IsObject() readonly loads?: Readonly<Record<string, number>>;
  /** Chosen by the secretary; drawn from the pool unless told. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  readonly reviewers?: readonly string[];
  /** As the assignment of the round with this number proposes, once it has been adopted. */
  @IsOptional() @IsInt() @Min(1) readonly assignment?: number;
  /** Whose review it was that is handed over: said by the engine. */
  @IsOptional() @IsString() @Length(1, 100) readonly principal?: string;
}

export class DeclareConflict extends AtStage {
  /** Whose conflict, where the secretary puts it on record for another. */
  @IsOptional() @IsString() @Length(1, 100) readonly person?: string;
  @Personal() @IsString() @Length(1, 2000) readonly ground!: Sealable;
}

class AtAssignment extends AtStage {
  @IsString() @Length(1, 100) readonly assignment!: string;
}

export class RemindReviewer extends AtAssignment {}
export class EscalateReview extends AtAssignment {}
export class ReplaceReviewer extends AtAssignment {
  @IsOptional() @IsIn(['late', 'left']) readonly because?: 'late' | 'left';
}
export class CompletePanel extends AtStage {}

const meetingId = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

export class OpenBallot extends AtStage {
  /** Id of the meeting, `<alliance>.<slug>`, where the charter wants the organ to meet. */
  @IsOptional() @Matches(meetingId) readonly meeting?: string;
}

/** The engine's word that the meeting with this item on its agenda was called off. */
export class CallOffBallot extends AtStage {
  @Matches(meetingId) readonly meeting!: string;
}

export class CastVote extends AtStage {
  @IsIn(['for', 'against', 'abstain']) readonly choice!: 'for' | 'against' | 'abstain';
  /** The absent member whose vote it is, under their proxy. */
  @IsOptional() @IsString() @Length(1, 100) readonly proxyOf?: string;
}

export class CloseBallot extends AtStage {
  /** The sitting that the timer was set for; the one open now unless told. */
  @IsOptional() @IsInt() @Min(1) readonly sitting?: number;
}

@DecidesOnWhatWasRead()
export class BreakTie extends AtStage {
  @IsIn(['for', 'against']) readonly choice!: 'for' | 'against';
}

/** Real name, contact and evidence: anonymous objections are not objections. */
export class RaiseObjection extends AtStage {
  @Personal() @IsString() @Length(2, 100) readonly name!: Sealable;
  @Personal() @IsString() @Length(3, 200) readonly contact!: Sealable;
  @Personal() @IsString() @Length(1, 10_000) readonly statement!: Sealable;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => Evidence)
  readonly evidence!: readonly Evidence[];
}

@DecidesOnWhatWasRead()
export class RuleOnObjection extends AtStage {
  @IsString() @Length(1, 100) readonly objection!: string;
  @IsIn(['upheld', 'dismissed']) readonly ruling!: 'upheld' | 'dismissed';
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class EndPublicity extends AtStage {}

export class TakeWay extends AtStage {}

/** The shape of each command's data, checked at the door: HTTP body and workflow effect alike. */
export const caseShapes = {
  SubmitApplication,
  WithdrawApplication,
  PassCheck,
  ReturnForCorrection,
  ExtendCorrection,
  FailCheck,
  SendBack,
  ResubmitApplication,
  LapseCorrection,
  ExpireCheck,
  ReportOverdue,
  SendReminder,
  CallSigners,
  CountSignatures,
  AssignReviewers,
  ...reviewShapes,
  DeclareConflict,
  RemindReviewer,
  EscalateReview,
  ReplaceReviewer,
  CompletePanel,
  OpenBallot,
  CallOffBallot,
  CastVote,
  CloseBallot,
  BreakTie,
  RaiseObjection,
  RuleOnObjection,
  EndPublicity,
  TakeWay,
  ...freezeShapes,
  ...recountShapes,
  ...panelChangeShapes,
  ...rankingStageShapes,
  ...confirmationShapes,
  ...dutyShapes,
  ...registrationStageShapes,
  ...noticeStageShapes,
  ...migrationShapes,
  ...actShapes,
  ...subcaseShapes,
} as const;

type Commands = { readonly [K in keyof typeof caseShapes]: Message<K, InstanceType<(typeof caseShapes)[K]>> };
export type CaseCommand = Commands[keyof Commands];
/** Commands to the case itself, at whatever stage it is. */
const ofCase = [
  'SubmitApplication',
  'WithdrawApplication',
  'MigrateCase',
  'FreezeCase',
  'ResumeCase',
  'RecountDeadlines',
  'RequestFileCorrection',
  'GrantFileCorrection',
  'DenyFileCorrection',
  'ReplaceFiles',
  'LapseFileCorrection',
  'LodgeAppeal',
  'CloseAppealWindow',
  'OpenSubcase',
  'RecordResult',
  'CloseSubcase',
] as const;
/** A command to the stage that it names. */
export type StageCommand = Exclude<CaseCommand, Commands[(typeof ofCase)[number]]>;

export const isOfCase = (command: CaseCommand): command is Exclude<CaseCommand, StageCommand> =>
  (ofCase as readonly string[]).includes(command.type);
