import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsInstant, type Message, type Permit, type Text } from '#kernel';
import { BothLanguages } from '../round.messages.js';
import { stageId } from '../in-visit.js';

/** What can be done to many cases at once: each is the act of the same name on every one of them. */
export const bulkActs = [
  'pass-check',
  'return-for-correction',
  'extend-correction',
  'fail-check',
  'remind',
  'open-ballot',
  'cast-vote',
] as const;
export type BulkAct = (typeof bulkActs)[number];

export const mostCases = 500;
const caseId = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

/** A case as its preview showed it. */
export class CaseSeen {
  @Matches(caseId) readonly case!: string;
  @IsInt() @Min(0) readonly revision!: number;
}

/** What is to be done, where, and with what words. */
export class Doing {
  @IsIn(bulkActs) readonly act!: BulkAct;
  @Matches(stageId) readonly stage!: string;
  /** For all of them; official, on record for ever: about the applications, not about a person. */
  @IsOptional() @IsString() @Length(1, 2000) readonly reason?: string;
  /** Of the sender, where the act is a vote. */
  @IsOptional() @IsIn(['for', 'against', 'abstain']) readonly choice?: 'for' | 'against' | 'abstain';
  /** The new deadline of all of them, where the act gives longer. */
  @IsOptional() @IsInstant() readonly until?: string;
}

/** Decides many cases at once, as they stood in a preview: all of them, or none if one has changed since. */
export class OrderBulk extends Doing {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(mostCases)
  @ArrayUnique(({ case: id }: CaseSeen) => id)
  @ValidateNested({ each: true })
  @Type(() => CaseSeen)
  readonly cases!: readonly CaseSeen[];
  /** Hash that the preview gave. */
  @Matches(/^[A-Za-z0-9_-]{43}$/) readonly preview!: string;
}

/** The engine's note of a step that its case no longer allowed. */
export class NoteOvertaken {
  @IsInt() @Min(0) readonly part!: number;
  @Matches(/^[a-z-]+\.[a-z-]+$/) readonly code!: string;
  @IsObject() @ValidateNested() @Type(() => BothLanguages) readonly text!: BothLanguages;
}

export const bulkShapes = { OrderBulk, NoteOvertaken } as const;

export type BulkCommand = Message<'OrderBulk', OrderBulk> | Message<'NoteOvertaken', NoteOvertaken>;

/** One step: the act on one case, or on one part of it. */
export interface BulkPart extends CaseSeen {
  readonly visit: number;
  /** Of the reviewer who is reminded. */
  readonly assignment?: string;
}

/** One decision on many cases, taken at one instant. */
export interface BulkOrdered extends Doing {
  readonly preview: string;
  /** Whose decision it is. */
  readonly by: string;
  /** Under which every step is carried out. */
  readonly permit: Permit;
  readonly parts: readonly BulkPart[];
}

/** A case took another turn after the order and before its step: nothing was done to it. */
export interface PartOvertaken {
  /** Place in the order's parts. */
  readonly part: number;
  readonly code: string;
  readonly text: Text;
}

export type BulkEvent = Message<'BulkOrdered', BulkOrdered> | Message<'PartOvertaken', PartOvertaken>;
