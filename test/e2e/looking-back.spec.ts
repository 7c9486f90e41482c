import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import { alliance, House } from '../support/house.js';

const [jinan, southChina] = ['4144010559', '4144010561'];
const round = 'looked-back-on';

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, round, '2026-06-30T16:00:00.000Z');
}, 60_000);
afterAll(() => house.close());

interface Line {
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly power: string;
  readonly explanation?: {
    readonly clause: { readonly zh: string };
    readonly inputs: object;
    readonly excluded: readonly object[];
    readonly arithmetic: readonly object[];
  };
}

const timelineOf = async ({ secretary, id }: Application): Promise<readonly Line[]> =>
  (await secretary.get(`/v1/cases/${id}/timeline`)).body['items'] as Line[];

test('a conflict is declared after scoring: the score is excluded and kept, a replacement is drawn; results are means, not sums', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments: drawn = [] } = await application.toPanel();
  const partial = drawn[0]?.reviewer ?? '';
  await application.review(partial);
  await application.done(house.person(partial), 'declare-conflict', { stage: 'expert-review', ground: '与课程负责人合著。' });
  const { assignments = [] } = await application.at('expert-review', (visit) => visit.assignments?.length === drawn.length + 1);
  expect(assignments[0]).toMatchObject({ reviewer: partial, status: 'conflicted', review: { total: [100, 1] } });
  expect((await house.person(partial).get(`/v1/cases/${application.id}`)).status).toBe(404);
  for (const { reviewer, status } of assignments) if (status === 'open') await application.review(reviewer, 0.5);
  // With the excluded hundred the mean would reach the pass mark of 60.
  expect(await application.ended()).toMatchObject({ outcome: 'refused' });
  const judged = (await timelineOf(application)).findLast(({ type }) => type === 'StageLeft');
  expect(judged?.explanation?.excluded).toHaveLength(1);
  expect(JSON.stringify(judged?.explanation?.arithmetic)).toContain('50');
});

test('a reviewer is late: reminder, then escalation, then replacement, each on its date, each exactly once', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments = [] } = await application.toPanel();
  const [late] = assignments;
  if (late === undefined) throw new Error('nobody was drawn');
  for (const instant of [late.remindAt, late.escalateAt, late.replaceAt]) await house.passTo(instant);
  await application.at('expert-review', ({ assignments: now = [] }) => now.length === 2 * assignments.length);
  const lines = await timelineOf(application);
  const on = (wanted: string): readonly string[] => lines.filter(({ type }) => type === wanted).map(({ at }) => at.slice(0, 16));
  const once = (instant: string): readonly string[] => assignments.map(() => instant.slice(0, 16));
  expect(on('ReviewerReminded')).toEqual(once(late.remindAt));
  expect(on('ReviewEscalated')).toEqual(once(late.escalateAt));
  expect(on('ReviewerReplaced')).toEqual(once(late.replaceAt));
});

test('“why was this refused?”: the clause, the inputs, what was excluded and why, the arithmetic, who signed', async () => {
  const application = await Application.submitted(house, round, southChina);
  await application.done(application.dean, 'fail-check', { stage: 'endorsement', reason: '不符合本校推荐条件。' });
  await application.ended();
  const line = (await timelineOf(application)).find(({ explanation }) => explanation !== undefined);
  expect(line).toMatchObject({ power: 'endorse-application', actor: expect.stringMatching(/^person-/) });
  expect(line?.explanation).toMatchObject({
    clause: { zh: '学校推荐' },
    inputs: { power: 'endorse-application', reason: '不符合本校推荐条件。', corrections: 0 },
    excluded: [],
    arithmetic: [],
  });
});

test('an auditor asks what was known on a date: state and rules in force as of that date, and the events that made them', async () => {
  const application = await Application.submitted(house, round, southChina);
  await house.moveTo(house.clock.now() + 60_000);
  await application.done(application.dean, 'fail-check', { stage: 'endorsement', reason: '不符合本校推荐条件。' });
  await application.ended();
  const lines = await timelineOf(application);
  const asOf = encodeURIComponent(lines[0]?.at ?? '');
  const { body: then } = await application.secretary.get(`/v1/cases/${application.id}?asOf=${asOf}`);
  expect(then).toMatchObject({ case: { status: 'open' }, definition: { version: 1 } });
  const { body: before } = await application.secretary.get(`/v1/cases/${application.id}/timeline?asOf=${asOf}`);
  expect((before['items'] as Line[]).map(({ type }) => type)).toEqual(['CaseOpened', 'StageEntered']);
  expect(lines.map(({ type }) => type)).toEqual(['CaseOpened', 'StageEntered', 'CheckFailed', 'StageLeft', 'CaseEnded']);
});

test('a secretary acts for a member: both identities are on the event', async () => {
  const application = await Application.register(house, round, southChina);
  const office = `organ-${alliance}.deans-office.${southChina}`;
  const { secretary } = application;
  const headers = { 'entente-on-behalf-of': office };
  expect((await secretary.post(`/v1/case/${application.id}/submit-application`, application.paper())).body['code']).toBe(
    'authority.no-seat',
  );
  expectAccepted(await secretary.post(`/v1/case/${application.id}/submit-application`, application.paper(), headers));
  const { body } = await secretary.get(`/v1/cases/${application.id}/timeline`);
  expect((body['items'] as object[])[0]).toMatchObject({ type: 'CaseOpened', actor: secretary.id, onBehalfOf: office });
});
