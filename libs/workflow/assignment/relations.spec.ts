import { expect, test } from '@jest/globals';
import { formerPlaces } from './relations.js';

const seat = {
  person: 'expert-1',
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2023-03-02T00:00:00.000Z',
  granted: 'seat',
  institution: '4111010001',
} as const;
const left = { person: 'expert-2', relation: 'formerly-at', institution: '4144010559', until: '2023-03-02' } as const;

test('having worked somewhere is a conflict of interest for three years, to the millisecond', () => {
  const on = (at: string) => [...formerPlaces([seat], [left], Date.parse(at))];
  expect(on('2023-03-01T23:59:59.999Z')).toEqual([['expert-2', ['4144010559']]]);
  const both = [
    ['expert-1', ['4111010001']],
    ['expert-2', ['4144010559']],
  ];
  expect(on('2023-03-02T00:00:00.000Z')).toEqual(both);
  expect(on('2026-03-01T23:59:59.999Z')).toEqual(both);
  expect(on('2026-03-02T00:00:00.000Z')).toEqual([]);
});
