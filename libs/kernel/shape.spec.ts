import { expect, test } from '@jest/globals';
import { isDay } from './shape.js';

test.each(['2026-04-20', '2024-02-29', '0001-01-01'])('%s is a day', (text) => {
  expect(isDay(text)).toBe(true);
});

test.each([
  '2026-W16-1',
  '2026-110',
  '20260420',
  '2026-4-20',
  '2026-02-30',
  '2026-13-01',
  '0000-01-01',
  '2026-04-20T00:00:00Z',
  1,
])('%s is no day as the alliance writes days', (text) => {
  expect(isDay(text)).toBe(false);
});
