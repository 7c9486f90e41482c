const minuteMs = 60_000;

/**
 * The same time of day so many months later, in a zone without summer time; on the last day of a month that is too short for the day.
 *
 * @param instant - milliseconds since 1970 UTC
 */
export function monthsLater(instant: number, months: number, utcOffsetMinutes: number): number {
  const local = new Date(instant + utcOffsetMinutes * minuteMs);
  const first = new Date(local);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(local.getUTCDate(), lastDay));
  return first.getTime() - utcOffsetMinutes * minuteMs;
}
