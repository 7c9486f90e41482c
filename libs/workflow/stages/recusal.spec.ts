import { expect, test } from '@jest/globals';
import { assignmentContext, type BallotVisit } from '#workflow';
import { applicant, broughtTo, everyReview, type TestRound, usualSeats } from '../../../test/support/round.js';

const leader = 'person-1';
const ballotOf = async (round: TestRound): Promise<BallotVisit> =>
  (await round.state()).visits.find((visit): visit is BallotVisit => visit.kind === 'ballot') as BallotVisit;
const recused = async (round: TestRound) => (await ballotOf(round)).sittings.at(-1)?.recused;
const seatOf = (organ: 'a.committee' | 'a.expert-panel') => usualSeats[organ] ?? [];
/** Works for another university, by the record. */
const alsoElsewhere = { person: leader, institution: 'i-6' };

test('the leader whom an application names is never drawn to review it, wherever they work', async () => {
  const seats = { ...usualSeats, 'a.expert-panel': [...seatOf('a.expert-panel').slice(0, 3), alsoElsewhere] };
  const round = await broughtTo('expert-review', { seats });
  const [assigned] = (await round.history()).filter(({ type }) => type === 'ReviewersAssigned');
  expect(assigned?.data).toMatchObject({ excluded: [{ person: leader, because: 'named' }] });
  const chosen = { stage: 'expert-review', reviewer: leader, reason: '增补' };
  expect((await round.refusal('secretary', 'AddReviewer', chosen)).code).toBe('case.reviewer-barred');
});

test('neither ties nor a name on the application let a member rule on an objection to it', async () => {
  const round = await broughtTo('publicity');
  await round.seat('a.committee', [...seatOf('a.committee'), alsoElsewhere]);
  const tie = { person: 'member-2', relation: 'supervised', with: leader };
  await round.send('secretary', assignmentContext, 'a.spring.expert-review', 'DeclareRelation', tie);
  const said = {
    name: '王小明',
    contact: '12345',
    statement: '不实',
    evidence: [{ sha256: 'a'.repeat(64), bytes: 9, mediaType: 'application/pdf' }],
  };
  await round.act('citizen', 'RaiseObjection', { stage: 'publicity', ...said });
  const [raised] = (await round.history()).filter(({ type }) => type === 'ObjectionRaised');
  const { objection } = (raised as { readonly data: unknown }).data as { readonly objection: string };
  const ruling = { stage: 'publicity', objection, ruling: 'dismissed', reason: '查无实据' };
  expect((await round.refusal('member-2', 'RuleOnObjection', ruling)).code).toBe('case.recused');
  expect((await round.refusal(leader, 'RuleOnObjection', ruling)).code).toBe('case.not-found');
  await round.act('member-1', 'RuleOnObjection', ruling);
});

test('the leader whom an application names has no vote on it, does not learn of it, and counts for no quorum', async () => {
  const seats = { ...usualSeats, 'a.committee': [...seatOf('a.committee'), alsoElsewhere] };
  const round = await broughtTo('committee', { seats });
  expect(await recused(round)).toEqual([{ person: leader, because: 'named' }]);
  expect((await round.refusal(leader, 'CastVote', { stage: 'committee', choice: 'for' })).code).toBe('case.not-found');
  expect((await round.refusal(leader, 'DeclareConflict', { stage: 'committee', ground: '本人课程' })).code).toBe(
    'case.not-found',
  );
});

test('who handed an application in, and moved on to another university, does not judge it there', async () => {
  const round = await broughtTo('expert-review');
  await round.seat(`a.deans-office.${applicant}`, [{ person: 'new-dean', institution: applicant }]);
  await round.seat('a.committee', [...seatOf('a.committee'), { person: 'dean', institution: 'i-7' }]);
  await everyReview(round, 8);
  await round.settle();
  expect(await recused(round)).toEqual([{ person: 'dean', because: 'named' }]);
});

test('the ties that keep reviewers from an application keep members from its ballot and its rulings', async () => {
  const round = await broughtTo('expert-review');
  const [former] = seatOf('a.committee').filter(({ person }) => person === 'member-1');
  await round.seat('a.committee', [
    ...seatOf('a.committee').filter((seat) => seat !== former),
    { ...former, person: 'member-1' },
    { person: 'member-1', institution: applicant, from: '2020-01-01T00:00:00.000Z', until: '2024-09-01T00:00:00.000Z' },
  ]);
  const tie = { person: 'member-2', relation: 'co-author', with: leader };
  await round.send('secretary', assignmentContext, 'a.spring.expert-review', 'DeclareRelation', tie);
  await everyReview(round, 8);
  await round.settle();
  expect(await recused(round)).toEqual([
    { person: 'member-1', because: 'formerly-there' },
    { person: 'member-2', because: 'co-author' },
  ]);
});
