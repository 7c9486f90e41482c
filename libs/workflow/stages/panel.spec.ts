import { expect, test } from '@jest/globals';
import {
  applicant,
  assigned,
  broughtTo,
  caseId,
  everyReview,
  review,
  scored,
  type TestRound,
  usualSeats,
} from '../../../test/support/round.js';
import type { Definition, PanelVisit } from '#workflow';
import { caseRow } from '../case-row.js';

const stage = 'expert-review';
const panelOf = async (round: TestRound): Promise<PanelVisit> =>
  (await round.state()).visits.find((visit): visit is PanelVisit => visit.kind === 'panel') as PanelVisit;
const conflict = { stage, ground: '近三年合作发表论文' };
const eventsOf = async (round: TestRound, type: string) => (await round.history()).filter((event) => event.type === type);
/** The secretary chooses within three working days; then others are drawn. */
const bySecretary = (definition: Definition) => ({
  ...definition,
  stages: definition.stages.map((one) =>
    one.kind === 'panel' ? { ...one, assignedBy: 'secretary' as const, assignWithin: 3 } : one,
  ),
});
const resized = (size: number) => (definition: Definition) => ({
  ...definition,
  stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, size, minimum: Math.min(size, 2) } : one)),
});

test('three reviewers are drawn at once, none of them from the applicant, one from each institution', async () => {
  const round = await broughtTo(stage);
  const reviewers = await assigned(round);
  expect(new Set(reviewers).size).toBe(3);
  expect(reviewers).not.toContain('expert-own');
  const [drawn] = await eventsOf(round, 'ReviewersAssigned');
  expect(drawn?.data).toMatchObject({
    by: 'draw',
    draw: 1,
    seed: `seven/${caseId}/expert-review/1/1`,
    inputs: expect.stringMatching(/^[\w-]{43}$/),
    solver: 'least-load-then-seeded-hash/2',
    eligible: 5,
    excluded: [{ person: 'expert-own', because: 'same-institution' }],
  });
});

test('an assignment that is run again with the same inputs gives the same bytes', async () => {
  const assignments = async () => (await eventsOf(await broughtTo(stage), 'ReviewersAssigned'))[0]?.data as { inputs: string };
  const { inputs, ...first } = await assignments();
  const { inputs: again, ...second } = await assignments();
  expect(again).toBe(inputs);
  const reviewersOf = (data: object) =>
    (data as { assignments: { reviewer: string }[] }).assignments.map(({ reviewer }) => reviewer);
  expect(reviewersOf(second)).toEqual(reviewersOf(first));
});

test('who has the fewest open reviews is drawn first, and nobody beyond the greatest load', async () => {
  const round = await broughtTo('formal-check');
  round.loads = { 'expert-1': 60, 'expert-2': 59, 'expert-3': 5, 'expert-4': 4, 'expert-5': 3 };
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  await round.settle();
  expect(await assigned(round)).toEqual(['expert-5', 'expert-4', 'expert-3']);
});

test('an assignment without a solution assigns nobody and names a smallest blocking set', async () => {
  const round = await broughtTo('formal-check');
  round.loads = { 'expert-1': 60, 'expert-2': 60, 'expert-3': 60 };
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  await round.settle();
  expect(await assigned(round)).toEqual([]);
  const [unfilled] = await eventsOf(round, 'PanelUnfilled');
  expect(unfilled?.data).toEqual({
    stage,
    visit: 1,
    wanted: 3,
    eligible: 2,
    blocking: [{ constraint: 'load', count: 3 }],
    dueAt: '2026-03-16T16:00:00.000Z',
  });
  await round.act('secretary', 'AssignReviewers', { stage });
  await round.settle();
  expect((await eventsOf(round, 'PanelUnfilled'))[1]?.data).toMatchObject({ blocking: [{ constraint: 'load', count: 3 }] });
});

test('a pool that is too small is named as such', async () => {
  const round = await broughtTo(stage, { seats: { ...usualSeats, 'a.expert-panel': [{ person: 'expert-1' }] } });
  expect((await eventsOf(round, 'PanelUnfilled'))[0]?.data).toMatchObject({ blocking: [{ constraint: 'pool', count: 1 }] });
});

