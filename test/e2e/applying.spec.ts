import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Definition, loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { pdfSaying } from '../../apps/server/rehearsal.papers.js';
import { Application, expectAccepted, openRound, refusedWith } from '../support/applications.js';
import { alliance, House } from '../support/house.js';
import { papers } from '../support/papers.js';
import { renamed } from '../support/renamed.js';

const [sunYatSen, jinan, southChina, normal, shenzhen] = ['4144010558', '4144010559', '4144010561', '4144010574', '4144010590'];
const [opensAt, closesAt] = ['2026-04-20T01:00:00.000Z', '2026-04-24T16:00:00.000Z'];

let house: House;
beforeAll(async () => {
  house = await House.open({ at: opensAt });
  await openRound(house, 'applying', '2026-06-30T16:00:00.000Z');
  await openRound(house, 'short', closesAt);
});
afterAll(() => house.close());

test('a complete application is submitted: a receipt with number, server time, SHA-256 of every file, versions of the charter and of the workflow in force', async () => {
  const application = await Application.register(house, 'applying', jinan);
  const { dean } = application;
  const pdfs = ['syllabus', 'evidence'].map((slot) => {
    const pdf = Buffer.from(pdfSaying(`${slot} of ${application.course}`)).toString('latin1');
    return { slot, pdf, sha256: createHash('sha256').update(pdf).digest('hex') };
  });
  const files = pdfs.map(({ slot, sha256, pdf }) => ({ slot, sha256, bytes: pdf.length, mediaType: 'application/pdf' }));
  const early = await application.handIn(dean, application.paper({}, { files }));
  expect(early).toMatchObject({
    status: 422,
    body: { code: 'files.not-here', faults: [{ path: '/files/0' }, { path: '/files/1' }] },
  });
  for (const { pdf, sha256 } of pdfs)
    expectAccepted(await dean.send('PUT', `/v1/files/${sha256}`, pdf, { 'content-type': 'application/octet-stream' }));
  const image = { ...papers.syllabus, slot: 'syllabus', mediaType: 'image/png' };
  const mistaken = await application.handIn(dean, application.paper({}, { files: [image, ...files.slice(1)] }));
  expect(mistaken.text).toContain(`is application/pdf of ${papers.syllabus.bytes} bytes`);

  const partial = await application.handIn(dean, application.paper({}, { files: files.slice(1) }));
  expect(refusedWith(partial)).toEqual({ status: 409, code: 'case.incomplete' });
  expect(partial.body['details']).toMatchObject({ faults: [{ field: 'syllabus', fault: 'missing' }] });

  await house.holdAt('2026-04-20T02:30:00.123Z');
  const accepted = expectAccepted(await application.handIn(dean, application.paper({}, { files })));
  const { id } = application;
  await house.moveTo(house.clock.now());
  expect(accepted.body).toMatchObject({ stream: `case-${id}`, revision: expect.any(Number), position: expect.any(String) });
  const [charter, rounds, receipt] = await Promise.all([
    house.nobody().get(`/v1/alliances/${alliance}/charter`),
    house.nobody().get(`/v1/alliances/${alliance}/rounds`),
    dean.get(`/v1/cases/${id}`),
  ]);
  const round = (rounds.body['items'] as { id: string; definition: object }[]).find((one) => one.id === `${alliance}.applying`);
  expect(round?.definition).toEqual({
    id: 'alliance-recognition',
    version: 1,
    hash: expect.stringMatching(/^[\w-]{43,64}$/),
  });
  expect(receipt.body['case']).toMatchObject({
    number: expect.stringMatching(/^applying(-[0-9A-F]{4}){3}$/),
    submittedAt: '2026-04-20T02:30:00.123Z',
    submittedBy: dean.id,
    version: 1,
    files,
    charter: charter.body['version'],
    definition: round?.definition,
  });
  for (const { sha256, pdf } of pdfs) expect((await dean.get(`/v1/cases/${id}/files/${sha256}`)).text).toBe(pdf);
});

/** As the shipped recognition, for another kind of institution. */
async function vocationalOnly(): Promise<Definition> {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const eligibility = definition.eligibility.map((rule) =>
    rule.id === 'higher-education' ? { ...rule, require: 'institution.level == "vocational"' } : rule,
  );
  return { ...renamed(definition, 'vocational-only'), eligibility };
}

