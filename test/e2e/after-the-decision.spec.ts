import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { definitionContext, loadDefinition } from '#workflow';
import { eventually } from '../faults/support/child.js';
import { Application, expectAccepted, type SeenCase } from '../support/applications.js';
import { alliance, House } from '../support/house.js';

const jinan = '4144010559';

let house: House;
beforeAll(async () => {
  house = await House.open();
}, 60_000);
afterAll(() => house.close());

/** A round whose decisions may be appealed against, under a charter that says who decides then. */
async function openAppealed(): Promise<void> {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = body['document'] as CharterDocument;
  const powers = document.powers.map((clause) =>
    clause.power === 'recognise-course' ? { ...clause, workflows: [...(clause.workflows ?? []), 'appealed'] } : clause,
  );
  const added = ['decide-appeal', 'hear-objection']
    .filter((power) => !powers.some((clause) => clause.power === power))
    .map((power) => ({ power, organ: 'council' }));
  await house.operator(charterContext, '', 'AdoptCharter', { document: { ...document, powers: [...powers, ...added] } });
  const { definition } = await loadDefinition('test/support/workflows/appealed.yaml');
  await house.operator(definitionContext, 'appealed', 'AdoptDefinition', { definition });
  expectAccepted(
    await house.seat('secretariat', { role: 'chair' }).post(`/v1/round/${alliance}.appealed/open-round`, {
      definition: { id: 'appealed', version: 1 },
      title: { en: 'Appealed', zh: '申诉' },
      opensAt: new Date(house.clock.now() - 1_000).toISOString(),
      closesAt: new Date(house.clock.now() + 30 * 86_400_000).toISOString(),
      seed: 'drawn in public',
    }),
  );
}

async function panelOf(id: string): Promise<readonly string[]> {
  return eventually(async () => {
    const { status, body } = await house.seat('secretariat', { role: 'chair' }).get(`/v1/cases/${id}`);
    const { visits = [] } = status === 200 ? (body['case'] as SeenCase) : {};
    const { assignments = [] } = visits[0] ?? {};
    return assignments.length === 2 ? assignments.map(({ reviewer }) => reviewer) : undefined;
  });
}

async function reviewedBy(people: readonly string[], id: string, stage: string, points: number): Promise<void> {
  const review = { stage, scores: [{ criterion: 'merit', points }], vetoes: [], comment: '评审意见。' };
  for (const person of people) expectAccepted(await house.person(person).post(`/v1/case/${id}/submit-review`, review));
}

test('an appeal is lodged: another panel, limited grounds; the first decision stays on record, superseded', async () => {
  await openAppealed();
  const application = await Application.register(house, 'appealed', jinan);
  const { dean, secretary, id } = application;
  const form = { title: '岭南古建筑', summary: '暨南大学特色课程' };
  expectAccepted(await dean.post(`/v1/case/${id}/submit-application`, { institution: jinan, form, files: [] }));
  const first = await panelOf(id);
  await reviewedBy(first, id, 'review', 3);
  expect(await application.ended()).toMatchObject({ id: 'below-standard', appeal: { subcase: 'appeal' } });

  const plea = { appeal: 'appeal', grounds: ['evidence'], statement: '附件三未予审阅。', evidence: [] };
  const unfounded = await dean.post(`/v1/case/${id}/lodge-appeal`, { ...plea, grounds: ['injustice'] });
  expect({ status: unfounded.status, code: unfounded.body['code'] }).toEqual({ status: 409, code: 'case.ground-not-allowed' });
  expect((await dean.get(`/v1/cases/${id}`)).body['acts']).toMatchObject([{ act: 'appeal', stage: 'appeal' }]);
  expectAccepted(await dean.post(`/v1/case/${id}/lodge-appeal`, plea));
  expect((await dean.post(`/v1/case/${id}/lodge-appeal`, plea)).body['code']).toBe('case.appeal-lodged');

  const appeal = `${id}.appeal.1`;
  const second = await panelOf(appeal);
  expect(second.filter((person) => first.includes(person))).toEqual([]);
  const barred = house.person(first[0] ?? '');
  expect((await barred.get(`/v1/cases/${appeal}`)).status).toBe(404);
  expect((await barred.get(`/v1/cases/${appeal}/timeline`)).status).toBe(404);
  expect((await barred.get(`/v1/alliances/${alliance}/cases?round=${alliance}.appealed`)).text).not.toContain(appeal);
  const blind = await house.person(second[0] ?? '').get(`/v1/cases/${appeal}`);
  expect(blind.body).toMatchObject({ as: 'reviewer', case: { origin: { against: { end: 'below-standard' } } } });
  for (const told of [jinan, '暨南大学', '附件三', dean.id ?? 'dean']) expect(blind.text).not.toContain(told);
  const listed = await secretary.get(`/v1/alliances/${alliance}/cases?round=${alliance}.appealed`);
  expect(listed.body['items']).toContainEqual(expect.objectContaining({ id: appeal, parent: id, subcase: 'appeal' }));

  await reviewedBy(second, appeal, 'second-review', 9);
  const council = await eventually(async () => {
    const judge = house.holders('council').map(({ person }) => house.person(person));
    for (const one of judge) {
      const { status, body } = await one.get(`/v1/cases/${appeal}`);
      if (status === 200 && (body['acts'] as { act: string }[]).some(({ act }) => act === 'give-ruling')) return one;
    }
    return undefined;
  });
  const { headers } = await council.get(`/v1/cases/${appeal}`);
  const ruling = { stage: 'board', ruling: 'sustained', reason: '附件三确未审阅。' };
  expectAccepted(await council.post(`/v1/case/${appeal}/give-ruling`, ruling, { 'if-match': headers.get('etag') ?? '' }));
  const end = await eventually(async () => {
    const now = (await application.seen()).end;
    return now?.id === 'recognised' ? now : undefined;
  });
  expect(end).toMatchObject({ outcome: 'granted', supersedes: { id: 'below-standard', outcome: 'refused' } });
  const { body } = await dean.get(`/v1/cases/${id}/timeline`);
  const types = (body['items'] as { type: string }[]).map(({ type }) => type);
  expect(types.slice(-3)).toEqual(['CaseEnded', 'AppealLodged', 'DecisionSuperseded']);
});
