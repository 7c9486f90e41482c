import { china } from './calendar/china.js';
import { addWorkingDays, isAnnounced, workingMs, type WorkingDays, type YearNotice } from './calendar/working-days.js';
import type { Definition } from './definition.js';

const calendars = { china } as const;

/** What counts the working days of a definition: its own calendar, with the years that the alliance has announced beside it. */
type Counting = Pick<Definition, 'round'>;

/** The working days that a definition counts by. */
export const calendarOf = ({ round }: Counting): WorkingDays => round.calendar ?? calendars[round.workingDays];

type Announced = Readonly<Record<number, YearNotice>>;

/** The last of each, so that what is known of a definition by its identity is not found out for every command. */
const counted = new WeakMap<Definition, { readonly announced: Announced; readonly definition: Definition }>();

/** A definition whose deadlines are counted by the years that its alliance has announced, too. */
export function counting(definition: Definition, announced: Announced): Definition {
  if (Object.keys(announced).length === 0) return definition;
  const known = counted.get(definition);
  if (known?.announced === announced) return known.definition;
  const { round } = definition;
  const calendar = { years: { ...calendarOf({ round }).years, ...announced } };
  const made = { ...definition, round: { ...round, calendar } };
  counted.set(definition, { announced, definition: made });
  return made;
}

/** An instant as events keep it: ISO 8601 UTC with milliseconds. */
export const instant = (ms: number): string => new Date(ms).toISOString();

/** As a clock in the alliance's zone shows it, to the millisecond. */
export const clockAt = ({ round }: Counting, at: string): string =>
  instant(Date.parse(at) + round.utcOffsetMinutes * 60_000)
    .slice(0, 23)
    .replace('T', ' ');

/** The first instant that is too late for something that may take so many working days from `now` on, in the alliance's zone. */
export const deadline = (definition: Counting, now: number, workingDays: number): string =>
  instant(addWorkingDays(calendarOf(definition), now, workingDays, definition.round.utcOffsetMinutes));

/** The year of the last day before a deadline, in the alliance's zone. */
export const yearBefore = ({ round }: Counting, dueAt: string): number =>
  new Date(Date.parse(dueAt) - 1 + round.utcOffsetMinutes * 60_000).getUTCFullYear();

/**
 * The year of a deadline whose public holidays are not kept: it was counted by weekdays alone, and stands so until they are.
 * Undefined where they are.
 *
 * @param dueAt - ISO 8601 UTC, the first instant that is too late
 */
export function unannouncedYear(definition: Counting, dueAt: string): number | undefined {
  const year = yearBefore(definition, dueAt);
  return isAnnounced(calendarOf(definition), year) ? undefined : year;
}

/** How much of the time between two instants was worked, in milliseconds, by the calendar of the definition. */
export const workingTime = (definition: Counting, from: number, to: number): number =>
  workingMs(calendarOf(definition), from, to, definition.round.utcOffsetMinutes);
