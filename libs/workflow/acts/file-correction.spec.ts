import { expect, test } from '@jest/globals';
import { shownTo } from '#workflow';
import { application, assigned, broughtTo, review, type TestRound } from '../../../test/support/round.js';
import { caseRow } from '../case-row.js';
import { hashOfVersion } from '../versions.js';

const tasks = async (round: TestRound) => caseRow(round.definition, await round.state()).tasks;
const types = async (round: TestRound) => (await round.history()).map(({ type }) => type);
const syllabus = { ...application.files[0], sha256: 'd'.repeat(64) };
const ask = { slots: ['syllabus'], reason: '上传了旧版大纲。' };
const grant = { request: 1, slots: ['syllabus'], reason: '情况属实。', until: '2026-03-20T16:00:00.000Z' };

test('a file is replaced after the deadline only by a grant, in the slots and the time that it names', async () => {
  const round = await broughtTo('expert-review');
  const replace = { request: 1, files: [syllabus] };
  expect((await round.refusal('dean', 'ReplaceFiles', replace)).code).toBe('case.no-file-grant');
  await round.act('dean', 'RequestFileCorrection', ask);
  expect((await round.refusal('dean', 'ReplaceFiles', replace)).code).toBe('case.no-file-grant');
  expect((await round.refusal('dean', 'RequestFileCorrection', ask)).code).toBe('case.file-correction-open');
  expect((await tasks(round)).at(-1)).toMatchObject({ act: 'grant-files', holder: 'power:manage-panel' });
  expect((await round.refusal('dean', 'GrantFileCorrection', grant)).code).toBe('authority.no-seat');
  const early = { ...grant, until: '2026-03-01T00:00:00.000Z' };
  expect((await round.refusal('secretary', 'GrantFileCorrection', early)).code).toBe('case.until-past');
  await round.act('secretary', 'GrantFileCorrection', grant);
  expect((await tasks(round)).at(-1)).toMatchObject({ act: 'replace-files', dueAt: grant.until });
  const other = { request: 1, files: [{ ...syllabus, slot: 'video' }] };
  expect((await round.refusal('dean', 'ReplaceFiles', other)).code).toBe('case.slot-not-granted');
  const unchanged = { request: 1, files: application.files };
  expect((await round.refusal('dean', 'ReplaceFiles', unchanged)).code).toBe('case.nothing-replaced');
  await round.act('dean', 'ReplaceFiles', replace);
  const state = await round.state();
  expect(state).toMatchObject({ version: 2, files: [syllabus], earlier: [{ version: 1, files: application.files }] });
  expect((await round.history()).at(-1)?.data).toMatchObject({ version: 2, sha256: hashOfVersion(state) });
  expect((await round.refusal('dean', 'ReplaceFiles', replace)).code).toBe('case.no-file-grant');
});

test('a file that arrives at the end of the time that was granted is too late, also before anybody has noted it', async () => {
  const round = await broughtTo('expert-review');
  await round.act('dean', 'RequestFileCorrection', ask);
  await round.act('secretary', 'GrantFileCorrection', grant);
  round.clock.advanceTo(Date.parse(grant.until));
  expect((await round.refusal('dean', 'ReplaceFiles', { request: 1, files: [syllabus] })).code).toBe('case.file-grant-over');
});

test('reviewers and voters go on with the version that they judge, and it is on record by its hash', async () => {
  const round = await broughtTo('expert-review');
  const before = hashOfVersion(await round.state());
  await round.act('dean', 'RequestFileCorrection', ask);
  await round.act('secretary', 'GrantFileCorrection', grant);
  await round.act('dean', 'ReplaceFiles', { request: 1, files: [syllabus] });
  const reviewers = await assigned(round);
  const [reviewer = ''] = reviewers;
  const viewer = { person: reviewer, institutions: [], powers: [{ power: 'review-application' }] };
  const seen = shownTo(round.definition, await round.state(), viewer);
  expect(seen).toMatchObject({ version: 1, files: application.files });
  expect(JSON.stringify(seen)).not.toContain(syllabus.sha256);
  for (const person of reviewers) await round.act(person, 'SubmitReview', review(8));
  await round.settle();
  const reviews = (await round.history()).filter(({ type }) => type === 'ReviewSubmitted').map(({ data }) => data);
  expect(reviews).toMatchObject(reviews.map(() => ({ version: 1, sha256: before })));
  // The committee begins with the version that is there by then.
  await round.act('chair', 'CastVote', { stage: 'committee', choice: 'for' });
  expect((await round.history()).at(-1)?.data).toMatchObject({ version: 2, sha256: hashOfVersion(await round.state()) });
});

test('nobody grants their own request: at the office’s own check it is for whoever keeps the procedure', async () => {
  const round = await broughtTo('endorsement');
  await round.act('dean', 'RequestFileCorrection', ask);
  expect((await round.refusal('dean', 'GrantFileCorrection', { ...grant, stage: 'endorsement' })).code).toBe('case.own-request');
  await round.act('secretary', 'GrantFileCorrection', grant);
});

test('whoever holds the open stage may answer too; a request that is denied is over', async () => {
  const round = await broughtTo('recommendation');
  await round.act('dean', 'RequestFileCorrection', ask);
  await round.act('province', 'DenyFileCorrection', { request: 1, stage: 'recommendation', reason: '已逾期。' });
  expect(await tasks(round)).toHaveLength(1);
  expect((await round.refusal('secretary', 'GrantFileCorrection', grant)).code).toBe('case.no-such-request');
  await round.act('dean', 'RequestFileCorrection', ask);
  expect((await round.state()).fileCorrections).toMatchObject([{ ended: { how: 'denied' } }, { request: 2 }]);
});

test('what was granted and not used lapses by itself, once', async () => {
  const round = await broughtTo('recommendation');
  await round.act('dean', 'RequestFileCorrection', ask);
  await round.act('secretary', 'GrantFileCorrection', { ...grant, until: '2026-03-03T16:00:00.000Z' });
  await round.until('2026-03-05T00:00:00.000Z');
  expect((await types(round)).filter((type) => type === 'FileCorrectionLapsed')).toHaveLength(1);
  expect((await round.refusal('dean', 'ReplaceFiles', { request: 1, files: [syllabus] })).code).toBe('case.no-file-grant');
});