test('the secretary may choose reviewers, but not past a conflict', async () => {
  const seats = { ...usualSeats, 'a.expert-panel': (usualSeats['a.expert-panel'] ?? []).slice(3) };
  const round = await broughtTo(stage, { seats });
  const own = await round.refusal('secretary', 'AssignReviewers', { stage, reviewers: ['expert-own'] });
  expect(own.code).toBe('case.reviewer-barred');
  expect(own.details).toMatchObject({ barred: [{ person: 'expert-own', because: 'same-institution' }] });
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-4', 'expert-5'] });
  await round.settle();
  expect(await assigned(round)).toEqual(['expert-4', 'expert-5']);
});

test('nobody but the engine says how much reviewers have to do, or whose review it is', async () => {
  const round = await broughtTo(stage, { change: bySecretary });
  for (const said of [{ loads: { 'expert-1': 60, 'expert-2': 60 } }, { principal: 'expert-1' }])
    expect((await round.refusal('secretary', 'AssignReviewers', { stage, ...said })).code).toBe('case.engine-counts');
});

test('whom the secretary chooses is not assigned more than anyone may have', async () => {
  const round = await broughtTo(stage, { change: bySecretary });
  round.loads = { 'expert-1': 60 };
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-1', 'expert-2', 'expert-3'] });
  await round.settle();
  expect(await assigned(round)).toEqual([]);
  expect((await eventsOf(round, 'PanelUnfilled'))[0]?.data).toMatchObject({ blocking: [{ constraint: 'load', count: 1 }] });
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-2', 'expert-3', 'expert-4'] });
  await round.settle();
  expect((await eventsOf(round, 'ReviewersAssigned'))[0]?.data).toMatchObject({ by: 'secretary', loads: { 'expert-1': 60 } });
  expect(await assigned(round)).toEqual(['expert-2', 'expert-3', 'expert-4']);
});

test('the secretary chooses no two of one institution where each may send one', async () => {
  const pool = (usualSeats['a.expert-panel'] ?? []).map((seat) => ({ ...seat, institution: 'i-1' }));
  const round = await broughtTo(stage, { change: bySecretary, seats: { ...usualSeats, 'a.expert-panel': pool } });
  const { details } = await round.refusal('secretary', 'AssignReviewers', { stage, reviewers: ['expert-1', 'expert-2'] });
  expect(details).toMatchObject({ barred: [{ person: 'expert-2', because: 'institution-taken' }] });
});

test('where the secretary chooses, a place that falls empty is drawn for if nobody is chosen in time', async () => {
  const round = await broughtTo(stage, { change: bySecretary });
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-1', 'expert-2', 'expert-3'] });
  await round.settle();
  await round.act('expert-1', 'DeclareConflict', conflict);
  await round.settle();
  expect(await assigned(round)).toHaveLength(2);
  expect((await panelOf(round)).dueAt).toBe('2026-03-05T16:00:00.000Z');
  await round.until('2026-03-06T00:00:00.000Z');
  expect(await assigned(round)).toHaveLength(3);
  expect((await panelOf(round)).dueAt).toBeUndefined();
});

test('a choice that leaves places empty does not end the wait for the others', async () => {
  const round = await broughtTo(stage, { change: bySecretary });
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-1'] });
  await round.until('2026-03-06T00:00:00.000Z');
  expect(await assigned(round)).toHaveLength(3);
});

test('a panel below its minimum that nobody can be drawn for is overdue, and is filled once the pool has grown', async () => {
  const pool = usualSeats['a.expert-panel'] ?? [];
  const round = await broughtTo(stage, { seats: { ...usualSeats, 'a.expert-panel': pool.slice(0, 1) } });
  await round.until('2026-03-16T15:59:59.999Z');
  expect(await eventsOf(round, 'StageOverdue')).toHaveLength(0);
  await round.until('2026-04-17T00:00:00.000Z');
  expect((await eventsOf(round, 'StageOverdue')).map(({ data }) => data)).toEqual([{ stage, visit: 1, of: 'draw.1' }]);
  await round.seat('a.expert-panel', pool);
  await round.act('secretary', 'AssignReviewers', { stage });
  await round.settle();
  expect(await assigned(round)).toHaveLength(3);
});

