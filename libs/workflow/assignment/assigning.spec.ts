import { beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalJson } from '#kernel';
import { assignHere, type Assigning, type AssigningState, type Definition, lastRequest, problemOf } from '#workflow';
import { experts, RankedRound, rankedAward } from '../../../test/support/ranked-round.js';

/** Reviewers by assignment: two for each application, matched by kind. */
const assigned: Definition = {
  ...rankedAward,
  stages: rankedAward.stages.map((stage) =>
    stage.kind === 'panel'
      ? {
          ...stage,
          assignedBy: 'assignment' as const,
          assignWithin: 20,
          maxLoad: 3,
          onePerInstitution: true,
          fit: { expertise: ['form.kind'] },
        }
      : stage,
  ),
};
const id = 'a.spring.review';
const stream = `assignment-${id}`;
const subjects = ['a', 'b', 'c', 'd'] as const;

async function waiting(definition: Definition = assigned): Promise<RankedRound> {
  const round = await RankedRound.open(definition);
  for (const [index, subject] of subjects.entries()) {
    await round.apply({ subject, institution: index < 2 ? '11-a' : '44-b', kind: index % 2 === 0 ? 'online' : 'offline' });
    await round.screen(subject);
  }
  return round;
}

const keep = (round: RankedRound, type: string, data: object = {}) => round.send('secretary', 'assignment', id, type, data);
const assigning = async (round: RankedRound): Promise<Assigning> => {
  const { state } = await round.states.fresh<AssigningState>(stream);
  if (state.status === 'none') throw new Error('nobody has asked for an assignment');
  return state;
};
const last = async (round: RankedRound) => {
  const request = lastRequest(await assigning(round));
  if (request === undefined) throw new Error('nobody has asked for an assignment');
  return request;
};
const answer = (round: RankedRound, type: string, data: object = {}) => round.answer(keep(round, type, data));

