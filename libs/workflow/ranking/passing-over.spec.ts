import { expect, test } from '@jest/globals';
import type { RankingStage } from '#workflow';
import { closesAt, RankedRound, rankedBy } from '../../../test/support/ranked-round.js';

const others = ['a', 'b', 'c'] as const;
const frozen = 'f';

/** Three that are ranked, 90, 80 and 70 for two places, and one that stands still before its reviews. */
async function oneStandsStill(change: Partial<RankingStage> = {}): Promise<RankedRound> {
  const round = await RankedRound.open(rankedBy({ quotas: [{ each: 2 }], ...change }));
  await round.apply({ subject: frozen, institution: '44-a' });
  for (const [index, subject] of others.entries()) await round.bring({ subject, institution: '11-a' }, 90 - 10 * index);
  await round.membership('44-a', 'suspended');
  await round.until(closesAt);
  return round;
}

const without = (round: RankedRound, person = 'secretary', subjects: readonly string[] = [frozen]) =>
  round.answer(round.send(person, 'ranking', 'a.spring.ranking', 'RankWithout', { subjects, reason: '第 3 号会议纪要' }));

async function goOn(round: RankedRound): Promise<void> {
  expect(await without(round)).toBe('accepted');
  await round.settle();
}

/** Reinstated, screened and reviewed. */
async function comes(round: RankedRound, marks: number): Promise<void> {
  await round.membership('44-a', 'member');
  await round.screen(frozen);
  await round.review(frozen, marks);
}

const standings = (round: RankedRound, subjects: readonly string[] = [...others, frozen]) =>
  Promise.all(subjects.map((subject) => round.stands(subject)));

test('a ranking waits for an application that stands still until who keeps it goes on without it, with a reason', async () => {
  const round = await oneStandsStill();
  await round.until(round.clock.now() + 100 * 86_400_000);
  expect((await round.ranking())?.status).toBe('collecting');
  expect(await without(round, 'chair')).toBe('authority.no-seat');
  expect(await without(round, 'secretary', ['a'])).toBe('ranking.not-standing-still');
  expect(await without(round, 'secretary', ['nobody'])).toBe('ranking.not-standing-still');
  await goOn(round);
  expect((await round.ranking())?.status).toBe('ranked');
  const [passed] = (await round.history('ranking-a.spring.ranking')).filter(({ type }) => type === 'EntrantPassedOver');
  expect(passed?.data).toEqual({ subject: frozen, institution: '44-a', group: 'online', facts: {}, reason: '第 3 号会议纪要' });
  expect(passed?.meta).toMatchObject({ actor: 'secretary', power: 'manage-panel' });
  expect(await without(round)).toBe('ranking.not-standing-still');
});

test('a place is kept for it, and nobody gets that place before it has come or ended', async () => {
  const round = await oneStandsStill();
  await goOn(round);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'screening']);
  const { visits } = await round.case('b');
  const ranked = visits.find(({ kind }) => kind === 'ranking');
  expect(ranked?.kind === 'ranking' && ranked.placed?.quota).toMatchObject({ places: 2, kept: 1 });
});

test('once it comes it is placed as if it had been there: better than the next, it has its place', async () => {
  const round = await oneStandsStill();
  await goOn(round);
  await comes(round, 85);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'final selected']);
  const { visits } = await round.case(frozen);
  const ranked = visits.find(({ kind }) => kind === 'ranking');
  expect(ranked?.kind === 'ranking' && ranked.placed).toMatchObject({ place: 2, kept: true });
  expect(ranked?.kind === 'ranking' && ranked.left?.explanation.text.en).toMatch(/a place was kept for it: selected/);
});

test('where it is not among the best, the next in reserve has the place, and it waits behind them', async () => {
  const round = await oneStandsStill();
  await goOn(round);
  await comes(round, 75);
  expect(await standings(round)).toEqual(['final selected', 'final selected', 'ranking reserve', 'ranking reserve']);
});

test('where it withdraws, the next in reserve has the place', async () => {
  const round = await oneStandsStill();
  await goOn(round);
  await round.membership('44-a', 'member');
  await round.withdraw(frozen);
  expect(await standings(round)).toEqual(['final selected', 'final selected', 'ranking reserve', 'withdrawn']);
});

