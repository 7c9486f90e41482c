import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '#kernel';
import { type PanelVisit, shownTo } from '#workflow';
import { broughtTo, review, type TestRound } from '../../../test/support/round.js';
import type { PanelDiscussion } from '../definition.js';
import { compare, mean } from '../fraction.js';
import type { ShownPanel } from '../panel.wall.js';

const stage = 'expert-review';
const experts = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'] as const;
const reason = '据实记录';

const discussions = fc.record({
  from: fc.constantFrom('own-review', 'every-review'),
  as: fc.constantFrom('pseudonym', 'name'),
  workingDays: fc.integer({ min: 2, max: 4 }),
  remind: fc.constant(1),
  spread: fc.constantFrom(1, 10, 40),
}) satisfies fc.Arbitrary<PanelDiscussion>;

const person = fc.constantFrom(...experts);
const points = fc.integer({ min: 3, max: 10 });
const acts = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('SubmitReview' as const), person, points) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('ReviseReview' as const), person, points) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('DiscussReviews' as const), person, points) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('DeclareConflict' as const), person, points) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('RemoveReviewer' as const), person, points) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('AddReviewer' as const), person, points) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('CompletePanel' as const), person, points) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('wait' as const), person, points) },
);
type Act = typeof acts extends fc.Arbitrary<infer T> ? T : never;

const panelOf = async (round: TestRound): Promise<PanelVisit> =>
  (await round.state()).visits.find((visit) => visit.kind === 'panel') as PanelVisit;

async function tried(round: TestRound, [what, who, given]: Act): Promise<void> {
  const { assignments } = await panelOf(round);
  const assignment = assignments.find(({ reviewer }) => reviewer === who)?.id ?? 'none';
  const does: Record<typeof what, () => Promise<unknown>> = {
    SubmitReview: () => round.act(who, what, review(given)),
    ReviseReview: () => round.act(who, what, { ...review(given), reason }),
    DiscussReviews: () => round.act(who, what, { stage, comment: reason }),
    DeclareConflict: () => round.act(who, what, { stage, ground: reason }),
    RemoveReviewer: () => round.act('secretary', what, { stage, assignment, reason }),
    AddReviewer: () => round.act('secretary', what, { stage, reviewer: who, reason }),
    CompletePanel: () => round.act('secretary', what, { stage }),
    wait: () => round.until(new Date(round.clock.now() + given * 6 * 3_600_000).toISOString()),
  };
  try {
    await does[what]();
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
  }
  await round.settle();
}

/** What each expert reads now is what they have earned by a review of their own that counts. */
async function nobodyReadsTooEarly(round: TestRound): Promise<void> {
  const state = await round.state();
  const { assignments, discussion } = await panelOf(round);
  const stageNow = round.definition.stages.find(({ id }) => id === stage);
  const from = stageNow?.kind === 'panel' ? stageNow.discussion?.from : undefined;
  for (const expert of experts) {
    const viewer = { person: expert, institutions: ['i-x'], powers: [{ power: 'review-application' }] };
    const seen = shownTo(round.definition, state, viewer)?.visits.find((visit): visit is ShownPanel => visit.kind === 'panel');
    const counts = assignments.some(({ reviewer, status }) => reviewer === expert && status === 'submitted');
    const may = counts && !state.conflicts.includes(expert) && (from === 'own-review' || discussion !== undefined);
    expect([expert, seen?.discussion !== undefined]).toEqual([expert, may]);
    expect(seen !== undefined && state.conflicts.includes(expert)).toBe(false);
    expect(seen?.assignments.filter(({ reviewer }) => reviewer !== expert) ?? []).toEqual([]);
    const heard = seen?.discussion?.reviews ?? [];
    expect(heard.length).toBeLessThanOrEqual(assignments.filter(({ status }) => status === 'submitted').length);
    expect(new Set(heard.map(({ reviewer }) => reviewer)).size).toBe(heard.length);
  }
}

/** What the panel came to follows from the last word of each reviewer who counts, once each; and not before its discussion was over. */
async function theLastWordCounts(round: TestRound): Promise<void> {
  const { left, assignments, discussion } = await panelOf(round);
  if (left === undefined) return;
  const excluded = new Set(assignments.filter(({ status }) => status !== 'submitted').map(({ id }) => id));
  const last = new Map<string, readonly [number, number]>();
  for (const { type, data } of await round.history()) {
    if (type !== 'ReviewSubmitted' && type !== 'ReviewRevised') continue;
    const { assignment, total } = data as { assignment: string; total: readonly [number, number] };
    if (!excluded.has(assignment)) last.set(assignment, total);
  }
  const [enough, reached] = left.explanation.arithmetic;
  expect(enough?.actual).toEqual([last.size, 1]);
  expect(compare(reached?.actual as [number, number], mean([...last.values()]))).toBe(0);
  const covers = [...last.keys()].every((id) => discussion?.reviews.includes(id));
  expect(discussion === undefined || !covers || left.at >= discussion.until).toBe(true);
}

test('whatever reviewers do in whatever order, nobody reads a review before their own, and each counts once', async () => {
  await fc.assert(
    fc.asyncProperty(discussions, fc.array(acts, { minLength: 8, maxLength: 16 }), async (discussion, history) => {
      const round = await broughtTo(stage, {
        change: (definition) => ({
          ...definition,
          stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, discussion } : one)),
        }),
      });
      for (const act of history) {
        await tried(round, act);
        await nobodyReadsTooEarly(round);
      }
      await round.until(new Date(round.clock.now() + 90 * 86_400_000).toISOString());
      await theLastWordCounts(round);
      // Nothing was owed that a rule refused.
      expect(round.refused).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
