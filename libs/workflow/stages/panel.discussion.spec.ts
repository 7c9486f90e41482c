import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applicant,
  assigned,
  broughtTo,
  everyReview,
  everyVote,
  review,
  type TestRound,
  usualSeats,
} from '../../../test/support/round.js';
import { type PanelVisit, shownTo, timelineFor, type Viewer } from '#workflow';
import { caseRow } from '../case-row.js';
import type { PanelDiscussion } from '../definition.js';
import { numbersOf, type ShownPanel } from '../panel.wall.js';

const stage = 'expert-review';
const usual: PanelDiscussion = { from: 'own-review', as: 'pseudonym', workingDays: 3, remind: 1 };

const discussing = (discussion: Partial<PanelDiscussion> = {}, more: object = {}) =>
  broughtTo(stage, {
    change: (definition) => ({
      ...definition,
      stages: definition.stages.map((one) =>
        one.kind === 'panel' ? { ...one, discussion: { ...usual, ...discussion }, ...more } : one,
      ),
    }),
  });

const expert = (person: string): Viewer => ({ person, institutions: ['i-x'], powers: [{ power: 'review-application' }] });
const secretary: Viewer = { person: 'secretary', institutions: [], powers: [{ power: 'manage-panel' }] };
const dean: Viewer = {
  person: 'dean',
  institutions: [applicant],
  powers: [{ power: 'submit-application', scope: applicant }],
};
const member: Viewer = { person: 'member-1', institutions: [], powers: [{ power: 'decide-recognition' }] };

const panelOf = async (round: TestRound): Promise<PanelVisit> =>
  (await round.state()).visits.find((visit): visit is PanelVisit => visit.kind === 'panel') as PanelVisit;
const seenBy = async (round: TestRound, viewer: Viewer): Promise<ShownPanel | undefined> =>
  shownTo(round.definition, await round.state(), viewer)?.visits.find((visit): visit is ShownPanel => visit.kind === 'panel');
const heardBy = async (round: TestRound, viewer: Viewer) => (await seenBy(round, viewer))?.discussion;
const say = (round: TestRound, person: string, comment = '讨论意见') => round.act(person, 'DiscussReviews', { stage, comment });
const revise = (round: TestRound, person: string, points: number) =>
  round.act(person, 'ReviseReview', { ...review(points), reason: '听取意见后调整' });
const ofType = async (round: TestRound, type: string) => (await round.history()).filter((event) => event.type === type);
const isOpen = async (round: TestRound): Promise<boolean> => (await panelOf(round)).left === undefined;
const untilOf = async (round: TestRound): Promise<string> => (await panelOf(round)).discussion?.until ?? '';

test('the panel waits for its discussion once every review is in, and closes when that is over, not before', async () => {
  const round = await discussing();
  await everyReview(round, 8);
  const [opened] = await ofType(round, 'DiscussionOpened');
  expect(opened?.data).toMatchObject({ discussion: 1, reviews: (await panelOf(round)).assignments.map(({ id }) => id) });
  const refusal = await round.refusal('secretary', 'CompletePanel', { stage });
  expect(refusal.code).toBe('case.discussion-open');
  const until = await untilOf(round);
  await round.until(new Date(Date.parse(until) - 1).toISOString());
  expect(await isOpen(round)).toBe(true);
  await round.until(until);
  expect((await panelOf(round)).left).toMatchObject({ outcome: 'recommended', at: until });
  expect(round.refused).toEqual([]);
});

