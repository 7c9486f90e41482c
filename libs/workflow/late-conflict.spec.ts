import { expect, test } from '@jest/globals';
import { closesAt, rankedBy, RankedRound } from '../../test/support/ranked-round.js';
import { hearsLate, openVisits, type PanelVisit, timelineFor, type Viewer } from '#workflow';

const stage = 'review';
const conflict = { stage, ground: '与课程负责人合著。' };

const panelOf = async (round: RankedRound): Promise<PanelVisit> => {
  const { visits } = await round.case('a');
  return visits.findLast((visit): visit is PanelVisit => visit.kind === 'panel') as PanelVisit;
};

async function reviews(round: RankedRound, reviewer: string, points: number): Promise<void> {
  const scores = ['design', 'effect'].map((criterion) => ({ criterion, points }));
  await round.act(reviewer, 'a', 'SubmitReview', { stage, scores, vetoes: [], comment: '意见' });
  await round.settle();
}

/** Two applications: one that was given 90 and 50 waits for the other, which is still screened. */
async function waiting() {
  const round = await RankedRound.open();
  await round.apply({ subject: 'a' });
  await round.apply({ subject: 'b' });
  await round.screen('a');
  const [partial = '', impartial = ''] = await round.reviewers('a');
  await reviews(round, partial, 90);
  await reviews(round, impartial, 50);
  await round.until(closesAt);
  expect(await round.stands('a')).toBe('ranking');
  return { round, partial, impartial };
}

test('a conflict that is found after the panel has closed is heard while the ranking waits: another reviews, and the mean is of those who may', async () => {
  const { round, partial, impartial } = await waiting();
  await round.act(partial, 'a', 'DeclareConflict', conflict);
  await round.settle();
  expect(openVisits(await round.case('a'))).toMatchObject([{ stage, visit: 1 }]);
  expect((await round.ranking())?.standings).toEqual([]);
  const [another = ''] = await round.reviewers('a');
  expect([partial, impartial]).not.toContain(another);
  await round.act('secretary', 'b', 'FailCheck', { stage: 'screening', reason: '材料不符' });
  await round.settle();
  expect((await round.ranking())?.status).toBe('collecting');
  await reviews(round, another, 70);
  expect(await round.stands('a')).toBe('final selected');
  const placed = (await round.case('a')).visits.findLast((visit) => visit.kind === 'ranking');
  expect(placed).toMatchObject({ visit: 2, placed: { raw: [60, 1] } });
  expect((await panelOf(round)).assignments.map(({ status }) => status)).toEqual(['conflicted', 'submitted', 'submitted']);
  expect(await round.incidents()).toEqual([]);
});

test('the keeper declares it for a reviewer, once; nobody else is heard after the panel', async () => {
  const { round, partial } = await waiting();
  const declared = (person: string) => round.answer(round.act('secretary', 'a', 'DeclareConflict', { ...conflict, person }));
  expect(await declared('member-11-a')).toBe('case.not-at-stage');
  expect(await declared(partial)).toBe('accepted');
  expect(await declared(partial)).toBe('case.conflict-known');
});

test('once the ranking has given its place, a conflict is a ground for an appeal', async () => {
  const { round, partial } = await waiting();
  const before = await round.case('a');
  expect(hearsLate(round.definition, before, await panelOf(round))).toBe(true);
  await round.act('secretary', 'b', 'FailCheck', { stage: 'screening', reason: '材料不符' });
  await round.settle();
  expect(hearsLate(round.definition, await round.case('a'), await panelOf(round))).toBe(false);
  for (const person of [partial, 'secretary'])
    expect(await round.answer(round.act(person, 'a', 'DeclareConflict', { ...conflict, person: partial }))).toBe(
      'case.conflict-too-late',
    );
});

test('nor is a conflict heard while a case waits in reserve: it has its place', async () => {
  const round = await RankedRound.open();
  await round.bring({ subject: 'b' }, 95);
  await round.bring({ subject: 'c' }, 94);
  await round.bring({ subject: 'a' }, 80);
  await round.until(closesAt);
  expect(await round.stands('a')).toBe('ranking reserve');
  const panel = await panelOf(round);
  expect(hearsLate(round.definition, await round.case('a'), panel)).toBe(false);
  const declared = round.act(panel.assignments[0]?.reviewer ?? '', 'a', 'DeclareConflict', conflict);
  expect(await round.answer(declared)).toBe('case.conflict-too-late');
});

test('an applicant reads that the panel goes on, and not whose review is left out', async () => {
  const { round, partial } = await waiting();
  await round.act(partial, 'a', 'DeclareConflict', conflict);
  const office: Viewer = {
    person: 'dean-11-a',
    powers: [{ power: 'submit-application', scope: '11-a' }],
    institutions: ['11-a'],
  };
  const lines = timelineFor(round.definition, await round.case('a'), await round.history('case-a.spring.a'), office);
  expect(lines.slice(-2).map(({ type }) => type)).toEqual(['PanelReopened', 'StageClosed']);
  expect(JSON.stringify(lines, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
    partial,
  );
});

test('nobody of the organ that puts equals in order decides on what they have declared a conflict with, wherever they work', async () => {
  const round = await RankedRound.open(rankedBy({ ties: { rule: 'organ', power: 'order-equals', workingDays: 5 } }));
  await round.bring({ subject: 'c' }, 90);
  await round.apply({ subject: 'a' });
  await round.screen('a');
  await round.act('secretary', 'a', 'DeclareConflict', { ...conflict, person: 'chair' });
  await round.review('a', 80);
  await round.bring({ subject: 'b', institution: '44-a' }, 80);
  await round.until(closesAt);
  expect([await round.stands('a'), await round.stands('b')]).toEqual(['ranking tied', 'ranking tied']);
  const decision = { order: ['a', 'b'], resolution: '2026-3' };
  expect(await round.answer(round.send('chair', 'ranking', 'a.spring.ranking', 'DecideTie', decision))).toBe('ranking.no-tie');
});
