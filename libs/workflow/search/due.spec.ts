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

const assigners = ['engine', 'secretary', 'assignment'] as const;
const happenings = ['nothing', 'a conflict', 'a transfer', 'a removal', 'nobody left'] as const;

/** A panel to which something has happened and about which nobody does anything for a year. */
async function forgotten(assignedBy: (typeof assigners)[number], happening: (typeof happenings)[number]) {
  const round = await broughtTo(panel, {
    change: (definition) => ({
      ...definition,
      stages: definition.stages.map((stage) => (stage.kind === 'panel' ? { ...stage, assignedBy, assignWithin: 5 } : stage)),
    }),
  });
  if (assignedBy !== 'engine')
    await round.act('secretary', 'AssignReviewers', { stage: panel, reviewers: ['expert-1', 'expert-2', 'expert-3'] });
  await round.settle();
  const [first = '', ...others] = await assigned(round);
  const reason = '专业不符';
  const [visit] = (await round.state()).visits.filter(({ stage }) => stage === panel);
  const [assignment] = visit?.kind === 'panel' ? visit.assignments : [];
  if (happening === 'a conflict') await round.act(first, 'DeclareConflict', { stage: panel, ground: '合著' });
  if (happening === 'a transfer')
    await round.act(first, 'TransferReview', { stage: panel, to: 'expert-4', reason }).catch(() => undefined);
  if (happening === 'a removal')
    await round.act('secretary', 'RemoveReviewer', { stage: panel, assignment: assignment?.id, reason });
  if (happening === 'nobody left') await round.seat('a.expert-panel', []);
  if (happening !== 'nobody left')
    for (const one of others) await round.act(one, 'SubmitReview', review(8)).catch(() => undefined);
  await round.until('2027-03-01T00:00:00.000Z');
  return round;
}

test.each(assigners.flatMap((assignedBy) => happenings.map((happening) => [assignedBy, happening] as const)))(
  'no panel waits for ever unseen: %s assigns, and there is %s',
  async (assignedBy, happening) => {
    const round = await forgotten(assignedBy, happening);
    const open = (await round.state()).visits.some(({ stage, left }) => stage === panel && left === undefined);
    const { keptDueAt, facts } = await rowOf(round);
    const isSeen = facts.unassigned || (keptDueAt !== undefined && Date.parse(keptDueAt) < round.clock.now());
    expect(!open || isSeen).toBe(true);
  },
);
