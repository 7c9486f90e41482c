import { describe, expect, test } from '@jest/globals';
import { type CheckVisit, describe as sentence, shownTo, type Viewer } from '#workflow';
import {
  applicant,
  application,
  assigned,
  broughtTo,
  caseId,
  review,
  type TestRound,
  type TestRoundOptions,
  usualSeats,
} from '../../../test/support/round.js';
import { usualRule } from '../../../test/support/round.charter.js';
import { caseRow } from '../case-row.js';
import { hashOfVersion } from '../versions.js';

const secretariat = {
  'a.secretariat': [{ person: 'secretary' }, { person: 'officer' }, { person: 'head', role: 'chair' as const }],
};
const several: TestRoundOptions = { seats: { ...usualSeats, ...secretariat } };
const signed = (signatures: 'all' | number): TestRoundOptions => ({
  ...several,
  change: (definition) => ({
    ...definition,
    stages: definition.stages.map((stage) =>
      stage.id === 'formal-check' && stage.kind === 'check' ? { ...stage, signatures } : stage,
    ),
  }),
});

const stage = 'formal-check';
const handOver = { stage, part: 'check', to: 'officer', reason: '出差。Travelling.' };
const tasks = async (round: TestRound) => caseRow(round.definition, await round.state()).tasks;
const types = async (round: TestRound) => (await round.history()).map(({ type }) => type);
const isPassed = async (round: TestRound) =>
  (await round.state()).visits.find((visit) => visit.stage === stage)?.left?.outcome === 'passed';
const signing = async (round: TestRound) =>
  ((await round.state()).visits.findLast((visit) => visit.stage === stage) as CheckVisit).signing;

describe('transfer', () => {
  test('a task that was handed over is the holder’s alone, and is in their list only', async () => {
    const round = await broughtTo(stage, several);
    expect(await tasks(round)).toMatchObject([{ act: 'check', holder: 'power:check-application' }]);
    await round.act('secretary', 'TransferTask', handOver);
    expect(await tasks(round)).toMatchObject([{ act: 'check', holder: 'person:officer' }]);
    expect((await round.refusal('secretary', 'PassCheck', { stage })).code).toBe('case.handed-over');
    expect((await round.refusal('head', 'ReturnForCorrection', { stage, reason: '缺页' })).code).toBe('case.handed-over');
    await round.act('officer', 'PassCheck', { stage });
    expect(await isPassed(round)).toBe(true);
  });

  test('who handed over, to whom and why is on record, the reason sealed', async () => {
    const round = await broughtTo(stage, several);
    await round.act('secretary', 'TransferTask', handOver);
    const event = (await round.history()).at(-1);
    expect(event).toMatchObject({
      type: 'TaskTransferred',
      meta: { actor: 'secretary' },
      data: { part: 'check', to: 'officer' },
    });
    expect(event?.data).toMatchObject({ reason: { of: 'secretary', sealed: expect.any(String) } });
  });

  test('it is handed on by its holder only, to somebody who holds a seat in the same organ', async () => {
    const round = await broughtTo(stage, several);
    await round.act('secretary', 'TransferTask', handOver);
    expect((await round.refusal('secretary', 'TransferTask', { ...handOver, to: 'head' })).code).toBe('case.handed-over');
    for (const to of ['expert-1', 'dean', 'officer', 'nobody'])
      expect((await round.refusal('officer', 'TransferTask', { ...handOver, to })).code).toBe('case.cannot-take-over');
    await round.act('officer', 'TransferTask', { ...handOver, to: 'head' });
    expect(await tasks(round)).toMatchObject([{ holder: 'person:head' }]);
    expect((await round.history()).at(-1)?.data).toMatchObject({ from: 'officer', to: 'head' });
  });

  test('nobody is handed a task from behind the wall of their own conflict', async () => {
    const conflicted = { person: 'officer', institution: applicant };
    const round = await broughtTo(stage, {
      seats: { ...usualSeats, ...secretariat, 'a.committee': [...(usualSeats['a.committee'] ?? []), conflicted] },
    });
    expect((await round.refusal('secretary', 'TransferTask', handOver)).code).toBe('case.cannot-take-over');
    await round.act('secretary', 'TransferTask', { ...handOver, to: 'head' });
  });

  test('holder, giver and chair take it back, others do not; anyone of the organ once the holder’s seat has ended', async () => {
    const seats = { 'a.secretariat': [...secretariat['a.secretariat'], { person: 'clerk' }] };
    const round = await broughtTo(stage, { seats: { ...usualSeats, ...seats } });
    const back = { stage, part: 'check', reason: '返岗。Back.' };
    expect((await round.refusal('secretary', 'TakeBackTask', back)).code).toBe('case.not-handed-over');
    for (const person of ['officer', 'secretary', 'head']) {
      await round.act('secretary', 'TransferTask', handOver);
      expect((await round.refusal('clerk', 'TakeBackTask', back)).code).toBe('case.not-yours-to-take-back');
      await round.act(person, 'TakeBackTask', back);
      expect(await tasks(round)).toMatchObject([{ holder: 'power:check-application' }]);
    }
    await round.act('secretary', 'TransferTask', handOver);
    await round.seat('a.secretariat', [{ person: 'clerk' }]);
    await round.act('clerk', 'TakeBackTask', back);
    await round.act('clerk', 'PassCheck', { stage });
  });

  test('what is done is not handed over', async () => {
    const round = await broughtTo(stage, several);
    await round.act('secretary', 'ReturnForCorrection', { stage, reason: '缺页' });
    expect((await round.refusal('secretary', 'TransferTask', handOver)).code).toBe('case.no-such-task');
  });

  test('only the organ whose task it is learns why it was handed over', async () => {
    const round = await broughtTo(stage, several);
    await round.act('secretary', 'TransferTask', handOver);
    const reasonFor = async (viewer: Viewer) =>
      shownTo(round.definition, await round.state(), viewer)?.visits.findLast((visit) => visit.stage === stage)?.handed?.[0]
        ?.reason;
    const checker = { person: 'officer', institutions: [], powers: [{ power: 'check-application' }] };
    const dean = { person: 'dean', institutions: [applicant], powers: [{ power: 'submit-application', scope: applicant }] };
    expect(await reasonFor(checker)).toBeDefined();
    expect(await reasonFor(dean)).toBeUndefined();
  });
});

