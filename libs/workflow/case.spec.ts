import { expect, test } from '@jest/globals';
import { application, applicant, broughtTo, caseId, otherInstitution, review, TestRound } from '../../test/support/round.js';
import { type Definition } from '#workflow';
import { roundContext } from '../../apps/server/contexts.js';

const at = (round: TestRound, time: string) => round.clock.advanceTo(Date.parse(time));

test('a complete application gets a receipt: number, time, hashes of its files, versions of charter and workflow', async () => {
  const round = await broughtTo('endorsement');
  const [opened] = await round.history();
  expect(opened?.data).toMatchObject({
    number: expect.stringMatching(/^spring(-[0-9A-F]{4}){3}$/),
    submittedAt: '2026-03-02T01:00:00.000Z',
    submittedBy: 'dean',
    deadline: '2026-03-31T16:00:00.000Z',
    extended: false,
    definition: { id: 'alliance-recognition', version: 1, hash: expect.any(String) },
    charter: 1,
    applicant: { institution: applicant, province: '11', name: '示例大学', level: 'undergraduate' },
    about: { credits: 2 },
    files: [{ slot: 'syllabus', sha256: 'a'.repeat(64) }],
    eligibility: [
      { rule: 'taught', facts: { 'form.cycles': 3 } },
      { rule: 'in-training-plan', facts: { 'form.inTrainingPlan': true } },
      { rule: 'higher-education', facts: { 'institution.level': 'undergraduate' } },
    ],
  });
});

test('an ineligible application is refused with the exact clauses that failed and what would satisfy them', async () => {
  const round = await TestRound.open();
  const form = { ...application.form, cycles: 1, inTrainingPlan: false };
  const { code, text, details } = await round.refusal('dean', 'SubmitApplication', { ...application, form });
  expect(code).toBe('case.ineligible');
  expect(text.en).toContain('article 3 (1): At least two teaching cycles');
  expect(text.zh).toContain('第三条第（二）项');
  expect(details['failed']).toMatchObject([
    { rule: 'taught', facts: { 'form.cycles': 1 } },
    { rule: 'in-training-plan', facts: { 'form.inTrainingPlan': false } },
  ]);
});

test('an incomplete application is refused with every field that is wrong', async () => {
  const round = await TestRound.open();
  const { title: _title, ...rest } = application.form;
  const form = { ...rest, kind: 'no-such-kind', cycles: 2.5, inTrainingPlan: 'yes', extra: 1 };
  const files = [{ ...application.files[0], slot: 'evidence', mediaType: 'text/html' }];
  const { code, details } = await round.refusal('dean', 'SubmitApplication', { ...application, form, files });
  expect(code).toBe('case.incomplete');
  expect(details['faults']).toEqual([
    { field: 'title', fault: 'missing' },
    { field: 'kind', fault: 'not-a-choice' },
    { field: 'cycles', fault: 'wrong-type' },
    { field: 'inTrainingPlan', fault: 'wrong-type' },
    { field: 'extra', fault: 'unknown' },
    { field: 'syllabus', fault: 'missing' },
    { field: 'evidence', fault: 'media-type' },
  ]);
});

test('nobody applies twice with the same course in a round, in whatever kind, and the refusal names the first', async () => {
  const round = await broughtTo('endorsement');
  const { number } = await round.state();
  const again = await round.refusal('dean', 'SubmitApplication', {
    ...application,
    form: { ...application.form, kind: 'blended' },
  });
  expect(again.code).toBe('case.already-submitted');
  expect(again.details).toEqual({ first: number });
});

test('an application at 23:59:59.999 is in', async () => {
  const round = await TestRound.open();
  at(round, '2026-03-31T23:59:59.999+08:00');
  await round.act('dean', 'SubmitApplication', application);
  expect(await round.types()).toEqual(['CaseOpened', 'StageEntered']);
});

test('an application at 24:00:00.000 is out, and the refusal names the zone', async () => {
  const round = await TestRound.open();
  at(round, '2026-04-01T00:00:00.000+08:00');
  const { code, details } = await round.refusal('dean', 'SubmitApplication', application);
  expect(code).toBe('case.too-late');
  expect(details).toMatchObject({ closesAt: '2026-03-31T16:00:00.000Z', zone: 'Asia/Shanghai' });
});

