import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { workflowFile } from '../../apps/server/demonstration.js';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound, refusedWith, type SeenCase } from '../support/applications.js';
import type { Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { papers } from '../support/papers.js';

const [jinan, southChina, shenzhen, technology] = ['4144010559', '4144010561', '4144010590', '4144011845'];

let house: House;
beforeAll(async () => {
  house = await House.open();
  const { definition } = await loadDefinition(workflowFile('course-accreditation'));
  await house.operator(definitionContext, definition.id, 'AdoptDefinition', { definition });
  await openRound(house, 'after', '2026-12-31T16:00:00.000Z');
});
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

interface Entry {
  readonly type: string;
  readonly position: string;
}

const timelineOf = async ({ secretary, id }: Application): Promise<readonly Entry[]> =>
  (await secretary.get(`/v1/cases/${id}/timeline`)).body['items'] as Entry[];

/** One that may rule in a sub-case now. */
async function judgeOf(id: string): Promise<Caller> {
  return eventually(async () => {
    for (const { person } of house.holders('council')) {
      const { status, body } = await house.person(person).get(`/v1/cases/${id}`);
      if (status === 200 && (body['acts'] as { act: string }[]).some(({ act }) => act === 'give-ruling'))
        return house.person(person);
    }
    return undefined;
  });
}

const plea = { appeal: 'appeal', grounds: ['evidence'], statement: '附件三未予审阅。', evidence: [] };

/** An application that two reviewers have found below the standard. */
async function belowStandard(
  institution: string,
): Promise<{ readonly application: Application; readonly first: readonly string[] }> {
  const application = await Application.register(house, 'appealed', institution);
  const form = { title: '岭南古建筑', summary: '暨南大学特色课程' };
  expectAccepted(await application.handIn(application.dean, { institution, form, files: [] }));
  const { id } = application;
  const first = await panelOf(id);
  await reviewedBy(first, id, 'review', 3);
  expect(await application.ended()).toMatchObject({ id: 'below-standard', appeal: { subcase: 'appeal' } });
  return { application, first };
}

/** Rules on an appeal whose new reviewers are done. */
async function ruled(appeal: string, ruling: 'sustained' | 'dismissed'): Promise<void> {
  const judge = await judgeOf(appeal);
  const { headers } = await judge.get(`/v1/cases/${appeal}`);
  const data = { stage: 'board', ruling, reason: '已核对附件三。' };
  expectAccepted(await judge.post(`/v1/case/${appeal}/give-ruling`, data, { 'if-match': headers.get('etag') ?? '' }));
}

test('an appeal is lodged: another panel, limited grounds; the first decision stays on record, superseded or upheld, never edited', async () => {
  await openAppealed();
  const { application, first } = await belowStandard(jinan);
  const { dean, secretary, id } = application;
  const unfounded = await dean.post(`/v1/case/${id}/lodge-appeal`, { ...plea, grounds: ['injustice'] });
  expect(refusedWith(unfounded)).toEqual({ status: 409, code: 'case.ground-not-allowed' });
  expect((await dean.get(`/v1/cases/${id}`)).body['acts']).toMatchObject([{ act: 'appeal', stage: 'appeal' }]);
  const decided = await timelineOf(application);
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
  await ruled(appeal, 'sustained');
  const end = await eventually(async () => {
    const now = (await application.seen()).end;
    return now?.id === 'recognised' ? now : undefined;
  });
  expect(end).toMatchObject({ outcome: 'granted', supersedes: { id: 'below-standard', outcome: 'refused' } });
  const superseded = await timelineOf(application);
  expect(superseded.slice(0, decided.length)).toEqual(decided);
  expect(superseded.slice(decided.length).map(({ type }) => type)).toEqual(['AppealLodged', 'DecisionSuperseded']);

  const upheld = await belowStandard(shenzhen);
  const before = await timelineOf(upheld.application);
  expectAccepted(await upheld.application.dean.post(`/v1/case/${upheld.application.id}/lodge-appeal`, plea));
  const again = `${upheld.application.id}.appeal.1`;
  await reviewedBy(await panelOf(again), again, 'second-review', 9);
  await ruled(again, 'dismissed');
  await eventually(
    () => timelineOf(upheld.application),
    (told) => told.some(({ type }) => type === 'DecisionUpheld'),
  );
  expect((await timelineOf(upheld.application)).slice(0, before.length)).toEqual(before);
  expect(await upheld.application.ended()).toMatchObject({ id: 'below-standard', outcome: 'refused' });
});

const objection = {
  stage: 'publicity',
  name: '钱一舟',
  contact: '13800000000',
  statement: '教学团队与实际不符。',
  evidence: [papers.evidence],
};

const recognised = async ({ course }: Application): Promise<Record<string, unknown> | undefined> => {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/recognitions?limit=200`);
  return (body['items'] as Record<string, unknown>[]).find((one) => one['course'] === course);
};

/** The calendar day of an instant in Shanghai. */
const dayIn = (at: string): string => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);

/** Goes to an instant, and does what falls due until then. */
async function come(at: string): Promise<void> {
  await house.moveTo(Date.parse(at));
  await house.settled();
}

test('the period spans a holiday with make-up days: it ends on the right working day', async () => {
  const application = await Application.submitted(house, 'after', jinan);
  await application.toBallot();
  await house.passTo('2026-04-29T01:00:00.000Z');
  // 1 to 5 May are free, Saturday 9 May is worked: 30 April, 6, 7, 8 and 9 May.
  expect(await application.carried()).toMatchObject({ dueAt: '2026-05-09T16:00:00.000Z' });
  await come('2026-05-09T15:59:59.000Z');
  expect((await application.seen()).end).toBeUndefined();
  await come('2026-05-09T16:00:00.000Z');
  expect(await application.ended()).toMatchObject({ id: 'recognised' });
  expect(await eventually(() => recognised(application))).toMatchObject({ from: '2026-05-10' });
});

test('an objection is raised in the publicity period: real name, contact and evidence required; that item alone is held, the others are published on time; the ruling is on record before release', async () => {
  const [held, other] = [
    await Application.submitted(house, 'after', jinan),
    await Application.submitted(house, 'after', southChina),
  ];
  const { dueAt = '' } = await held.toPublicity();
  expect(await other.toPublicity()).toMatchObject({ dueAt });
  const critic = house.outsider();
  const raise = (data: object) => critic.post(`/v1/case/${held.id}/raise-objection`, data);
  for (const missing of ['name', 'contact', 'evidence'] as const) {
    const { [missing]: _left, ...rest } = objection;
    const refused = await raise(rest);
    expect(refusedWith(refused)).toEqual({ status: 422, code: 'shape.invalid' });
    expect(refused.text).toContain(`/${missing}`);
  }
  expect((await raise({ ...objection, evidence: [] })).status).toBe(422);
  expect((await house.nobody().post(`/v1/case/${held.id}/raise-objection`, objection)).status).toBe(401);
  expectAccepted(await raise(objection));
  const { objections = [] } = await held.at('publicity', (visit) => visit.objections?.length === 1);
  for (const who of [held.dean, house.nobody()]) {
    const { text } = await who.get(`/v1/cases/${held.id}`);
    for (const told of [objection.name, objection.contact, critic.id ?? '']) expect(text).not.toContain(told);
  }

  await come(dueAt);
  expect(await other.ended()).toMatchObject({ id: 'recognised' });
  expect(await eventually(() => recognised(other))).toMatchObject({ from: dayIn(dueAt) });
  expect((await held.seen()).end).toBeUndefined();
  expect(await recognised(held)).toBeUndefined();
  const committee = house.holders('committee').find(({ institution }) => institution === southChina);
  const ruling = { stage: 'publicity', objection: objections[0]?.id, ruling: 'dismissed', reason: '经查不属实。' };
  const judge = house.person(committee?.person ?? '');
  expect((await judge.get(`/v1/cases/${held.id}`)).text).toContain(objection.name);
  await held.done(judge, 'rule-on-objection', ruling);
  expect(await held.ended()).toMatchObject({ id: 'recognised' });
  const types = (await timelineOf(held)).map(({ type }) => type);
  expect(types.slice(-4)).toEqual(['PublicityHeld', 'ObjectionRuledOn', 'StageLeft', 'CaseEnded']);
  expect(await eventually(() => recognised(held))).toBeDefined();
});

/** What the shipped accreditation asks of an online course. */
const onlineCourse = {
  secondCycleEndedOn: '2026-01-16',
  leaderEmployed: true,
  leaderApplications: 1,
  notRecognisedBefore: true,
  rightsCleared: true,
  publicisedAtUniversity: true,
  platform: '爱课程',
  runs: 3,
  openToPublic: true,
  platformRegistered: true,
};
const files = [
  { slot: 'syllabus', ...papers.syllabus },
  { slot: 'calendars', ...papers.calendars },
  { slot: 'platform-data', ...papers.platformData },
];

/** An application that goes the whole way of the shipped accreditation, to its five years of duty. */
async function accredited(round: string, institution: string): Promise<Application> {
  const closesAt = new Date(house.clock.now() + 3_600_000).toISOString();
  await openRound(house, round, closesAt, { id: 'course-accreditation', version: 1 });
  const application = await Application.register(house, round, institution);
  const { dean, secretary, leader } = application;
  expectAccepted(await application.handIn(dean, application.paper({ ...onlineCourse, leader }, { files })));
  await application.done(dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  await application.done(secretary, 'pass-check', { stage: 'formal-check' });
  const { assignments = [] } = await application.at('online-review', (visit) => visit.assignments?.length === 3);
  for (const { reviewer } of assignments) await application.review(reviewer, 1, 'online-review');
  await application.at('quota');
  await come(closesAt);
  const { dueAt = '' } = await application.carried('meeting-review');
  await come(dueAt);
  await application.at('undertaking');
  await application.done(dean, 'confirm-as-party', { stage: 'undertaking', party: 'university' });
  await application.at('duty');
  return application;
}

test('a recognised course is not kept up: warned, time to remedy, recognition withdrawn; credits earned before stay', async () => {
  const application = await accredited('kept', technology);
  const { dean, id } = application;
  const council = house.seat('council', { role: 'chair' });
  const { dueAt = '' } = await application.at('duty');
  const register = await eventually(() => recognised(application));
  expect(register).toMatchObject({ case: `case-${id}`, withdrawnAt: null });
  const fiveYears = (day: unknown) => String(day).replace(/^\d+/, (year) => String(Number(year) + 5));
  expect(register?.['until']).toBe(fiveYears(register?.['from']));
  expect(dayIn(dueAt)).toBe(fiveYears(register?.['from']));

  const warned = async (warning: number): Promise<string> => {
    await application.done(council, 'warn', { stage: 'duty', reason: '课程一年未更新。' });
    const { warnings = [] } = await application.at('duty', (visit) => visit.warnings?.length === warning);
    const remedyDueAt = warnings[warning - 1]?.remedyDueAt ?? '';
    await eventually(async () => {
      const { body } = await dean.get(`/v1/alliances/${alliance}/tasks`);
      const items = body['items'] as { id: string; act: string; taskDueAt: string }[];
      return items.find((task) => task.id === id && task.act === 'remedy' && task.taskDueAt === remedyDueAt);
    });
    return remedyDueAt;
  };
  expect(refusedWith(await application.act(dean, 'warn', { stage: 'duty', reason: '无' })).status).toBe(403);
  await warned(1);
  const remedy = { stage: 'duty', warning: 1, statement: '已更新全部视频。', evidence: [papers.evidence] };
  await application.done(dean, 'report-remedy', remedy);
  await application.done(council, 'accept-remedy', { stage: 'duty', warning: 1 });

  const remedyDueAt = await warned(2);
  await come(new Date(Date.parse(remedyDueAt) - 600_000).toISOString());
  expect(await recognised(application)).toMatchObject({ withdrawnAt: null });
  expect((await application.seen()).end).toBeUndefined();
  await come(remedyDueAt);
  for (const person of await application.electors('withdrawal'))
    expectAccepted(await application.vote(person, 'for', 'withdrawal'));
  expect(await application.ended()).toMatchObject({ id: 'recognition-withdrawn', outcome: 'refused' });
  const withdrawn = await eventually(async () => {
    const found = await recognised(application);
    return found?.['withdrawnAt'] === null ? undefined : found;
  });
  expect(withdrawn).toMatchObject({ number: register?.['number'], withdrawnAt: expect.stringMatching(/^20/) });
  const inForceOn = async (at: number): Promise<boolean> => {
    const day = dayIn(new Date(at).toISOString());
    const { text } = await house.nobody().get(`/v1/alliances/${alliance}/recognitions?day=${day}&limit=200`);
    return text.includes(String(register?.['number']));
  };
  // It was recognised on the days before, and is so no more.
  expect(await Promise.all([Date.parse(remedyDueAt) - 1_000, Date.parse(remedyDueAt)].map(inForceOn))).toEqual([true, false]);
  expect((await application.seen()).visits.at(-2)?.left?.explanation).toMatchObject({
    text: { zh: expect.stringContaining('此前取得的学分继续有效') },
    inputs: { reason: '课程一年未更新。', creditsEarnedBefore: 'stay' },
  });
});
