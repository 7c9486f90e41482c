import { expect, test } from '@jest/globals';
import { broughtTo, type TestRound, type TestRoundOptions } from '../../../test/support/round.js';
import { type Rule, usualRule } from '../../../test/support/round.charter.js';
import { type BallotVisit, stageOf } from '#workflow';
import type { BallotStage } from '../definition.js';
import { type ChangedRule, decidedAgain } from './ballot.again.js';

const stage = 'committee';
type Choice = 'for' | 'against' | 'abstain';

/** As many votes as there are choices, in the order of the seats; then time passes. */
async function voted(choices: readonly Choice[], options: TestRoundOptions = {}, until = '2026-03-09T16:00:00.000Z') {
  const round = await broughtTo(stage, options);
  for (const [place, choice] of choices.entries())
    await round.act(['chair', 'deputy', 'member-1', 'member-2', 'member-3'][place] ?? '', 'CastVote', { stage, choice });
  await round.until(until);
  return round;
}

async function again(round: TestRound, changed: ChangedRule) {
  const visit = (await round.state()).visits.find((one): one is BallotVisit => one.kind === 'ballot') as BallotVisit;
  const found = decidedAgain(stageOf(round.definition, stage) as BallotStage, visit, changed);
  return found && [found.was.outcome, found.wouldBe.outcome];
}

test('under the rule that was in force nothing is decided otherwise', async () => {
  for (const choices of [
    ['for', 'for', 'for', 'against'],
    ['for', 'against', 'against', 'abstain'],
    ['for', 'for', 'for'],
  ] as const) {
    const [was, wouldBe] = (await again(await voted(choices), {})) ?? [];
    expect(wouldBe).toBe(was);
  }
});

test('another quorum or another base of the majority changes what the same votes come to', async () => {
  const three = await voted(['for', 'for', 'for']);
  expect(await again(three, { quorum: { atLeast: [1, 2] } })).toEqual(['reconvened', 'carried']);
  const abstained = await voted(['for', 'for', 'against', 'abstain', 'abstain']);
  expect(await again(abstained, { majority: { of: 'present' } })).toEqual(['carried', 'not-carried']);
  expect(await again(abstained, { quorum: { atLeast: [1, 1] } })).toEqual(['carried', 'carried']);
});

test('the first sitting that had a quorum under the other rule decides; without any the matter ends undecided', async () => {
  const never = await voted(['for', 'for', 'for'], {}, '2026-04-30T00:00:00.000Z');
  expect((await never.state()).end?.id).toBe('undecided');
  expect(await again(never, { quorum: { atLeast: [3, 5] } })).toEqual(['inquorate', 'carried']);
  expect(await again(never, { quorum: { atLeast: [4, 5] } })).toEqual(['inquorate', 'inquorate']);
});

test('a casting vote that was given, or let pass, counts again; one that nobody was asked for is not invented', async () => {
  const even = ['for', 'against', 'for', 'against', 'abstain'] as const;
  const broken = await broughtTo(stage);
  for (const [place, person] of ['chair', 'deputy', 'member-1', 'member-2', 'member-3'].entries())
    await broken.act(person, 'CastVote', { stage, choice: even[place] });
  await broken.act('chair', 'BreakTie', { stage, choice: 'for' });
  expect(await again(broken, {})).toEqual(['carried', 'carried']);
  expect(await again(broken, { tie: 'not-carried' })).toEqual(['carried', 'not-carried']);
  expect(await again(await voted(even), {})).toEqual(['not-carried', 'not-carried']);
  const rule: Rule = { ...usualRule, tie: 'not-carried' };
  expect(await again(await voted(even, { rule }), { tie: 'chair-decides' })).toEqual(['not-carried', 'tied']);
});

test('what has not been voted on to the end, or was withdrawn before it was, is not decided again', async () => {
  const open = await broughtTo(stage);
  expect(await again(open, {})).toBeUndefined();
  await open.act('dean', 'WithdrawApplication', { reason: '另有安排' });
  expect(await again(open, {})).toBeUndefined();
});
