import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { membershipContext } from '#membership';
import { loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { workflowFile } from '../../apps/server/demonstration.js';
import { eventually } from '../support/eventually.js';
import { Application, type Choice, expectAccepted, openRound, refusedWith } from '../support/applications.js';
import type { Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { Listening } from '../support/listening.js';

const [sunYatSen, jinan, southChina, normal, shenzhen, technology] = [
  '4144010558',
  '4144010559',
  '4144010561',
  '4144010574',
  '4144010590',
  '4144011845',
];
const stage = 'committee';

type Rule = CharterDocument['rules'][number];

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, 'deciding', '2026-09-30T16:00:00.000Z');
  await openUnder('strict', ({ quorum, majority, ...rule }) => ({
    ...rule,
    quorum: { ...quorum, of: 'all-seats' },
    majority: { ...majority, of: 'present' },
    tie: 'not-carried',
  }));
  await openUnder('meeting', (rule) => ({
    ...rule,
    notice: { workingDays: 3 },
    proxies: { perHolder: 1, countForQuorum: true },
  }));
});
afterAll(() => house.close());

/** A round under a charter that has another rule for recognitions; the charter of before is in force again after it. */
async function openUnder(round: string, changed: (rule: Rule) => Rule): Promise<void> {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = body['document'] as CharterDocument;
  const rules = document.rules.map((rule) => (rule.rule === 'recognition' ? changed(rule) : rule));
  await house.operator(charterContext, '', 'AdoptCharter', { document: { ...document, rules } });
  await openRound(house, round, '2026-09-30T16:00:00.000Z');
  await house.operator(charterContext, '', 'AdoptCharter', { document });
}

/** Votes in the order of the electors. */
async function votes(application: Application, ...choices: readonly Choice[]): Promise<void> {
  const electors = await application.electors();
  for (const [index, choice] of choices.entries()) expectAccepted(await application.vote(electors[index] ?? '', choice));
}

test('the quorum is not met: “inquorate”, no decision, the meeting is reconvened; the denominator is the one that the charter names', async () => {
  const eligible = await Application.submitted(house, 'deciding', shenzhen);
  const whole = await Application.submitted(house, 'strict', shenzhen);
  let closesAt = '';
  for (const application of [eligible, whole]) {
    closesAt = (await application.toBallot()).sittings?.[0]?.closesAt ?? '';
    await votes(application, 'for');
  }
  await house.passTo(closesAt);
  const bases = { 'eligible-seats': { application: eligible, of: 8 }, 'all-seats': { application: whole, of: 9 } };
  for (const [base, { application, of }] of Object.entries(bases)) {
    const { sittings = [] } = await application.at(stage, (visit) => visit.sittings?.length === 2);
    expect(sittings[0]?.inquorate).toMatchObject({
      text: { en: expect.stringContaining('Inquorate') },
      inputs: { rule: { quorum: { of: base } } },
      arithmetic: [{ what: 'quorum', actual: [1, of], required: [2, 3], holds: false }],
    });
    expect(sittings[1]?.votes).toEqual([]);
    expect((await application.seen()).end).toBeUndefined();
  }
});

test('some abstain: abstentions count for the quorum, and for the majority only where its base says “of those present”', async () => {
  const ofVotes = await Application.submitted(house, 'deciding', technology);
  const ofPresent = await Application.submitted(house, 'strict', technology);
  for (const application of [ofVotes, ofPresent]) {
    await application.toBallot();
    await votes(application, 'for', 'for', 'against', ...Array<Choice>(5).fill('abstain'));
  }
  await ofVotes.at('publicity');
  expect(await ofPresent.ended()).toMatchObject({ id: 'declined' });
  const arithmeticOf = async (application: Application) =>
    (await application.seen()).visits.find((visit) => visit.stage === stage)?.left?.explanation.arithmetic;
  expect(await arithmeticOf(ofVotes)).toMatchObject([
    { what: 'quorum', actual: [8, 8], holds: true },
    { what: 'majority', actual: [2, 3], holds: true },
  ]);
  expect(await arithmeticOf(ofPresent)).toMatchObject([
    { what: 'quorum', actual: [8, 9], holds: true },
    { what: 'majority', actual: [2, 8], holds: false },
  ]);
});