test('the secretary has reviewers drawn no more often than the stage allows, and then chooses', async () => {
  const once = (definition: Definition) => ({
    ...definition,
    stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, draws: 1 } : one)),
  });
  const round = await broughtTo(stage, { change: once });
  const [first = '', ...others] = await assigned(round);
  await round.act(first, 'DeclareConflict', conflict);
  await round.settle();
  expect((await eventsOf(round, 'PanelUnfilled'))[0]?.data).toMatchObject({ blocking: [{ constraint: 'draws', count: 1 }] });
  expect((await round.refusal('secretary', 'AssignReviewers', { stage })).code).toBe('case.draws-used-up');
  const idle = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'].find((one) => one !== first && !others.includes(one));
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: [idle] });
  await round.settle();
  expect(await assigned(round)).toEqual([...others, idle]);
});

test('the secretary’s task says so while the panel is short of places', async () => {
  const round = await broughtTo(stage, { change: bySecretary });
  const lacks = async (): Promise<boolean> => caseRow(round.definition, await round.state()).facts.unassigned;
  expect(await lacks()).toBe(true);
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-1', 'expert-2'] });
  await round.settle();
  expect(await lacks()).toBe(true);
  await round.act('secretary', 'AssignReviewers', { stage, reviewers: ['expert-3'] });
  await round.settle();
  expect(await lacks()).toBe(false);
  await round.act('expert-1', 'DeclareConflict', conflict);
  expect(await lacks()).toBe(true);
});

test('the panel recommends by the mean of its weighted scores, never by their sum', async () => {
  const round = await broughtTo(stage);
  const [one, two, three] = await assigned(round);
  await round.act(one as string, 'SubmitReview', review(7));
  await round.act(two as string, 'SubmitReview', review(6));
  await round.act(three as string, 'SubmitReview', review(5));
  const left = (await eventsOf(round, 'StageLeft')).at(-1);
  expect(left?.data).toMatchObject({
    outcome: 'recommended',
    to: 'committee',
    explanation: {
      arithmetic: [
        { what: 'complete-reviews', actual: [3, 1], relation: '>=', required: [2, 1], holds: true },
        { what: 'mean', actual: [60, 1], relation: '>=', required: [60, 1], holds: true },
      ],
    },
  });
});

test('a mean that is a hair below the pass mark is below it', async () => {
  const round = await broughtTo(stage);
  const [one, two, three] = await assigned(round);
  await round.act(one as string, 'SubmitReview', review(6));
  await round.act(two as string, 'SubmitReview', review(6));
  const scores = scored(6).map((score) => (score.criterion === 'team' ? { ...score, points: 5 } : score));
  await round.act(three as string, 'SubmitReview', { ...review(6), scores });
  expect((await round.state()).end).toMatchObject({ id: 'below-standard' });
  const left = (await eventsOf(round, 'StageLeft')).at(-1);
  expect(left?.data).toMatchObject({ explanation: { arithmetic: [{}, { actual: [179, 3], holds: false }] } });
});

test('one reviewer who finds an item of the negative list ends the review', async () => {
  const round = await broughtTo(stage);
  const [one, two, three] = await assigned(round);
  await round.act(one as string, 'SubmitReview', review(10, ['false-data']));
  await round.act(two as string, 'SubmitReview', review(10));
  await round.act(three as string, 'SubmitReview', review(10));
  expect((await round.state()).end).toMatchObject({ id: 'vetoed', outcome: 'refused' });
});

test('an essential criterion that is not reached cannot be made up for elsewhere', async () => {
  const round = await broughtTo(stage);
  const scores = scored(10).map((score) => (score.criterion === 'content' ? { ...score, points: 4 } : score));
  for (const reviewer of await assigned(round)) await round.act(reviewer, 'SubmitReview', { ...review(10), scores });
  expect((await round.state()).end).toMatchObject({ id: 'below-standard' });
});

test('a review scores every criterion once, within the scale, and nothing else', async () => {
  const round = await broughtTo(stage);
  const [reviewer] = (await assigned(round)) as [string];
  const wrong = async (scores: object[], vetoes: string[] = []) =>
    (await round.refusal(reviewer, 'SubmitReview', { ...review(8), scores, vetoes })).code;
  expect(await wrong(scored(8).slice(1))).toBe('case.scores-incomplete');
  const twice = { ...review(8), scores: [...scored(8), ...scored(8).slice(0, 1)] };
  expect((await round.refusal(reviewer, 'SubmitReview', twice)).details).toMatchObject({ wrong: ['objectives'] });
  expect(await wrong([...scored(8), { criterion: 'charm', points: 1 }])).toBe('case.scores-incomplete');
  expect(await wrong(scored(11))).toBe('case.scores-incomplete');
  expect(await wrong(scored(8), ['no-such-veto'])).toBe('case.scores-incomplete');
});

