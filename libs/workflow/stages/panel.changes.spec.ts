import { expect, test } from '@jest/globals';
import { assigned, broughtTo, review, type TestRound, usualSeats } from '../../../test/support/round.js';
import { type Definition, type PanelVisit, shownTo } from '#workflow';

const panelOf = async (round: TestRound): Promise<PanelVisit> => {
  const { visits } = await round.state();
  const panel = visits.find((visit): visit is PanelVisit => visit.kind === 'panel');
  if (panel === undefined) throw new Error('there is no panel');
  return panel;
};
const idOf = async (round: TestRound, reviewer: string): Promise<string> =>
  (await panelOf(round)).assignments.find((one) => one.reviewer === reviewer)?.id ?? '';
const stage = 'expert-review';
const reason = '需要该领域专家';
const everyone = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'];

async function atPanel(): Promise<{ round: TestRound; on: readonly string[]; off: readonly string[] }> {
  const round = await broughtTo(stage);
  const on = await assigned(round);
  return { round, on, off: everyone.filter((one) => !on.includes(one)) };
}

test('a reviewer is added while the panel runs, and the panel waits for them too', async () => {
  const { round, on, off } = await atPanel();
  const [fourth = ''] = off;
  expect((await round.refusal(on[0] ?? '', 'AddReviewer', { stage, reviewer: fourth, reason })).code).toBe('authority.no-seat');
  await round.act('secretary', 'AddReviewer', { stage, reviewer: fourth, reason });
  await round.settle();
  expect(await assigned(round)).toEqual([...on, fourth]);
  for (const one of on) await round.act(one, 'SubmitReview', review(8));
  expect((await panelOf(round)).left).toBeUndefined();
  await round.act(fourth, 'SubmitReview', review(8));
  expect((await panelOf(round)).left?.outcome).toBe('recommended');
});

test('nobody is added who works for the applicant, is on the panel already, or has as much as anyone may have', async () => {
  const { round, on, off } = await atPanel();
  for (const reviewer of ['expert-own', on[0] ?? '', 'stranger'])
    expect((await round.refusal('secretary', 'AddReviewer', { stage, reviewer, reason })).code).toBe('case.reviewer-barred');
  const [busy = ''] = off;
  round.loads = { [busy]: 60 };
  await round.act('secretary', 'AddReviewer', { stage, reviewer: busy, reason });
  await round.settle();
  expect(await assigned(round)).toEqual(on);
  const told = (await round.history()).findLast(({ type }) => type === 'PanelUnfilled');
  expect(told?.data).toMatchObject({ blocking: [{ constraint: 'load', count: 1 }] });
});

test('where two draws were owed for the same places and nobody is left, that is on record once; who asks again is answered again', async () => {
  const seats = { ...usualSeats, 'a.expert-panel': (usualSeats['a.expert-panel'] ?? []).slice(0, 3) };
  const round = await broughtTo(stage, { seats });
  const [one = '', two = ''] = await assigned(round);
  for (const reviewer of [one, two]) await round.act(reviewer, 'DeclareConflict', { stage, ground: '近三年合作发表论文' });
  const draws = (await round.owed()).filter(({ effect: { name } }) => name === 'assign');
  expect(draws).toHaveLength(2);
  for (const draw of draws) await round.carryOut(draw);
  const told = async () => (await round.types()).filter((type) => type === 'PanelUnfilled').length;
  expect(await told()).toBe(1);
  const chosen = { stage, reviewers: [one] };
  expect((await round.refusal('secretary', 'AssignReviewers', chosen)).code).toBe('case.reviewer-barred');
  await round.seat('a.expert-panel', usualSeats['a.expert-panel'] ?? []);
  await round.act('secretary', 'AssignReviewers', { stage });
  await round.seat('a.expert-panel', seats['a.expert-panel']);
  await round.settle();
  expect(await told()).toBe(2);
});

test('a reviewer who has not reviewed is removed, and the others decide; a review that was submitted stands', async () => {
  const { round, on } = await atPanel();
  const [strict = '', absent = '', other = ''] = on;
  await round.act(strict, 'SubmitReview', review(9, ['false-data']));
  const removal = async (reviewer: string) => ({ stage, assignment: await idOf(round, reviewer), reason });
  expect((await round.refusal('secretary', 'RemoveReviewer', await removal(strict))).code).toBe('case.review-stands');
  await round.act('secretary', 'RemoveReviewer', await removal(absent));
  await round.act(other, 'SubmitReview', review(9));
  expect((await panelOf(round)).left?.outcome).toBe('vetoed');
});

