/** Which days are worked. Data: an alliance may keep its own. */
export interface WorkingDays {
  readonly years: Readonly<Record<number, YearNotice>>;
}

/** A year as its government announced it: days off beside the weekends, and weekend days that are worked (调休). ISO dates. */
export interface YearNotice {
  /** First and last day, inclusive. */
  readonly holidays: readonly (readonly [string, string])[];
  readonly makeUpDays: readonly string[];
}

const dayMs = 86_400_000;

/** Days since 1970-01-01 of the day that an instant falls on at a fixed distance from UTC. */
const dayAt = (instant: number, utcOffsetMinutes: number): number => Math.floor((instant + utcOffsetMinutes * 60_000) / dayMs);
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Whether the year's notice is known. For a year without one only weekends are free: say so beside the deadline. */
export const isAnnounced = (calendar: WorkingDays, year: number): boolean => Object.hasOwn(calendar.years, year);

/** 0 for a Sunday, 6 for a Saturday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** Whether an ISO date is a working day. */
export function isWorkingDay(calendar: WorkingDays, date: string): boolean {
  const notice = calendar.years[Number(date.slice(0, 4))];
  if (notice?.makeUpDays.includes(date)) return true;
  if (notice?.holidays.some(([first, last]) => first <= date && date <= last)) return false;
  return ![0, 6].includes(weekdayOf(date));
}

/** How many working days lie after the day of one instant, up to the day that ends at the other: what `addWorkingDays` has added. */
export function workingDaysBetween(calendar: WorkingDays, from: number, end: number, utcOffsetMinutes: number): number {
  let count = 0;
  for (let day = dayAt(from, utcOffsetMinutes) + 1; day <= dayAt(end - 1, utcOffsetMinutes); day += 1)
    if (isWorkingDay(calendar, dateOf(day))) count += 1;
  return count;
}

/** How much of the time between two instants falls on working days, in milliseconds; a working day is all of its 24 hours. */
export function workingMs(calendar: WorkingDays, from: number, to: number, utcOffsetMinutes: number): number {
  let worked = 0;
  for (let day = dayAt(from, utcOffsetMinutes); day <= dayAt(to, utcOffsetMinutes); day += 1) {
    if (!isWorkingDay(calendar, dateOf(day))) continue;
    const start = day * dayMs - utcOffsetMinutes * 60_000;
    worked += Math.max(0, Math.min(to, start + dayMs) - Math.max(from, start));
  }
  return worked;
}

/**
 * The end of the n-th working day after the day of an instant: 24:00:00.000 of that day, the first instant that is too late.
 *
 * @param instant - milliseconds since 1970 UTC; the day it falls on does not count
 * @param count - at least 1
 * @throws RangeError for a count that is no positive integer
 */
export function addWorkingDays(calendar: WorkingDays, instant: number, count: number, utcOffsetMinutes: number): number {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${count} is not a number of working days`);
  let day = dayAt(instant, utcOffsetMinutes);
  for (let left = count; left > 0;) {
    day += 1;
    if (isWorkingDay(calendar, dateOf(day))) left -= 1;
  }
  return (day + 1) * dayMs - utcOffsetMinutes * 60_000;
}
