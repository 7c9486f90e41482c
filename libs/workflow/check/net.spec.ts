import { expect, test } from '@jest/globals';
import { soundnessFindings } from './flow.js';
import { type Net, play, type Transition } from './net.js';

const step = (id: string, from: string, to: string): Transition => ({ id, from: from.split('+'), to: to.split('+') });

/** A check that splits into a review and an opinion, which are joined before the vote. */
const parallel = (...changed: readonly Transition[]): Net => ({
  start: ['check'],
  transitions: [
    step('check.passed', 'check', 'review+opinion'),
    step('review.done', 'review', 'reviewed'),
    step('opinion.given', 'opinion', 'heard'),
    step('join', 'reviewed+heard', 'vote'),
    step('vote.carried', 'vote', 'granted'),
    ...changed,
  ],
  ends: new Set(['granted', 'refused']),
});

const codes = (net: Net, atMost?: number) =>
  soundnessFindings(play(net, atMost), ({ marking }) => marking.join('+')).map(({ code }) => code);

test('what splits and joins again is sound, and every marking is looked at', () => {
  const played = play(parallel());
  expect(played).toMatchObject({ markings: 7, deadlocks: [], leftovers: [], trapped: [], complete: true });
  expect(played.marked).toContain('heard');
  expect(codes(parallel())).toEqual([]);
});

test('a join that waits for a branch which went elsewhere is a deadlock, told with the way there', () => {
  const lost: Net = {
    ...parallel(),
    transitions: parallel().transitions.map((one) =>
      one.id === 'opinion.given' ? step('opinion.given', 'opinion', 'aside') : one,
    ),
  };
  expect(play(lost).deadlocks).toEqual([
    { marking: ['aside', 'reviewed'], after: ['check.passed', 'review.done', 'opinion.given'] },
  ]);
  expect(codes(lost)).toEqual(['deadlock']);
});

test('a branch that ends the case while the other goes on leaves a token behind', () => {
  const { leftovers } = play(parallel(step('review.vetoed', 'review', 'refused')));
  expect(leftovers.map(({ marking }) => marking)).toEqual([
    ['opinion', 'refused'],
    ['heard', 'refused'],
  ]);
  expect(codes(parallel(step('review.vetoed', 'review', 'refused')))).toEqual(['leftover-token']);
});

test('an end that clears takes the other branch with it', () => {
  const vetoed = { ...step('review.vetoed', 'review', 'refused'), clears: true } as const;
  expect(play(parallel(vetoed))).toMatchObject({ deadlocks: [], leftovers: [], doubled: [], trapped: [] });
});

test('a loop that splits each time round is found at its second token, not after for ever', () => {
  const growing = parallel(step('review.again', 'review', 'check+opinion'));
  expect(play(growing).complete).toBe(true);
  expect(codes(growing)).toContain('reached-twice');
});

test('a loop without a way out is a trap, though something can always happen', () => {
  expect(codes(parallel(step('vote.postponed', 'vote', 'waiting'), step('waiting.over', 'waiting', 'waiting')))).toEqual([
    'no-way-out',
  ]);
});

test('a state space that is too large is said to be unproved, and nothing is concluded from the part that was seen', () => {
  const branches = Array.from({ length: 12 }, (_, index) => `branch-${index}`);
  const wide: Net = {
    start: ['start'],
    transitions: [
      step('split', 'start', branches.join('+')),
      ...branches.map((branch) => step(`${branch}.done`, branch, `${branch}-done`)),
      step('join', branches.map((branch) => `${branch}-done`).join('+'), 'granted'),
    ],
    ends: new Set(['granted']),
  };
  expect(codes(wide)).toEqual([]);
  expect(play(wide).markings).toBe(2 ** 12 + 2);
  expect(codes(wide, 1_000)).toEqual(['too-many-states']);
});
