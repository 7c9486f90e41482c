import type { Definition } from '../definition.js';
import { type Finding, finding } from './finding.js';

/** The first day of each month of these years: summer time moves the clock on some of them, wherever there is any. */
const asked = Array.from({ length: 60 }, (_, month) => Date.UTC(2026, month, 1));

/** A zone that no clock knows, or whose clock is not always so far from UTC as the definition says: rules count by the distance alone. */
export function zoneFindings({ round: { zone, utcOffsetMinutes } }: Definition): readonly Finding[] {
  const distances = distancesOf(zone);
  if (distances === undefined) return [noZone(zone)];
  if (distances.size > 1) return [moves(zone)];
  return distances.has(utcOffsetMinutes) ? [] : [otherDistance(zone, [...distances][0] as number)];
}

/** Of the zones that there are: to find out takes milliseconds. */
const found = new Map<string, ReadonlySet<number>>();

/** How many minutes the clocks of a zone are ahead of UTC; undefined where there is no such zone. */
function distancesOf(zone: string): ReadonlySet<number> | undefined {
  const known = found.get(zone);
  if (known !== undefined || !/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return known;
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const distances = new Set(asked.map((at) => minutesIn(distanceIn(clock.formatToParts(at)))));
    found.set(zone, distances);
    return distances;
  } catch (failure) {
    if (failure instanceof RangeError) return undefined;
    throw failure;
  }
}

const distanceIn = (parts: readonly Intl.DateTimeFormatPart[]): string =>
  parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** Of `GMT+05:30`. */
function minutesIn(distance: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d+):(\d+))?/.exec(distance) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const noZone = (zone: string): Finding =>
  finding(
    'unknown-zone',
    '/round/zone',
    [`There is no time zone "${zone}".`, `没有“${zone}”这一时区。`],
    ['Name one of the IANA time zones: Asia/Shanghai.', '请写 IANA 时区名称：Asia/Shanghai。'],
  );

const moves = (zone: string): Finding =>
  finding(
    'unknown-zone',
    '/round/zone',
    [
      `The clocks of "${zone}" are put forward and back, and deadlines are counted in a fixed distance from UTC.`,
      `“${zone}”实行夏令时，而期限按与 UTC 的固定时差计算。`,
    ],
    ['Name a zone without summer time.', '请写不实行夏令时的时区。'],
  );

const otherDistance = (zone: string, minutes: number): Finding =>
  finding(
    'unknown-zone',
    '/round/utcOffsetMinutes',
    [
      `The clocks of "${zone}" are ${minutes} minutes ahead of UTC: deadlines would be shown at another hour than they are kept.`,
      `“${zone}”比 UTC 早 ${minutes} 分钟：显示的期限将与实际期限不符。`,
    ],
    [`Write utcOffsetMinutes: ${minutes}.`, `请写 utcOffsetMinutes: ${minutes}。`],
  );
