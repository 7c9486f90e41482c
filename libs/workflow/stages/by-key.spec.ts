import { expect, test } from '@jest/globals';
import { type BallotVisit, mayHear, timelineFor } from '#workflow';
import { obliged } from '../../../test/support/engine-room.js';
import { broughtTo, type TestRoundOptions, usualSeats } from '../../../test/support/round.js';

/** Everybody here sends what they do through one machine key: what they do is still theirs, each their own. */
const key = 'machine-0123456789abcdef';

const change =
  (id: string, more: object): NonNullable<TestRoundOptions['change']> =>
  (definition) => ({
    ...definition,
    stages: definition.stages.map((one) => (one.id === id ? ({ ...one, ...more } as typeof one) : one)),
  });
const secretariat = {
  ...usualSeats,
  'a.secretariat': [{ person: 'secretary' }, { person: 'officer' }, { person: 'clerk' }],
};
const stage = 'formal-check';

test('whoever submits an application with a machine key does not endorse it, with the key or without', async () => {
  const round = await broughtTo('endorsement', { key, change: change('endorsement', { separation: ['submit'] }) });
  expect((await round.refusal('dean', 'PassCheck', { stage: 'endorsement' })).code).toBe('case.four-eyes');
  expect((await round.state()).submittedBy).toBe('dean');
});

test('who failed a check with a machine key is on record as who ruled', async () => {
  const round = await broughtTo(stage, { key });
  await round.act('secretary', 'FailCheck', { stage, reason: '材料不全' });
  const visit = (await round.state()).visits.find((one) => one.stage === stage);
  expect(visit).toMatchObject({ verdict: { passed: false, by: 'secretary' } });
});

test('a signature, a vote and an answer that were given with a machine key are taken back by whoever gave them', async () => {
  const signing = await broughtTo(stage, { key, seats: secretariat, change: change(stage, { signatures: 'all' }) });
  await signing.act('secretary', 'PassCheck', { stage });
  await signing.act('secretary', 'RetractAct', { stage });
  expect((await signing.state()).visits.at(-1)).toMatchObject({ signing: { signatures: [] } });

  const voting = await broughtTo('committee', { key });
  await voting.act('member-1', 'CastVote', { stage: 'committee', choice: 'for' });
  await voting.act('member-2', 'CastVote', { stage: 'committee', choice: 'for' });
  await voting.act('member-1', 'RetractAct', { stage: 'committee' });
  const { sittings } = (await voting.state()).visits.at(-1) as BallotVisit;
  expect(sittings.at(-1)?.votes.map(({ person }) => person)).toEqual(['member-2']);

  const asked = await obliged('consent');
  asked.key = key;
  await asked.act('platform', 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
  await asked.act('platform', 'RetractAct', { stage: 'consent', party: 'platform' });
  expect((await asked.types()).slice(-1)).toEqual(['ActRetracted']);
});

test('a task that was handed over with a machine key is taken back by who handed it over, and not by who merely has a key', async () => {
  const round = await broughtTo(stage, { key, seats: secretariat });
  await round.act('secretary', 'TransferTask', { stage, part: 'check', to: 'officer', reason: '出差' });
  const back = { stage, part: 'check', reason: '返岗' };
  expect((await round.refusal('clerk', 'TakeBackTask', back)).code).toBe('case.not-yours-to-take-back');
  await round.act('secretary', 'TakeBackTask', back);
});

test('what somebody did with a machine key is their own act where they read and hear of it', async () => {
  const round = await broughtTo('committee', { key });
  const state = await round.state();
  const history = await round.history();
  const reviewed = history.filter(({ type }) => type === 'ReviewSubmitted');
  const [own] = reviewed;
  if (own === undefined) throw new Error('nobody reviewed');
  const person = own.meta.principal ?? '';
  const reviewer = { person, institutions: [], powers: [{ power: 'review-application' }] };
  const read = timelineFor(round.definition, state, history, reviewer).filter(({ type }) => type === 'ReviewSubmitted');
  expect(read.map(({ actor, machine }) => [actor, machine])).toEqual([[person, key]]);
  expect(reviewed.filter((event) => mayHear(round.definition, state, event, reviewer))).toEqual([own]);
});
