import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { membershipContext } from '#membership';
import { eventually } from '../faults/support/child.js';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import { after, type Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';

const [sunYatSen, jinan, southChina, normal, shenzhen, technology] = [
  '4144010558',
  '4144010559',
  '4144010561',
  '4144010574',
  '4144010590',
  '4144011845',
];

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, 'hard', '2026-06-30T16:00:00.000Z');
  await openRound(house, 'short', '2026-04-24T16:00:00.000Z');
}, 60_000);
afterAll(() => house.close());

test('the same course is not submitted twice in a round: the second is refused and names the first', async () => {
  const application = await Application.submitted(house, 'hard', jinan);
  const { number } = await application.seen();
  const second = await application.submit({ kind: 'blended' });
  expect(second).toMatchObject({ status: 409, body: { code: 'case.already-submitted', details: { first: number } } });
  expect(second.body['detail']).toContain(number);
});

test('an ineligible application is refused with the clause that failed and what would satisfy it', async () => {
  const application = await Application.register(house, 'hard', jinan);
  const { status, body } = await application.submit({ cycles: 1 });
  expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'case.ineligible' });
  expect(body['detail']).toContain('article 3 (1)');
  expect(body['detail']).toContain('two teaching cycles');
});

test('two chairs decide at once: one commits, the other has to read again', async () => {
  const application = await Application.submitted(house, 'hard', shenzhen);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const both = house.holders('secretariat').map(({ person }) => house.person(person));
  const answers = await Promise.all([
    application.act(both[0] as never, 'pass-check', { stage: 'formal-check' }),
    application.act(both[1] as never, 'fail-check', { stage: 'formal-check', reason: '材料不全。' }),
  ]);
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
  expect(answers.find(({ status }) => status === 412)?.body['code']).toBe('command.stale-revision');
  const { body } = await application.secretary.get(`/v1/cases/${application.id}/timeline`);
  const decided = (body['items'] as { type: string }[]).filter(({ type }) => type === 'CheckPassed' || type === 'CheckFailed');
  expect(decided).toHaveLength(3);
});

test('an application is withdrawn in the middle of its review: reviews are kept, and who worked on it still sees it', async () => {
  const application = await Application.submitted(house, 'hard', normal);
  const { assignments = [] } = await application.toPanel();
  const [reviewer = ''] = assignments.map((one) => one.reviewer);
  await application.review(reviewer);
  await application.done(application.dean, 'withdraw-application', { reason: '课程负责人调离。' });
  expect(await application.ended()).toMatchObject({ id: 'withdrawn', outcome: 'withdrawn' });
  const { status, body } = await house.person(reviewer).get(`/v1/cases/${application.id}`);
  expect({ status, end: (body['case'] as { end: object }).end }).toMatchObject({ status: 200, end: { id: 'withdrawn' } });
  const { visits } = await application.seen();
  expect(visits.at(-1)?.assignments?.filter((one) => one.status === 'submitted')).toHaveLength(1);
});

test('the chair has a conflict: the deputy breaks the tie, and the chair cannot see the case', async () => {
  const application = await Application.submitted(house, 'hard', sunYatSen);
  await application.toBallot();
  const chair = house.seat('committee', { role: 'chair' });
  const deputy = house.seat('committee', { role: 'deputy' });
  expect((await chair.get(`/v1/cases/${application.id}`)).status).toBe(404);
  expect((await application.vote(chair.id ?? '', 'for')).body['code']).toBe('case.not-found');

  const electors = await application.electors();
  expect(electors).toHaveLength(7);
  const choices = ['for', 'against', 'for', 'against', 'for', 'against', 'abstain'] as const;
  for (const [index, person] of electors.entries()) expectAccepted(await application.vote(person, choices[index] ?? 'abstain'));
  const { sittings = [] } = await application.at('committee', (visit) => visit.sittings?.at(-1)?.tie !== undefined);
  expect(sittings[0]?.tie?.castingVote).toBe(deputy.id);
  const another = house.person(electors.find((person) => person !== deputy.id) ?? '');
  const refused = await application.act(another, 'break-tie', { stage: 'committee', choice: 'for' });
  expect(refused.body['code']).toBe('case.not-presiding');
  const replaced = { person: deputy.id, reason: '另行安排。' };
  const ousted = await chair.post(`/v1/organ/${alliance}.committee/end-seat`, replaced);
  expect({ status: ousted.status, code: ousted.body['code'] }).toEqual({ status: 403, code: 'authority.no-seat' });
  await application.done(deputy, 'break-tie', { stage: 'committee', choice: 'against' });
  expect(await application.ended()).toMatchObject({ id: 'declined', outcome: 'refused' });
});

