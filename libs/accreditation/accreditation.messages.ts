import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsDay, type Message, Personal, type Sealable, type Sealed } from '#kernel';

export class GrantRecognition {
  /** The case that came to it: `case-…`. */
  @Matches(/^case-[^\s]{1,200}$/) readonly case!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) readonly round?: string;
  /** Number of the certificate, as it is printed; made of the alliance, the year and the command's id unless told. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(60) readonly number?: string;
  /** First day, in the zone of the round; the day of the decision unless told. */
  @IsOptional() @IsDay() readonly from?: string;
  /** Five unless told. */
  @IsOptional() @IsInt() @Min(1) @Max(10) readonly years?: number;
}

export class WithdrawRecognition {
  /** The rule that was broken. */
  @IsString() @IsNotEmpty() @MaxLength(100) readonly clause!: string;
  @IsString() @IsNotEmpty() @MaxLength(2000) @Personal() readonly reason!: Sealable;
}

export const recognitionShapes = { GrantRecognition, WithdrawRecognition } as const;

export type RecognitionCommand =
  Message<'GrantRecognition', GrantRecognition> | Message<'WithdrawRecognition', WithdrawRecognition>;

export interface RecognitionGranted {
  readonly case: string;
  readonly round?: string;
  readonly number: string;
  /** First day and the day after the last. */
  readonly from: string;
  readonly until: string;
  /** IANA time zone of these days, that of the round; Asia/Shanghai unless told. */
  readonly zone?: string;
}

export interface RecognitionWithdrawn {
  readonly number: string;
  readonly clause: string;
  readonly reason: Sealed;
  /** As of the recognition. */
  readonly zone?: string;
}

export type RecognitionEvent =
  Message<'RecognitionGranted', RecognitionGranted> | Message<'RecognitionWithdrawn', RecognitionWithdrawn>;