test('a review is handed over, and a reviewer added, however often reviewers were drawn before', async () => {
  const once = (definition: Definition) => ({
    ...definition,
    stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, draws: 1 } : one)),
  });
  const round = await broughtTo(stage, { change: once });
  const on = await assigned(round);
  const [to = '', fourth = ''] = everyone.filter((one) => !on.includes(one));
  await round.act('secretary', 'TransferReview', { stage, reviewer: on[0], to, reason });
  await round.settle();
  await round.act('secretary', 'AddReviewer', { stage, reviewer: fourth, reason });
  await round.settle();
  expect(await assigned(round)).toEqual([...on.slice(1), to, fourth]);
  expect(await round.types()).not.toContain('PanelUnfilled');
});

test('where too few would be left without who is removed, somebody is drawn in their place', async () => {
  const { round, on, off } = await atPanel();
  await round.act('secretary', 'RemoveReviewer', { stage, assignment: await idOf(round, on[0] ?? ''), reason });
  await round.settle();
  expect(await assigned(round)).toEqual(on.slice(1));
  await round.act('secretary', 'RemoveReviewer', { stage, assignment: await idOf(round, on[1] ?? ''), reason });
  await round.settle();
  const now = await assigned(round);
  expect(now).toHaveLength(2);
  expect(off).toContain(now[1]);
});

test('a substitute reviews under their own name, with a conflict check of their own; the principal is recorded', async () => {
  const { round, on, off } = await atPanel();
  const [principal = ''] = on;
  const [substitute = ''] = off;
  const period = { from: '2026-03-03T00:00:00.000Z', until: '2026-03-05T00:00:00.000Z' };
  const appoint = (data: object) => ({ stage, reviewer: principal, ...period, ...data });
  expect((await round.refusal('secretary', 'AppointSubstitute', appoint({ substitute: 'expert-own' }))).code).toBe(
    'case.reviewer-barred',
  );
  await round.act('secretary', 'AppointSubstitute', appoint({ substitute }));
  expect((await round.refusal(substitute, 'SubmitReview', review(8))).code).toBe('case.not-found');
  await round.until('2026-03-03T00:00:00.000Z');
  await round.act(substitute, 'SubmitReview', review(8));
  const submitted = (await round.history()).findLast(({ type }) => type === 'ReviewSubmitted');
  expect(submitted?.data).toMatchObject({ reviewer: substitute, principal });
  expect((await panelOf(round)).assignments[0]).toMatchObject({ reviewer: substitute, principal, status: 'submitted' });
  expect((await round.refusal(principal, 'SubmitReview', review(8))).code).toBe('case.not-assigned');
});

test('a reviewer who may not know whose an application is does not find out by naming colleagues', async () => {
  const { round, on, off } = await atPanel();
  const [reviewer = ''] = on;
  const period = { from: '2026-03-03T00:00:00.000Z', until: '2026-03-05T00:00:00.000Z' };
  const told = async (named: string) => {
    const refusals = [
      await round.refusal(reviewer, 'TransferReview', { stage, to: named, reason }),
      await round.refusal(reviewer, 'AppointSubstitute', { stage, substitute: named, ...period }),
    ];
    return refusals.map(({ code, details }) => ({ code, details }));
  };
  expect(await told('expert-own')).toEqual(await told(off[0] ?? ''));
});

test('after the time of a substitute the review falls back to whose it was', async () => {
  const { round, on, off } = await atPanel();
  const [principal = ''] = on;
  const [substitute = ''] = off;
  const period = { from: '2026-03-02T00:00:00.000Z', until: '2026-03-03T00:00:00.000Z' };
  await round.act('secretary', 'AppointSubstitute', { stage, reviewer: principal, substitute, ...period });
  await round.settle();
  expect((await panelOf(round)).assignments[0]?.substitute).toMatchObject({ person: substitute, active: true });
  await round.until('2026-03-03T00:00:00.000Z');
  expect((await round.refusal(substitute, 'SubmitReview', review(8))).code).toBe('case.not-found');
  await round.act(principal, 'SubmitReview', review(8));
});

test('a review is handed to another reviewer for good, and whose it was is on record', async () => {
  const { round, on, off } = await atPanel();
  const [from = ''] = on;
  const [to = ''] = off;
  await round.act('secretary', 'TransferReview', { stage, reviewer: from, to, reason });
  await round.settle();
  expect(await assigned(round)).toEqual([...on.slice(1), to]);
  expect((await panelOf(round)).assignments.find(({ reviewer }) => reviewer === to)).toMatchObject({ principal: from });
  expect((await round.refusal(from, 'SubmitReview', review(8))).code).toBe('case.not-assigned');
});