test('nobody reviews without an assignment, or twice', async () => {
  const round = await broughtTo(stage);
  const reviewers = await assigned(round);
  const idle = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'].find(
    (person) => !reviewers.includes(person),
  ) as string;
  expect((await round.refusal(idle, 'SubmitReview', review(8))).code).toBe('case.not-found');
  await round.act(reviewers[0] as string, 'SubmitReview', review(8));
  expect((await round.refusal(reviewers[0] as string, 'SubmitReview', review(8))).code).toBe('case.already-reviewed');
});

test('what a reviewer writes stands in the log only as a salted digest', async () => {
  const round = await broughtTo(stage);
  await everyReview(round, 8);
  expect(JSON.stringify(await round.history(), (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value))).not.toContain(
    '评审意见',
  );
});

test('a conflict declared after scoring excludes the score, keeps it, and draws a replacement', async () => {
  const round = await broughtTo(stage);
  const [first, second, third] = (await assigned(round)) as [string, string, string];
  await round.act(first, 'SubmitReview', review(10));
  await round.act(first, 'DeclareConflict', conflict);
  await round.settle();
  const panel = await panelOf(round);
  expect(panel.assignments[0]).toMatchObject({ reviewer: first, status: 'conflicted', review: { total: [100, 1] } });
  const replacement = (await assigned(round)).find((person) => ![first, second, third].includes(person)) as string;
  expect(replacement).toBeDefined();
  for (const reviewer of [second, third, replacement]) await round.act(reviewer, 'SubmitReview', review(6));
  const left = (await eventsOf(round, 'StageLeft')).at(-1);
  expect(left?.data).toMatchObject({
    outcome: 'recommended',
    explanation: {
      excluded: [{ what: `assignment ${panel.assignments[0]?.id}`, because: 'conflict declared' }],
      arithmetic: [{ actual: [3, 1] }, { what: 'mean', actual: [60, 1] }],
    },
  });
});

test('who has declared a conflict does not learn any more that the case exists', async () => {
  const round = await broughtTo(stage);
  const [reviewer] = (await assigned(round)) as [string];
  await round.act(reviewer, 'DeclareConflict', conflict);
  for (const [type, data] of [
    ['SubmitReview', review(8)],
    ['DeclareConflict', conflict],
    ['PassCheck', { stage: 'formal-check' }],
    ['CastVote', { stage: 'committee', choice: 'for' }],
  ] as const)
    expect((await round.refusal(reviewer, type, data)).code).toBe('case.not-found');
});

test('the secretary puts another’s conflict on record', async () => {
  const round = await broughtTo(stage);
  const [reviewer] = (await assigned(round)) as [string];
  expect((await round.refusal('expert-own', 'DeclareConflict', { ...conflict, person: reviewer })).code).toBe('case.not-found');
  await round.act('secretary', 'DeclareConflict', { ...conflict, person: reviewer });
  await round.settle();
  expect(await assigned(round)).not.toContain(reviewer);
  expect(await assigned(round)).toHaveLength(3);
});

