import { expect, test } from '@jest/globals';
import type { Definition } from '#workflow';
import { closesAt, RankedRound, rankedBy, sixOnline, standing } from '../../../test/support/ranked-round.js';

const appeal: Definition['stages'][number] = {
  id: 'appeal',
  kind: 'check',
  title: { en: 'Appeal', zh: '申诉' },
  power: 'check-application',
  workingDays: 10,
  on: { passed: 'ranking', failed: 'not-selected', lapsed: 'not-selected' },
};

/** Whoever is not selected may appeal, once, and comes back to the ranking. */
const withAppeal: Definition = {
  ...rankedBy({}),
  stages: [
    ...rankedBy({ quotas: [{ each: 2 }] }).stages.map((stage): Definition['stages'][number] =>
      stage.kind === 'ranking'
        ? { ...stage, on: { ...stage.on, 'not-selected': 'appeal' }, visits: { atMost: 2, then: 'not-selected' } }
        : stage,
    ),
    appeal,
  ],
};

test('a case that comes after the ranking displaces nobody: it gets a place that is free, or waits behind the others', async () => {
  const round = await RankedRound.open(withAppeal);
  await sixOnline(round);
  await round.until(closesAt);
  expect(await standing(round, ['c', 'd', 'e'])).toEqual(['ranking reserve', 'ranking reserve', 'appeal not-selected']);
  await round.act('secretary', 'e', 'PassCheck', { stage: 'appeal' });
  await round.settle();
  // The reserve list is full.
  expect(await round.stands('e')).toBe('appeal not-selected not-selected');
  await round.withdraw('c');
  await round.withdraw('d');
  await round.act('secretary', 'f', 'PassCheck', { stage: 'appeal' });
  await round.settle();
  expect(await round.stands('f')).toBe('ranking not-selected reserve');
  await round.withdraw('a');
  expect(await standing(round, ['b', 'f'])).toEqual(['final selected', 'final not-selected selected']);
  expect(await round.incidents()).toEqual([]);
});