describe('signatures', () => {
  test('where all sign, the check passes with the last signature, and every one is on record with the version signed', async () => {
    const round = await broughtTo(stage, signed('all'));
    expect((await signing(round))?.signers.map(({ person }) => person)).toEqual(['head', 'officer', 'secretary']);
    expect((await tasks(round)).map(({ act, holder }) => [act, holder])).toEqual([
      ['sign', 'person:head'],
      ['sign', 'person:officer'],
      ['sign', 'person:secretary'],
    ]);
    await round.act('secretary', 'PassCheck', { stage });
    await round.act('officer', 'PassCheck', { stage, note: '同意' });
    expect(await isPassed(round)).toBe(false);
    expect((await signing(round))?.signatures).toHaveLength(2);
    expect((await tasks(round)).map(({ holder }) => holder)).toEqual(['person:head']);
    expect((await round.refusal('officer', 'PassCheck', { stage })).code).toBe('case.already-signed');
    await round.act('head', 'PassCheck', { stage });
    const history = await round.history();
    const state = await round.state();
    const signatures = history.filter(({ type }) => type === 'CheckSigned').map(({ data }) => data);
    expect(signatures).toMatchObject(
      ['secretary', 'officer', 'head'].map((person) => ({ person, version: 1, sha256: hashOfVersion(state) })),
    );
    const left = state.visits.find((visit) => visit.stage === stage)?.left;
    expect(left).toMatchObject({ outcome: 'passed', explanation: { arithmetic: [{ what: 'signed', actual: [3, 3] }] } });
  });

  test('where all must sign, one refusal fails the check with its reason', async () => {
    const round = await broughtTo(stage, signed('all'));
    await round.act('secretary', 'PassCheck', { stage });
    await round.act('head', 'FailCheck', { stage, reason: '材料不实。' });
    const history = await round.history();
    expect(history.find(({ type }) => type === 'CheckFailed')?.data).toMatchObject({ reason: '材料不实。' });
    expect((await types(round)).slice(-4)).toEqual(['SignatureRefused', 'CheckFailed', 'StageLeft', 'CaseEnded']);
  });

  test('where two of three must sign, one refusal decides nothing and the second does', async () => {
    const round = await broughtTo(stage, signed(2));
    await round.act('head', 'FailCheck', { stage, reason: '不同意。' });
    expect((await round.state()).status).toBe('open');
    await round.act('secretary', 'PassCheck', { stage });
    expect((await round.state()).visits.at(-1)?.stage).toBe(stage);
    await round.act('officer', 'FailCheck', { stage, reason: '不同意。' });
    expect((await round.state()).end?.outcome).toBe('refused');
  });

  test('who is seated later does not sign, and whose seat ends before they sign is needed no more', async () => {
    const round = await broughtTo(stage, signed('all'));
    await round.act('secretary', 'PassCheck', { stage });
    await round.act('officer', 'PassCheck', { stage });
    expect((await round.refusal('secretary', 'CountSignatures', { stage })).code).toBe('case.nothing-to-count');
    await round.seat('a.secretariat', [{ person: 'secretary' }, { person: 'officer' }, { person: 'newcomer' }]);
    expect((await round.refusal('newcomer', 'PassCheck', { stage })).code).toBe('case.not-a-signer');
    await round.act('secretary', 'CountSignatures', { stage });
    const history = await round.history();
    expect(history.find(({ type }) => type === 'SignersReleased')?.data).toMatchObject({ people: ['head'] });
    expect(await isPassed(round)).toBe(true);
  });

  test('the deadline counts again by itself; what is still missing then is reported late and may still be signed', async () => {
    const round = await broughtTo(stage, signed('all'));
    const { dueAt = '' } = (await round.state()).visits.at(-1) ?? {};
    await round.act('secretary', 'PassCheck', { stage });
    await round.seat('a.secretariat', [{ person: 'secretary' }, { person: 'officer' }]);
    await round.until(dueAt);
    expect((await types(round)).slice(-2)).toEqual(['SignersReleased', 'StageOverdue']);
    await round.act('officer', 'PassCheck', { stage });
    expect(await isPassed(round)).toBe(true);
    expect(round.refused).toEqual([]);
  });

  test('a number is never passed with fewer: where too few are left, those seated now are called as well', async () => {
    const round = await broughtTo(stage, signed(2));
    await round.act('secretary', 'PassCheck', { stage });
    await round.seat('a.secretariat', [{ person: 'secretary' }]);
    await round.act('secretary', 'CountSignatures', { stage });
    expect(await isPassed(round)).toBe(false);
    await round.seat('a.secretariat', [{ person: 'secretary' }, { person: 'newcomer' }]);
    await round.act('newcomer', 'PassCheck', { stage });
    expect(await isPassed(round)).toBe(true);
  });

  test('a correction makes another version, and everybody signs that anew', async () => {
    const round = await broughtTo(stage, signed('all'));
    await round.act('secretary', 'PassCheck', { stage });
    await round.act('officer', 'ReturnForCorrection', { stage, reason: '缺页' });
    await round.act('dean', 'ResubmitApplication', { stage, form: application.form, files: application.files });
    await round.settle();
    expect(await signing(round)).toMatchObject({ signatures: [], signers: { length: 3 } });
    await round.act('secretary', 'PassCheck', { stage });
    expect((await round.history()).at(-1)?.data).toMatchObject({ version: 2 });
  });

  test('a signature is given in person: it is not handed over', async () => {
    const round = await broughtTo(stage, signed('all'));
    expect((await round.refusal('secretary', 'TransferTask', handOver)).code).toBe('case.no-such-task');
  });

  test('the applicant does not see who has signed so far, and sees it once it is decided', async () => {
    const round = await broughtTo(stage, signed('all'));
    await round.act('secretary', 'PassCheck', { stage });
    const dean = { person: 'dean', institutions: [applicant], powers: [{ power: 'submit-application', scope: applicant }] };
    const seen = async () =>
      shownTo(round.definition, await round.state(), dean)?.visits.findLast((visit) => visit.stage === stage) as CheckVisit;
    expect((await seen()).signing).toBeUndefined();
    for (const person of ['officer', 'head']) await round.act(person, 'PassCheck', { stage });
    expect((await seen()).signing?.signatures).toHaveLength(3);
  });
});