test('members are recused: they leave the denominator only if the charter says so', async () => {
  const eligible = await Application.submitted(house, 'deciding', sunYatSen);
  const whole = await Application.submitted(house, 'strict', sunYatSen);
  let closesAt = '';
  for (const application of [eligible, whole]) {
    const [sitting] = (await application.toBallot()).sittings ?? [];
    expect([sitting?.seats.length, sitting?.recused.length]).toEqual([9, 2]);
    closesAt = sitting?.closesAt ?? '';
    await votes(application, ...Array<Choice>(5).fill('for'));
  }
  await house.passTo(closesAt);
  // Five of seven are two thirds, five of nine are not.
  await eligible.at('publicity');
  const { sittings = [] } = await whole.at(stage, (visit) => visit.sittings?.length === 2);
  expect(sittings[0]?.inquorate).toMatchObject({ arithmetic: [{ what: 'quorum', actual: [5, 9], holds: false }] });
});

test('votes tie: the charter’s tie rule, casting vote by an unconflicted chair or not carried', async () => {
  const casting = await Application.submitted(house, 'deciding', technology);
  const lost = await Application.submitted(house, 'strict', technology);
  for (const application of [casting, lost]) {
    await application.toBallot();
    await votes(application, ...Array<Choice>(4).fill('for'), ...Array<Choice>(4).fill('against'));
  }
  expect(await lost.ended()).toMatchObject({ id: 'declined', outcome: 'refused' });
  const { sittings: ended = [] } = (await lost.seen()).visits.at(-1) ?? {};
  expect(ended.map(({ tie }) => tie)).toEqual([undefined]);

  const chair = house.seat(stage, { role: 'chair' });
  const { sittings = [] } = await casting.at(stage, (visit) => visit.sittings?.at(-1)?.tie !== undefined);
  expect(sittings[0]?.tie?.castingVote).toBe(chair.id);
  const deputy = await casting.act(house.seat(stage, { role: 'deputy' }), 'break-tie', { stage, choice: 'for' });
  expect(refusedWith(deputy)).toEqual({ status: 409, code: 'case.not-presiding' });
  await casting.done(chair, 'break-tie', { stage, choice: 'for' });
  await casting.at('publicity');
});

test('the chair has a conflict: the deputy acts; the chair can neither see the case nor replace the deputy', async () => {
  const application = await Application.submitted(house, 'deciding', sunYatSen);
  await application.toBallot();
  const chair = house.seat(stage, { role: 'chair' });
  const deputy = house.seat(stage, { role: 'deputy' });
  expect((await chair.get(`/v1/cases/${application.id}`)).status).toBe(404);
  expect((await application.vote(chair.id ?? '', 'for')).body['code']).toBe('case.not-found');

  const electors = await application.electors();
  expect(electors).toHaveLength(7);
  await votes(application, 'for', 'against', 'for', 'against', 'for', 'against', 'abstain');
  const { sittings = [] } = await application.at(stage, (visit) => visit.sittings?.at(-1)?.tie !== undefined);
  expect(sittings[0]?.tie?.castingVote).toBe(deputy.id);
  const another = house.person(electors.find((person) => person !== deputy.id) ?? '');
  const refused = await application.act(another, 'break-tie', { stage, choice: 'for' });
  expect(refused.body['code']).toBe('case.not-presiding');
  const replaced = { person: deputy.id, reason: '另行安排。' };
  const ousted = await chair.post(`/v1/organ/${alliance}.committee/end-seat`, replaced);
  expect(refusedWith(ousted)).toEqual({ status: 403, code: 'authority.no-seat' });
  await application.done(deputy, 'break-tie', { stage, choice: 'against' });
  expect(await application.ended()).toMatchObject({ id: 'declined', outcome: 'refused' });
});

