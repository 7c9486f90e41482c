import { expect, test } from '@jest/globals';
import type { Definition } from '#workflow';
import { applicant, application, broughtTo, TestRound, usualSeats } from '../../../test/support/round.js';

/** Three people in the applicant's office; whoever submits does not endorse, and whoever endorses does not check. */
const seats = {
  ...usualSeats,
  [`a.deans-office.${applicant}`]: [
    { person: 'dean', institution: applicant },
    { person: 'deputy-dean', institution: applicant },
    { person: 'third-dean', institution: applicant },
  ],
  'a.secretariat': [{ person: 'secretary' }, { person: 'deputy-dean' }],
};
const apart: Readonly<Record<string, readonly string[]>> = { endorsement: ['submit'], 'formal-check': ['submit', 'endorsement'] };
const change = (definition: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) => {
    const separation = apart[stage.id];
    return stage.kind === 'check' && separation !== undefined ? { ...stage, separation } : stage;
  }),
});

test('whoever submits an application does not endorse it, where the rules ask for four eyes; a colleague does', async () => {
  const round = await broughtTo('endorsement', { seats, change });
  for (const [type, data] of [
    ['PassCheck', {}],
    ['FailCheck', { reason: '材料不全' }],
  ] as const) {
    const refusal = await round.refusal('dean', type, { stage: 'endorsement', ...data });
    expect(refusal).toMatchObject({ code: 'case.four-eyes', details: { separation: 'submit' } });
  }
  await round.act('deputy-dean', 'PassCheck', { stage: 'endorsement' });
  await round.act('province', 'PassCheck', { stage: 'recommendation' });
  const twice = await round.refusal('deputy-dean', 'PassCheck', { stage: 'formal-check' });
  expect(twice).toMatchObject({ code: 'case.four-eyes', details: { separation: 'endorsement' } });
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
});

test('whoever hands in a corrected version does not endorse it either, nor whoever only sent it back', async () => {
  const returning = (definition: Definition): Definition => ({
    ...change(definition),
    stages: change(definition).stages.map((stage) =>
      stage.id === 'recommendation' ? { ...stage, return: { to: ['endorsement'], times: 2 } } : stage,
    ),
  });
  const round = await broughtTo('endorsement', { seats, change: returning });
  await round.act('third-dean', 'PassCheck', { stage: 'endorsement' });
  const refused = async (person: string, stage: string) =>
    expect(await round.refusal(person, 'PassCheck', { stage })).toMatchObject({ code: 'case.four-eyes' });
  await round.act('province', 'ReturnForCorrection', { stage: 'recommendation', reason: '缺页' });
  await round.act('deputy-dean', 'ResubmitApplication', {
    stage: 'recommendation',
    form: application.form,
    files: application.files,
  });
  await round.act('province', 'SendBack', { stage: 'recommendation', to: 'endorsement', reason: '缺章' });
  await refused('dean', 'endorsement');
  await refused('deputy-dean', 'endorsement');
  await round.act('third-dean', 'PassCheck', { stage: 'endorsement' });
});

test('whoever must not act at a check is not called to sign it, and the others complete it', async () => {
  const signed = (definition: Definition): Definition => ({
    ...change(definition),
    stages: change(definition).stages.map((stage) =>
      stage.id === 'endorsement' && stage.kind === 'check' ? { ...stage, signatures: 'all' } : stage,
    ),
  });
  const round = await broughtTo('endorsement', { seats, change: signed });
  await round.act('deputy-dean', 'PassCheck', { stage: 'endorsement' });
  expect((await round.refusal('dean', 'PassCheck', { stage: 'endorsement' })).code).toBe('case.four-eyes');
  await round.act('third-dean', 'PassCheck', { stage: 'endorsement' });
  expect(await round.types()).toContain('CheckPassed');
  await round.act('province', 'PassCheck', { stage: 'recommendation' });
  const twice = await round.refusal('deputy-dean', 'PassCheck', { stage: 'formal-check' });
  expect(twice).toMatchObject({ code: 'case.four-eyes', details: { separation: 'endorsement' } });
});

test('whoever replaced a file of an application does not endorse it either', async () => {
  const round = await broughtTo('endorsement', { seats, change });
  const [file] = application.files;
  await round.act('deputy-dean', 'RequestFileCorrection', { slots: [file?.slot], reason: '上传了旧版大纲。' });
  const grant = { request: 1, slots: [file?.slot], reason: '情况属实。', until: '2026-03-20T16:00:00.000Z' };
  await round.act('secretary', 'GrantFileCorrection', grant);
  await round.act('deputy-dean', 'ReplaceFiles', { request: 1, files: [{ ...file, sha256: 'd'.repeat(64) }] });
  expect((await round.refusal('deputy-dean', 'PassCheck', { stage: 'endorsement' })).code).toBe('case.four-eyes');
  await round.act('third-dean', 'PassCheck', { stage: 'endorsement' });
});

test('where the rules do not ask for it, one person may do both', async () => {
  const round = await TestRound.open();
  await round.act('dean', 'SubmitApplication', application);
  await round.act('dean', 'PassCheck', { stage: 'endorsement' });
  expect(await round.types()).toContain('CheckPassed');
});

test('a correction is given longer as often and as far as the workflow says; twice and by twenty working days unless it does', async () => {
  const stage = 'recommendation';
  const extend = (until: string) => ({ stage, until, reason: '停电' });
  const round = await broughtTo(stage);
  const due = async (): Promise<number> => {
    const visit = (await round.state()).visits.findLast((one) => one.stage === stage);
    return Date.parse((visit?.kind === 'check' ? visit.corrections.at(-1)?.dueAt : undefined) ?? '');
  };
  const after = async (days: number) => extend(new Date((await due()) + days * 86_400_000).toISOString());
  await round.act('province', 'ReturnForCorrection', { stage, reason: '缺页' });
  expect((await round.refusal('province', 'ExtendCorrection', await after(40))).code).toBe('case.extension-too-long');
  await round.act('province', 'ExtendCorrection', await after(20));
  await round.act('province', 'ExtendCorrection', await after(1));
  expect((await round.refusal('province', 'ExtendCorrection', await after(1))).code).toBe('case.no-more-extensions');
});

test('a workflow may let no correction be given longer', async () => {
  const strict = (definition: Definition): Definition => ({
    ...definition,
    stages: definition.stages.map((stage) =>
      stage.kind === 'check' && stage.correction !== undefined
        ? { ...stage, correction: { ...stage.correction, extension: { times: 0, workingDays: 1 } } }
        : stage,
    ),
  });
  const round = await broughtTo('recommendation', { change: strict });
  await round.act('province', 'ReturnForCorrection', { stage: 'recommendation', reason: '缺页' });
  const until = '2026-03-20T16:00:00.000Z';
  const refusal = await round.refusal('province', 'ExtendCorrection', { stage: 'recommendation', until, reason: '停电' });
  expect(refusal).toMatchObject({ code: 'case.no-more-extensions', details: { times: 0 } });
});
