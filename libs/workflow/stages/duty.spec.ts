import { expect, test } from '@jest/globals';
import type { Definition } from '#workflow';
import { type EngineRoom, obliged } from '../../../test/support/engine-room.js';
import { caseRow } from '../case-row.js';
import { shownTo } from '../wall.js';

const stage = 'keeping';
const began = '2026-03-02T01:00:00.000Z';
const over = '2031-03-02T01:00:00.000Z';
const types = async (room: EngineRoom) => (await room.types()).slice((await room.types()).indexOf('NoticePublished') + 3);
const recognitions = async (room: EngineRoom) => room.types('recognition-a.course-1');
const warn = (room: EngineRoom, more: object = {}) => room.act('supervisor', 'Warn', { stage, reason: '两年未更新', ...more });
const report = (room: EngineRoom) => room.act('dean', 'ReportRemedy', { stage, warning: 1, statement: '已更新', evidence: [] });
const owed = async (room: EngineRoom) => (await room.state()).visits.at(-1);

test('the obligation begins with what it comes with, and that is granted once', async () => {
  const room = await obliged(stage);
  expect((await room.state()).visits.at(-1)).toMatchObject({ kind: 'duty', enteredAt: began, dueAt: over });
  expect(await recognitions(room)).toEqual(['RecognitionGranted']);
});

test('every year has its inspection, each once, and the term ends once', async () => {
  const room = await obliged(stage);
  await room.until('2040-01-01T00:00:00.000Z');
  const opened = (await room.history()).filter(({ type }) => type === 'InspectionOpened');
  expect(opened.map(({ data, meta }) => [(data as { inspection: number }).inspection, meta.recordedAt.slice(0, 10)])).toEqual([
    [1, '2027-03-02'],
    [2, '2028-03-02'],
    [3, '2029-03-02'],
    [4, '2030-03-02'],
  ]);
  expect((await room.types()).filter((type) => type === 'StageOverdue')).toHaveLength(4);
  expect((await room.state()).end).toMatchObject({ id: 'kept', outcome: 'granted', at: over });
  expect(await room.runtime.incidents()).toEqual([]);
});

test('what fell due while nothing was running happens once, when something runs again', async () => {
  const room = await obliged(stage);
  room.clock.advanceTo(Date.parse('2029-06-01T00:00:00.000Z'));
  room.restart();
  await room.settle();
  expect(await types(room)).toEqual(['InspectionOpened', 'InspectionOpened', 'InspectionOpened']);
  room.restart();
  await room.settle();
  expect(await types(room)).toHaveLength(3);
  // The organ has its full time from the day on which it was told.
  expect((await room.history()).at(-1)?.data).toMatchObject({ inspection: 3, dueAt: '2029-06-29T16:00:00.000Z' });
});

test('an inspection that is passed in time is never reported late', async () => {
  const room = await obliged(stage);
  await room.until('2027-03-02T01:00:00.000Z');
  expect(caseRow(room.definition, await room.state()).tasks).toEqual([
    { stage, act: 'inspect', part: 'inspection.1', holder: 'power:supervise-course', dueAt: '2027-03-30T16:00:00.000Z' },
  ]);
  await room.act('supervisor', 'PassInspection', { stage, inspection: 1 });
  await room.until('2027-12-31T00:00:00.000Z');
  expect(await types(room)).toEqual(['InspectionOpened', 'InspectionPassed']);
});

test('who is warned remedies in time, and nothing is withdrawn', async () => {
  const room = await obliged(stage);
  await room.until('2027-03-02T01:00:00.000Z');
  await warn(room, { inspection: 1 });
  expect(caseRow(room.definition, await room.state()).tasks).toMatchObject([
    { act: 'remedy', holder: 'power:submit-application:4111010001' },
  ]);
  await report(room);
  await room.act('supervisor', 'AcceptRemedy', { stage, warning: 1 });
  await room.until('2027-12-31T00:00:00.000Z');
  expect(await types(room)).toEqual(['InspectionOpened', 'WarningGiven', 'RemedyReported', 'RemedyAccepted']);
  expect(await recognitions(room)).toEqual(['RecognitionGranted']);
});

test('a recognised course that is not kept up is warned, given time, and then withdrawn; credits earned before stay', async () => {
  const room = await obliged(stage);
  await warn(room);
  const remedyDueAt = caseRow(room.definition, await room.state()).tasks[0]?.dueAt ?? '';
  room.clock.advanceTo(Date.parse(remedyDueAt) - 1);
  await room.settle();
  expect((await room.state()).status).toBe('open');
  await room.until('2027-01-01T00:00:00.000Z');
  expect(await types(room)).toEqual(['WarningGiven', 'RemedyLapsed', 'StageLeft', 'CaseEnded']);
  expect((await room.state()).end).toMatchObject({ id: 'not-kept', at: remedyDueAt });
  const explanation = (await room.state()).visits.at(-1)?.left?.explanation;
  expect(explanation).toMatchObject({ inputs: { reason: '两年未更新', creditsEarnedBefore: 'stay' } });
  expect(explanation?.text.zh).toContain('此前取得的学分继续有效');
  expect(await recognitions(room)).toEqual(['RecognitionGranted', 'RecognitionWithdrawn']);
  expect(await room.runtime.incidents()).toEqual([]);
});