test('two chairs decide the same case at once: one commits; the other gets a conflict and must read again; one notification goes out', async () => {
  const application = await Application.submitted(house, 'deciding', shenzhen);
  const { dean, secretary, id } = application;
  await application.done(dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const listening = await Listening.begin(house, dean, `/v1/alliances/${alliance}/live`);
  const both = house.holders('secretariat').map(({ person }) => house.person(person)) as [Caller, Caller];
  await application.at('formal-check');
  const read = [await application.readBy(both[0]), await application.readBy(both[1])];
  const answers = await Promise.all([
    application.actAt(read[0], both[0], 'fail-check', { stage: 'formal-check', reason: '材料不全。' }),
    application.actAt(read[1], both[1], 'fail-check', { stage: 'formal-check', reason: '教学日历缺页。' }),
  ]);
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
  const [won, lost] = answers[0]?.status === 200 ? both : both.toReversed();
  expect(answers.find(({ status }) => status === 412)?.body['code']).toBe('command.stale-revision');
  const again = await application.act(lost as Caller, 'fail-check', { stage: 'formal-check', reason: '材料不全。' });
  expect(refusedWith(again)).toEqual({ status: 409, code: 'case.ended' });

  const { body } = await secretary.get(`/v1/cases/${id}/timeline`);
  const items = body['items'] as { type: string; actor: string; position: string }[];
  const decided = items.filter(({ type }) => type === 'CheckFailed');
  expect(decided.map(({ actor }) => actor)).toEqual([won?.id]);
  await listening.until(({ id: position }) => position === items.at(-1)?.position);
  expect(listening.heard.filter(({ id: position }) => position === decided[0]?.position)).toHaveLength(1);
  // What the applicant hears of is what stands on record, and nothing of the attempt that came too late.
  const known = new Set(items.map(({ position }) => position));
  const heard = listening.heard.filter(({ data }) => data['case'] === id).map(({ id: position }) => position);
  expect(heard.filter((position) => !known.has(position))).toEqual([]);
  expect(new Set(heard).size).toBe(heard.length);
  listening.stop();
});

interface Convened {
  readonly meeting: string;
  readonly earliest: string;
  readonly items: readonly [Application, Application];
  readonly unlisted: Application;
  readonly walled: Caller;
  readonly members: readonly [Caller, Caller, Caller, Caller];
}

const lodge = (who: Caller, meeting: string, data: object) => who.post(`/v1/meeting/${meeting}/lodge-proxy`, data);

/** A meeting with two of three items on the agenda of its notice. */
async function convened(): Promise<Convened> {
  const all = [];
  for (let n = 0; n < 3; n += 1) all.push(await Application.submitted(house, 'meeting', jinan));
  for (const application of all) {
    const { assignments = [] } = await application.toPanel();
    for (const { reviewer } of assignments) await application.review(reviewer);
    await application.at(stage, ({ awaited }) => awaited?.sitting === 1);
  }
  const [one, other, unlisted] = all as [Application, Application, Application];
  const { secretary } = one;
  const meeting = `${alliance}.${randomUUID()}`;
  const agenda = [one, other].map(({ id }) => ({ case: id, stage }));
  const at = (hours: number) => new Date(house.clock.now() + hours * 3_600_000).toISOString();
  const convene = (opensAt: string, closesAt: string) =>
    secretary.post(`/v1/meeting/${meeting}/convene-meeting`, { agenda, opensAt, closesAt, place: '广州' });
  const tooSoon = await convene(at(1), at(2));
  expect(tooSoon).toMatchObject({ status: 409, body: { code: 'meeting.notice-too-short' } });
  const { earliest } = tooSoon.body['details'] as { earliest: string };
  expectAccepted(await convene(earliest, new Date(Date.parse(earliest) + 8 * 3_600_000).toISOString()));
  const seated = house.holders('committee');
  const own = seated.find(({ institution }) => institution === jinan)?.person ?? '';
  const members = seated.filter(({ person }) => person !== own).map(({ person }) => house.person(person));
  return {
    ...{ meeting, earliest, items: [one, other], unlisted, walled: house.person(own) },
    members: members as unknown as Convened['members'],
  };
}

test('an item was not on the agenda of the notice: it cannot be put to the vote; a proxy votes outside its scope, or was not lodged before the meeting: refused', async () => {
  const { meeting, earliest, items, unlisted, walled, members } = await convened();
  const [listed, other] = items;
  const [giver, holder, late, another] = members;
  expectAccepted(await lodge(giver, meeting, { holder: holder.id, cases: [listed.id] }));
  const beyond = await lodge(late, meeting, { holder: another.id, cases: [unlisted.id] });
  expect(refusedWith(beyond)).toEqual({ status: 409, code: 'meeting.not-on-agenda' });
  expect((await lodge(holder, meeting, { holder: another.id })).body['code']).toBe('meeting.proxy-of-proxy');
  expect((await giver.get(`/v1/meetings/${meeting}`)).body).toMatchObject({
    agenda: [{ case: listed.id }, { case: other.id }],
    proxies: [{ giver: giver.id, holder: holder.id, cases: [listed.id] }],
  });
  expect((await listed.dean.get(`/v1/meetings/${meeting}`)).status).toBe(404);
  const meetingsOf = async (who: Caller): Promise<readonly string[]> => {
    const { body } = await who.get(`/v1/alliances/${alliance}/meetings`);
    return (body['items'] as { id: string }[]).map(({ id }) => id);
  };
  expect(await meetingsOf(giver)).toContain(meeting);
  // There is nothing on it but what a conflict keeps from them: that it is held would tell as much.
  expect((await walled.get(`/v1/meetings/${meeting}`)).status).toBe(404);
  expect(await meetingsOf(walled)).not.toContain(meeting);

  await house.passTo(earliest);
  for (const item of items) await item.at(stage, ({ sittings = [] }) => sittings.length === 1);
  const opened = await unlisted.act(listed.secretary, 'open-ballot', { stage, meeting });
  expect(refusedWith(opened)).toEqual({ status: 409, code: 'case.not-on-agenda' });
  expect((await lodge(late, meeting, { holder: another.id })).body['code']).toBe('meeting.begun');
  const voting = (item: Application, who: Caller, proxyOf?: string) =>
    item.act(who, 'cast-vote', { stage, choice: 'for', ...(proxyOf === undefined ? {} : { proxyOf }) });
  const refused = [await voting(listed, another, late.id), await voting(other, holder, giver.id)];
  expect(refused.map(refusedWith)).toEqual(refused.map(() => ({ status: 409, code: 'case.no-proxy' })));
  expectAccepted(await voting(listed, holder, giver.id));
  expectAccepted(await voting(listed, holder));
  expect((await voting(listed, walled)).status).toBe(404);
  const { sittings = [] } = await listed.at(stage);
  expect(sittings[0]?.votes).toMatchObject([{ person: giver.id, proxy: holder.id }, { person: holder.id }]);
});

test('a vote that was cast openly is taken back while the ballot is open, and not once the next step began', async () => {
  const application = await Application.submitted(house, 'deciding', technology);
  await application.toBallot();
  const electors = await application.electors();
  const [first = ''] = electors;
  const retract = () => application.act(house.person(first), 'retract-act', { stage: 'committee' });
  expectAccepted(await application.vote(first, 'against'));
  expectAccepted(await retract());
  for (const person of electors) expectAccepted(await application.vote(person, 'for'));
  const { status, body } = await retract();
  expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'case.next-step-began' });
});

