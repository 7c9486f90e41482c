import { beforeEach, expect, test } from '@jest/globals';
import { type EngineRoom, reviewed } from '../../../test/support/engine-room.js';
import { wonLeadsTo } from '../../../test/support/won-leads-to.js';

const evidence = [{ sha256: 'e'.repeat(64), bytes: 5, mediaType: 'application/pdf' }];
const plea = { appeal: 'appeal', grounds: ['evidence'], statement: '附件三未予审阅', evidence };
const appeal = 'course-1.appeal.1';
const lodge = (room: EngineRoom, change: object = {}, person = 'dean') => room.act(person, 'LodgeAppeal', { ...plea, ...change });

let room: EngineRoom;
beforeEach(async () => {
  room = await reviewed(3);
});

/** Reviewers of a case at a stage. */
async function panelOf(stage: string, course?: string): Promise<readonly string[]> {
  const visit = (await room.state(course)).visits.find((one) => one.stage === stage);
  return visit?.kind === 'panel' ? visit.assignments.map(({ reviewer }) => reviewer) : [];
}

test('an end says until when an appeal may be lodged, and the decision becomes final by itself', async () => {
  expect((await room.state()).end).toEqual({
    id: 'below-standard',
    outcome: 'refused',
    at: '2026-03-02T01:00:00.000Z',
    appeal: { subcase: 'appeal', until: '2026-03-16T16:00:00.000Z' },
  });
  await room.until('2026-03-16T15:59:59.999Z');
  expect(await room.types()).not.toContain('AppealWindowClosed');
  await room.until('2026-03-16T16:00:00.000Z');
  expect((await room.types()).at(-1)).toBe('AppealWindowClosed');
  expect((await room.state()).end?.appeal).toMatchObject({ closed: true });
});

test('an appeal is lodged in time, once, by the applicant, on grounds that the workflow allows', async () => {
  expect(await room.refusal(() => lodge(room, { grounds: ['injustice'] }))).toBe('case.ground-not-allowed');
  expect(await room.refusal(() => lodge(room, { appeal: 'hearing' }))).toBe('case.no-such-appeal');
  expect(await room.refusal(() => lodge(room, {}, 'partner'))).toBe('case.not-found');
  expect(await room.refusal(() => lodge(room, {}, 'secretary'))).toBe('authority.no-seat');
  await lodge(room);
  expect(await room.refusal(() => lodge(room))).toBe('case.appeal-lodged');
});

test('there is nothing to appeal against before the end, nor against an end that the workflow does not name', async () => {
  room = await reviewed(8);
  expect(await room.refusal(() => lodge(room))).toBe('case.nothing-to-appeal');
  await room.act('dean', 'WithdrawApplication', { reason: '撤回' });
  expect(await room.refusal(() => lodge(room))).toBe('case.nothing-to-appeal');
});

test('whoever appeals too late is told until when it was', async () => {
  await room.until('2026-03-16T16:00:00.000Z');
  expect(await room.refusal(() => lodge(room))).toBe('case.appeal-too-late');
});

test('an appeal in time keeps the window from closing', async () => {
  await lodge(room);
  await room.until('2026-03-17T00:00:00.000Z');
  expect(await room.types()).not.toContain('AppealWindowClosed');
});

test('an appeal is heard by another panel, and supersedes: the first end stays on record', async () => {
  const first = await panelOf('review');
  await lodge(room);
  const opened = await room.state(appeal);
  expect(opened.origin).toMatchObject({
    parent: { case: await room.addressOf('a.one.course-1') },
    count: 1,
    against: { end: 'below-standard', outcome: 'refused' },
    plea: { by: 'dean', grounds: ['evidence'], evidence },
    barred: first.map((person) => ({ person, because: 'reviewed' })),
  });
  expect(opened.origin?.reasons.map(({ stage, outcome }) => [stage, outcome])).toEqual([['review', 'not-recommended']]);
  expect(opened.form).toEqual((await room.state()).form);
  expect(opened.files).toEqual((await room.state()).files);
  const second = await panelOf('second-review', appeal);
  expect(second).toHaveLength(2);
  expect(second.filter((person) => first.includes(person))).toEqual([]);

  await room.review('second-review', 8, appeal);
  await room.act('judge-1', 'GiveRuling', { stage: 'board', ruling: 'sustained', reason: '附件三确未审阅' }, appeal);
  expect((await room.state(appeal)).end).toMatchObject({ id: 'granted', outcome: 'granted' });
  const state = await room.state();
  expect(state.end).toMatchObject({
    id: 'recognised',
    outcome: 'granted',
    supersedes: { id: 'below-standard', outcome: 'refused', at: '2026-03-02T01:00:00.000Z' },
  });
  expect(state.appeals).toMatchObject([{ number: 1, result: 'superseded', by: 'dean' }]);
  expect(await room.types()).toEqual(expect.arrayContaining(['CaseEnded', 'AppealLodged', 'DecisionSuperseded']));
  expect(await room.types('recognition-a.course-1')).toEqual(['RecognitionGranted']);
});

