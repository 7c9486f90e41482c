import { china } from './calendar/china.js';
import { addWorkingDays, isAnnounced, workingMs } from './calendar/working-days.js';
import type { Definition } from './definition.js';

const calendars = { china } as const;

/** An instant as events keep it: ISO 8601 UTC with milliseconds. */
export const instant = (ms: number): string => new Date(ms).toISOString();

/** The first instant that is too late for something that may take so many working days from `now` on, in the alliance's zone. */
export const deadline = ({ round }: Pick<Definition, 'round'>, now: number, workingDays: number): string =>
  instant(addWorkingDays(calendars[round.workingDays], now, workingDays, round.utcOffsetMinutes));

/**
 * The year of a deadline whose public holidays are not kept: it was counted by weekdays alone, and stands so. Undefined where they are.
 *
 * @param dueAt - ISO 8601 UTC, the first instant that is too late
 */
export function unannouncedYear({ round }: Pick<Definition, 'round'>, dueAt: string): number | undefined {
  const lastDay = new Date(Date.parse(dueAt) - 1 + round.utcOffsetMinutes * 60_000);
  const year = lastDay.getUTCFullYear();
  return isAnnounced(calendars[round.workingDays], year) ? undefined : year;
}

/** How much of the time between two instants was worked, in milliseconds, by the calendar of the definition. */
export const workingTime = ({ round }: Pick<Definition, 'round'>, from: number, to: number): number =>
  workingMs(calendars[round.workingDays], from, to, round.utcOffsetMinutes);