test('those who abstain count for the quorum and not for the majority', async () => {
  const application = await Application.submitted(house, 'hard', technology);
  await application.toBallot();
  const electors = await application.electors();
  for (const [index, person] of electors.entries()) {
    expectAccepted(await application.vote(person, index < 2 ? 'for' : index === 2 ? 'against' : 'abstain'));
  }
  await application.at('publicity');
});

test('a secretary acts for a member: both are on the event', async () => {
  const application = await Application.register(house, 'hard', southChina);
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

test('what arrives at 23:59:59.999 is accepted, at 24:00:00.000 refused with the zone; one applicant has an extension, and no other', async () => {
  const [inTime, late, extended] = [
    await Application.register(house, 'short', jinan),
    await Application.register(house, 'short', southChina),
    await Application.register(house, 'short', shenzhen),
  ];
  const until = { institution: shenzhen, until: '2026-04-27T16:00:00.000Z', reason: '校园网络故障。' };
  expectAccepted(await inTime.secretary.post(`/v1/round/${alliance}.short/grant-extension`, until));
  await house.passTo('2026-04-24T15:59:00.000Z');
  for (const { dean } of [inTime, late, extended]) await dean.get(`/v1/alliances/${alliance}/me`);

  await house.holdAt('2026-04-24T15:59:59.999Z');
  expectAccepted(await inTime.submit());
  await house.holdAt('2026-04-24T16:00:00.000Z');
  const { status, body } = await late.submit();
  expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'case.too-late' });
  expect(body['detail']).toContain('Asia/Shanghai: 2026-04-25 00:00:00.000');
  expectAccepted(await extended.submit());
  await house.moveTo(house.clock.now());
});

test('without a quorum nothing is decided, and the committee is convened again', async () => {
  const application = await Application.submitted(house, 'hard', shenzhen);
  const { sittings = [] } = await application.toBallot();
  const [first = ''] = await application.electors();
  expectAccepted(await application.vote(first, 'for'));
  await house.passTo(sittings[0]?.closesAt ?? '');
  const again = await application.at('committee', (visit) => visit.sittings?.length === 2);
  expect(again.sittings?.[0]?.inquorate).toBeDefined();
  expect(again.sittings?.[1]?.votes).toEqual([]);
  expect((await application.seen()).end).toBeUndefined();
});

