import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { organContext } from '#organisation';
import { china, type Definition, isAnnounced, loadDefinition, type Stage } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound, refusedWith } from '../support/applications.js';
import type { Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { papers } from '../support/papers.js';

const [sunYatSen, jinan, southChina] = ['4144010558', '4144010559', '4144010561'];
const dayMs = 86_400_000;

let house: House;
beforeAll(async () => {
  house = await House.open();
  await amendCharter();
  const resolution = await fixture('resolution');
  const [ballot] = resolution.stages as [Stage];
  const signed = (id: string, signatures: 'all' | 'any'): Definition => ({
    ...resolution,
    id,
    stages: [{ ...opinion, signatures }],
  });
  const definitions = [
    resolution,
    await fixture('obligation'),
    await fixture('two-channels'),
    signed('signed-by-all', 'all'),
    signed('signed-by-any', 'any'),
    { ...resolution, id: 'jury', stages: [{ ...ballot, power: 'decide-by-jury' } as Stage] },
  ];
  for (const definition of definitions) {
    await house.operator(definitionContext, definition.id, 'AdoptDefinition', { definition });
    await openRound(house, definition.id, '2026-06-30T16:00:00.000Z', { id: definition.id, version: 1 });
  }
  await openRound(house, 'recognition', '2026-06-30T16:00:00.000Z');
});
afterAll(() => house.close());

const opinion: Extract<Stage, { kind: 'check' }> = {
  id: 'opinion',
  kind: 'check',
  title: { en: 'Joint opinion', zh: '会签意见' },
  power: 'check-application',
  workingDays: 5,
  on: { passed: 'carried', failed: 'declined', lapsed: 'declined' },
};

const fixture = async (name: string): Promise<Definition> =>
  (await loadDefinition(`test/support/workflows/${name}.yaml`)).definition;

/** The committee meets for what it decides; a jury without a seat yet votes by correspondence. */
async function amendCharter(): Promise<void> {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = body['document'] as CharterDocument;
  const recognition = document.rules.find(({ rule }) => rule === 'recognition') as CharterDocument['rules'][number];
  const meets = { ...recognition, notice: { workingDays: 3 }, proxies: { perHolder: 1, countForQuorum: true } };
  const granting = new Set(['recognise-course', 'withdraw-recognition', 'issue-notice']);
  await house.operator(charterContext, '', 'AdoptCharter', {
    document: {
      ...document,
      organs: [
        ...document.organs,
        { organ: 'jury', name: { zh: '评审团', en: 'Jury' }, scope: 'alliance', seats: { filledBy: 'fill-seat', termYears: 4 } },
      ],
      powers: [
        // Without a rule: the obligation takes no vote.
        ...document.powers.map(({ rule, ...clause }) =>
          granting.has(clause.power)
            ? { ...clause, workflows: [...(clause.workflows ?? []), 'obligation'] }
            : { ...clause, ...(rule === undefined ? {} : { rule }) },
        ),
        { power: 'confirm-platform', organ: 'secretariat' },
        { power: 'decide-by-jury', organ: 'jury', rule: 'by-jury' },
      ],
      rules: [...document.rules.map((rule) => (rule.rule === 'recognition' ? meets : rule)), { ...recognition, rule: 'by-jury' }],
    },
  });
}

async function submitted(round: string, institution: string, form: object = {}): Promise<Application> {
  const application = await Application.register(house, round, institution);
  const paper = { institution, form: { title: '岭南古建筑', ...form }, files: [] };
  expectAccepted(await application.handIn(application.dean, paper));
  return application;
}

const secretaries = (): [Caller, Caller] =>
  house.holders('secretariat').map(({ person }) => house.person(person)) as [Caller, Caller];

async function actsOf(who: Caller, { id }: Application): Promise<readonly Record<string, unknown>[]> {
  return (await who.get(`/v1/cases/${id}`)).body['acts'] as Record<string, unknown>[];
}

async function tells(application: Application): Promise<readonly string[]> {
  const { body } = await application.secretary.get(`/v1/cases/${application.id}/timeline`);
  return (body['items'] as { type: string }[]).map(({ type }) => type);
}

/** Seats somebody from now on, for two years. */
async function seat(organ: string, person: string, more: object = {}): Promise<void> {
  const from = new Date(house.clock.now() - 60_000).toISOString();
  const until = new Date(house.clock.now() + 730 * dayMs).toISOString();
  await house.operator(organContext, organ, 'FillSeat', { person, role: 'member', from, until, ...more });
}

test('where all sign, nothing passes before the last has signed, and who has signed may take it back until then', async () => {
  const application = await submitted('signed-by-all', jinan);
  const [first, second] = secretaries();
  await eventually(async () => ((await tells(application)).includes('SignersCalled') ? true : undefined));
  await application.done(first, 'pass-check', { stage: 'opinion' });
  expect(refusedWith(await application.act(first, 'pass-check', { stage: 'opinion' })).status).toBe(409);
  expect(await actsOf(first, application)).toContainEqual({ act: 'retract', stage: 'opinion' });
  await application.done(first, 'retract-act', { stage: 'opinion' });
  await application.done(second, 'pass-check', { stage: 'opinion' });
  expect((await application.seen()).end).toBeUndefined();
  await application.done(first, 'pass-check', { stage: 'opinion' });
  expect(await application.ended()).toMatchObject({ id: 'carried' });
  expect((await application.act(second, 'retract-act', { stage: 'opinion' })).status).toBe(409);
  expect((await tells(application)).filter((type) => type === 'CheckSigned' || type === 'ActRetracted')).toEqual([
    'CheckSigned',
    'ActRetracted',
    'CheckSigned',
    'CheckSigned',
  ]);
});

test('where any of them signs, the first passes it for all', async () => {
  const application = await submitted('signed-by-any', jinan);
  const [first, second] = secretaries();
  await application.done(second, 'pass-check', { stage: 'opinion' });
  expect(await application.ended()).toMatchObject({ id: 'carried' });
  expect((await application.act(first, 'pass-check', { stage: 'opinion' })).status).toBe(409);
  expect((await tells(application)).filter((type) => type === 'CheckPassed')).toHaveLength(1);
});

test('a task is handed to a colleague: it is in their list only, and theirs alone until it is taken back', async () => {
  const application = await Application.submitted(house, 'recognition', jinan);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const officer = house.seat('secretariat', { role: 'member' });
  const { secretary } = application;
  const task = { stage: 'formal-check', part: 'check', reason: '出差。' };
  const { body } = await secretary.get(`/v1/cases/${application.id}`);
  expect(body['acts']).toContainEqual({ act: 'transfer', stage: 'formal-check', part: 'check', people: [officer.id] });
  await application.done(secretary, 'transfer-task', { ...task, to: officer.id });
  const listed = async (who: Caller) => {
    const answer = await who.get(`/v1/alliances/${alliance}/tasks`);
    return (answer.body['items'] as { id: string }[]).some(({ id }) => id === application.id);
  };
  expect([await listed(officer), await listed(secretary)]).toEqual([true, false]);
  const refused = await application.act(secretary, 'pass-check', { stage: 'formal-check' });
  expect({ status: refused.status, code: refused.body['code'] }).toEqual({ status: 409, code: 'case.handed-over' });
  const shown = await officer.get(`/v1/cases/${application.id}`);
  expect(shown.text).toContain('出差。');
  expect((await application.dean.get(`/v1/cases/${application.id}`)).text).not.toContain('出差。');
  await application.done(officer, 'pass-check', { stage: 'formal-check' });
});

test('a case is copied to an organ: its members find it in their list and read it, act on nothing, and no wall falls', async () => {
  const application = await Application.submitted(house, 'recognition', sunYatSen);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  const department = house.seat('provincial-department', { scope: '44' });
  const president = house.seat('council', { role: 'chair' });
  const outsider = house.outsider();
  expect((await president.get(`/v1/cases/${application.id}`)).status).toBe(404);
  const to = { stage: 'recommendation', people: [outsider.id], organs: [{ organ: 'council' }, { organ: 'committee' }] };
  await application.done(department, 'copy-case', to);
  const list = async (who: Caller) => {
    const { body } = await who.get(`/v1/alliances/${alliance}/cases?copied=true`);
    return (body['items'] as { id: string }[]).map(({ id }) => id);
  };
  for (const reader of [president, outsider]) {
    expect(await list(reader)).toEqual([application.id]);
    const { body } = await reader.get(`/v1/cases/${application.id}`);
    expect({ as: body['as'], acts: body['acts'] }).toEqual({ as: 'copied', acts: [] });
    expect((await application.act(reader, 'pass-check', { stage: 'recommendation' })).status).toBe(403);
  }
  // The chair of the committee works for the applicant.
  const chair = house.seat('committee', { role: 'chair' });
  expect((await chair.get(`/v1/cases/${application.id}`)).status).toBe(404);
  expect(await list(chair)).not.toContain(application.id);
});

test('an answer at a confirmation is handed over and taken back by its giver, until the next step has begun', async () => {
  const application = await submitted('obligation', sunYatSen, { partner: southChina });
  const [first, second] = secretaries();
  const { dean } = application;
  const partner = house.seat('deans-office', { scope: southChina });
  const stage = 'consent';
  await eventually(async () => ((await tells(application)).includes('PartiesAsked') ? true : undefined));
  const confirm = (who: Caller, party: string) => application.act(who, 'confirm-as-party', { stage, party });
  expectAccepted(await confirm(dean, 'institution'));
  const other = await application.act(partner, 'retract-act', { stage, party: 'institution' });
  expect([403, 404, 409]).toContain(other.status);
  expect(await actsOf(dean, application)).toContainEqual({ act: 'retract', stage, part: 'institution' });
  await application.done(dean, 'retract-act', { stage, party: 'institution' });
  expectAccepted(await confirm(partner, 'partner'));

  const part = 'party.platform';
  expect(await actsOf(first, application)).toContainEqual({ act: 'transfer', stage, part, people: [second.id] });
  await application.done(first, 'transfer-task', { stage, part, to: second.id, reason: '出差。' });
  expect(refusedWith(await confirm(first, 'platform'))).toEqual({ status: 409, code: 'case.handed-over' });
  expectAccepted(await confirm(second, 'platform'));
  expect((await application.seen()).visits.at(-1)?.stage).toBe(stage);
  expectAccepted(await confirm(dean, 'institution'));
  await application.at('keeping');
  const late = await application.act(dean, 'retract-act', { stage, party: 'institution' });
  expect(refusedWith(late)).toEqual({ status: 409, code: 'case.next-step-began' });
});

test('a case is sent back from behind a join: what the other branch decided stands, and the join waits anew', async () => {
  const application = await submitted('two-channels', jinan);
  const province = house.seat('provincial-department', { scope: '44' });
  const { secretary, dean } = application;
  const pass = (who: Caller, stage: string) => application.done(who, 'pass-check', { stage });
  await pass(dean, 'endorsement');
  await application.at('opinion');
  await pass(secretary, 'opinion');
  await pass(province, 'recommendation');
  await application.at('conclusion');
  const back = { stage: 'conclusion', to: 'recommendation', reason: '推荐意见未盖章。' };
  expect(refusedWith(await application.act(dean, 'send-back', back)).status).toBe(403);
  await application.done(secretary, 'send-back', back);
  const open = (await application.seen()).visits.filter(({ left }) => left === undefined);
  expect(open.map(({ stage }) => stage)).toEqual(['recommendation']);
  expect((await application.act(secretary, 'pass-check', { stage: 'conclusion' })).status).toBe(409);
  await pass(province, 'recommendation');
  await application.at('conclusion');
  await pass(secretary, 'conclusion');
  expect(await application.ended()).toMatchObject({ id: 'granted' });
  expect((await tells(application)).filter((type) => type === 'CheckPassed')).toHaveLength(5);
});

test('a meeting is called off: its members read why, its votes and proxies lapse, and its items wait for another', async () => {
  const application = await submitted('resolution', jinan);
  const { secretary, dean } = application;
  await application.at('committee', ({ awaited }) => awaited?.sitting === 1);
  const meeting = `${alliance}.${randomUUID()}`;
  const send = (who: Caller, command: string, data: object) => who.post(`/v1/meeting/${meeting}/${command}`, data);
  const agenda = [{ case: application.id, stage: 'committee' }];
  const at = (days: number) => new Date(house.clock.now() + days * dayMs).toISOString();
  const opensAt = at(7);
  expectAccepted(await send(secretary, 'convene-meeting', { agenda, opensAt, closesAt: at(8), place: '广州' }));
  const [giver, holder, voter] = house
    .holders('committee')
    .filter(({ institution }) => institution !== jinan)
    .map(({ person }) => house.person(person)) as [Caller, Caller, Caller];
  expectAccepted(await send(giver, 'lodge-proxy', { holder: holder.id }));
  await house.passTo(opensAt);
  await application.at('committee', ({ sittings = [] }) => sittings.length === 1);
  expectAccepted(await application.vote(voter.id ?? '', 'for'));

  expect((await send(voter, 'call-off-meeting', { reason: '台风停课。' })).status).toBe(403);
  expect((await secretary.get(`/v1/meetings/${meeting}`)).body).toMatchObject({ mayCallOff: true, calledOff: null });
  expectAccepted(await send(secretary, 'call-off-meeting', { reason: '台风停课。' }));
  expect(refusedWith(await send(secretary, 'call-off-meeting', { reason: '台风停课。' }))).toEqual({
    status: 409,
    code: 'meeting.called-off',
  });
  const { body } = await holder.get(`/v1/alliances/${alliance}/meetings`);
  expect(body['items']).toContainEqual(expect.objectContaining({ id: meeting, calledOff: '台风停课。' }));
  expect((await holder.get(`/v1/meetings/${meeting}`)).body).toMatchObject({
    proxies: [],
    mayCallOff: false,
    calledOff: { reason: '台风停课。' },
  });
  expect((await dean.get(`/v1/meetings/${meeting}`)).status).toBe(404);
  await application.at('committee', ({ awaited }) => awaited?.sitting === 2);
  expect(refusedWith(await application.vote(holder.id ?? '', 'for'))).toEqual({ status: 409, code: 'case.voting-closed' });
  const { body: timeline } = await dean.get(`/v1/cases/${application.id}/timeline`);
  const told = (timeline['items'] as { type: string; text: { zh: string } }[]).find(({ type }) => type === 'BallotCalledOff');
  expect(told?.text.zh).toContain('台风停课。');
});

test('ballots are opened and voted on in bulk: previewed, all or none, and nobody votes twice', async () => {
  const applications = [];
  for (let n = 0; n < 3; n += 1) applications.push(await submitted('jury', jinan));
  const [single] = applications as [Application];
  const { secretary } = single;
  // The jury has no member, so the ballots could not be opened by themselves.
  await eventually(async () => {
    const { body } = await secretary.get(`/v1/alliances/${alliance}/incidents`);
    return (body['items'] as unknown[]).length === 3 ? true : undefined;
  });
  const jurors = house
    .holders('committee')
    .filter(({ institution }) => institution !== jinan)
    .slice(0, 3);
  for (const { person, institution } of jurors) await seat('jury', person, institution === null ? {} : { institution });
  const voters = jurors.map(({ person }) => house.person(person)) as [Caller, Caller, Caller];

  const bulk = async (who: Caller, doing: object) => {
    const asked = { ...doing, round: `${alliance}.jury` };
    const { body } = await who.post(`/v1/alliances/${alliance}/bulk-preview`, asked);
    const order = { ...doing, cases: body['cases'], preview: body['hash'] };
    const id = `${alliance}.${randomUUID()}`;
    return { id, body, order: () => who.post(`/v1/bulk/${id}/order-bulk`, order) };
  };
  const done = async (who: Caller, id: string, steps: number) =>
    eventually(async () => ((await who.get(`/v1/bulk/${id}`)).body['done'] === steps ? true : undefined));

  const opening = await bulk(secretary, { act: 'open-ballot', stage: 'committee' });
  expect(opening.body).toMatchObject({ steps: 3, excluded: [], sample: [{ zh: expect.stringContaining('第 1 次表决开始') }] });
  expectAccepted(await opening.order());
  await done(secretary, opening.id, 3);

  const [first, second, third] = voters;
  const voting = { act: 'cast-vote', stage: 'committee', choice: 'for' };
  const early = await bulk(first, voting);
  expect(early.body).toMatchObject({ steps: 3, excluded: [], sample: [{ zh: '一票已投。' }] });
  expectAccepted(await single.vote(first.id ?? '', 'against'));
  const refused = await early.order();
  expect(refused).toMatchObject({ status: 412, body: { code: 'bulk.changed' } });
  const rest = await bulk(first, voting);
  expect(rest.body).toMatchObject({ steps: 2, excluded: [{ case: single.id, code: 'case.already-voted' }] });
  expectAccepted(await rest.order());
  await done(first, rest.id, 2);
  for (const who of [second, third]) {
    const all = await bulk(who, voting);
    expectAccepted(await all.order());
    await done(who, all.id, 3);
  }
  for (const application of applications) expect(await application.ended()).toMatchObject({ id: 'carried' });
});

test('an inspection, a remedy and the ruling on it are each handed over, and are theirs alone who have them', async () => {
  const application = await submitted('obligation', jinan, { partner: southChina });
  const [secretary] = secretaries();
  const { dean } = application;
  await eventually(async () => ((await tells(application)).includes('PartiesAsked') ? true : undefined));
  const answers: readonly (readonly [Caller, string])[] = [
    [dean, 'institution'],
    [secretary, 'platform'],
    [house.seat('deans-office', { scope: southChina }), 'partner'],
  ];
  for (const [who, party] of answers) await application.done(who, 'confirm-as-party', { stage: 'consent', party });
  await application.at('keeping');
  await house.moveTo(house.clock.now() + 370 * dayMs);
  await house.settled();

  const stage = 'keeping';
  const council = house.holders('council').map(({ person }) => house.person(person));
  const [inspector] = council as [Caller];
  const helper = house.outsider();
  if (council.length < 2) await seat('council', helper.id ?? '');
  const colleague = council[1] ?? helper;
  const hand = (who: Caller, part: string, to: Caller) =>
    application.done(who, 'transfer-task', { stage, part, to: to.id, reason: '出差。' });
  await hand(inspector, 'inspection.1', colleague);
  const warning = { stage, inspection: 1, reason: '课程一年未更新。' };
  expect(refusedWith(await application.act(inspector, 'warn', warning))).toEqual({ status: 409, code: 'case.handed-over' });
  await application.done(colleague, 'warn', warning);

  await seat(`deans-office.${jinan}`, secretary.id ?? '', { institution: jinan });
  await hand(dean, 'remedy.1', secretary);
  const remedy = { stage, warning: 1, statement: '已更新全部视频。', evidence: [papers.evidence] };
  expect(refusedWith(await application.act(dean, 'report-remedy', remedy)).code).toBe('case.handed-over');
  await application.done(secretary, 'report-remedy', remedy);
  await hand(inspector, 'ruling.1', colleague);
  expect(refusedWith(await application.act(inspector, 'accept-remedy', { stage, warning: 1 })).code).toBe('case.handed-over');
  await application.done(colleague, 'accept-remedy', { stage, warning: 1 });
  expect((await tells(application)).slice(-3)).toEqual(['RemedyReported', 'TaskTransferred', 'RemedyAccepted']);
});

test('deadlines that fall in a year without announced holidays are said on the board of whoever keeps the round', async () => {
  await openRound(house, 'next-year', new Date(house.clock.now() + 30 * dayMs).toISOString());
  const application = await Application.submitted(house, 'next-year', sunYatSen);
  const { dueAt = '' } = await application.at('endorsement');
  const year = Number(dueAt.slice(0, 4));
  const { body } = await application.secretary.get(`/v1/rounds/${alliance}.next-year/statistics`);
  expect(body['unannounced']).toEqual(isAnnounced(china, year) ? [] : [{ year, deadlines: 1 }]);
  expect((await application.dean.get(`/v1/rounds/${alliance}.next-year/statistics`)).body['unannounced']).toEqual([]);
  const day = new Date(Date.parse(dueAt) - 1).toISOString().slice(0, 10);
  const holiday = { year, holidays: [`${day}/${day}`], makeUpDays: [], notice: '放假安排' };
  const announce = (who: Caller) => who.post(`/v1/calendar/${alliance}/announce-holidays`, holiday);
  expect((await announce(application.dean)).status).toBe(403);
  expect((await announce(application.secretary)).status).toBe(200);
  await house.settled();
  expect((await application.at('endorsement')).dueAt).not.toBe(dueAt);
  expect((await tells(application)).at(-1)).toBe('DeadlinesRecounted');
  const known = await application.secretary.get(`/v1/alliances/${alliance}/calendar`);
  expect((known.body['years'] as readonly { year: number }[])[0]).toMatchObject({ year, notice: '放假安排' });
  expect((await application.secretary.get(`/v1/rounds/${alliance}.next-year/statistics`)).body['unannounced']).toEqual([]);
});
