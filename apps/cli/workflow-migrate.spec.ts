import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import { Failure } from './command.js';
import { inTurn, partsOf } from './workflow-migrate.command.js';

const cases = ['one', 'two', 'three', 'four', 'five'];
const refusal = new DomainError('round.cannot-migrate', { en: 'One stands in the way.', zh: '有一件不能迁移。' });

test('cases that one resolution may name are moved by one, all or none', () => {
  expect(partsOf('a.one', cases, { atOnce: 5, inParts: 'refused' })).toEqual([cases]);
  expect(partsOf('a.one', [], { atOnce: 5, inParts: 'refused' })).toEqual([[]]);
});

test('more of them are not moved in parts unless that is asked for, and the refusal says how', () => {
  expect(() => partsOf('a.one', cases, { atOnce: 2, inParts: 'refused' })).toThrow(Failure);
  expect(() => partsOf('a.one', cases, { atOnce: 2, inParts: 'refused' })).toThrow(
    /nothing was moved.*5 cases.*at most 2.*--in-parts/,
  );
  const parts = partsOf('a.one', cases, { atOnce: 2, inParts: 'allowed' });
  expect(parts).toEqual([['one', 'two'], ['three', 'four'], ['five']]);
});

test('where a part is refused, those before it stand, none behind it is tried, and it says so', async () => {
  const moved: string[] = [];
  const resolve = async (part: readonly string[]): Promise<void> => {
    if (part.includes('three')) throw refusal;
    moved.push(...part);
  };
  const parts = partsOf('a.one', cases, { atOnce: 2, inParts: 'allowed' });
  await expect(inTurn('a.one', parts, resolve)).rejects.toThrow(/1 of 3 parts.*stand.*One stands in the way\./);
  expect(moved).toEqual(['one', 'two']);
  await expect(inTurn('a.one', [cases], resolve)).rejects.toThrow(/^One stands in the way\.$/);
});