test('a member is suspended in the middle of a round: its applications stand still, and go on once it is reinstated', async () => {
  const application = await Application.submitted(house, 'hard', technology);
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

test('a file is replaced after the deadline: refused without a grant; with one a new version, and the reviewers’ version stays pinned by its hash', async () => {
  const application = await Application.submitted(house, 'hard', sunYatSen);
  const { assignments = [] } = await application.toPanel();
  const [reviewer = ''] = assignments.map((one) => one.reviewer);
  const other = { slot: 'syllabus', sha256: 'cd'.repeat(32), bytes: 130_000, mediaType: 'application/pdf' };
  const refused = await application.act(application.dean, 'replace-files', { request: 1, files: [other] });
  expect({ status: refused.status, code: refused.body['code'] }).toEqual({ status: 409, code: 'case.no-file-grant' });

  await application.done(application.dean, 'request-file-correction', { slots: ['syllabus'], reason: '上传了旧版。' });
  const until = new Date(house.clock.now() + 86_400_000).toISOString();
  const grant = { request: 1, slots: ['syllabus'], reason: '情况属实。', until };
  expect((await application.act(application.dean, 'grant-file-correction', grant)).body['code']).toBe('authority.no-seat');
  await application.done(application.secretary, 'grant-file-correction', grant);
  await application.done(application.dean, 'replace-files', { request: 1, files: [other] });

  expect((await application.seen()).version).toBe(2);
  const seen = await house.person(reviewer).get(`/v1/cases/${application.id}`);
  expect(seen.body['case']).toMatchObject({ version: 1, files: [{ sha256: 'ab'.repeat(32) }] });
  expect(seen.text).not.toContain(other.sha256);
  expect((await house.person(reviewer).get(`/v1/cases/${application.id}/files/${other.sha256}`)).status).toBe(404);
  await application.review(reviewer);
  const { rows } = await house.sql.query<{ data: string }>(
    `select data::text as data from event where stream = $1 and type = 'ReviewSubmitted'`,
    [`case-${application.id}`],
  );
  expect(rows[0]?.data).toMatch(/"version": ?1/);
  expect(rows[0]?.data).toMatch(/"sha256": ?"[0-9a-f]{64}"/);
});

test('one applicant is granted an extension: theirs only; reason, grantor and new deadline are on record and disclosed', async () => {
  const { secretary } = await Application.register(house, 'hard', jinan);
  const given = { institution: jinan, until: '2026-07-15T16:00:00.000Z', reason: '台风停课。' };
  expectAccepted(await secretary.post(`/v1/round/${alliance}.hard/grant-extension`, given));
  const disclosed = await house.nobody().get(`/v1/rounds/${alliance}.hard/extensions`);
  expect(disclosed.body['items']).toEqual([{ ...given, grantedAt: expect.any(String), organ: 'secretariat' }]);
  const { body } = await house.seat('deans-office', { scope: southChina }).get(`/v1/rounds/${alliance}.hard`);
  expect(body['extensions']).toMatchObject([{ ...given, grantedBy: secretary.id }]);
  expect((body['people'] as Record<string, object>)[secretary.id ?? '']).toBeDefined();
});

test('a task is handed to a colleague: it is in their list only, and theirs alone until it is taken back', async () => {
  const application = await Application.submitted(house, 'hard', jinan);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const officer = house.seat('secretariat', { role: 'member' });
  const { secretary } = application;
  const task = { stage: 'formal-check', part: 'check', reason: '出差。' };
  const { body } = await secretary.get(`/v1/cases/${application.id}`);
  expect(body['acts']).toContainEqual({ act: 'transfer', stage: 'formal-check', part: 'check', people: [officer.id] });
  const handed = await application.done(secretary, 'transfer-task', { ...task, to: officer.id });
  const listed = async (who: Caller) => {
    const answer = await who.get(`/v1/alliances/${alliance}/tasks`, after(handed));
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
  const application = await Application.submitted(house, 'hard', sunYatSen);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  const department = house.seat('provincial-department', { scope: '44' });
  const president = house.seat('council', { role: 'chair' });
  const outsider = house.outsider();
  expect((await president.get(`/v1/cases/${application.id}`)).status).toBe(404);
  const to = { stage: 'recommendation', people: [outsider.id], organs: [{ organ: 'council' }, { organ: 'committee' }] };
  const copied = await application.done(department, 'copy-case', to);
  const list = async (who: Caller) => {
    const { body } = await who.get(`/v1/alliances/${alliance}/cases?copied=true`, after(copied));
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

test('a vote that was cast openly is taken back while the ballot is open, and not once the next step began', async () => {
  const application = await Application.submitted(house, 'hard', technology);
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

test('whose seat has ended is refused with the very next request', async () => {
  const application = await Application.submitted(house, 'hard', normal);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
  const officer = house.seat('secretariat', { role: 'member' });
  const { headers } = await officer.get(`/v1/cases/${application.id}`);
  const etag = headers.get('etag') ?? '';
  const ended = { person: officer.id, reason: '任期内调离。' };
  expectAccepted(await application.secretary.post(`/v1/organ/${alliance}.secretariat/end-seat`, ended));
  const path = `/v1/case/${application.id}/pass-check`;
  const refused = await officer.post(path, { stage: 'formal-check' }, { 'if-match': etag });
  expect({ status: refused.status, code: refused.body['code'] }).toEqual({ status: 403, code: 'authority.no-seat' });
  await eventually(async () => ((await officer.get(`/v1/cases/${application.id}`)).status === 404 ? true : undefined));
});

test('a near match is shown to whoever keeps the round, and never merged or refused by itself', async () => {
  const first = await Application.register(house, 'hard', southChina, '机器学习导论');
  const second = await Application.register(house, 'hard', southChina, '机器学习导论（二）');
  expectAccepted(await first.submit({ title: '机器学习导论' }));
  expectAccepted(await second.submit({ title: '机器学习导论（二）' }));
  const { body } = await second.secretary.get(`/v1/cases/${second.id}`);
  expect(body['similar']).toMatchObject([{ id: first.id, title: '机器学习导论' }]);
  expect((await second.dean.get(`/v1/cases/${second.id}`)).body['similar']).toEqual([]);
});

test('members are recused: they leave the denominator only if the charter says so', async () => {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = body['document'] as CharterDocument;
  const rules = document.rules.map((rule) =>
    rule.rule === 'recognition' ? { ...rule, quorum: { ...rule.quorum, of: 'all-seats' as const } } : rule,
  );
  const eligible = await Application.submitted(house, 'hard', sunYatSen);
  await house.operator(charterContext, '', 'AdoptCharter', { document: { ...document, rules } });
  await openRound(house, 'seats', '2026-06-30T16:00:00.000Z');
  const whole = await Application.submitted(house, 'seats', sunYatSen);
  await house.operator(charterContext, '', 'AdoptCharter', { document });
  let closesAt = '';
  for (const application of [eligible, whole]) {
    const [sitting] = (await application.toBallot()).sittings ?? [];
    expect([sitting?.seats.length, sitting?.recused.length]).toEqual([9, 2]);
    closesAt = sitting?.closesAt ?? '';
    for (const person of (await application.electors()).slice(0, 5)) expectAccepted(await application.vote(person, 'for'));
  }
  await house.passTo(closesAt);
  // Five of seven are two thirds, five of nine are not.
  await eligible.at('publicity');
  const { sittings = [] } = await whole.at('committee', (visit) => visit.sittings?.length === 2);
  expect(sittings[0]?.inquorate).toMatchObject({ arithmetic: [{ what: 'quorum', actual: [5, 9], holds: false }] });
});

test('a membership is suspended in the middle of a round: votes barred from that instant, earlier ones stand', async () => {
  const application = await Application.submitted(house, 'hard', shenzhen);
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

test('an item that is not on the agenda cannot be put to the vote, and a proxy votes as far as it was lodged before the meeting', async () => {
  const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = body['document'] as CharterDocument;
  const rules = document.rules.map((rule) =>
    rule.rule === 'recognition' ? { ...rule, notice: { workingDays: 3 }, proxies: { perHolder: 1, countForQuorum: true } } : rule,
  );
  await house.operator(charterContext, '', 'AdoptCharter', { document: { ...document, rules } });
  await openRound(house, 'meeting', '2026-09-30T16:00:00.000Z');
  const [listed, unlisted] = [
    await Application.submitted(house, 'meeting', jinan),
    await Application.submitted(house, 'meeting', jinan),
  ];
  for (const application of [listed, unlisted]) {
    const { assignments = [] } = await application.toPanel();
    for (const { reviewer } of assignments) await application.review(reviewer);
    await application.at('committee', ({ awaited }) => awaited?.sitting === 1);
  }

  const { secretary } = listed;
  const meeting = `${alliance}.${randomUUID()}`;
  const agenda = [{ case: listed.id, stage: 'committee' }];
  const at = (hours: number) => new Date(house.clock.now() + hours * 3_600_000).toISOString();
  const tooSoon = await secretary.post(`/v1/meeting/${meeting}/convene-meeting`, { agenda, opensAt: at(1), closesAt: at(2) });
  expect(tooSoon).toMatchObject({ status: 409, body: { code: 'meeting.notice-too-short' } });
  const { earliest } = tooSoon.body['details'] as { earliest: string };
  const closesAt = new Date(Date.parse(earliest) + 8 * 3_600_000).toISOString();
  expectAccepted(
    await secretary.post(`/v1/meeting/${meeting}/convene-meeting`, { agenda, opensAt: earliest, closesAt, place: '广州' }),
  );

  const members = house.holders('committee');
  const [walled] = members.filter(({ institution }) => institution === jinan);
  const [giver, holder, late, other] = members
    .filter(({ institution }) => institution !== jinan)
    .map(({ person }) => house.person(person)) as [Caller, Caller, Caller, Caller];
  const lodge = (who: Caller, data: object) => who.post(`/v1/meeting/${meeting}/lodge-proxy`, data);
  expectAccepted(await lodge(giver, { holder: holder.id, cases: [listed.id] }));
  const beyond = await lodge(late, { holder: other.id, cases: [unlisted.id] });
  expect({ status: beyond.status, code: beyond.body['code'] }).toEqual({ status: 409, code: 'meeting.not-on-agenda' });
  expect((await lodge(holder, { holder: other.id })).body['code']).toBe('meeting.proxy-of-proxy');
  expect((await giver.get(`/v1/meetings/${meeting}`)).body).toMatchObject({
    agenda: [{ case: listed.id }],
    proxies: [{ giver: giver.id, holder: holder.id, cases: [listed.id] }],
  });
  const seen = await house.person(walled?.person ?? '').get(`/v1/meetings/${meeting}`);
  expect(seen.body).toMatchObject({ agenda: [], proxies: [] });
  expect((await listed.dean.get(`/v1/meetings/${meeting}`)).status).toBe(404);
  const { body: list } = await giver.get(`/v1/alliances/${alliance}/meetings`);
  expect((list['items'] as { id: string }[]).map(({ id }) => id)).toContain(meeting);

  await house.passTo(earliest);
  await listed.at('committee', ({ sittings = [] }) => sittings.length === 1);
  const opened = await unlisted.act(secretary, 'open-ballot', { stage: 'committee', meeting });
  expect({ status: opened.status, code: opened.body['code'] }).toEqual({ status: 409, code: 'case.not-on-agenda' });
  expect((await lodge(late, { holder: other.id })).body['code']).toBe('meeting.begun');
  const voting = (who: Caller, proxyOf: string | undefined) =>
    listed.act(who, 'cast-vote', { stage: 'committee', choice: 'for', ...(proxyOf === undefined ? {} : { proxyOf }) });
  expect((await voting(other, late.id)).body['code']).toBe('case.no-proxy');
  expectAccepted(await voting(holder, giver.id));
  expectAccepted(await voting(holder, undefined));
  expect((await voting(house.person(walled?.person ?? ''), undefined)).status).toBe(404);
  const { sittings = [] } = await listed.at('committee');
  expect(sittings[0]?.votes).toMatchObject([{ person: giver.id, proxy: holder.id }, { person: holder.id }]);
});