test('a reviewer leaves the committee in the middle of a round: finished reviews stand, open ones are drawn again', async () => {
  const { round, on, off } = await atPanel();
  const [done = '', open = ''] = on;
  await round.act(done, 'SubmitReview', review(8));
  const staying = everyone.filter((one) => one !== done && one !== open);
  const seats = staying.map((person) => ({ person, institution: `i-${person.slice(-1)}` }));
  await round.seat('a.expert-panel', seats);
  expect((await round.refusal(open, 'SubmitReview', review(8))).code).toBe('authority.no-seat');
  await round.until('2026-03-12T00:00:00.000Z');
  const { assignments } = await panelOf(round);
  expect(assignments.find(({ reviewer }) => reviewer === done)?.status).toBe('submitted');
  expect(assignments.find(({ reviewer }) => reviewer === open)?.status).toBe('replaced');
  expect((await assigned(round)).filter((one) => off.includes(one))).toHaveLength(1);
  for (const one of await assigned(round)) await round.act(one, 'SubmitReview', review(8));
  expect((await panelOf(round)).left?.outcome).toBe('recommended');
});

const conflict = { stage, ground: '近三年合作发表论文' };

/** A panel on which somebody stands in for the first reviewer from 3 to 10 March. */
async function withSubstitute() {
  const panel = await atPanel();
  const [principal = ''] = panel.on;
  const [substitute = '', other = ''] = panel.off;
  const period = { from: '2026-03-03T00:00:00.000Z', until: '2026-03-10T00:00:00.000Z' };
  await panel.round.act('secretary', 'AppointSubstitute', { stage, reviewer: principal, substitute, ...period });
  return { ...panel, principal, substitute, other, period };
}
const substituteOf = async (round: TestRound) => (await panelOf(round)).assignments[0]?.substitute;

test('a substitute declares a conflict: the review falls back, and somebody else may stand in', async () => {
  const { round, principal, substitute, other, period } = await withSubstitute();
  await round.until(period.from);
  await round.act(substitute, 'DeclareConflict', conflict);
  expect(await substituteOf(round)).toBeUndefined();
  expect((await round.refusal(substitute, 'SubmitReview', review(8))).code).toBe('case.not-found');
  const later = { from: period.from, until: '2026-03-12T00:00:00.000Z' };
  await round.act('secretary', 'AppointSubstitute', { stage, reviewer: principal, substitute: other, ...later });
  await round.until('2026-03-11T00:00:00.000Z');
  expect(await substituteOf(round)).toMatchObject({ person: other, active: true });
  expect(round.refused).toEqual([]);
});

test('a substitute whose conflict is found before their time does not begin', async () => {
  const { round, substitute, period } = await withSubstitute();
  await round.act('secretary', 'DeclareConflict', { ...conflict, person: substitute });
  await round.until(period.from);
  expect(await round.types()).not.toContain('SubstitutionBegan');
  expect(await substituteOf(round)).toBeUndefined();
});

test('the keeper ends a substitution before its time', async () => {
  const { round, principal, period } = await withSubstitute();
  await round.until(period.from);
  await round.act('secretary', 'EndSubstitution', { stage, assignment: await idOf(round, principal) });
  expect(await substituteOf(round)).toBeUndefined();
  await round.until('2026-03-10T09:00:00.000Z');
  expect(round.refused).toEqual([]);
});

test('a substitution that is not there, or has begun, is not begun by hand', async () => {
  const { round, on, principal, period } = await withSubstitute();
  const begin = async (reviewer: string) =>
    (await round.refusal('secretary', 'BeginSubstitution', { stage, assignment: await idOf(round, reviewer) })).code;
  expect(await begin(on[1] ?? '')).toBe('case.no-substitution');
  expect(await begin(principal)).toBe('case.too-early');
  await round.until(period.from);
  expect(await begin(principal)).toBe('case.no-substitution');
  const ending = { stage, assignment: await idOf(round, on[1] ?? '') };
  expect((await round.refusal('secretary', 'EndSubstitution', ending)).code).toBe('case.no-substitution');
});

/** The review of the first was handed over to the second, for whom a substitute stands in now. */
async function handedOverAndSubstituted() {
  const { round, on, off } = await atPanel();
  const [first = ''] = on;
  const [second = '', substitute = ''] = off;
  await round.act('secretary', 'TransferReview', { stage, reviewer: first, to: second, reason });
  await round.settle();
  const period = { from: '2026-03-03T00:00:00.000Z', until: '2026-03-10T00:00:00.000Z' };
  await round.act('secretary', 'AppointSubstitute', { stage, reviewer: second, substitute, ...period });
  await round.until(period.from);
  return { round, on, first, second, substitute };
}

