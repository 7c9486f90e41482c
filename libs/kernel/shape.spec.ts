import { expect, test } from '@jest/globals';
import { isDay, isInstant } from './shape.js';

test.each(['2026-04-20', '2024-02-29', '1900-01-01', '2999-12-31'])('%s is a day', (text) => {
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
  '0001-01-01',
  '9999-12-31',
  '2026-04-20T00:00:00Z',
  1,
])('%s is no day as the alliance writes days', (text) => {
  expect(isDay(text)).toBe(false);
});

test.each(['9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00+14:00', '2026-02-30T00:00:00Z'])(
  '%s is no instant that an alliance has to do with',
  (text) => {
    expect(isInstant(text)).toBe(false);
  },
);