test('a late reviewer is reminded, reported and replaced, each on its date and once, also after an outage', async () => {
  const round = await broughtTo(stage);
  const [late, ...others] = (await assigned(round)) as [string, string, string];
  for (const reviewer of others) await round.act(reviewer, 'SubmitReview', review(8));
  await round.until('2026-03-10T00:00:00.000Z');
  expect(await eventsOf(round, 'ReviewerReminded')).toHaveLength(0);
  await round.until('2026-03-11T16:00:00.000Z');
  expect(await eventsOf(round, 'ReviewerReminded')).toHaveLength(1);
  expect(await eventsOf(round, 'ReviewEscalated')).toHaveLength(0);
  // Nothing was running until long after the two other dates.
  round.clock.advanceTo(Date.parse('2026-03-25T01:00:00.000Z'));
  await round.settle();
  await round.settle();
  expect(await eventsOf(round, 'ReviewerReminded')).toHaveLength(1);
  expect(await eventsOf(round, 'ReviewEscalated')).toHaveLength(1);
  expect((await eventsOf(round, 'ReviewerReplaced')).map(({ data }) => data)).toMatchObject([
    { reviewer: late, because: 'late' },
  ]);
  const [replacement] = (await assigned(round)) as [string];
  expect([late, ...others]).not.toContain(replacement);
  expect((await round.refusal(late, 'SubmitReview', review(8))).code).toBe('case.not-assigned');
  await round.act(replacement, 'SubmitReview', review(8));
  expect((await round.state()).visits.at(-1)?.stage).toBe('committee');
  expect(round.refused).toEqual([]);
});

test('several places that fall empty at once are filled by one draw', async () => {
  const round = await broughtTo(stage);
  const [reviewer] = (await assigned(round)) as [string];
  await round.act(reviewer, 'SubmitReview', review(8));
  await round.until('2026-03-20T00:00:00.000Z');
  expect(await eventsOf(round, 'ReviewerReplaced')).toHaveLength(2);
  expect(await eventsOf(round, 'ReviewersAssigned')).toHaveLength(2);
  expect((await round.owed()).filter(({ effect: { name } }) => name === 'assign')).toEqual([]);
});

test('a panel goes on with its minimum of reviews when nobody is left to draw', async () => {
  const seats = { ...usualSeats, 'a.expert-panel': (usualSeats['a.expert-panel'] ?? []).slice(0, 3) };
  const round = await broughtTo(stage, { seats });
  const [one, two] = (await assigned(round)) as [string, string];
  await round.act(one, 'SubmitReview', review(8));
  await round.act(two, 'SubmitReview', review(8));
  await round.until('2026-04-30T00:00:00.000Z');
  expect(await round.types()).toContain('PanelUnfilled');
  expect((await round.state()).visits.map(({ stage: visited }) => visited)).toContain('committee');
});

test('a panel is not closed below its minimum, or before who is awaited was reported late', async () => {
  const round = await broughtTo(stage);
  const [one, two] = (await assigned(round)) as [string, string];
  await round.act(one, 'SubmitReview', review(8));
  expect((await round.refusal('secretary', 'CompletePanel', { stage })).code).toBe('case.too-few-reviews');
  await round.act(two, 'SubmitReview', review(8));
  expect((await round.refusal('secretary', 'CompletePanel', { stage })).code).toBe('case.too-early');
  await round.until('2026-03-17T00:00:00.000Z');
  await round.act('secretary', 'CompletePanel', { stage });
  expect((await round.state()).visits.at(-1)?.stage).toBe('committee');
});

test('a reviewer who leaves the pool keeps what is finished; what is open is drawn again', async () => {
  const round = await broughtTo(stage);
  const [one, two] = (await assigned(round)) as [string, string];
  await round.act(one, 'SubmitReview', review(8));
  await round.seat(
    'a.expert-panel',
    (usualSeats['a.expert-panel'] ?? []).filter(({ person }) => person !== one && person !== two),
  );
  expect((await round.refusal(two, 'SubmitReview', review(8))).code).toBe('authority.no-seat');
  const { assignments } = await panelOf(round);
  const open = assignments.find(({ reviewer }) => reviewer === two)?.id;
  const staying = assignments.find(({ status, reviewer }) => status === 'open' && reviewer !== two)?.id;
  const early = await round.refusal('secretary', 'ReplaceReviewer', { stage, assignment: staying, because: 'left' });
  expect(early.code).toBe('case.still-seated');
  await round.act('secretary', 'ReplaceReviewer', { stage, assignment: open, because: 'left' });
  await round.settle();
  expect((await panelOf(round)).assignments.find(({ reviewer }) => reviewer === one)?.status).toBe('submitted');
  expect(await assigned(round)).not.toContain(two);
});

test('a larger panel of the same pool leaves nobody out but the applicant’s own', async () => {
  const round = await broughtTo(stage, { change: resized(5) });
  expect((await assigned(round)).toSorted()).toEqual(['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5']);
  expect((await round.state()).applicant.institution).toBe(applicant);
});