test('an ineligible university submits: refused with the exact clause or rule that failed, and what would satisfy it', async () => {
  const definition = await vocationalOnly();
  await house.operator(definitionContext, definition.id, 'AdoptDefinition', { definition });
  await openRound(house, 'vocational', '2026-06-30T16:00:00.000Z', { id: definition.id, version: 1 });
  const unfit = await (await Application.register(house, 'vocational', jinan)).submit();
  expect(refusedWith(unfit)).toEqual({ status: 409, code: 'case.ineligible' });
  const [level] = definition.eligibility.filter(({ id }) => id === 'higher-education');
  expect(unfit.body['details']).toEqual({
    failed: [
      {
        rule: 'higher-education',
        clause: level?.clause,
        requires: level?.text,
        condition: 'institution.level == "vocational"',
        facts: { 'institution.level': 'undergraduate' },
        notStated: [],
      },
    ],
  });

  const untaught = await (await Application.register(house, 'applying', jinan)).submit({ cycles: 1 });
  expect(untaught.body['code']).toBe('case.ineligible');
  expect(untaught.body['detail']).toContain('article 3 (1)');
  expect(untaught.body['detail']).toContain('two teaching cycles');
});

test('the same course is submitted twice in a round, or in two kinds: the second is refused and names the first', async () => {
  const application = await Application.submitted(house, 'applying', jinan);
  const { number } = await application.seen();
  for (const second of [await application.submit(), await application.submit({ kind: 'blended' })]) {
    expect(second).toMatchObject({ status: 409, body: { code: 'case.already-submitted', details: { first: number } } });
    expect(second.body['detail']).toContain(number);
  }
});

test('the same course is submitted twice in a round under a similar title: the near match is flagged to a person, and never merged', async () => {
  const first = await Application.register(house, 'applying', southChina, '机器学习导论');
  const second = await Application.register(house, 'applying', southChina, '机器学习导论（二）');
  const elsewhere = await Application.register(house, 'applying', jinan, '机器学习导论');
  expectAccepted(await first.submit({ title: '机器学习导论' }));
  expectAccepted(await second.submit({ title: '机器学习导论（二）' }));
  expectAccepted(await elsewhere.submit({ title: '机器学习导论' }));
  const { body } = await second.secretary.get(`/v1/cases/${second.id}`);
  expect(body['similar']).toMatchObject([{ id: first.id, title: '机器学习导论' }]);
  expect((await second.dean.get(`/v1/cases/${second.id}`)).body['similar']).toEqual([]);
  for (const application of [first, second]) await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
});

test('an application is withdrawn in the middle of its review: reviews are frozen and kept, and everyone who worked on it still sees it, as withdrawn', async () => {
  const application = await Application.submitted(house, 'applying', normal);
  const { dean, secretary, id } = application;
  const { assignments = [] } = await application.toPanel();
  const [given = '', open = '', silent = ''] = assignments.map((one) => one.reviewer);
  await application.review(given);
  await application.done(dean, 'withdraw-application', { reason: '课程负责人调离。' });
  expect(await application.ended()).toMatchObject({ id: 'withdrawn', outcome: 'withdrawn' });

  const review = { stage: 'expert-review', scores: [], vetoes: [], comment: '迟到的意见。' };
  const late = await house.person(open).post(`/v1/case/${id}/submit-review`, review);
  expect(refusedWith(late)).toEqual({ status: 409, code: 'case.ended' });
  const { visits } = await application.seen();
  expect(visits.at(-1)?.assignments?.map(({ reviewer, status }) => [reviewer, status])).toEqual([
    [given, 'submitted'],
    [open, 'open'],
    [silent, 'open'],
  ]);
  const workers = [given, open, silent].map((person) => house.person(person));
  for (const who of [dean, secretary, house.seat('provincial-department', { scope: '44' }), ...workers]) {
    const { status, body } = await who.get(`/v1/cases/${id}`);
    expect({ status, end: (body['case'] as { end: object }).end }).toMatchObject({ status: 200, end: { id: 'withdrawn' } });
  }
  const { body: kept } = await house.person(given).get(`/v1/cases/${id}`);
  expect(JSON.stringify(kept)).toContain('设计完整，建议认定。');
});