test('those who have said nothing are reminded, once, also after an outage', async () => {
  const round = await discussing();
  const [one, two, three] = (await assigned(round)) as [string, string, string];
  await everyReview(round, 8);
  await say(round, one);
  await revise(round, two, 7);
  const tasks = caseRow(round.definition, await round.state()).tasks.filter(({ act }) => act === 'discuss');
  expect(tasks.map(({ holder, dueAt }) => [holder, dueAt])).toEqual([[`person:${three}`, await untilOf(round)]]);
  round.clock.advanceTo(Date.parse((await panelOf(round)).discussion?.remindAt ?? ''));
  await round.settle();
  await round.settle();
  const silent = (await panelOf(round)).assignments.find(({ reviewer }) => reviewer === three);
  expect((await ofType(round, 'DiscussionReminded')).map(({ data }) => data)).toMatchObject([{ assignments: [silent?.id] }]);
  // Nothing was running until long after the end.
  round.clock.advanceTo(Date.parse('2026-05-25T01:00:00.000Z'));
  await round.settle();
  await round.settle();
  expect(await ofType(round, 'DiscussionReminded')).toHaveLength(1);
  expect(await ofType(round, 'StageLeft')).toHaveLength(4);
});

test('reviews that lie close together are not discussed where the definition says how far apart', async () => {
  const agreed = await discussing({ spread: 30 });
  const [one, two, three] = (await assigned(agreed)) as [string, string, string];
  for (const [person, points] of [
    [one, 8],
    [two, 7],
    [three, 6],
  ] as const)
    await agreed.act(person, 'SubmitReview', review(points));
  expect(await isOpen(agreed)).toBe(false);
  const apart = await discussing({ spread: 30 });
  const [first, second, third] = (await assigned(apart)) as [string, string, string];
  for (const [person, points] of [
    [first, 9],
    [second, 7],
    [third, 6],
  ] as const)
    await apart.act(person, 'SubmitReview', review(points));
  expect(await isOpen(apart)).toBe(true);
  expect(await ofType(apart, 'DiscussionOpened')).toHaveLength(1);
});

test('nobody reads or says anything before their own review is in', async () => {
  const round = await discussing();
  const [one, two] = (await assigned(round)) as [string, string];
  const idle = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'].filter((person) => person !== one && person !== two);
  await round.act(one, 'SubmitReview', review(9));
  await say(round, one, '甲的意见');
  expect(await heardBy(round, expert(two))).toBeUndefined();
  expect((await round.refusal(two, 'DiscussReviews', { stage, comment: '早' })).code).toBe('case.review-first');
  expect((await round.refusal(two, 'ReviseReview', { ...review(7), reason: '早' })).code).toBe('case.review-first');
  const outside = (
    await Promise.all(idle.map(async (person) => ((await assigned(round)).includes(person) ? [] : [person])))
  ).flat();
  for (const person of outside)
    expect((await round.refusal(person, 'DiscussReviews', { stage, comment: '外' })).code).toBe('case.not-found');
  await round.act(two, 'SubmitReview', review(7));
  const heard = await heardBy(round, expert(two));
  expect(heard?.reviews).toHaveLength(2);
  expect(heard?.comments).toHaveLength(1);
});

test('who keeps the panel and owes it a review reads no other before their own is in', async () => {
  const round = await discussing();
  const [one, two] = (await assigned(round)) as [string, string];
  const keeper: Viewer = { ...expert(two), powers: [{ power: 'manage-panel' }, { power: 'review-application' }] };
  await round.act(one, 'SubmitReview', review(9));
  const before = await seenBy(round, keeper);
  expect(before?.discussion).toBeUndefined();
  expect(before?.assignments.map(({ status, review: given }) => [status, given]).toSorted()).toEqual([
    ['open', undefined],
    ['open', undefined],
    ['submitted', undefined],
  ]);
  await round.act(two, 'SubmitReview', review(7));
  expect((await heardBy(round, keeper))?.reviews).toHaveLength(2);
});

test('where they wait for every review, nobody reads another before the last one is in', async () => {
  const round = await discussing({ from: 'every-review' });
  const [one, two, three] = (await assigned(round)) as [string, string, string];
  await round.act(one, 'SubmitReview', review(9));
  await round.act(two, 'SubmitReview', review(7));
  expect(await heardBy(round, expert(one))).toBeUndefined();
  expect((await round.refusal(one, 'DiscussReviews', { stage, comment: '早' })).code).toBe('case.discussion-not-begun');
  await round.act(three, 'SubmitReview', review(5));
  expect((await heardBy(round, expert(one)))?.reviews).toHaveLength(3);
  await say(round, one);
});