test('whose seat has ended is refused with the very next request, what they read as well as what they do', async () => {
  const application = await Application.submitted(house, 'deciding', normal);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const officer = house.seat('secretariat', { role: 'member' });
  const { headers } = await officer.get(`/v1/cases/${application.id}`);
  const etag = headers.get('etag') ?? '';
  const ended = { person: officer.id, reason: '任期内调离。' };
  // However far behind the view of the seats is: here it stands still, so nobody waits for it.
  const standing = await house.sql.connect();
  await standing.query('begin');
  await standing.query('lock table view_seats.seats in exclusive mode');
  expectAccepted(await application.secretary.post(`/v1/organ/${alliance}.secretariat/end-seat`, ended));
  expect((await officer.send('GET', `/v1/cases/${application.id}`)).status).toBe(404);
  await standing.query('rollback');
  standing.release();
  const path = `/v1/case/${application.id}/pass-check`;
  const refused = await officer.post(path, { stage: 'formal-check' }, { 'if-match': etag });
  expect(refusedWith(refused)).toEqual({ status: 404, code: 'case.not-found' });
});

test('a membership is suspended in the middle of a round: its applications freeze and resume when reinstated', async () => {
  const application = await Application.submitted(house, 'deciding', technology);
  const dueAt = (await application.at('endorsement')).dueAt ?? '';
  await house.operator(membershipContext, technology, 'SuspendMember', { clause: '第九条', reason: '逾期未缴会费。' });
  const barred = await application.act(application.dean, 'pass-check', { stage: 'endorsement' });
  expect({ status: barred.status, code: barred.body['code'] }).toEqual({ status: 403, code: 'authority.not-a-member' });
  await eventually(async () => (await application.seen()).frozen);
  await house.operator(membershipContext, technology, 'ReinstateMember', {});
  const resumed = await application.at('endorsement', (visit) => visit.dueAt !== dueAt);
  expect(Date.parse(resumed.dueAt ?? '')).toBeGreaterThan(Date.parse(dueAt));
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
});