test('one applicant is granted an extension: theirs only; reason, grantor and new deadline are on record and disclosed', async () => {
  const [extended, other] = [
    await Application.register(house, 'short', shenzhen),
    await Application.register(house, 'short', southChina),
  ];
  const { secretary } = extended;
  const given = { institution: shenzhen, until: '2026-04-27T16:00:00.000Z', reason: '校园网络故障。' };
  expect(refusedWith(await extended.dean.post(`/v1/round/${alliance}.short/grant-extension`, given)).status).toBe(403);
  expectAccepted(await secretary.post(`/v1/round/${alliance}.short/grant-extension`, given));
  const disclosed = await house.nobody().get(`/v1/rounds/${alliance}.short/extensions`);
  expect(disclosed.body['items']).toEqual([
    { ...given, institutionName: '深圳大学', grantedAt: expect.any(String), organ: 'secretariat' },
  ]);
  const { body } = await other.dean.get(`/v1/rounds/${alliance}.short`);
  expect(body['extensions']).toMatchObject([{ ...given, grantedBy: secretary.id }]);
  expect((body['people'] as Record<string, object>)[secretary.id ?? '']).toBeDefined();

  await house.moveTo(Date.parse(closesAt) + 1);
  expect(refusedWith(await other.submit())).toEqual({ status: 409, code: 'case.too-late' });
  expectAccepted(await extended.submit());
  await house.moveTo(Date.parse(given.until));
  const again = await (await Application.register(house, 'short', shenzhen)).submit();
  expect(refusedWith(again)).toEqual({ status: 409, code: 'case.too-late' });
});

test('the deadline is 23:59 and the submission arrives at 23:59:59.999, at 24:00:00.000: accepted; refused, with the zone', async () => {
  const lastDay = '2026-04-30T16:00:00.000Z';
  await openRound(house, 'to-the-end', lastDay);
  const [inTime, late] = [
    await Application.register(house, 'to-the-end', jinan),
    await Application.register(house, 'to-the-end', sunYatSen),
  ];
  await house.moveTo(Date.parse(lastDay) - 60_000);
  for (const { dean } of [inTime, late]) await dean.get(`/v1/alliances/${alliance}/me`);
  await house.holdAt('2026-04-30T15:59:59.999Z');
  expectAccepted(await inTime.submit());
  await house.holdAt(lastDay);
  const refused = await late.submit();
  await house.moveTo(house.clock.now());
  expect(refusedWith(refused)).toEqual({ status: 409, code: 'case.too-late' });
  expect(refused.body['detail']).toContain('Asia/Shanghai: 2026-05-01 00:00:00.000');
  expect(refused.body['details']).toMatchObject({ zone: 'Asia/Shanghai', arrivedAt: lastDay });
  const { body: round } = await late.dean.get(`/v1/rounds/${alliance}.to-the-end`);
  expect(round['round']).toMatchObject({ closesAt: lastDay, zone: 'Asia/Shanghai' });
  const { body: shown } = await inTime.dean.get(`/v1/cases/${inTime.id}`);
  expect(shown['definition']).toMatchObject({ zone: 'Asia/Shanghai' });
});

test('nobody waits for an answer in the time of the alliance: where its clock stands still, whoever asks too soon is told so', async () => {
  await house.holdAt(new Date(house.clock.now()).toISOString());
  const tooSoon = await house.seat('secretariat').get(`/v1/alliances/${alliance}/rounds`, { 'entente-after': '999999999' });
  await house.moveTo(house.clock.now());
  expect(refusedWith(tooSoon)).toEqual({ status: 503, code: 'server.unavailable' });
});

test('a file is replaced after the deadline: refused; a granted correction request makes a new version; the reviewers’ version stays pinned by its hash', async () => {
  const deadline = house.clock.now() + 3_600_000;
  await openRound(house, 'closed', new Date(deadline).toISOString());
  const application = await Application.submitted(house, 'closed', sunYatSen);
  await house.moveTo(deadline + 1);
  const { assignments = [] } = await application.toPanel();
  const [reviewer = ''] = assignments.map((one) => one.reviewer);
  const other = { slot: 'syllabus', ...papers.newSyllabus };
  const refused = await application.act(application.dean, 'replace-files', { request: 1, files: [other] });
  expect(refusedWith(refused)).toEqual({ status: 409, code: 'case.no-file-grant' });

  await application.done(application.dean, 'request-file-correction', { slots: ['syllabus'], reason: '上传了旧版。' });
  const until = new Date(house.clock.now() + 86_400_000).toISOString();
  const grant = { request: 1, slots: ['syllabus'], reason: '情况属实。', until };
  expect((await application.act(application.dean, 'grant-file-correction', grant)).body['code']).toBe('authority.no-seat');
  await application.done(application.secretary, 'grant-file-correction', grant);
  await application.done(application.dean, 'replace-files', { request: 1, files: [other] });

  expect((await application.seen()).version).toBe(2);
  const seen = await house.person(reviewer).get(`/v1/cases/${application.id}`);
  expect(seen.body['case']).toMatchObject({ version: 1, files: [papers.syllabus] });
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
