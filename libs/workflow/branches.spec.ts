import { expect, test } from '@jest/globals';
import { States } from '#kernel';
import {
  caseContext,
  caseRow,
  checkDefinition,
  type Definition,
  explain,
  openVisits,
  returnsOpen,
  shownTo,
  type StageMapping,
  timelineFor,
  type Viewer,
} from '#workflow';
import { application, caseId, everyReview, everyVote, TestRound } from '../../test/support/round.js';
import { inBothChannels, inTwoChannels } from '../../test/support/two-channels.js';
import { planOf } from './migration/plan.js';

const openAt = async (round: TestRound): Promise<readonly string[]> =>
  openVisits(await round.state()).map(({ stage, visit }) => `${stage} ${visit}`);

const pass = (round: TestRound, person: string, stage: string) => round.act(person, 'PassCheck', { stage });

/** What a case owes of each of its visits. */
const owedAt = async (round: TestRound): Promise<readonly string[]> =>
  (await round.owed()).flatMap(({ stream, effect: { during } }) =>
    during === undefined || !stream.startsWith('case-') ? [] : [`${during.stage} ${during.visit}`],
  );

/** The state as a machine that has just been started reads it from the log. */
async function anew(round: TestRound): Promise<unknown> {
  const states = new States(round.store);
  states.register(caseContext.decider);
  return (await states.fresh(`case-${caseId}`)).state;
}

test('two channels are a sound workflow', async () => {
  const { definition } = await TestRound.open({ change: (definition) => inTwoChannels(definition) });
  expect(checkDefinition(definition)).toEqual([]);
});

test('province and ministry work side by side, each with its own task and deadline', async () => {
  const round = await inBothChannels();
  expect(await openAt(round)).toEqual(['recommendation 1', 'ministry-opinion 1']);
  const { tasks, facts } = caseRow(round.definition, await round.state());
  expect(facts).toMatchObject({
    stages: ['recommendation', 'ministry-opinion'],
    dues: { told: tasks.map(({ dueAt }) => dueAt) },
  });
  expect(tasks.map(({ stage, holder }) => [stage, holder])).toEqual([
    ['recommendation', 'power:recommend-application:11'],
    ['ministry-opinion', 'power:advise-on-application'],
  ]);
  await round.until('2026-04-10T00:00:00.000Z');
  const overdue = (await round.history()).filter(({ type }) => type === 'StageOverdue');
  expect(overdue.map(({ data }) => (data as { stage: string }).stage)).toEqual(['recommendation', 'ministry-opinion']);
});

test('the formal check begins once both have passed it, and says which visits it joined', async () => {
  const round = await inBothChannels();
  await pass(round, 'ministry', 'ministry-opinion');
  expect(await openAt(round)).toEqual(['recommendation 1']);
  const last = explain(await round.history()).at(-1);
  expect(last?.text.en).toMatch(/“formal-check” still waits for: recommendation\.$/);
  expect(last?.text.zh).toMatch(/“formal-check”尚待：recommendation。$/);
  await pass(round, 'province', 'recommendation');
  expect(await openAt(round)).toEqual(['formal-check 1']);
  expect((await round.history()).at(-1)?.data).toMatchObject({
    stage: 'formal-check',
    joins: [
      { stage: 'recommendation', visit: 1 },
      { stage: 'ministry-opinion', visit: 1 },
    ],
  });
  expect(await anew(round)).toEqual(await round.state());
});

test('a branch that comes to an end ends the case: the other is closed on record, and nothing is owed for it any more', async () => {
  const round = await inBothChannels();
  expect(await owedAt(round)).toEqual(['recommendation 1', 'ministry-opinion 1']);
  await round.act('ministry', 'FailCheck', { stage: 'ministry-opinion', reason: '不属于受理范围' });
  expect((await round.types()).slice(-4)).toEqual(['CheckFailed', 'StageLeft', 'StageClosed', 'CaseEnded']);
  expect(await owedAt(round)).toEqual([]);
  const state = await round.state();
  expect(state.visits.filter(({ left }) => left === undefined)).toEqual([]);
  expect(state.visits.find(({ stage }) => stage === 'recommendation')?.left).toMatchObject({
    outcome: 'closed',
    to: 'not-recommended',
    explanation: { inputs: { by: 'ministry-opinion' } },
  });
  expect((await round.refusal('province', 'PassCheck', { stage: 'recommendation' })).code).toBe('case.ended');
  await round.until('2026-06-01T00:00:00.000Z');
  expect(round.refused).toEqual([]);
});

