import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Message } from '#kernel';
import type { YearNotice } from './working-days.js';

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const isoPeriod = /^\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/;

class OfYear {
  @IsInt() @Min(2000) @Max(2199) readonly year!: number;
}

/** Puts the public holidays of a year on record, as its government announced them. */
export class AnnounceHolidays extends OfYear {
  /** First and last day of each, `2027-01-01/2027-01-03`. */
  @IsArray() @ArrayMaxSize(50) @Matches(isoPeriod, { each: true }) readonly holidays!: readonly string[];
  /** Weekend days that are worked (调休). */
  @IsArray() @ArrayMaxSize(50) @Matches(isoDate, { each: true }) readonly makeUpDays!: readonly string[];
  /** What announces them: title and number of the document. */
  @IsString() @Length(1, 200) readonly notice!: string;
}

/** Sent by the engine once a year has been announced: names the cases whose deadlines are counted again. */
export class OrderRecount extends OfYear {
  /** Ids of cases that have deadlines counted over a year that was not announced: added by the engine. */
  @IsArray() @ArrayMaxSize(1_000) @IsString({ each: true }) @MaxLength(300, { each: true }) readonly cases!: readonly string[];
  /** Whether there are more behind these: added by the engine. */
  @IsOptional() @MaxLength(300) readonly next?: string;
  /** Only those behind it. */
  @IsOptional() @IsString() @MaxLength(300) readonly after?: string;
}

/** Commands to the calendar of an alliance: `calendar-<alliance>`. */
export const calendarShapes = { AnnounceHolidays, OrderRecount } as const;

export type CalendarCommand = Message<'AnnounceHolidays', AnnounceHolidays> | Message<'OrderRecount', OrderRecount>;

export interface HolidaysAnnounced extends YearNotice {
  readonly year: number;
  readonly notice: string;
  /** Of the calendar: how many announcements it rests on, this one included. */
  readonly version: number;
}

export interface RecountOrdered {
  readonly year: number;
  readonly version: number;
  readonly cases: readonly string[];
  /** The last of them, where others come behind it. */
  readonly next?: string;
}

export type CalendarEvent = Message<'HolidaysAnnounced', HolidaysAnnounced> | Message<'RecountOrdered', RecountOrdered>;

/** Counts the deadlines of a case again that were counted over a year which is announced now. */
export class RecountDeadlines extends OfYear {}

export const recountShapes = { RecountDeadlines } as const;

export interface DeadlinesRecounted {
  readonly year: number;
  /** Version of the calendar that they are counted by now. */
  readonly calendar: number;
  /** Every deadline still to come that was counted over that year without its holidays; none is earlier than it was. */
  readonly deadlines: readonly { readonly was: string; readonly is: string }[];
  /** Where one of them falls into a year that is not announced, either. */
  readonly unannounced?: number;
}

export type RecountEvent = Message<'DeadlinesRecounted', DeadlinesRecounted>;