test('a refusal tells the time of the alliance’s own clocks', async () => {
  const round = await TestRound.open({
    change: (definition) => ({ ...definition, round: { ...definition.round, zone: 'Asia/Urumqi', utcOffsetMinutes: 360 } }),
  });
  at(round, '2026-04-01T00:00:00.000+08:00');
  const { text } = await round.refusal('dean', 'SubmitApplication', application);
  expect(text.en).toContain('2026-03-31T16:00:00.000Z (Asia/Urumqi: 2026-03-31 22:00:00.000)');
  expect(text.zh).toContain('2026-03-31 22:00:00.000（Asia/Urumqi）');
});

test('an extension is one applicant’s alone, with reason, grantor and new deadline on record', async () => {
  const round = await TestRound.open();
  const extension = { institution: applicant, until: '2026-04-02T16:00:00.000Z', reason: '校园网络中断' };
  await round.send('secretary', roundContext, 'a.spring', 'GrantExtension', extension);
  at(round, '2026-04-02T23:59:59.999+08:00');
  await round.settle();
  await round.act('dean', 'SubmitApplication', application);
  expect((await round.history())[0]?.data).toMatchObject({ extended: true, deadline: extension.until });
  const other = await round.refusal(
    'other-dean',
    'SubmitApplication',
    { ...application, institution: otherInstitution },
    'a.spring.course-2',
  );
  expect(other.code).toBe('case.too-late');
  const { state } = await round.states.fresh('round-a.spring');
  expect(state).toMatchObject({ status: 'open', extensions: [{ ...extension, grantedBy: 'secretary' }] });
});

test('a round closes by itself when the last deadline has passed', async () => {
  const round = await TestRound.open();
  await round.until('2026-03-31T16:00:00.000Z');
  expect((await round.states.fresh('round-a.spring')).state).toMatchObject({ status: 'closed' });
  expect(await round.owed()).toEqual([]);
});

test('an institution applies with its own courses only', async () => {
  const round = await TestRound.open();
  const foreign = { ...application, institution: otherInstitution };
  expect((await round.refusal('other-dean', 'SubmitApplication', foreign)).code).toBe('case.subject-unknown');
});

test('an office applies for its own institution only', async () => {
  const round = await TestRound.open();
  expect((await round.refusal('other-dean', 'SubmitApplication', application)).code).toBe('authority.no-seat');
});

test('an application that is withdrawn in the middle of its review keeps its reviews, frozen', async () => {
  const round = await broughtTo('expert-review');
  const [reviewer, other] = (await round.state()).visits.flatMap((visit) =>
    visit.kind === 'panel' ? visit.assignments.map((assignment) => assignment.reviewer) : [],
  );
  await round.act(reviewer as string, 'SubmitReview', review(8));
  await round.act('dean', 'WithdrawApplication', { reason: '课程负责人调离' });
  const state = await round.state();
  expect(state.end).toMatchObject({ id: 'withdrawn', outcome: 'withdrawn' });
  const panel = state.visits.find(({ kind }) => kind === 'panel');
  expect(panel).toMatchObject({
    assignments: expect.arrayContaining([expect.objectContaining({ reviewer, status: 'submitted' })]),
  });
  expect((await round.refusal(other as string, 'SubmitReview', review(8))).code).toBe('case.ended');
  expect((await round.owed()).filter(({ stream }) => stream === `case-${caseId}`)).toEqual([]);
});

test('the university endorses, the province recommends its own, the secretariat checks', async () => {
  const round = await broughtTo('endorsement');
  expect((await round.refusal('other-dean', 'PassCheck', { stage: 'endorsement' })).code).toBe('case.not-found');
  await round.act('dean', 'PassCheck', { stage: 'endorsement' });
  expect((await round.refusal('other-province', 'PassCheck', { stage: 'recommendation' })).code).toBe('case.not-found');
  await round.act('province', 'PassCheck', { stage: 'recommendation', note: '同意推荐' });
  expect((await round.refusal('province', 'PassCheck', { stage: 'formal-check' })).code).toBe('authority.no-seat');
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  expect((await round.state()).visits.map(({ stage }) => stage)).toEqual([
    'endorsement',
    'recommendation',
    'formal-check',
    'expert-review',
  ]);
});

test('an application is returned with a reason and a deadline, corrected as a new version, and decided then', async () => {
  const round = await broughtTo('formal-check');
  await round.act('secretary', 'ReturnForCorrection', { stage: 'formal-check', reason: '大纲缺页' });
  expect((await round.refusal('secretary', 'PassCheck', { stage: 'formal-check' })).code).toBe('case.with-applicant');
  const files = [{ ...application.files[0], sha256: 'b'.repeat(64) }];
  await round.act('dean', 'ResubmitApplication', { stage: 'formal-check', form: application.form, files });
  expect(await round.state()).toMatchObject({ version: 2, files: [{ sha256: 'b'.repeat(64) }] });
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  const reason = (await round.history()).find(({ type }) => type === 'CorrectionRequested');
  expect(reason).toMatchObject({ data: { reason: '大纲缺页', dueAt: '2026-03-09T16:00:00.000Z' }, meta: { actor: 'secretary' } });
});