test('under pseudonyms nothing tells who reviewed, nor who was first; one’s own is marked', async () => {
  const round = await discussing();
  const reviewers = await assigned(round);
  for (const [index, person] of reviewers.entries()) {
    await round.act(person, 'SubmitReview', review(9 - index));
    await say(round, person);
  }
  const [one = '', ...others] = reviewers;
  const seen = await seenBy(round, expert(one));
  const text = JSON.stringify(seen);
  for (const other of others) expect(text).not.toContain(other);
  for (const { id, review: given } of (await panelOf(round)).assignments.filter(({ reviewer }) => reviewer !== one)) {
    expect(text).not.toContain(id);
    expect(given?.submittedAt).toBeDefined();
  }
  expect(seen?.discussion?.reviews.map(({ reviewer }) => reviewer)).toEqual([1, 2, 3]);
  expect(seen?.discussion?.reviews.filter(({ own }) => own)).toMatchObject([{ person: one }]);
  expect(JSON.stringify(seen?.discussion)).not.toContain('submittedAt');
  expect(seen?.discussion?.comments.map(({ text: { of } }) => of)).toEqual(['', '', '']);
});

test('a reviewer’s letter stays theirs whoever comes or goes, and who was first may have any', () => {
  const reviewed = (id: string, at: number) => ({ id, review: { submittedAt: new Date(at * 60_000).toISOString() } });
  const ofTheFirst = new Set<number>();
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 5 }), (ids, size) => {
      const all = ids.map(reviewed);
      const numbers = numbersOf(all, size);
      expect(new Set(numbers.values()).size).toBe(ids.length);
      expect(Math.max(...numbers.values())).toBeLessThanOrEqual(Math.max(size, ids.length));
      for (let count = 1; count <= ids.length; count += 1)
        expect([...numbersOf(all.slice(0, count), size)]).toEqual([...numbers].slice(0, count));
      expect(numbersOf(all.toReversed(), size)).toEqual(numbers);
      if (size === 3) ofTheFirst.add(numbers.get(ids[0] as string) as number);
    }),
    { numRuns: 400, seed: 7 },
  );
  expect([...ofTheFirst].toSorted((one, other) => one - other)).toEqual([1, 2, 3]);
});

test('reviewers who know each other by name read each other’s names; the applicant never does', async () => {
  const round = await discussing({ as: 'name', afterwards: ['applicant', 'judge'] });
  const reviewers = await assigned(round);
  await everyReview(round, 8);
  await say(round, reviewers[0] as string);
  expect((await heardBy(round, expert(reviewers[1] as string)))?.reviews.map(({ person }) => person).toSorted()).toEqual(
    reviewers.toSorted(),
  );
  expect(await heardBy(round, dean)).toBeUndefined();
  await round.until(await untilOf(round));
  await round.settle();
  expect(await heardBy(round, dean)).toBeUndefined();
  const judges = JSON.stringify(await seenBy(round, member));
  expect(judges).toContain('"comments"');
  for (const reviewer of reviewers) expect(judges).not.toContain(reviewer);
  await everyVote(round, 'against');
  await round.settle();
  const afterwards = JSON.stringify(await seenBy(round, dean));
  expect(afterwards).toContain('"comments"');
  for (const reviewer of reviewers) expect(afterwards).not.toContain(reviewer);
});

test('without a word of it in the definition, neither the applicant nor those who decide ever read it', async () => {
  const round = await discussing();
  const [one = ''] = await assigned(round);
  await everyReview(round, 8);
  await say(round, one);
  await revise(round, one, 6);
  await round.until(await untilOf(round));
  await round.settle();
  const judges = await seenBy(round, member);
  expect(judges?.discussion).toBeUndefined();
  await everyVote(round, 'against');
  await round.settle();
  for (const seen of [judges, await seenBy(round, dean)]) {
    expect(seen?.assignments).toHaveLength(3);
    expect(JSON.stringify(seen)).not.toMatch(/"earlier"|"reason"|"comments"/);
  }
});

