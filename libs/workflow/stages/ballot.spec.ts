import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applicant,
  broughtTo,
  committee,
  everyReview,
  everyVote,
  type TestRound,
  usualSeats,
} from '../../../test/support/round.js';
import { type Rule, usualRule } from '../../../test/support/round.charter.js';
import type { BallotVisit, Sitting } from '#workflow';
import { countVotes } from './ballot.count.js';

const stage = 'committee';
type Choice = 'for' | 'against' | 'abstain';
const vote = (round: TestRound, person: string, choice: Choice) => round.act(person, 'CastVote', { stage, choice });
const ballotOf = async (round: TestRound): Promise<BallotVisit> =>
  (await round.state()).visits.find((visit): visit is BallotVisit => visit.kind === 'ballot') as BallotVisit;
const lastLeft = async (round: TestRound) => (await round.history()).filter(({ type }) => type === 'StageLeft').at(-1)?.data;
const closing = '2026-03-09T16:00:00.000Z';
const votes = async (round: TestRound, choices: Readonly<Record<string, Choice>>) => {
  for (const [person, choice] of Object.entries(choices)) await vote(round, person, choice);
};
const withRecused = {
  ...usualSeats,
  'a.committee': (usualSeats['a.committee'] ?? []).map((seat) =>
    seat.person === 'chair' ? { ...seat, institution: applicant } : seat,
  ),
};

test('a ballot opens by itself, under the rule of the charter that the round was opened under', async () => {
  const round = await broughtTo(stage);
  await round.place('charter-a', {
    ...(await round.states.fresh<object>('charter-a')).state,
    version: 2,
    rules: { recognition: { ...usualRule, quorum: { atLeast: [1, 1], of: 'all-seats' } } },
  });
  const { sittings } = await ballotOf(round);
  expect(sittings).toMatchObject([{ sitting: 1, charter: 1, organ: 'committee', rule: usualRule, closesAt: closing }]);
  await votes(round, { chair: 'for', deputy: 'for', 'member-1': 'for', 'member-2': 'against' });
  await round.until(closing);
  expect(await lastLeft(round)).toMatchObject({ outcome: 'carried', to: 'publicity' });
});

test('a motion is carried by more than half of the votes cast, and the arithmetic is on record', async () => {
  const round = await broughtTo(stage);
  await votes(round, { chair: 'for', deputy: 'for', 'member-1': 'against', 'member-2': 'abstain', 'member-3': 'for' });
  expect(await lastLeft(round)).toMatchObject({
    outcome: 'carried',
    explanation: {
      inputs: { for: 3, against: 1, abstain: 1, charter: 1, rule: usualRule },
      arithmetic: [
        { what: 'quorum', actual: [5, 5], relation: '>=', required: [2, 3], holds: true },
        { what: 'majority', actual: [3, 4], relation: '>', required: [1, 2], holds: true },
      ],
    },
  });
});

test('abstentions count for the quorum, and for the majority only where its base says "of those present"', async () => {
  const rule: Rule = { ...usualRule, majority: { over: [1, 2], of: 'present' } };
  const round = await broughtTo(stage, { rule });
  await votes(round, { chair: 'for', deputy: 'for', 'member-1': 'against', 'member-2': 'abstain', 'member-3': 'abstain' });
  expect(await lastLeft(round)).toMatchObject({
    outcome: 'not-carried',
    explanation: { arithmetic: [{}, { actual: [2, 5], holds: false }] },
  });
});

test('a ballot without a quorum decides nothing and is reconvened, a bounded number of times', async () => {
  const round = await broughtTo(stage);
  await votes(round, { chair: 'for', deputy: 'for', 'member-1': 'for' });
  await round.until(closing);
  const types = await round.types();
  expect(types.filter((type) => type === 'BallotInquorate')).toHaveLength(1);
  expect(types.filter((type) => type === 'BallotOpened')).toHaveLength(2);
  const { sittings } = await ballotOf(round);
  expect(sittings[0]?.inquorate?.arithmetic).toEqual([
    { what: 'quorum', actual: [3, 5], relation: '>=', required: [2, 3], holds: false },
  ]);
  expect(sittings[1]).toMatchObject({ sitting: 2, votes: [], closesAt: '2026-03-17T16:00:00.000Z' });
  await round.until('2026-04-30T00:00:00.000Z');
  expect((await round.state()).end).toMatchObject({ id: 'undecided', outcome: 'refused' });
  expect((await ballotOf(round)).sittings).toHaveLength(3);
});