test('the province sends a case back to the named stage with a reason: what came of that stage is begun again', async () => {
  const round = await inBothChannels();
  await pass(round, 'ministry', 'ministry-opinion');
  const back = { stage: 'recommendation', to: 'endorsement', reason: '推荐意见未盖章' };
  await round.act('province', 'SendBack', back);
  expect((await round.types()).slice(-4)).toEqual(['SentBack', 'StageLeft', 'StageClosed', 'StageEntered']);
  expect(await openAt(round)).toEqual(['endorsement 2']);
  expect((await round.state()).returns).toMatchObject([{ stage: 'recommendation', visit: 1, to: 'endorsement', by: 'province' }]);
  // The opinion that had been given does not count for what comes now.
  await pass(round, 'dean', 'endorsement');
  await pass(round, 'province', 'recommendation');
  expect(await openAt(round)).toEqual(['ministry-opinion 2']);
  await pass(round, 'ministry', 'ministry-opinion');
  expect(await openAt(round)).toEqual(['formal-check 1']);
  expect(await anew(round)).toEqual(await round.state());
});

test('a sibling of a branch that was left behind is closed, and cannot join later', async () => {
  const round = await inBothChannels();
  await round.act('province', 'SendBack', { stage: 'recommendation', to: 'endorsement', reason: '缺章' });
  expect(await owedAt(round)).toEqual(['endorsement 2']);
  const late = await round.refusal('ministry', 'PassCheck', { stage: 'ministry-opinion', visit: 1 });
  expect(late.code).toBe('case.not-at-stage');
  await round.until('2026-06-01T00:00:00.000Z');
  const overdue = (await round.history()).filter(({ type }) => type === 'StageOverdue');
  expect(overdue.map(({ data }) => data)).toMatchObject([{ stage: 'endorsement', visit: 2 }]);
});

test('the province is sent a case back: what was decided beside it stands', async () => {
  const round = await inBothChannels();
  await pass(round, 'ministry', 'ministry-opinion');
  await pass(round, 'province', 'recommendation');
  await round.act('secretary', 'SendBack', { stage: 'formal-check', to: 'recommendation', reason: '推荐排序有误' });
  expect(await openAt(round)).toEqual(['recommendation 2']);
  expect((await round.history()).find(({ type }) => type === 'SentBack')?.data).toMatchObject({
    stands: [{ stage: 'ministry-opinion', visit: 1, at: 'formal-check' }],
  });
  await pass(round, 'province', 'recommendation');
  expect(await openAt(round)).toEqual(['formal-check 2']);
  expect((await round.history()).at(-1)?.data).toMatchObject({
    joins: [
      { stage: 'recommendation', visit: 2 },
      { stage: 'ministry-opinion', visit: 1 },
    ],
  });
  expect(await anew(round)).toEqual(await round.state());
});

test('whoever may send back is offered the stages that the case has come by, and nobody else is offered any', async () => {
  const round = await inBothChannels();
  const offered = async () => returnsOpen(round.definition, await round.state());
  const byProvince = { stage: 'recommendation', holder: 'power:recommend-application:11', to: ['endorsement'] };
  expect(await offered()).toEqual([byProvince]);
  await round.act('province', 'SendBack', { stage: 'recommendation', to: 'endorsement', reason: '缺章' });
  await pass(round, 'dean', 'endorsement');
  expect(await offered()).toEqual([]);
});

test('why a case was sent back is told to those between whom it goes, not to blind reviewers', async () => {
  const round = await inBothChannels();
  await round.act('province', 'SendBack', { stage: 'recommendation', to: 'endorsement', reason: '示例大学未盖章' });
  for (const [person, stage] of [
    ['dean', 'endorsement'],
    ['province', 'recommendation'],
    ['ministry', 'ministry-opinion'],
    ['secretary', 'formal-check'],
  ] as const)
    await pass(round, person, stage);
  await round.settle();
  const { definition } = round;
  const [state, history] = [await round.state(), await round.history()];
  const panel = state.visits.find((visit) => visit.kind === 'panel');
  const reviewer = panel?.kind === 'panel' ? (panel.assignments[0]?.reviewer ?? '') : '';
  const told = (viewer: Viewer): string =>
    JSON.stringify([
      shownTo(definition, state, viewer),
      timelineFor(definition, state, history, viewer).map(({ text, explanation }) => [text, explanation]),
    ]);
  const viewer = (person: string, power: string, scope?: string): Viewer => ({
    person,
    institutions: [],
    powers: [{ power, ...(scope === undefined ? {} : { scope }) }],
  });
  expect(told(viewer(reviewer, 'review-application'))).toContain('expert-review');
  expect(told(viewer(reviewer, 'review-application'))).not.toContain('未盖章');
  expect(told(viewer('ministry', 'advise-on-application'))).toContain('未盖章');
  expect(told(viewer('dean', 'submit-application', state.applicant.institution))).toContain('未盖章');
});