describe('an assignment of a round', () => {
  let round: RankedRound;
  beforeAll(async () => {
    round = await waiting();
    for (const person of ['expert-1', 'expert-2'])
      await round.send(person, 'assignment', id, 'DescribeReviewer', { disciplines: [], expertise: ['online'] });
    for (const person of ['expert-3', 'expert-4'])
      await keep(round, 'DescribeReviewer', { person, disciplines: [], expertise: ['offline'] });
    await keep(round, 'RequestAssignment');
    await round.settle();
  });

  test('gives nobody a review before it is adopted, and what it proposes is on record with seed, inputs and solver', async () => {
    const { status, found, panels } = await last(round);
    expect(status).toBe('proposed');
    expect(found).toMatchObject({ seed: 'seven/review', fit: { gap: 0 } });
    expect(found?.solver).toMatch(/^entente-assignment\/2 highs\//);
    expect(found?.inputs).toMatch(/^[\w-]{43}$/);
    expect(panels.map(({ subject, reviewers }) => [subject, reviewers.length])).toEqual(subjects.map((one) => [one, 2]));
    for (const subject of subjects) expect(await round.reviewers(subject)).toEqual([]);
  });

  test('is the same to the byte when it is run again from the log with the same seed', async () => {
    const request = await last(round);
    const again = await assignHere(problemOf(request), { seed: request.found?.seed ?? '', timeLimitMs: 60_000 });
    if (again.outcome !== 'assigned') throw new Error(again.outcome);
    const { assignments, outcome: _outcome, ...found } = again;
    expect(canonicalJson(found)).toBe(canonicalJson(request.found));
    expect(assignments).toEqual(
      request.panels.map(({ subject, reviewers }) => ({
        case: subject,
        reviewers: reviewers.map((at) => request.pool[at]?.id ?? ''),
      })),
    );
  });

  test('is decided on before another is asked for, and what was discarded is not adopted; asked again, the lot is the same', async () => {
    const before = await last(round);
    expect(await answer(round, 'RequestAssignment')).toBe('assignment.under-way');
    await keep(round, 'DiscardAssignment', { request: 1, reason: '再核对回避关系' });
    expect(await answer(round, 'AdoptAssignment', { request: 1 })).toBe('assignment.not-open');
    await keep(round, 'RequestAssignment');
    await round.settle();
    const { panels, found } = await last(round);
    expect({ panels, found }).toEqual({ panels: before.panels, found: before.found });
  });

  test('is adopted by who keeps the panel, and then every case has its reviewers once, whatever the worker forgets', async () => {
    const { panels, pool, request } = await last(round);
    expect(await round.answer(round.send('expert-1', 'assignment', id, 'AdoptAssignment', { request }))).toBe(
      'authority.no-seat',
    );
    await keep(round, 'AdoptAssignment', { request });
    round.restart();
    await round.settle();
    round.restart();
    await round.settle();
    for (const { subject, reviewers } of panels) {
      expect(await round.reviewers(subject)).toEqual(reviewers.map((at) => pool[at]?.id));
      const given = (await round.history(`case-a.spring.${subject}`)).filter(({ type }) => type === 'ReviewersAssigned');
      expect(given.map(({ data }) => data)).toMatchObject([{ by: 'assignment', request: 2, seed: 'seven/review' }]);
    }
    expect(await round.incidents()).toEqual([]);
  });

  test('whoever is replaced after it is drawn for', async () => {
    const [reviewer = ''] = await round.reviewers('a');
    await round.act(reviewer, 'a', 'DeclareConflict', { stage: 'review', ground: '项目合作' });
    await round.settle();
    const after = await round.reviewers('a');
    expect(after).toHaveLength(2);
    expect(after).not.toContain(reviewer);
  });
});

test('what comes between the proposal and its adoption is respected: who declared a conflict is drawn for', async () => {
  const round = await waiting();
  await keep(round, 'RequestAssignment');
  await round.settle();
  const { panels, pool } = await last(round);
  const barred = pool[panels.find(({ subject }) => subject === 'a')?.reviewers[0] ?? 0]?.id ?? '';
  await round.act('secretary', 'a', 'DeclareConflict', { stage: 'review', person: barred, ground: '师生关系' });
  await round.act('dean-11-a', 'b', 'WithdrawApplication', { reason: '另有安排' });
  await keep(round, 'AdoptAssignment', { request: 1 });
  await round.settle();
  const reviewers = await round.reviewers('a');
  expect(reviewers).toHaveLength(2);
  expect(reviewers).not.toContain(barred);
  expect(await round.reviewers('b')).toEqual([]);
  expect(await round.incidents()).toEqual([]);
});

test('nobody reviews for a university that they left less than three years ago, a co-author, or beside whom they are kept apart from', async () => {
  const round = await waiting();
  const declare = (person: string, data: object) => round.send(person, 'assignment', id, 'DeclareRelation', data);
  await declare('expert-1', { relation: 'formerly-at', institution: '11-a', until: '2023-09-01' });
  await declare('expert-2', { relation: 'formerly-at', institution: '11-a', until: '2023-01-01' });
  const { events } = await declare('expert-2', { relation: 'formerly-at', institution: '11-a', until: '2023-01-01' });
  expect(events).toEqual([]);
  // With one of the two who are kept apart, only who left long ago is free for them.
  await keep(round, 'KeepApart', { one: 'expert-3', other: 'expert-4' });
  await keep(round, 'RequestAssignment');
  await round.settle();
  const { panels, pool } = await last(round);
  const named = panels.map(({ subject, reviewers }) => [subject, reviewers.map((at) => pool[at]?.id)] as const);
  for (const [subject, reviewers] of named.filter(([, one]) => one.length > 0)) {
    expect(['a', 'b'].includes(subject) && reviewers.includes('expert-1')).toBe(false);
    expect(['c', 'd'].includes(subject) || reviewers.includes('expert-2')).toBe(true);
    expect(reviewers.filter((one) => one === 'expert-3' || one === 'expert-4').length).toBeLessThan(2);
  }
});

test('an assignment has no solution: nothing is assigned, and the smallest set of blocking constraints is named', async () => {
  const round = await waiting();
  for (const person of experts.slice(1))
    await keep(round, 'DescribeReviewer', { person, disciplines: [], expertise: [], most: 0 });
  await keep(round, 'RequestAssignment');
  await round.settle();
  const { status, blocking, text, request } = await last(round);
  expect(status).toBe('blocked');
  expect(blocking?.smallest).toBe('fewest');
  expect(blocking?.constraints.some(({ kind }) => kind === 'most')).toBe(true);
  expect(text?.zh).toContain('上限');
  expect(await answer(round, 'AdoptAssignment', { request })).toBe('assignment.not-open');
  for (const subject of subjects) expect(await round.reviewers(subject)).toEqual([]);
  await keep(round, 'DescribeReviewer', { person: 'expert-2', disciplines: [], expertise: [], most: 3 });
  expect(await answer(round, 'RequestAssignment')).toBe('accepted');
});

test('nobody declares for another, and nobody is described who is not in the pool', async () => {
  const round = await waiting();
  const describe = { person: 'expert-2', disciplines: [], expertise: ['online'] };
  expect(await round.answer(round.send('expert-1', 'assignment', id, 'DescribeReviewer', describe))).toBe('authority.no-seat');
  expect(await answer(round, 'DescribeReviewer', { ...describe, person: 'stranger' })).toBe('assignment.not-in-pool');
  expect(await answer(round, 'KeepApart', { one: 'expert-2', other: 'stranger' })).toBe('assignment.not-in-pool');
  expect(await answer(round, 'DeclareRelation', { person: 'expert-2', relation: 'co-author' })).toBe(
    'assignment.relation-incomplete',
  );
});

test('who judges in the round and works for an institution runs no assignment, whether or not it has applied', async () => {
  const told = async (employer: string): Promise<readonly string[]> => {
    const round = await waiting();
    await keep(round, 'RequestAssignment');
    await round.settle();
    for (const organ of ['secretariat', 'expert-panel']) await round.seat(organ, ['keeper'], employer);
    const send = (type: string, data: object = {}) => round.answer(round.send('keeper', 'assignment', id, type, data));
    return [
      await send('AdoptAssignment', { request: 1 }),
      await send('DiscardAssignment', { request: 1, reason: '核对' }),
      await send('RequestAssignment'),
    ];
  };
  expect(await told('11-a')).toEqual(['assignment.judge', 'assignment.judge', 'assignment.judge']);
  expect(await told('44-a')).toEqual(await told('11-a'));
});

test('a panel is not matched by a fact that no application has', async () => {
  const unknown = {
    ...assigned,
    stages: assigned.stages.map((stage) => (stage.kind === 'panel' ? { ...stage, fit: { discipline: 'form.nothing' } } : stage)),
  };
  await expect(RankedRound.open(unknown)).rejects.toMatchObject({ code: 'definition.unsound' });
});

test('where nobody adopts an assignment in time, reviewers are drawn', async () => {
  const round = await waiting();
  await round.until('2026-04-01T00:00:00.000Z');
  for (const subject of subjects) expect(await round.reviewers(subject)).toHaveLength(2);
});

test('an assignment gives a panel as many reviewers as it has empty places, with those that were added', async () => {
  const round = await waiting();
  const add = (reviewer: string) => round.act('secretary', 'a', 'AddReviewer', { stage: 'review', reviewer, reason: '专业需要' });
  await add('expert-1');
  await add('expert-2');
  await round.settle();
  expect(await round.reviewers('a')).toEqual(['expert-1', 'expert-2']);
  await keep(round, 'RequestAssignment');
  await round.settle();
  const { panels } = await last(round);
  expect(panels.map(({ subject, wanted }) => [subject, wanted])).toEqual(subjects.map((one) => [one, 2]));
});
