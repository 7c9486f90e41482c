import { expect, test } from '@jest/globals';
import { monthsLater } from './months.js';

const later = (at: string, months: number): string => new Date(monthsLater(Date.parse(at), months, 480)).toISOString();

test('a month later is the same time of the same day', () => {
  expect(later('2026-03-10T01:02:03.004Z', 12)).toBe('2027-03-10T01:02:03.004Z');
  expect(later('2026-11-10T01:00:00.000Z', 3)).toBe('2027-02-10T01:00:00.000Z');
});

test('where a month is too short, it is its last day', () => {
  expect(later('2024-02-29T01:00:00.000Z', 12)).toBe('2025-02-28T01:00:00.000Z');
  expect(later('2026-01-31T01:00:00.000Z', 1)).toBe('2026-02-28T01:00:00.000Z');
});

test('the day is the one in the zone of the alliance', () => {
  // 31 January, 1:00 in Beijing.
  expect(later('2026-01-30T17:00:00.000Z', 1)).toBe('2026-02-27T17:00:00.000Z');
});