test('whose review it was at first is known also after a substitute of the second took theirs back', async () => {
  const { round, first, second, substitute } = await handedOverAndSubstituted();
  const of = (await panelOf(round)).assignments.find(({ reviewer }) => reviewer === second)?.id;
  const now = async () => (await panelOf(round)).assignments.find(({ id }) => id === of);
  await round.act(substitute, 'SubmitReview', review(8));
  expect(await now()).toMatchObject({ reviewer: substitute, principal: second, handedBy: first });
  await round.act(substitute, 'RetractAct', { stage });
  expect(await now()).toMatchObject({ reviewer: second, principal: first, status: 'open' });
});

test('where reviewers have no names, nobody reads who reviewed off who stood in for whom', async () => {
  const { round, on, first, second, substitute } = await handedOverAndSubstituted();
  await round.act(substitute, 'SubmitReview', review(8));
  for (const reviewer of on.slice(1)) await round.act(reviewer, 'SubmitReview', review(8));
  await round.settle();
  const judge = { person: 'chair', institutions: ['i-1'], powers: [{ power: 'decide-recognition' }] };
  const shown = shownTo(round.definition, await round.state(), judge);
  expect(shown?.as).toBe('judge');
  const panel = shown?.visits.find((visit) => visit.kind === 'panel');
  expect(panel?.assignments).toHaveLength(on.length);
  for (const person of [first, second, substitute, ...on]) expect(JSON.stringify(panel)).not.toContain(person);
});

test('nobody stands in for two reviewers of a panel, for themselves, or sits beside whom they stand in with', async () => {
  const { round, on, principal, substitute, period } = await withSubstitute();
  const refusal = (reviewer: string, data: object) =>
    round.refusal('secretary', 'AppointSubstitute', { stage, reviewer, ...period, ...data });
  expect((await refusal(on[1] ?? '', { substitute })).details).toMatchObject({ barred: [{ because: 'served' }] });
  expect((await refusal(on[1] ?? '', { substitute: on[1] })).details).toMatchObject({ barred: [{ because: 'served' }] });
  expect((await round.refusal('secretary', 'AddReviewer', { stage, reviewer: substitute, reason })).code).toBe(
    'case.reviewer-barred',
  );
  const toThemselves = { stage, reviewer: principal, to: principal, reason };
  expect((await round.refusal('secretary', 'TransferReview', toThemselves)).code).toBe('case.reviewer-barred');
});

test('a colleague of a substitute is no second reviewer of their institution', async () => {
  const { round, substitute, other } = await withSubstitute();
  const { 'a.expert-panel': pool = [] } = usualSeats;
  const institution = pool.find(({ person }) => person === substitute)?.institution ?? '';
  await round.seat(
    'a.expert-panel',
    pool.map((seat) => (seat.person === other ? { ...seat, institution } : seat)),
  );
  const { details } = await round.refusal('secretary', 'AddReviewer', { stage, reviewer: other, reason });
  expect(details).toMatchObject({ barred: [{ person: other, because: 'institution-taken' }] });
});

test('whoever takes back what they reviewed in another’s place still stands in for them, for their time', async () => {
  const { round, principal, substitute, period } = await withSubstitute();
  await round.until(period.from);
  await round.act(substitute, 'SubmitReview', review(8));
  await round.act(substitute, 'RetractAct', { stage });
  expect((await panelOf(round)).assignments[0]).toMatchObject({
    reviewer: principal,
    status: 'open',
    substitute: { person: substitute, active: true },
  });
  await round.until(period.until);
  expect(await substituteOf(round)).toBeUndefined();
  await round.act(principal, 'SubmitReview', review(8));
});

test('a substitute begins on the day although the review had been given and was taken back before', async () => {
  const { round, principal, substitute, period } = await withSubstitute();
  await round.act(principal, 'SubmitReview', review(8));
  await round.act(principal, 'RetractAct', { stage });
  await round.until(period.from);
  expect(await substituteOf(round)).toMatchObject({ person: substitute, active: true });
});

test('a reminder and a report that whoever keeps the panel sends before their time go out once', async () => {
  const { round, on } = await atPanel();
  const assignment = await idOf(round, on[0] ?? '');
  for (const type of ['RemindReviewer', 'RemindReviewer', 'EscalateReview', 'EscalateReview'])
    await round.act('secretary', type, { stage, assignment });
  await round.until('2026-03-17T00:00:00.000Z');
  const sent = (await round.history()).filter(
    ({ type, data }) =>
      (type === 'ReviewerReminded' || type === 'ReviewEscalated') && (data as { assignment: string }).assignment === assignment,
  );
  expect(sent.map(({ type }) => type)).toEqual(['ReviewerReminded', 'ReviewEscalated']);
});
