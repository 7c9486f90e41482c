import { expect, test } from '@jest/globals';
import { broughtTo, everyReview, review, type TestRound, assigned } from '../../../test/support/round.js';
import { caseRow } from '../case-row.js';

const rowOf = async (round: TestRound) => caseRow(round.definition, await round.state());
const panel = 'expert-review';

test('a panel is due when its earliest review is reported late, and only who runs it is told', async () => {
  const round = await broughtTo(panel);
  const [first = ''] = await assigned(round);
  const row = await rowOf(round);
  expect(row.keptDueAt).toBe('2026-03-16T16:00:00.000Z');
  expect(row).not.toHaveProperty('dueAt');
  expect(row.facts).toMatchObject({ stageKinds: ['panel'], dues: { told: [null], kept: ['2026-03-16T16:00:00.000Z'] } });
  await round.act(first, 'SubmitReview', review(8));
  await round.until('2026-03-17T00:00:00.000Z');
  expect((await rowOf(round)).keptDueAt).toBe('2026-03-16T16:00:00.000Z');
  await round.until('2026-03-20T00:00:00.000Z');
  // The others have been replaced, and their reviews count from then.
  expect((await rowOf(round)).keptDueAt).toBe('2026-04-03T16:00:00.000Z');
});

test('a ballot is due when it closes', async () => {
  const round = await broughtTo(panel);
  await everyReview(round, 8);
  await round.settle();
  const [sitting] = (await round.state()).visits.flatMap((visit) => (visit.kind === 'ballot' ? visit.sittings : []));
  expect((await rowOf(round)).keptDueAt).toBe(sitting?.closesAt);
});

test('publicity that an objection holds is due when the ruling is', async () => {
  const round = await broughtTo('publicity');
  const { dueAt = '' } = await rowOf(round);
  const evidence = [{ sha256: 'e'.repeat(64), bytes: 1, mediaType: 'application/pdf' }];
  const objection = { stage: 'publicity', name: '王小明', contact: '12345', statement: '不实', evidence };
  round.clock.advanceTo(Date.parse(dueAt) - 1);
  await round.act('citizen', 'RaiseObjection', objection);
  expect(await rowOf(round)).toMatchObject({ dueAt, keptDueAt: dueAt });
  await round.until(dueAt);
  const [raised] = (await round.state()).visits.flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : []));
  const held = await rowOf(round);
  expect(held.keptDueAt).toBe(raised?.rulingDueAt);
  expect(Date.parse(held.keptDueAt ?? '')).toBeGreaterThan(Date.parse(dueAt));
  expect(held).not.toHaveProperty('dueAt');
});
