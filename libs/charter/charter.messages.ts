import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import type { Message } from '#kernel';

/** A lower-case name that machines read: of an organ, a power, a rule, a workflow. */
const machineName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export class BothLanguages {
  @IsString() @MinLength(1) @MaxLength(200) readonly zh!: string;
  @IsString() @MinLength(1) @MaxLength(400) readonly en!: string;
}

/** The articles of one part, one text an article, in the same order in both languages. */
export class Articles {
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) @MaxLength(2000, { each: true }) readonly zh!: readonly string[];
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) @MaxLength(4000, { each: true }) readonly en!: readonly string[];
}

export class CharterParts {
  @IsObject() @ValidateNested() @Type(() => Articles) readonly functions!: Articles;
  @IsObject() @ValidateNested() @Type(() => Articles) readonly members!: Articles;
  @IsObject() @ValidateNested() @Type(() => Articles) readonly structure!: Articles;
  @IsObject() @ValidateNested() @Type(() => Articles) readonly operation!: Articles;
  @IsObject() @ValidateNested() @Type(() => Articles) readonly activities!: Articles;
}

export class SeatsArticle {
  /** The power under which seats are filled and ended. */
  @Matches(machineName) @MaxLength(60) readonly filledBy!: string;
  @IsInt() @Min(1) @Max(10) readonly termYears!: number;
  @IsOptional() @IsInt() @Min(1) @Max(1000) readonly size?: number;
  /** How many terms a person may serve. */
  @IsOptional() @IsInt() @Min(1) @Max(20) readonly maxTerms?: number;
}

export class OrganArticle {
  @Matches(machineName) @MaxLength(60) readonly organ!: string;
  @IsObject() @ValidateNested() @Type(() => BothLanguages) readonly name!: BothLanguages;
  @IsIn(['alliance', 'institution', 'province']) readonly scope!: 'alliance' | 'institution' | 'province';
  @IsObject() @ValidateNested() @Type(() => SeatsArticle) readonly seats!: SeatsArticle;
}

export class PowerArticle {
  @Matches(machineName) @MaxLength(60) readonly power!: string;
  @Matches(machineName) @MaxLength(60) readonly organ!: string;
  @IsOptional() @Matches(machineName) @MaxLength(60) readonly rule?: string;
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @Matches(machineName, { each: true })
  readonly workflows?: readonly string[];
  @IsOptional() @IsBoolean() readonly operator?: boolean;
  @IsOptional() @Matches(machineName) @MaxLength(60) readonly appeal?: string;
}

export class QuorumArticle {
  /** Numerator and denominator. */
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(2)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(1000, { each: true })
  readonly atLeast!: readonly [number, number];
  @IsOptional() @IsIn(['all-seats', 'eligible-seats']) readonly of?: 'all-seats' | 'eligible-seats';
}

export class MajorityArticle {
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(2)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(1000, { each: true })
  readonly over!: readonly [number, number];
  @IsOptional() @IsBoolean() readonly atLeast?: boolean;
  @IsIn(['votes-cast', 'present', 'all-seats']) readonly of!: 'votes-cast' | 'present' | 'all-seats';
}

export class MeetingArticle {
  @IsInt() @Min(0) @Max(60) readonly workingDays!: number;
}

export class ProxiesArticle {
  @IsInt() @Min(1) @Max(20) readonly perHolder!: number;
  @IsBoolean() readonly countForQuorum!: boolean;
}

export class RuleArticle {
  @Matches(machineName) @MaxLength(60) readonly rule!: string;
  @IsObject() @ValidateNested() @Type(() => QuorumArticle) readonly quorum!: QuorumArticle;
  @IsObject() @ValidateNested() @Type(() => MajorityArticle) readonly majority!: MajorityArticle;
  @IsOptional() @IsIn(['chair-decides', 'not-carried']) readonly tie?: 'chair-decides' | 'not-carried';
  @IsOptional() @IsBoolean() readonly secret?: boolean;
  /** The notice of the meetings in which it is voted; by correspondence where absent. */
  @IsOptional() @IsObject() @ValidateNested() @Type(() => MeetingArticle) readonly notice?: MeetingArticle;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => ProxiesArticle) readonly proxies?: ProxiesArticle;
}

export class NoticeArticle {
  /** What is announced: `assembly`, `ballot`. */
  @Matches(machineName) @MaxLength(60) readonly matter!: string;
  @IsInt() @Min(0) @Max(250) readonly workingDays!: number;
}

export class DuesArticle {
  @IsInt() @Min(0) @Max(10_000_000) readonly yuanPerYear!: number;
  @IsInt() @Min(0) @Max(60) readonly monthsOfGrace!: number;
}

/** A charter: what people read in both languages, and beside it the clauses that machines read. */
export class CharterDocument {
  @IsObject() @ValidateNested() @Type(() => BothLanguages) readonly title!: BothLanguages;
  @IsObject() @ValidateNested() @Type(() => CharterParts) readonly parts!: CharterParts;
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrganArticle)
  readonly organs!: readonly OrganArticle[];
  @IsArray()
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PowerArticle)
  readonly powers!: readonly PowerArticle[];
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RuleArticle)
  readonly rules!: readonly RuleArticle[];
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => NoticeArticle)
  readonly notices!: readonly NoticeArticle[];
  /** What an amendment does to rounds and cases that are open: they keep the version they were opened under, or move to the new one. */
  @IsIn(['keep', 'move']) readonly transition!: 'keep' | 'move';
  @IsOptional() @IsObject() @ValidateNested() @Type(() => DuesArticle) readonly dues?: DuesArticle;
}

export class AdoptCharter {
  @IsObject() @ValidateNested() @Type(() => CharterDocument) readonly document!: CharterDocument;
}

export const charterShapes = { AdoptCharter } as const;

export type CharterCommand = Message<'AdoptCharter', AdoptCharter>;

export interface CharterAdopted {
  /** From 1, dense. */
  readonly version: number;
  /** SHA-256 (base64url) of the canonical bytes of `document`. */
  readonly hash: string;
  readonly document: CharterDocument;
}

export type CharterEvent = Message<'CharterAdopted', CharterAdopted>;