test('a revised review counts once, as it was given last; what it was before stays on record with the reason', async () => {
  const round = await discussing();
  const [one, two, three] = (await assigned(round)) as [string, string, string];
  await round.act(one, 'SubmitReview', review(10));
  await round.act(two, 'SubmitReview', review(5));
  await round.act(three, 'SubmitReview', review(6));
  await revise(round, one, 4);
  await revise(round, one, 7);
  expect((await ofType(round, 'ReviewRevised')).map(({ data }) => data)).toMatchObject([
    { revision: 2, total: [40, 1], reason: { of: one } },
    { revision: 3, total: [70, 1] },
  ]);
  const own = (await heardBy(round, expert(two)))?.reviews.find(({ total }) => total[0] === 70);
  expect(own?.earlier.map(({ total }) => total)).toEqual([
    [100, 1],
    [40, 1],
  ]);
  await round.until(await untilOf(round));
  const left = (await panelOf(round)).left;
  expect(left?.explanation.arithmetic).toMatchObject([{ actual: [3, 1] }, { what: 'mean', actual: [60, 1] }]);
});

test('a review is revised in a panel that does not discuss, too, as long as it is open', async () => {
  const round = await broughtTo(stage);
  const [one, two, three] = (await assigned(round)) as [string, string, string];
  await round.act(one, 'SubmitReview', review(10));
  await revise(round, one, 2);
  expect((await round.refusal(one, 'DiscussReviews', { stage, comment: '无' })).code).toBe('case.not-this-act');
  await round.act(two, 'SubmitReview', review(5));
  await round.act(three, 'SubmitReview', review(5));
  expect((await panelOf(round)).left?.explanation.arithmetic[1]).toMatchObject({ actual: [40, 1] });
});

test('nothing is said or revised once the time is over, to the millisecond, nor once the panel has closed', async () => {
  const round = await discussing();
  const [one = ''] = await assigned(round);
  await everyReview(round, 8);
  const until = await untilOf(round);
  const late = async () => [
    (await round.refusal(one, 'DiscussReviews', { stage, comment: '迟' })).code,
    (await round.refusal(one, 'ReviseReview', { ...review(1), reason: '迟' })).code,
  ];
  round.clock.advanceTo(Date.parse(until) - 1);
  await say(round, one, '赶上');
  await revise(round, one, 7);
  round.clock.advanceTo(Date.parse(until));
  expect(await late()).toEqual(['case.discussion-over', 'case.discussion-over']);
  await round.settle();
  expect(await late()).toEqual(['case.not-at-stage', 'case.not-at-stage']);
});

test('a review that others may have read is revised, never taken back', async () => {
  const round = await discussing();
  const [one = ''] = await assigned(round);
  await round.act(one, 'SubmitReview', review(8));
  expect((await round.refusal(one, 'RetractAct', { stage })).code).toBe('case.revise-instead');
});

