import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { type DecisionRule, IsInstant, type Message } from '#kernel';
import type { Pinned } from '../definition.js';
import { stageId } from '../in-visit.js';

const caseId = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

/** One application, put to the vote at one of its stages. */
export class AgendaItem {
  /** Id of the case, without its category. */
  @Matches(caseId) readonly case!: string;
  @Matches(stageId) readonly stage!: string;
}

/** The notice of a meeting: what is not on its agenda cannot be put to the vote there. */
export class ConveneMeeting {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique(({ case: id, stage }: AgendaItem) => `${id} ${stage}`)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AgendaItem)
  readonly agenda!: readonly AgendaItem[];
  /** From this instant on votes are taken, and no proxy is lodged any more. */
  @IsInstant() readonly opensAt!: string;
  @IsInstant() readonly closesAt!: string;
  /** A room or the address of a conference: no personal data. */
  @IsOptional() @IsString() @Length(1, 300) readonly place?: string;
}

/** A member who will not be there lets another member vote. */
export class LodgeProxy {
  @Matches(/^person-[0-9a-zA-Z-]{1,60}$/) readonly holder!: string;
  /** Its scope: ids of cases on the agenda; the whole agenda unless told. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique()
  @Matches(caseId, { each: true })
  readonly cases?: readonly string[];
}

export class RevokeProxy {}

/** The meeting is not held, or not held to its end: its proxies and the votes that were not yet counted lapse. */
export class CallOffMeeting {
  /** An official reason, on record for ever: about the meeting, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export const meetingShapes = { ConveneMeeting, LodgeProxy, RevokeProxy, CallOffMeeting } as const;

export type MeetingCommand =
  | Message<'ConveneMeeting', ConveneMeeting>
  | Message<'LodgeProxy', LodgeProxy>
  | Message<'RevokeProxy', RevokeProxy>
  | Message<'CallOffMeeting', CallOffMeeting>;

export interface MeetingConvened {
  /** Whose organ meets. */
  readonly power: string;
  /** Who opens the ballots. */
  readonly manage: string;
  /** Version of the charter whose rule binds: the one that the round of the agenda was opened under. */
  readonly charter: number;
  readonly rule: DecisionRule;
  readonly agenda: readonly { readonly case: string; readonly stage: string }[];
  readonly opensAt: string;
  readonly closesAt: string;
  readonly place?: string;
  /** The earliest instant for which notice could be given when it was given. */
  readonly earliest: string;
  readonly definition: Pinned;
}

export interface ProxyLodged {
  readonly giver: string;
  readonly holder: string;
  readonly cases?: readonly string[];
}

export type MeetingEvent =
  | Message<'MeetingConvened', MeetingConvened>
  | Message<'ProxyLodged', ProxyLodged>
  | Message<'ProxyRevoked', { readonly giver: string }>
  | Message<'MeetingCalledOff', { readonly reason: string }>;
