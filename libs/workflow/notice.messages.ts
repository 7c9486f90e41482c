import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsObject, IsString, Length, Matches, Min, ValidateNested } from 'class-validator';
import { IsDay, type Message, type Text } from '#kernel';
import type { Pinned } from './definition.js';
import { AtStage, type InVisit, sha256Hex, stageId } from './in-visit.js';

/** Sent by the engine once the document has been numbered. */
export class RecordNotice extends AtStage {
  @Matches(stageId) readonly document!: string;
  @IsInt() @Min(2000) readonly year!: number;
  @IsInt() @Min(1) readonly number!: number;
  @Matches(sha256Hex) readonly sha256!: string;
}

/** Commands to the case that a notice is about. */
export const noticeStageShapes = { RecordNotice } as const;

export interface NoticePublished extends InVisit {
  /** What kind of document: each is numbered for itself. */
  readonly document: string;
  readonly year: number;
  readonly number: number;
  /** Of its canonical text, hex. */
  readonly sha256: string;
}

export type NoticeStageEvent = Message<'NoticePublished', NoticePublished>;

class NoticeText {
  @IsString() @IsNotEmpty() @Length(1, 40_000) readonly en!: string;
  @IsString() @IsNotEmpty() @Length(1, 40_000) readonly zh!: string;
}

class Origin {
  /** Id of the case, without its category. */
  @IsString() @Length(1, 200) readonly case!: string;
  @Matches(stageId) readonly stage!: string;
  @IsInt() @Min(1) readonly visit!: number;
}

class PinnedDefinition {
  @Matches(stageId) readonly id!: string;
  @IsInt() @Min(1) readonly version!: number;
  @IsString() @Length(1, 100) readonly hash!: string;
}

/** Gives a document the next number of its kind. */
export class IssueNotice {
  @Matches(stageId) readonly document!: string;
  /** What stands before the number: 教认定, Rec. */
  @IsObject() @ValidateNested() @Type(() => NoticeText) readonly mark!: NoticeText;
  @IsObject() @ValidateNested() @Type(() => NoticeText) readonly heading!: NoticeText;
  @IsObject() @ValidateNested() @Type(() => NoticeText) readonly body!: NoticeText;
  /** The day of the decision, which the document bears. */
  @IsDay() readonly datedOn!: string;
  @IsObject() @ValidateNested() @Type(() => Origin) readonly origin!: Origin;
  @IsObject() @ValidateNested() @Type(() => PinnedDefinition) readonly definition!: PinnedDefinition;
}

/** Commands to the register of a year: `notices-<alliance>.<year>`. */
export const noticesShapes = { IssueNotice } as const;

export type NoticesCommand = Message<'IssueNotice', IssueNotice>;

export interface NoticeIssued {
  readonly document: string;
  readonly year: number;
  /** From 1, without a gap, for each kind of document. */
  readonly number: number;
  /** 教认定〔2026〕1号, Rec. 2026-1 */
  readonly label: Text;
  readonly heading: Text;
  readonly body: Text;
  readonly datedOn: string;
  /** Of its canonical text (see `canonicalText`), hex. */
  readonly sha256: string;
  readonly origin: { readonly case: string; readonly stage: string; readonly visit: number };
  readonly definition: Pinned;
}

export type NoticesEvent = Message<'NoticeIssued', NoticeIssued>;
