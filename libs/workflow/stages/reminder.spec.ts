import { expect, test } from '@jest/globals';
import type { BallotVisit, CheckVisit, Definition } from '#workflow';
import { application, broughtTo, type TestRound, usualSeats } from '../../../test/support/round.js';
import type { ReminderSent } from '../case.events.js';

const reminding = (definition: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) => (stage.kind === 'check' || stage.kind === 'ballot' ? { ...stage, remind: 2 } : stage)),
});

const reminders = async (round: TestRound): Promise<readonly ReminderSent[]> =>
  (await round.history()).filter(({ type }) => type === 'ReminderSent').map(({ data }) => data as ReminderSent);

const lastVisit = async (round: TestRound, stage: string) =>
  (await round.state()).visits.findLast((visit) => visit.stage === stage);

test('whoever a check waits for is reminded on the date, once, and not who has acted', async () => {
  const round = await broughtTo('recommendation', { change: reminding });
  const { remindAt = '' } = (await lastVisit(round, 'recommendation')) as CheckVisit;
  await round.until(new Date(Date.parse(remindAt) - 1).toISOString());
  expect(await reminders(round)).toEqual([]);
  await round.until(remindAt);
  await round.until('2026-03-05T00:00:00.000Z');
  expect(await reminders(round)).toEqual([{ stage: 'recommendation', visit: 1, of: 'check.0' }]);
  await round.act('province', 'PassCheck', { stage: 'recommendation' });
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  await round.until('2026-03-12T00:00:00.000Z');
  expect(await reminders(round)).toHaveLength(1);
  expect(round.refused).toEqual([]);
});

test('nobody is reminded of what is with the applicant; after a correction there is another date', async () => {
  const stage = 'recommendation';
  const round = await broughtTo(stage, { change: reminding });
  await round.act('province', 'ReturnForCorrection', { stage, reason: '缺页' });
  await round.until('2026-03-06T00:00:00.000Z');
  expect(await reminders(round)).toEqual([]);
  await round.act('dean', 'ResubmitApplication', { stage, form: application.form, files: application.files });
  const { remindAt = '' } = (await lastVisit(round, stage)) as CheckVisit;
  await round.until(remindAt);
  expect(await reminders(round)).toEqual([{ stage, visit: 1, of: 'check.1' }]);
});

test('of those whose signatures are needed, who has signed is not reminded', async () => {
  const signed = (definition: Definition): Definition => ({
    ...definition,
    stages: reminding(definition).stages.map((stage) =>
      stage.kind === 'check' && stage.id === 'formal-check' ? { ...stage, signatures: 'all' } : stage,
    ),
  });
  const seats = { ...usualSeats, 'a.secretariat': [{ person: 'secretary' }, { person: 'officer' }] };
  const round = await broughtTo('formal-check', { change: signed, seats });
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' });
  const { remindAt = '' } = (await lastVisit(round, 'formal-check')) as CheckVisit;
  await round.until(remindAt);
  expect(await reminders(round)).toMatchObject([{ of: 'check.0', people: ['officer'] }]);
});

test('who has not voted is reminded on the date, or before by the keeper; who has, and who may not, is not', async () => {
  const stage = 'committee';
  const round = await broughtTo(stage, { change: reminding });
  await round.act('member-1', 'CastVote', { stage, choice: 'for' });
  await round.act('member-2', 'DeclareConflict', { stage, ground: '师生' });
  const [sitting] = ((await lastVisit(round, stage)) as BallotVisit).sittings;
  await round.until(sitting?.remindAt ?? '');
  expect(await reminders(round)).toEqual([{ stage, visit: 1, of: 'sitting.1', people: ['chair', 'deputy', 'member-3'] }]);
  await round.act('secretary', 'SendReminder', { stage, of: 'sitting.1' });
  expect(await reminders(round)).toHaveLength(1);
  const early = await broughtTo(stage, { change: reminding });
  expect((await early.refusal('chair', 'SendReminder', { stage, of: 'sitting.1' })).code).toBe('authority.no-seat');
  await early.act('secretary', 'SendReminder', { stage, of: 'sitting.1' });
  await early.until(sitting?.remindAt ?? '');
  expect(await reminders(early)).toHaveLength(1);
});

test('a workflow that says nothing of it reminds nobody', async () => {
  const round = await broughtTo('recommendation');
  await round.until('2026-03-12T00:00:00.000Z');
  expect(await reminders(round)).toEqual([]);
});
