import { beforeEach, expect, test } from '@jest/globals';
import { type EngineRoom, reviewed } from '../../../test/support/engine-room.js';

const evidence = [{ sha256: 'e'.repeat(64), bytes: 5, mediaType: 'application/pdf' }];
const objection = { stage: 'publicity', name: '何异议', contact: '13800000000', statement: '团队不实', evidence };
const hearing = 'course-1.hearing.1';
const ruling = { stage: 'judgement', ruling: 'dismissed', reason: '经听证，团队属实', minutes: evidence[0] };

let room: EngineRoom;
beforeEach(async () => {
  room = await reviewed(8);
  for (const person of ['member-1', 'member-2', 'expert-5'])
    await room.act(person, 'CastVote', { stage: 'committee', choice: 'for' }).catch(() => undefined);
});

const object = (person = 'judge-2'): Promise<void> => room.act(person, 'RaiseObjection', objection);

test('an objection is heard: the applicant answers, the ruling is on record before release, and holds that item alone', async () => {
  await object();
  expect((await room.state(hearing)).origin).toMatchObject({
    objection: { stage: 'publicity', visit: 1 },
    plea: { by: 'judge-2' },
    barred: [{ person: 'judge-2', because: 'objected' }],
  });
  await room.act('dean', 'GiveStatement', { stage: 'answer', statement: '名单见附件', evidence }, hearing);
  await room.until('2026-03-20T00:00:00.000Z');
  expect((await room.types()).at(-1)).toBe('PublicityHeld');
  await room.act('judge-1', 'GiveRuling', ruling, hearing);
  expect((await room.types()).slice(-3)).toEqual(['ObjectionRuledOn', 'StageLeft', 'CaseEnded']);
  expect((await room.state()).end).toMatchObject({ id: 'recognised' });
  const [visit] = (await room.state()).visits.filter(({ kind }) => kind === 'publicity');
  expect(visit?.kind === 'publicity' && visit.objections[0]?.ruling).toMatchObject({ ruling: 'dismissed', by: 'engine' });
});

test('a statement that arrives at its deadline is too late, also before anybody has noted it', async () => {
  await object();
  const { dueAt = '' } = (await room.state(hearing)).visits[0] ?? {};
  room.clock.advanceTo(Date.parse(dueAt));
  const statement = { stage: 'answer', statement: '名单见附件', evidence };
  expect(await room.refusal(() => room.act('dean', 'GiveStatement', statement, hearing))).toBe('case.statement-too-late');
});

test('an objection that the hearing upholds ends the publicity, and may be appealed against', async () => {
  await object();
  await room.until('2026-03-10T00:00:00.000Z');
  await room.act('judge-1', 'GiveRuling', { ...ruling, ruling: 'sustained' }, hearing);
  expect((await room.state()).end).toMatchObject({ id: 'objection-upheld', appeal: { subcase: 'appeal' } });
  const plea = { appeal: 'appeal', grounds: ['procedure'], statement: '未获答辩', evidence: [] };
  await room.act('dean', 'LodgeAppeal', plea);
  const { barred } = (await room.state('course-1.appeal.1')).origin as { barred: readonly { person: string; because: string }[] };
  expect(barred).toContainEqual({ person: 'judge-1', because: 'ruled' });
  expect(barred.map(({ person }) => person)).not.toContain('engine');
});

test('nobody rules on what is being heard, nor hears their own objection, nor rules without minutes', async () => {
  await object();
  const { visits } = await room.state();
  const visit = visits.findLast(({ kind }) => kind === 'publicity');
  const id = visit?.kind === 'publicity' ? visit.objections[0]?.id : undefined;
  const rule = () =>
    room.act('judge-1', 'RuleOnObjection', { stage: 'publicity', objection: id, ruling: 'upheld', reason: '成立' });
  expect(await room.refusal(rule)).toBe('case.objection-heard');
  await room.until('2026-03-10T00:00:00.000Z');
  expect(await room.refusal(() => room.act('judge-2', 'GiveRuling', ruling, hearing))).toBe('case.not-found');
  const { minutes: _minutes, ...bare } = ruling;
  expect(await room.refusal(() => room.act('judge-1', 'GiveRuling', bare, hearing))).toBe('case.minutes-missing');
});

test('a hearing goes on whatever the applicant does, and is closed when the application is withdrawn', async () => {
  await object();
  expect(await room.refusal(() => room.act('dean', 'WithdrawApplication', { reason: '撤回' }, hearing))).toBe(
    'case.hearing-goes-on',
  );
  await room.act('dean', 'WithdrawApplication', { reason: '撤回' });
  expect((await room.types(`case-a.one.${hearing}`)).slice(-2)).toEqual(['SubcaseDropped', 'CaseEnded']);
  expect((await room.types()).at(-1)).toBe('CaseEnded');
});

test('what one objection decides closes the hearing of the other', async () => {
  await object();
  await object('expert-1');
  await room.until('2026-03-10T00:00:00.000Z');
  await room.act('judge-1', 'GiveRuling', { ...ruling, ruling: 'sustained' }, 'course-1.hearing.2');
  expect((await room.types(`case-a.one.${hearing}`)).slice(-2)).toEqual(['SubcaseDropped', 'CaseEnded']);
  expect((await room.types()).filter((type) => type === 'ObjectionRuledOn')).toHaveLength(1);
});
