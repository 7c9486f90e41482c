import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { china } from './china.js';
import { addWorkingDays, isAnnounced, isWorkingDay, workingMs } from './working-days.js';

const beijing = 480;
const at = (text: string): number => Date.parse(text);
const dayMs = 86_400_000;
const someInstant = fc.integer({ min: at('2019-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });

test('five working days from a Monday end when the next Monday ends, in the alliance’s zone', () => {
  expect(addWorkingDays(china, at('2026-03-02T09:00:00+08:00'), 5, beijing)).toBe(at('2026-03-10T00:00:00+08:00'));
});

test('a period that spans the National Day with make-up days ends on the right working day', () => {
  // Sunday 20 September is worked, 25–27 September and 1–7 October are free, Saturday 10 October is worked.
  expect(addWorkingDays(china, at('2026-09-19T12:00:00+08:00'), 1, beijing)).toBe(at('2026-09-21T00:00:00+08:00'));
  expect(addWorkingDays(china, at('2026-09-30T12:00:00+08:00'), 3, beijing)).toBe(at('2026-10-11T00:00:00+08:00'));
});

test('the day of an act belongs to the zone, not to UTC', () => {
  const lateSunday = at('2026-03-01T23:59:59.999+08:00');
  const monday = at('2026-03-02T00:00:00.000+08:00');
  expect(addWorkingDays(china, lateSunday, 1, beijing)).toBe(at('2026-03-03T00:00:00+08:00'));
  expect(addWorkingDays(china, monday, 1, beijing)).toBe(at('2026-03-04T00:00:00+08:00'));
});

test('every announced year gives exactly the statutory days, whatever was moved', () => {
  // Eleven until 2024, thirteen since; in 2020 the Spring Festival was extended by two working days.
  const statutory: Record<number, number> = { 2019: 11, 2020: 13, 2021: 11, 2022: 11, 2023: 11, 2024: 11, 2025: 13, 2026: 13 };
  const counted = Object.fromEntries(
    Object.keys(china.years).map((year) => {
      let net = 0;
      for (let day = DateTime.utc(Number(year)); day.year === Number(year); day = day.plus({ days: 1 }))
        net += Number(day.weekday <= 5) - Number(isWorkingDay(china, day.toISODate() as string));
      return [year, net];
    }),
  );
  expect(counted).toEqual(statutory);
});

test('make-up days are weekend days, and nothing is both free and worked', () => {
  for (const { holidays, makeUpDays } of Object.values(china.years))
    for (const day of makeUpDays) {
      expect([6, 7]).toContain(DateTime.fromISO(day).weekday);
      expect(holidays.some(([first, last]) => first <= day && day <= last)).toBe(false);
    }
});

test('a year without a notice knows only weekends, and says so', () => {
  expect(isAnnounced(china, 2026)).toBe(true);
  expect(isAnnounced(china, 2029)).toBe(false);
  expect(isWorkingDay(china, '2029-10-01')).toBe(true);
  expect(isWorkingDay(china, '2029-10-06')).toBe(false);
});

test('a deadline is the end of a working day, after the act, with exactly so many working days between', () => {
  fc.assert(
    fc.property(someInstant, fc.integer({ min: 1, max: 40 }), (instant, count) => {
      const end = addWorkingDays(china, instant, count, beijing);
      const dateOf = (ms: number): string => DateTime.fromMillis(ms, { zone: 'Asia/Shanghai' }).toISODate() as string;
      expect(DateTime.fromMillis(end, { zone: 'Asia/Shanghai' }).toFormat('HH:mm:ss.SSS')).toBe('00:00:00.000');
      expect(isWorkingDay(china, dateOf(end - 1))).toBe(true);
      let worked = 0;
      for (let day = end - 1; dateOf(day) > dateOf(instant); day -= dayMs) worked += Number(isWorkingDay(china, dateOf(day)));
      expect(worked).toBe(count);
    }),
  );
});

test('a later act never has an earlier deadline, and days add up', () => {
  fc.assert(
    fc.property(
      someInstant,
      fc.nat(10 * dayMs),
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 1, max: 15 }),
      (from, later, a, b) => {
        expect(addWorkingDays(china, from + later, a, beijing)).toBeGreaterThanOrEqual(addWorkingDays(china, from, a, beijing));
        expect(addWorkingDays(china, addWorkingDays(china, from, a, beijing) - 1, b, beijing)).toBe(
          addWorkingDays(china, from, a + b, beijing),
        );
      },
    ),
  );
});

test('no number of working days but a positive integer makes sense', () => {
  expect(() => addWorkingDays(china, 0, 0, beijing)).toThrow(RangeError);
  expect(() => addWorkingDays(china, 0, 1.5, beijing)).toThrow(RangeError);
});

test('time on a holiday or a weekend was not worked, time on a make-up day was', () => {
  const beijing = (at: string): number => Date.parse(`${at}+08:00`);
  const worked = (from: string, to: string): number => workingMs(china, beijing(from), beijing(to), 480) / 3_600_000;
  expect(worked('2026-03-02T09:00:00', '2026-03-02T17:00:00')).toBe(8);
  // From Friday noon to Monday noon: half a Friday and half a Monday.
  expect(worked('2026-03-06T12:00:00', '2026-03-09T12:00:00')).toBe(24);
  expect(worked('2026-10-01T00:00:00', '2026-10-08T00:00:00')).toBe(0);
  expect(worked('2026-10-10T00:00:00', '2026-10-11T00:00:00')).toBe(24);
  expect(worked('2026-03-06T12:00:00', '2026-03-06T12:00:00')).toBe(0);
});