test('an appeal may lead to a stage: the case goes on there, its first end stays on record, and there is no other appeal', async () => {
  room = await reviewed(3, (definition) => wonLeadsTo('publicity', definition));
  await lodge(room);
  await room.review('second-review', 8, appeal);
  await room.act('judge-1', 'GiveRuling', { stage: 'board', ruling: 'sustained', reason: '附件三确未审阅' }, appeal);
  const first = { id: 'below-standard', outcome: 'refused', at: '2026-03-02T01:00:00.000Z' };
  const open = await room.state();
  expect(open).toMatchObject({ status: 'open', superseded: first, appeals: [{ result: 'superseded' }] });
  expect(open.end).toBeUndefined();
  expect(open.visits.at(-1)).toMatchObject({ stage: 'publicity', visit: 1 });
  expect(await room.types('recognition-a.course-1')).toEqual([]);

  await room.act('dean', 'WithdrawApplication', { reason: '不再申报' });
  expect((await room.state()).end).toEqual({
    id: 'withdrawn',
    outcome: 'withdrawn',
    at: open.visits.at(-1)?.enteredAt,
    supersedes: first,
  });
  expect(await room.refusal(() => lodge(room))).toBe('case.appeal-lodged');
});

test('a case that an appeal has brought back comes to its end like any other, and no other appeal is offered against it', async () => {
  room = await reviewed(3, (definition) => wonLeadsTo('committee', definition));
  await lodge(room);
  await room.review('second-review', 8, appeal);
  await room.act('judge-1', 'GiveRuling', { stage: 'board', ruling: 'sustained', reason: '附件三确未审阅' }, appeal);
  for (const person of ['member-1', 'member-2', 'expert-5'])
    await room.act(person, 'CastVote', { stage: 'committee', choice: 'against' }).catch(() => undefined);
  await room.until('2026-03-20T00:00:00.000Z');
  const { end } = await room.state();
  expect(end).toMatchObject({ id: 'declined', supersedes: { id: 'below-standard' } });
  expect(end).not.toHaveProperty('appeal');
});

test('an appeal that is dismissed upholds the decision, and sends nothing', async () => {
  await lodge(room);
  await room.review('second-review', 2, appeal);
  const state = await room.state();
  expect(state.end).toMatchObject({ id: 'below-standard', outcome: 'refused' });
  expect(state.appeals).toMatchObject([{ result: 'upheld' }]);
  expect((await room.types()).at(-1)).toBe('DecisionUpheld');
  expect(await room.types('recognition-a.course-1')).toEqual([]);
});

test('an appeal that is given up upholds the decision', async () => {
  await lodge(room);
  await room.act('dean', 'WithdrawApplication', { reason: '不再申诉' }, appeal);
  expect((await room.state(appeal)).end).toMatchObject({ id: 'withdrawn' });
  expect((await room.state()).appeals).toMatchObject([{ result: 'upheld' }]);
});

test('people do not open sub-cases, give them results or end them', async () => {
  for (const type of ['OpenSubcase', 'CloseSubcase', 'CloseAppealWindow'])
    expect(await room.refusal(() => room.act('secretary', type, {}, appeal))).toBe('case.not-found');
  const result = { subcase: 'appeal', number: 1 };
  expect(await room.refusal(() => room.act('secretary', 'RecordResult', result))).toBe('authority.no-seat');
});

test('after a restart an appeal is opened once and its result recorded once', async () => {
  await room.send('dean', 'case', 'a.one.course-1', 'LodgeAppeal', plea);
  room.restart();
  await room.settle();
  await room.settle();
  expect((await room.types(`case-a.one.${appeal}`)).filter((type) => type === 'SubcaseOpened')).toHaveLength(1);
  await room.review('second-review', 2, appeal);
  room.restart();
  await room.settle();
  expect((await room.types()).filter((type) => type === 'DecisionUpheld')).toHaveLength(1);
});