test('without a reserve list, the next one waits for as long as a place is kept, and no longer', async () => {
  const { reserve: _reserve, ...rules } = rankedBy({}).stages.find(({ kind }) => kind === 'ranking') as RankingStage;
  for (const [marks, end] of [
    [85, ['final selected', 'not-selected not-selected', 'not-selected not-selected', 'final selected']],
    [60, ['final selected', 'final selected', 'not-selected not-selected', 'not-selected not-selected']],
  ] as const) {
    const definition = rankedBy({});
    const stages = definition.stages.map((stage) => (stage.kind === 'ranking' ? { ...rules, quotas: [{ each: 2 }] } : stage));
    const round = await RankedRound.open({ ...definition, stages });
    await round.apply({ subject: frozen, institution: '44-a' });
    for (const [index, subject] of others.entries()) await round.bring({ subject, institution: '11-a' }, 90 - 10 * index);
    await round.membership('44-a', 'suspended');
    await round.until(closesAt);
    await goOn(round);
    expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'not-selected not-selected', 'screening']);
    await comes(round, marks);
    expect(await standings(round)).toEqual(end);
  }
});

test('the reserve list does not end before every place that is kept has been given', async () => {
  const round = await oneStandsStill();
  await goOn(round);
  await round.until(Date.parse((await round.ranking())?.reserveUntil ?? '') + 86_400_000);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'screening']);
  await comes(round, 60);
  expect(await standings(round)).toEqual([
    'final selected',
    'final selected',
    'not-selected not-selected',
    'not-selected not-selected',
  ]);
});

const day = 86_400_000;

test('an office that was reported late holds up nobody: who keeps the ranking goes on without its application', async () => {
  const round = await RankedRound.open(rankedBy({ quotas: [{ each: 2 }] }));
  await round.apply({ subject: frozen, institution: '44-a' });
  for (const [index, subject] of others.entries()) await round.bring({ subject, institution: '11-a' }, 90 - 10 * index);
  await round.until(closesAt);
  expect(await without(round)).toBe('ranking.not-standing-still');
  await round.until(round.clock.now() + 100 * day);
  expect((await round.ranking())?.status).toBe('collecting');
  await goOn(round);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'screening']);
  await round.screen(frozen);
  await round.review(frozen, 85);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'final selected']);
});

test('an application whose panel found nobody to review it holds up nobody either', async () => {
  const round = await RankedRound.open(rankedBy({ quotas: [{ each: 2 }] }));
  for (const [index, subject] of others.entries()) await round.bring({ subject, institution: '11-a' }, 90 - 10 * index);
  await round.seat('expert-panel', []);
  await round.apply({ subject: frozen, institution: '44-a' });
  await round.screen(frozen);
  await round.until(closesAt);
  await goOn(round);
  expect(await standings(round)).toEqual(['final selected', 'ranking reserve', 'ranking reserve', 'review']);
});

test('where a late office lets its last date pass, the round is ranked without anybody’s doing', async () => {
  const definition = rankedBy({ quotas: [{ each: 2 }] });
  const stages = definition.stages.map((stage) =>
    stage.id === 'screening' && stage.kind === 'check'
      ? { ...stage, expires: { workingDays: 5 }, on: { ...stage.on, expired: 'screened-out' } }
      : stage,
  );
  const round = await RankedRound.open({ ...definition, stages });
  await round.apply({ subject: frozen, institution: '44-a' });
  for (const [index, subject] of others.entries()) await round.bring({ subject, institution: '11-a' }, 90 - 10 * index);
  await round.until(Date.parse(closesAt) + 100 * day);
  expect(await standings(round)).toEqual(['final selected', 'final selected', 'ranking reserve', 'screened-out']);
  const left = (await round.case(frozen)).visits.at(-1)?.left;
  expect(left?.explanation.text.en).toMatch(/^Nobody acted on “Screening” in time; it was over at 2026-/);
});

test('who judges in the round and works for an applicant is not told that its application is waited for', async () => {
  const round = await oneStandsStill();
  await round.seat('expert-panel', ['secretary'], '44-a');
  expect(await without(round)).toBe('ranking.not-standing-still');
});
