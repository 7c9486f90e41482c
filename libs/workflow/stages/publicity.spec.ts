import { expect, test } from '@jest/globals';
import { applicant, broughtTo, caseId, everyVote, type TestRound, usualSeats } from '../../../test/support/round.js';

const stage = 'publicity';
const end = '2026-03-09T16:00:00.000Z';
const evidence = [{ sha256: 'e'.repeat(64), bytes: 2000, mediaType: 'application/pdf' }];
const objection = { stage, name: '王小明', contact: 'wang@example.edu.cn', statement: '教学周期不足', evidence };
const raised = async (round: TestRound): Promise<string> => {
  const event = (await round.history()).filter(({ type }) => type === 'ObjectionRaised').at(-1);
  return (event as { data: { objection: string } }).data.objection;
};

test('an item is public for five working days and recognised when they have passed', async () => {
  const round = await broughtTo(stage);
  round.clock.advanceTo(Date.parse(end) - 1);
  await round.settle();
  expect((await round.state()).status).toBe('open');
  await round.until(end);
  expect((await round.state()).end).toMatchObject({ id: 'recognised', outcome: 'granted', at: end });
  expect(round.sentElsewhere).toEqual([
    { context: 'recognition', id: 'a.course-1', type: 'GrantRecognition', data: { case: `case-${caseId}`, years: 5 } },
  ]);
});

test('no publicity ends before its time', async () => {
  const round = await broughtTo(stage);
  expect((await round.refusal('secretary', 'EndPublicity', { stage })).code).toBe('case.too-early');
});

test('an objection needs a real name, contact and evidence, and none of them stands in the log in clear', async () => {
  const round = await broughtTo(stage);
  await round.act('someone', 'RaiseObjection', objection);
  const text = JSON.stringify((await round.history()).map(({ data }) => data));
  for (const secret of [objection.name, objection.contact, objection.statement]) expect(text).not.toContain(secret);
  expect(text).toContain('e'.repeat(64));
});

test('an open objection holds the item past its period; the ruling releases it', async () => {
  const round = await broughtTo(stage);
  await round.act('someone', 'RaiseObjection', objection);
  await round.until('2026-03-12T00:00:00.000Z');
  expect(await round.types()).toContain('PublicityHeld');
  expect((await round.state()).status).toBe('open');
  await round.act('member-1', 'RuleOnObjection', {
    stage,
    objection: await raised(round),
    ruling: 'dismissed',
    reason: '经核实周期足够',
  });
  expect((await round.state()).end).toMatchObject({ id: 'recognised' });
  const ruled = (await round.types()).indexOf('ObjectionRuledOn');
  expect(ruled).toBeLessThan((await round.types()).indexOf('CaseEnded'));
});

test('nobody takes the places of others: one person raises five objections to an item, and others are heard all the same', async () => {
  const round = await broughtTo(stage);
  for (let count = 1; count <= 5; count += 1) await round.act('someone', 'RaiseObjection', objection);
  expect((await round.refusal('someone', 'RaiseObjection', objection)).code).toBe('case.objections-used-up');
  await round.act('somebody-else', 'RaiseObjection', objection);
});

test('an objection that is dismissed in time does not lengthen the period', async () => {
  const round = await broughtTo(stage);
  await round.act('someone', 'RaiseObjection', objection);
  await round.act('member-1', 'RuleOnObjection', {
    stage,
    objection: await raised(round),
    ruling: 'dismissed',
    reason: '不成立',
  });
  expect((await round.state()).status).toBe('open');
  await round.until(end);
  expect((await round.state()).end).toMatchObject({ id: 'recognised', at: end });
});

test('an objection that is upheld ends the application', async () => {
  const round = await broughtTo(stage);
  await round.act('someone', 'RaiseObjection', objection);
  await round.act('member-1', 'RuleOnObjection', { stage, objection: await raised(round), ruling: 'upheld', reason: '周期不足' });
  expect((await round.state()).end).toMatchObject({ id: 'objection-upheld', outcome: 'refused' });
  expect(round.sentElsewhere).toEqual([]);
});

test('an objection in the last millisecond counts, one after it does not', async () => {
  const round = await broughtTo(stage);
  round.clock.advanceTo(Date.parse(end) - 1);
  await round.act('someone', 'RaiseObjection', objection);
  round.clock.advanceTo(Date.parse(end));
  expect((await round.refusal('someone', 'RaiseObjection', objection)).code).toBe('case.objection-too-late');
});

test('an objection is ruled on once, and a late ruling is reported once', async () => {
  const round = await broughtTo(stage);
  await round.act('someone', 'RaiseObjection', objection);
  await round.until('2026-04-30T00:00:00.000Z');
  expect((await round.types()).filter((type) => type === 'StageOverdue')).toHaveLength(1);
  const ruling = { stage, objection: await raised(round), ruling: 'dismissed', reason: '不成立' };
  await round.act('member-1', 'RuleOnObjection', ruling);
  expect((await round.refusal('member-1', 'RuleOnObjection', ruling)).code).toBe('case.ended');
});

test('nobody rules on an objection of their own, or for their own institution', async () => {
  const seats = {
    ...usualSeats,
    'a.committee': [...(usualSeats['a.committee'] ?? []), { person: 'own', institution: applicant }],
  };
  const round = await broughtTo('committee', { seats });
  await everyVote(round, 'for');
  await round.act('member-1', 'RaiseObjection', objection);
  const ruling = { stage, objection: await raised(round), ruling: 'dismissed', reason: '不成立' };
  expect((await round.refusal('member-1', 'RuleOnObjection', ruling)).code).toBe('case.own-objection');
  expect((await round.refusal('own', 'RuleOnObjection', ruling)).code).toBe('case.not-found');
});