test('a remedy that arrives at its deadline is too late, also before anybody has noted the lapse', async () => {
  const room = await obliged(stage);
  await warn(room);
  room.clock.advanceTo(Date.parse(caseRow(room.definition, await room.state()).tasks[0]?.dueAt ?? ''));
  expect(await room.refusal(() => report(room))).toBe('case.remedy-too-late');
});

test('a remedy that is not accepted ends the recognition, with its reason', async () => {
  const room = await obliged(stage);
  await warn(room);
  await report(room);
  await room.act('supervisor', 'RejectRemedy', { stage, warning: 1, reason: '更新不实' });
  expect((await room.state()).visits.at(-1)?.left).toMatchObject({
    outcome: 'withdrawn',
    explanation: { inputs: { reason: '更新不实' } },
  });
  expect(await recognitions(room)).toContain('RecognitionWithdrawn');
});

test('a late ruling on a remedy is reported once and harms nobody who reported in time', async () => {
  const room = await obliged(stage);
  await warn(room);
  await report(room);
  await room.until('2027-02-01T00:00:00.000Z');
  expect(await types(room)).toEqual(['WarningGiven', 'RemedyReported', 'StageOverdue']);
});

test('nobody escapes a warning by the end of the term', async () => {
  const room = await obliged(stage);
  await room.until('2031-03-01T00:00:00.000Z');
  await warn(room);
  await report(room);
  await room.until('2031-03-10T00:00:00.000Z');
  expect((await room.types()).filter((type) => type === 'DutyHeld')).toHaveLength(1);
  expect((await room.state()).status).toBe('open');
  await room.act('supervisor', 'AcceptRemedy', { stage, warning: 1 });
  expect((await room.state()).end).toMatchObject({ id: 'kept' });
});

test('nobody warns twice at once, after the term, or rules on what was not reported', async () => {
  const room = await obliged(stage);
  expect(await room.refusal(() => report(room))).toBe('case.no-such-warning');
  await warn(room);
  expect(await room.refusal(() => warn(room))).toBe('case.warning-open');
  expect(await room.refusal(() => room.act('supervisor', 'AcceptRemedy', { stage, warning: 1 }))).toBe('case.no-remedy');
  expect(await room.refusal(() => room.act('supervisor', 'PassInspection', { stage, inspection: 1 }))).toBe(
    'case.no-such-inspection',
  );
  await report(room);
  expect(await room.refusal(() => report(room))).toBe('case.remedy-reported');
  expect(await room.refusal(() => room.act('dean', 'AcceptRemedy', { stage, warning: 1 }))).toBe('authority.no-seat');
});

test('nobody is warned at the end of the term, also before anybody has noted it', async () => {
  const room = await obliged(stage);
  const { dueAt = '' } = (await room.state()).visits.at(-1) ?? {};
  room.clock.advanceTo(Date.parse(dueAt));
  expect(
    await room.refusal(() => room.send('supervisor', 'case', 'a.one.course-1', 'Warn', { stage, reason: '两年未更新' })),
  ).toBe('case.duty-over');
});

test('what was granted is not given back by withdrawing the application', async () => {
  const room = await obliged(stage);
  expect(await room.refusal(() => room.act('dean', 'WithdrawApplication', { reason: '不愿继续' }))).toBe('case.binding');
});

test('the public sees the obligation, and no warning that is being remedied', async () => {
  const room = await obliged(stage);
  await warn(room);
  const shown = shownTo(room.definition, await room.state(), { person: 'anyone', institutions: [], powers: [] });
  expect(shown?.as).toBe('public');
  expect(JSON.stringify(shown)).not.toContain('两年未更新');
  expect(shown?.visits.at(-1)).toMatchObject({ kind: 'duty', dueAt: over });
});

test('who comes back to an obligation goes on with the same term', async () => {
  const again = (definition: Definition): Definition => ({
    ...definition,
    stages: definition.stages.map((one) =>
      one.kind === 'duty' ? { ...one, on: { ...one.on, withdrawn: stage }, visits: { atMost: 2, then: 'not-kept' } } : one,
    ),
  });
  const room = await obliged(stage, again);
  await room.until('2027-03-02T01:00:00.000Z');
  await warn(room, { inspection: 1 });
  await room.until('2029-01-01T00:00:00.000Z');
  expect(await owed(room)).toMatchObject({ visit: 2, dueAt: over, inspections: [{ inspection: 2 }] });
  expect(await recognitions(room)).toEqual(['RecognitionGranted']);
});