test('the recused leave the denominator only if the charter says so', async () => {
  const three: Readonly<Record<string, Choice>> = { deputy: 'for', 'member-1': 'for', 'member-2': 'for' };
  const allSeats = await broughtTo(stage, { seats: withRecused });
  await votes(allSeats, three);
  await allSeats.until(closing);
  expect((await ballotOf(allSeats)).sittings[0]?.inquorate).toBeDefined();
  const rule: Rule = { ...usualRule, quorum: { atLeast: [2, 3], of: 'eligible-seats' } };
  const eligible = await broughtTo(stage, { seats: withRecused, rule });
  await votes(eligible, three);
  await eligible.until(closing);
  expect(await lastLeft(eligible)).toMatchObject({
    outcome: 'carried',
    explanation: { excluded: [{ what: 'chair', because: 'same-institution' }], arithmetic: [{ actual: [3, 4] }, {}] },
  });
});

test('a member who works for the applicant does not learn that there is a ballot', async () => {
  const round = await broughtTo(stage, { seats: withRecused });
  expect((await round.refusal('chair', 'CastVote', { stage, choice: 'for' })).code).toBe('case.not-found');
});

test('the chair breaks a tie', async () => {
  const round = await broughtTo(stage);
  await votes(round, { chair: 'for', deputy: 'against', 'member-1': 'for', 'member-2': 'against', 'member-3': 'abstain' });
  expect((await ballotOf(round)).sittings[0]?.tie).toEqual({ castingVote: 'chair', dueAt: '2026-03-04T16:00:00.000Z' });
  expect((await round.refusal('deputy', 'BreakTie', { stage, choice: 'for' })).code).toBe('case.not-presiding');
  expect((await round.refusal('member-3', 'CastVote', { stage, choice: 'for' })).code).toBe('case.voting-closed');
  await round.act('chair', 'BreakTie', { stage, choice: 'for' });
  expect(await lastLeft(round)).toMatchObject({ outcome: 'carried', explanation: { inputs: { castingVote: 'for' } } });
});

test('a casting vote at the end of its time is too late, also before anybody has noted it', async () => {
  const round = await broughtTo(stage);
  await votes(round, { chair: 'for', deputy: 'against', 'member-1': 'for', 'member-2': 'against', 'member-3': 'abstain' });
  round.clock.advanceTo(Date.parse('2026-03-04T16:00:00.000Z'));
  expect((await round.refusal('chair', 'BreakTie', { stage, choice: 'for' })).code).toBe('case.no-tie');
});

test('where the chair has a conflict the deputy breaks the tie', async () => {
  const round = await broughtTo(stage, { seats: withRecused });
  await votes(round, { deputy: 'against', 'member-1': 'for', 'member-2': 'against', 'member-3': 'for' });
  expect((await ballotOf(round)).sittings[0]?.tie?.castingVote).toBe('deputy');
  expect((await round.refusal('chair', 'BreakTie', { stage, choice: 'for' })).code).toBe('case.not-found');
  await round.act('deputy', 'BreakTie', { stage, choice: 'against' });
  expect((await round.state()).end).toMatchObject({ id: 'declined' });
});

test('whose seat has ended breaks no tie: the deputy does, and without either it is not carried', async () => {
  const rest = (usualSeats['a.committee'] ?? []).filter(({ person }) => person !== 'chair');
  const even = { chair: 'for', deputy: 'against', 'member-1': 'for', 'member-2': 'against' } as const;
  const deputised = await broughtTo(stage);
  await votes(deputised, even);
  await deputised.seat('a.committee', rest);
  await deputised.until(closing);
  expect((await ballotOf(deputised)).sittings[0]).toMatchObject({ tie: { castingVote: 'deputy' }, votes: { length: 4 } });
  const leaderless = await broughtTo(stage);
  await votes(leaderless, even);
  await leaderless.seat(
    'a.committee',
    rest.filter(({ person }) => person !== 'deputy'),
  );
  await vote(leaderless, 'member-3', 'abstain');
  expect((await leaderless.state()).end).toMatchObject({ id: 'declined' });
});

test('a tie that nobody breaks in time is not carried', async () => {
  const round = await broughtTo(stage);
  await votes(round, { chair: 'for', deputy: 'against', 'member-1': 'for', 'member-2': 'against', 'member-3': 'abstain' });
  await round.until('2026-03-04T16:00:00.000Z');
  expect((await round.state()).end).toMatchObject({ id: 'declined' });
});

test('a tie is not carried where the charter says so', async () => {
  const round = await broughtTo(stage, { rule: { ...usualRule, tie: 'not-carried' } });
  await votes(round, { chair: 'for', deputy: 'against', 'member-1': 'for', 'member-2': 'against', 'member-3': 'abstain' });
  expect((await round.state()).end).toMatchObject({ id: 'declined' });
});

test('a conflict declared after voting excludes the vote and keeps it', async () => {
  const round = await broughtTo(stage);
  await votes(round, { 'member-1': 'for', chair: 'against', deputy: 'against', 'member-2': 'for' });
  await round.act('member-1', 'DeclareConflict', { stage, ground: '师生关系' });
  expect((await ballotOf(round)).sittings[0]?.votes).toHaveLength(4);
  await vote(round, 'member-3', 'for');
  expect((await ballotOf(round)).sittings[0]?.tie?.castingVote).toBe('chair');
  const declared = (await round.history()).find(({ type }) => type === 'ConflictDeclared');
  expect(declared?.data).toMatchObject({ person: 'member-1', excludes: 'vote' });
});

