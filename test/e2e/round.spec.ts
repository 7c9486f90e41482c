import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import { alliance, House } from '../support/house.js';
import { papers } from '../support/papers.js';

const sunYatSen = '4144010558';

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, 'whole', '2026-04-24T16:00:00.000Z');
});
afterAll(() => house.close());

test('an application goes from the notice of the round to the public register, each step by those whose turn it is', async () => {
  const { body: notice } = await house.nobody().get(`/v1/alliances/${alliance}/rounds`);
  expect(notice['items']).toContainEqual(
    expect.objectContaining({ id: `${alliance}.whole`, status: 'open', zone: 'Asia/Shanghai' }),
  );
  const department = house.seat('provincial-department', { scope: '44' });
  const application = await Application.register(house, 'whole', sunYatSen);
  const { secretary, dean } = application;

  expectAccepted(await application.submit());
  const { id } = application;
  await application.done(dean, 'pass-check', { stage: 'endorsement' });
  await application.done(department, 'pass-check', { stage: 'recommendation' });
  await application.done(secretary, 'return-for-correction', { stage: 'formal-check', reason: '教学日历缺第二期。' });
  const { institution: _own, ...corrected } = application.paper({ cycles: 5 }) as { institution: string };
  await application.done(dean, 'resubmit-application', { stage: 'formal-check', ...corrected });
  expect((await application.seen()).version).toBe(2);
  await application.done(secretary, 'pass-check', { stage: 'formal-check' });

  const { assignments = [] } = await application.at('expert-review', (visit) => visit.assignments?.length === 3);
  const [first, ...others] = assignments.map(({ reviewer }) => reviewer);
  await application.review(first ?? '', 0.1);
  await application.done(house.person(first ?? ''), 'declare-conflict', { stage: 'expert-review', ground: '与课程负责人合著。' });
  expect((await house.person(first ?? '').get(`/v1/cases/${id}`)).status).toBe(404);
  const { assignments: drawn = [] } = await application.at(
    'expert-review',
    (visit) => visit.assignments?.filter(({ status }) => status === 'open').length === 3,
  );
  const replacement = drawn.find(({ status, reviewer }) => status === 'open' && !others.includes(reviewer));
  for (const reviewer of [...others, replacement?.reviewer ?? '']) await application.review(reviewer);

  await house.passTo('2026-04-29T01:00:00.000Z');
  for (const person of await application.electors()) expectAccepted(await application.vote(person, 'for'));
  const { dueAt } = await application.at('publicity');
  expect(dueAt).toBe('2026-05-09T16:00:00.000Z');
  const published = async () => (await house.nobody().get(`/v1/alliances/${alliance}/publicity?round=${alliance}.whole`)).body;
  expect(await published()).toMatchObject({ items: [{ id, stage: 'publicity' }] });

  await application.done(house.outsider(), 'raise-objection', {
    stage: 'publicity',
    name: '钱一舟',
    contact: '13800000000',
    statement: '教学团队与实际不符。',
    evidence: [papers.evidence],
  });
  const { objections = [] } = await application.at('publicity', (visit) => visit.objections?.length === 1);
  const [ruler] = await rulers();
  const ruling = { stage: 'publicity', objection: objections[0]?.id, ruling: 'dismissed', reason: '经查不属实。' };
  await application.done(house.person(ruler ?? ''), 'rule-on-objection', ruling);

  await house.passTo('2026-05-09T15:59:00.000Z');
  expect((await application.seen()).end).toBeUndefined();
  await house.passTo('2026-05-09T16:00:01.000Z');
  expect(await application.ended()).toMatchObject({ id: 'recognised', outcome: 'granted' });
  const register = await eventually(async () => {
    const { body } = await house.nobody().get(`/v1/alliances/${alliance}/recognitions`);
    return (body['items'] as { case: string; course: string; from: string; until: string }[]).find(
      (one) => one.case === `case-${id}`,
    );
  });
  expect(register).toMatchObject({ course: application.course, from: '2026-05-10', until: expect.stringMatching(/^2031-05-/) });

  const { body: timeline } = await secretary.get(`/v1/cases/${id}/timeline`);
  const told = (timeline['items'] as { type: string }[]).map(({ type }) => type);
  expect(told).toEqual(
    expect.arrayContaining(['CaseOpened', 'CorrectionRequested', 'ConflictDeclared', 'ObjectionRuledOn', 'CaseEnded']),
  );
  const { body: before } = await secretary.get(`/v1/cases/${id}?asOf=2026-04-20T02:00:00.000Z`);
  expect(before).toMatchObject({ case: { status: 'open' }, acts: [] });

  async function rulers(): Promise<readonly string[]> {
    const committee = house.holders('committee').filter(({ institution }) => institution !== sunYatSen);
    return committee.map(({ person }) => person);
  }
});