test('a membership is suspended in the middle of a round: votes barred from that instant, earlier ones stand', async () => {
  const application = await Application.submitted(house, 'deciding', shenzhen);
  await application.toBallot();
  const suspended = [jinan, southChina];
  const [early = '', late = ''] = suspended.map(
    (own) => house.holders('committee').find(({ institution }) => institution === own)?.person,
  );
  expectAccepted(await application.vote(early, 'for'));
  for (const institution of suspended)
    await house.operator(membershipContext, institution, 'SuspendMember', { clause: '第九条', reason: '逾期未缴会费。' });
  const barred = await application.vote(late, 'for');
  expect({ status: barred.status, code: barred.body['code'] }).toEqual({ status: 409, code: 'case.member-suspended' });
  const { sittings = [] } = await application.at('committee');
  expect(sittings[0]?.votes).toMatchObject([{ person: early, choice: 'for' }]);
  for (const institution of suspended) await house.operator(membershipContext, institution, 'ReinstateMember', {});
  expectAccepted(await application.vote(late, 'for'));
});

test('the province sends a case back: to the named stage with a reason; what lower levels decided stands', async () => {
  const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
  const version = definition.version + 1;
  const stages = definition.stages.map((stage) =>
    stage.id === 'recommendation' ? { ...stage, return: { to: ['endorsement'], times: 1 } } : stage,
  );
  const adopted = { definition: { ...definition, version, stages } };
  await house.operator(definitionContext, definition.id, 'AdoptDefinition', adopted);
  await openRound(house, 'back', '2026-06-30T16:00:00.000Z', { id: definition.id, version });
  const application = await Application.submitted(house, 'back', southChina);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  const province = house.seat('provincial-department', { scope: '44' });
  const { body } = await province.get(`/v1/cases/${application.id}`);
  expect(body['acts']).toContainEqual({ act: 'send-back', stage: 'recommendation', to: ['endorsement'] });
  const back = { stage: 'recommendation', to: 'endorsement', reason: '推荐表未盖章。' };
  const elsewhere = await application.act(province, 'send-back', { ...back, to: 'formal-check' });
  expect(elsewhere).toMatchObject({ status: 409, body: { code: 'case.no-return' } });
  expect((await application.act(application.dean, 'send-back', back)).status).toBe(403);
  await application.done(province, 'send-back', back);
  await application.at('endorsement');
  const seen = (await application.dean.get(`/v1/cases/${application.id}`)).body['case'] as {
    returns: object[];
    visits: { stage: string; visit: number; verdict?: { passed: boolean } }[];
  };
  expect(seen.returns).toMatchObject([{ stage: 'recommendation', to: 'endorsement', reason: back.reason }]);
  expect(seen.visits[0]).toMatchObject({ stage: 'endorsement', visit: 1, verdict: { passed: true } });
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  const again = await application.act(province, 'send-back', back);
  expect(again).toMatchObject({ status: 409, body: { code: 'case.no-more-returns' } });
  await application.done(province, 'pass-check', { stage: 'recommendation' });
  await application.at('formal-check');
});