test('who declares a conflict late hears nothing more, and neither their review nor their comments are heard', async () => {
  const round = await discussing();
  const [one, two, three] = (await assigned(round)) as [string, string, string];
  await everyReview(round, 8);
  await say(round, one, '回避者的意见');
  await say(round, two, '其他意见');
  await round.act(one, 'DeclareConflict', { stage, ground: '合著' });
  expect(shownTo(round.definition, await round.state(), expert(one))).toBeUndefined();
  for (const [type, data] of [
    ['DiscussReviews', { stage, comment: '再' }],
    ['ReviseReview', { ...review(8), reason: '再' }],
  ] as const)
    expect((await round.refusal(one, type, data)).code).toBe('case.not-found');
  const heard = await heardBy(round, expert(two));
  expect([heard?.reviews.length, heard?.comments.length]).toEqual([2, 1]);
  const kept = await heardBy(round, secretary);
  expect(kept?.reviews.filter(({ excluded }) => excluded).map(({ person }) => person)).toEqual([one]);
  expect(kept?.comments.filter(({ excluded }) => excluded)).toHaveLength(1);
  await round.settle();
  const until = await untilOf(round);
  await round.until(until);
  expect(await isOpen(round)).toBe(true);
  const [replacement = ''] = await assigned(round);
  await round.act(replacement, 'SubmitReview', review(6));
  // Another review is discussed anew; whose letter was whose stays.
  expect((await ofType(round, 'DiscussionOpened')).map(({ data }) => data)).toMatchObject([{ discussion: 1 }, { discussion: 2 }]);
  const after = (await heardBy(round, expert(three)))?.reviews.map(({ reviewer }) => reviewer);
  expect(after).toEqual(expect.arrayContaining(heard?.reviews.map(({ reviewer }) => reviewer) ?? []));
  await round.until(await untilOf(round));
  expect(await isOpen(round)).toBe(false);
  expect(round.refused).toEqual([]);
});

test('a panel is not closed around a discussion that is due', async () => {
  const round = await discussing();
  const [one, two] = (await assigned(round)) as [string, string];
  await round.act(one, 'SubmitReview', review(8));
  await round.act(two, 'SubmitReview', review(4));
  expect((await round.refusal('secretary', 'CompletePanel', { stage })).code).toBe('case.discussion-due');
  const late = (await panelOf(round)).assignments.find(({ status }) => status === 'open')?.id;
  await round.act('secretary', 'RemoveReviewer', { stage, assignment: late, reason: '逾期' });
  expect(await ofType(round, 'DiscussionOpened')).toHaveLength(1);
});

test('the minimum that is left when nobody can be drawn any more discusses as well', async () => {
  const seats = { ...usualSeats, 'a.expert-panel': (usualSeats['a.expert-panel'] ?? []).slice(0, 3) };
  const round = await broughtTo(stage, {
    seats,
    change: (definition) => ({
      ...definition,
      stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, discussion: usual } : one)),
    }),
  });
  const [one, two] = (await assigned(round)) as [string, string];
  await round.act(one, 'SubmitReview', review(8));
  await round.act(two, 'SubmitReview', review(8));
  await round.until('2026-04-30T00:00:00.000Z');
  const told = new Set(['PanelUnfilled', 'DiscussionOpened', 'BallotOpened']);
  expect((await round.types()).filter((type) => told.has(type)).slice(0, 3)).toEqual([...told]);
});

test('reviewers read in the history when the discussion began, and nothing of it before they have reviewed', async () => {
  const round = await discussing();
  const [one, two] = (await assigned(round)) as [string, string];
  await everyReview(round, 8);
  await say(round, one);
  await revise(round, one, 7);
  const lines = async (viewer: Viewer) =>
    timelineFor(round.definition, await round.state(), await round.history(), viewer).map(({ type }) => type);
  expect(await lines(expert(two))).toContain('DiscussionOpened');
  expect(await lines(expert(two))).not.toContain('ReviewsDiscussed');
  const begun = timelineFor(round.definition, await round.state(), await round.history(), expert(one)).find(
    ({ type }) => type === 'DiscussionOpened',
  );
  expect([begun?.actor, begun?.proof]).toEqual([undefined, []]);
  expect(await lines(dean)).not.toContain('DiscussionOpened');
  expect(await lines(secretary)).toEqual(expect.arrayContaining(['DiscussionOpened', 'ReviewsDiscussed', 'ReviewRevised']));
});

test('what reviewers say to each other stands in the log only as salted digests', async () => {
  const round = await discussing();
  const [one = ''] = await assigned(round);
  await everyReview(round, 8);
  await say(round, one, '只在保险库');
  await revise(round, one, 7);
  const log = JSON.stringify(await round.history(), (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value));
  expect(log).not.toMatch(/只在保险库|听取意见后调整|评审意见/);
});