test('a correction that does not come in time ends the application, by itself', async () => {
  const round = await broughtTo('formal-check');
  await round.act('secretary', 'ReturnForCorrection', { stage: 'formal-check', reason: '大纲缺页' });
  at(round, '2026-03-09T15:59:59.999Z');
  await round.settle();
  expect((await round.state()).status).toBe('open');
  await round.until('2026-03-09T16:00:00.000Z');
  expect((await round.state()).end).toMatchObject({ id: 'not-admitted', outcome: 'refused' });
  const resubmit = { stage: 'formal-check', form: application.form, files: application.files };
  expect((await round.refusal('dean', 'ResubmitApplication', resubmit)).code).toBe('case.ended');
});

test('a correction that arrives at its deadline is too late, also before anybody has noted the lapse', async () => {
  const round = await broughtTo('formal-check');
  await round.act('secretary', 'ReturnForCorrection', { stage: 'formal-check', reason: '大纲缺页' });
  at(round, '2026-03-09T16:00:00.000Z');
  const resubmit = { stage: 'formal-check', form: application.form, files: application.files };
  expect((await round.refusal('dean', 'ResubmitApplication', resubmit)).code).toBe('case.correction-too-late');
});

test('an application is returned only so many times, and not at all where the workflow does not say so', async () => {
  const round = await broughtTo('endorsement');
  const back = (stage: string) => ({ stage, reason: '缺页' });
  expect((await round.refusal('dean', 'ReturnForCorrection', back('endorsement'))).code).toBe('case.no-more-corrections');
  await round.act('dean', 'PassCheck', { stage: 'endorsement' });
  await round.act('province', 'ReturnForCorrection', back('recommendation'));
  await round.act('dean', 'ResubmitApplication', { stage: 'recommendation', form: application.form, files: application.files });
  expect((await round.refusal('province', 'ReturnForCorrection', back('recommendation'))).code).toBe('case.no-more-corrections');
});

test('nobody changes an application that was not returned', async () => {
  const round = await broughtTo('formal-check');
  const resubmit = { stage: 'formal-check', form: application.form, files: application.files };
  expect((await round.refusal('dean', 'ResubmitApplication', resubmit)).code).toBe('case.not-returned');
});

test('a failed check ends the application with its reason in the explanation', async () => {
  const round = await broughtTo('recommendation');
  await round.act('province', 'FailCheck', { stage: 'recommendation', reason: '名额已满' });
  expect((await round.state()).end).toMatchObject({ id: 'not-recommended', outcome: 'refused' });
  const left = (await round.history()).filter(({ type }) => type === 'StageLeft').at(-1);
  expect(left?.data).toMatchObject({ outcome: 'failed', to: 'not-recommended', explanation: { inputs: { reason: '名额已满' } } });
});

test('a check that is late is reported once, and may still be made', async () => {
  const round = await broughtTo('formal-check');
  await round.until('2026-04-30T00:00:00.000Z');
  expect((await round.types()).filter((type) => type === 'StageOverdue')).toHaveLength(1);
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  expect(round.refused).toEqual([]);
});

test('nobody applies at the address of an appeal', async () => {
  const single = (definition: Definition): Definition => ({
    ...definition,
    stages: definition.stages.map((stage) => (stage.kind === 'panel' ? { ...stage, blind: 'single' } : stage)),
  });
  const round = await TestRound.open({ change: single });
  const address = 'a.spring.course-1.appeal.1';
  expect((await round.refusal('dean', 'SubmitApplication', application, address)).code).toBe('case.not-found');
});

test('where reviewers may not learn whose a case is, its address does not tell of the course, and it is one for each course', async () => {
  const round = await TestRound.open();
  const apply = (course: string) => round.act('dean', 'SubmitApplication', application, `a.spring.${course}`);
  const { stream } = await apply('course-1');
  expect(stream).toBe(`case-${caseId}`);
  expect(stream).not.toContain('course-1');
  expect((await round.refusal('dean', 'SubmitApplication', application, 'a.spring.course-1')).code).toBe(
    'case.already-submitted',
  );
  expect((await apply('course-2')).stream).not.toBe(stream);
  expect(await round.state()).toMatchObject({ subject: 'course-1' });
});