test('nobody votes twice, without a seat, after the end of the ballot, or with a seat given after it was opened', async () => {
  const round = await broughtTo(stage);
  await vote(round, 'chair', 'for');
  expect((await round.refusal('chair', 'CastVote', { stage, choice: 'against' })).code).toBe('case.already-voted');
  expect((await round.refusal('secretary', 'CastVote', { stage, choice: 'for' })).code).toBe('authority.no-seat');
  await round.seat('a.committee', [...(usualSeats['a.committee'] ?? []), { person: 'newcomer' }]);
  expect((await round.refusal('newcomer', 'CastVote', { stage, choice: 'for' })).code).toBe('case.not-an-elector');
  round.clock.advanceTo(Date.parse(closing));
  expect((await round.refusal('deputy', 'CastVote', { stage, choice: 'for' })).code).toBe('case.voting-closed');
});

test('a vote stands when its seat ends later, and the seat stays in the base', async () => {
  const round = await broughtTo(stage);
  await vote(round, 'member-1', 'for');
  await round.seat(
    'a.committee',
    (usualSeats['a.committee'] ?? []).filter(({ person }) => person !== 'member-1'),
  );
  await votes(round, { chair: 'for', deputy: 'for', 'member-2': 'for', 'member-3': 'against' });
  expect(await lastLeft(round)).toMatchObject({ explanation: { arithmetic: [{ actual: [5, 5] }, { actual: [4, 5] }] } });
});

test('no ballot is closed before its time', async () => {
  const round = await broughtTo(stage);
  expect((await round.refusal('secretary', 'CloseBallot', { stage })).code).toBe('case.too-early');
  await everyVote(round, 'for');
  expect((await round.state()).visits.at(-1)?.stage).toBe('publicity');
});

test('a committee with nobody in it opens no ballot', async () => {
  const round = await broughtTo('expert-review', { seats: { ...usualSeats, 'a.committee': [] } });
  await everyReview(round, 8);
  await round.settle();
  expect(round.refused).toEqual(['OpenBallot: case.no-seats']);
  expect((await round.refusal('secretary', 'OpenBallot', { stage })).code).toBe('case.no-seats');
});

const share = fc.constantFrom<readonly [number, number]>([1, 2], [2, 3], [1, 3], [3, 4]);
const someSitting = fc.record({
  quorum: fc.record({ atLeast: share, of: fc.constantFrom('all-seats' as const, 'eligible-seats' as const) }),
  majority: fc.record({
    over: share,
    atLeast: fc.boolean(),
    of: fc.constantFrom('votes-cast' as const, 'present' as const, 'all-seats' as const),
  }),
  members: fc.array(fc.constantFrom<Choice | 'absent' | 'recused'>('for', 'against', 'abstain', 'absent', 'recused'), {
    minLength: 1,
    maxLength: 30,
  }),
});

test('no share is rounded: a rule holds exactly when the fractions say so', () => {
  fc.assert(
    fc.property(someSitting, ({ quorum, majority, members }) => {
      const people = members.map((does, index) => ({ person: `p${index}`, does }));
      const sitting: Sitting = {
        sitting: 1,
        organ: 'committee',
        charter: 1,
        rule: { quorum, majority, tie: 'not-carried' },
        seats: people.map(({ person }) => ({ person, role: 'member', granted: `seat-of-${person}` })),
        closesAt: closing,
        recused: people.flatMap(({ person, does }) => (does === 'recused' ? [{ person, because: 'declared' as const }] : [])),
        votes: people.flatMap(({ person, does }) => (does === 'absent' || does === 'recused' ? [] : [{ person, choice: does }])),
      };
      const of = (...kinds: string[]): bigint => BigInt(members.filter((does) => kinds.includes(does)).length);
      const present = of('for', 'against', 'abstain');
      const base = { 'all-seats': BigInt(members.length), 'eligible-seats': BigInt(members.length) - of('recused') }[quorum.of];
      const against = { 'votes-cast': of('for', 'against'), present, 'all-seats': BigInt(members.length) }[majority.of];
      const [left, right] = [of('for') * BigInt(majority.over[1]), against * BigInt(majority.over[0])];
      const count = countVotes(sitting);
      expect(count.quorum.holds).toBe(base > 0n && present * BigInt(quorum.atLeast[1]) >= base * BigInt(quorum.atLeast[0]));
      expect(count.majority.holds).toBe(against > 0n && (majority.atLeast ? left >= right : left > right));
    }),
  );
});

test('the whole committee is five', () => {
  expect(committee).toHaveLength(usualSeats['a.committee']?.length ?? 0);
});