test('a case is sent back only where the workflow says so, only so often, and only by the owner of the stage', async () => {
  const round = await inBothChannels();
  const back = (stage: string, to: string) => ({ stage, to, reason: '缺章' });
  expect((await round.refusal('ministry', 'SendBack', back('ministry-opinion', 'endorsement'))).code).toBe('case.not-this-act');
  expect((await round.refusal('province', 'SendBack', back('recommendation', 'ministry-opinion'))).code).toBe('case.no-return');
  expect((await round.refusal('ministry', 'SendBack', back('recommendation', 'endorsement'))).code).toBe('authority.no-seat');
  expect((await round.refusal('secretary', 'SendBack', back('formal-check', 'endorsement'))).code).toBe('case.not-at-stage');
  await round.act('province', 'SendBack', back('recommendation', 'endorsement'));
  await pass(round, 'dean', 'endorsement');
  const again = await round.refusal('province', 'SendBack', back('recommendation', 'endorsement'));
  expect(again.code).toBe('case.no-more-returns');
  expect(again.details).toEqual({ stage: 'recommendation', times: 1 });
});

test('from both channels to recognition: sent back once, joined twice, and the same after every event from the log alone', async () => {
  const round = await inBothChannels();
  await pass(round, 'ministry', 'ministry-opinion');
  await pass(round, 'province', 'recommendation');
  await round.act('secretary', 'SendBack', { stage: 'formal-check', to: 'endorsement', reason: '附件不全' });
  await pass(round, 'dean', 'endorsement');
  await round.act('province', 'ReturnForCorrection', { stage: 'recommendation', reason: '补充附件' });
  await pass(round, 'ministry', 'ministry-opinion');
  await round.act('dean', 'ResubmitApplication', { stage: 'recommendation', form: application.form, files: application.files });
  await pass(round, 'province', 'recommendation');
  await pass(round, 'secretary', 'formal-check');
  await round.settle();
  await everyReview(round, 8);
  await round.settle();
  await everyVote(round, 'for');
  await round.until('2026-06-01T00:00:00.000Z');
  expect((await round.state()).end).toMatchObject({ id: 'recognised' });
  expect(openVisits(await round.state())).toEqual([]);
  expect(await anew(round)).toEqual(await round.state());
  expect(await round.owed()).toHaveLength(1);
  expect(round.refused).toEqual([]);
});

test('a case in both channels is migrated only to where its branches can stand at once and be joined', async () => {
  const round = await inBothChannels();
  const { definition } = round;
  const same = Object.fromEntries(definition.stages.map(({ id }) => [id, { then: 'carried', to: id } as const]));
  const obstaclesTo = async (to: Definition, stages: StageMapping = same): Promise<readonly string[]> =>
    planOf(await round.state(), { from: definition, to, stages }, round.clock.now()).obstacles.map(({ code }) => code);
  const threefold: Definition = {
    ...definition,
    stages: definition.stages.flatMap((stage) => {
      const waitsFor = ['recommendation', 'ministry-opinion', 'hearing'];
      if (stage.id === 'formal-check') return [{ ...stage, waitsFor }];
      if (stage.id !== 'endorsement') return [stage];
      return [
        { ...stage, on: { ...stage.on, passed: waitsFor } },
        { ...stage, id: 'hearing', on: { ...stage.on, passed: 'formal-check' } },
      ];
    }),
  };
  expect(await obstaclesTo(definition)).toEqual([]);
  expect(await obstaclesTo(threefold)).toEqual(['branches-differ']);
  const together = { ...same, 'ministry-opinion': { then: 'carried', to: 'recommendation' } as const };
  expect(await obstaclesTo(definition, together)).toContain('branches-differ');
  await pass(round, 'ministry', 'ministry-opinion');
  expect(await obstaclesTo(definition)).toEqual([]);
  expect(await obstaclesTo(threefold)).toEqual(['branches-differ']);
});