describe('taking back one’s own act', () => {
  test('a signature is taken back before the check is complete, and not after', async () => {
    const round = await broughtTo(stage, signed('all'));
    await round.act('secretary', 'PassCheck', { stage });
    expect((await round.refusal('officer', 'RetractAct', { stage })).code).toBe('case.nothing-to-retract');
    await round.act('secretary', 'RetractAct', { stage });
    expect((await round.history()).at(-1)).toMatchObject({ type: 'ActRetracted', data: { act: 'signature' } });
    expect((await types(round)).filter((type) => type === 'CheckSigned')).toHaveLength(1);
    for (const person of ['secretary', 'officer', 'head']) await round.act(person, 'PassCheck', { stage });
    expect((await round.refusal('secretary', 'RetractAct', { stage })).code).toBe('case.next-step-began');
  });

  test('a review is taken back before its deadline, is open again with its dates, and another takes its place', async () => {
    const round = await broughtTo('expert-review');
    const [reviewer = ''] = await assigned(round);
    await round.act(reviewer, 'SubmitReview', review(8));
    const own = { stage: 'expert-review' };
    await round.act(reviewer, 'RetractAct', own);
    expect(await assigned(round)).toContain(reviewer);
    expect((await round.refusal(reviewer, 'RetractAct', own)).code).toBe('case.nothing-to-retract');
    const owed = (await round.owed()).map(({ effect: { name } }) => name);
    expect(owed.filter((name) => name === 'replace')).toHaveLength((await assigned(round)).length);
    await round.act(reviewer, 'SubmitReview', review(6));
    expect((await types(round)).filter((type) => type === 'ReviewSubmitted')).toHaveLength(2);
    for (const other of await assigned(round)) await round.act(other, 'SubmitReview', review(8));
    await round.settle();
    expect((await round.refusal(reviewer, 'RetractAct', own)).code).toBe('case.next-step-began');
  });

  test('a review whose time is over stands', async () => {
    const round = await broughtTo('expert-review');
    const [reviewer = ''] = await assigned(round);
    await round.act(reviewer, 'SubmitReview', review(8));
    const visit = (await round.state()).visits.at(-1);
    const replaceAt = visit?.kind === 'panel' ? (visit.assignments[0]?.replaceAt ?? '') : '';
    await round.until(replaceAt);
    expect((await round.refusal(reviewer, 'RetractAct', { stage: 'expert-review' })).code).toBe('case.retract-too-late');
  });

  test('an open vote is taken back and cast anew while the ballot is open; a secret one stands', async () => {
    const own = { stage: 'committee' };
    const round = await broughtTo('committee');
    await round.act('member-1', 'CastVote', { ...own, choice: 'against' });
    await round.act('member-1', 'RetractAct', own);
    await round.act('member-1', 'CastVote', { ...own, choice: 'for' });
    for (const person of ['member-2', 'member-3', 'chair', 'deputy'])
      await round.act(person, 'CastVote', { ...own, choice: 'for' });
    expect((await round.refusal('member-1', 'RetractAct', own)).code).toBe('case.next-step-began');
    const secretly = await broughtTo('committee', { rule: { ...usualRule, secret: true } });
    await secretly.act('member-1', 'CastVote', { ...own, choice: 'for' });
    expect((await secretly.refusal('member-1', 'RetractAct', own)).code).toBe('case.secret-vote-stands');
  });
});

test('acts are said in both languages and name nobody', async () => {
  const round = await broughtTo(stage, several);
  await round.act('secretary', 'TransferTask', handOver);
  await round.act('officer', 'TakeBackTask', { stage, part: 'check', reason: '返岗。' });
  await round.act('secretary', 'CopyCase', { stage, people: ['person-reader'] });
  const told = (await round.history(caseId)).slice(-3).map(({ type, data }) => sentence({ type, data } as never));
  for (const { en, zh } of told) expect(`${en}${zh}`).not.toMatch(/officer|secretary|reader|返岗/);
});
