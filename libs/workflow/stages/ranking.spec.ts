import { expect, test } from '@jest/globals';
import { closesAt, RankedRound, rankedBy, sixOnline, standing } from '../../../test/support/ranked-round.js';
import { caseRow, explain, shownTo, timelineFor, type Viewer } from '#workflow';

test('a case waits until every case of the round that can come has come, and the round takes no more', async () => {
  const round = await RankedRound.open();
  await round.bring({ subject: 'a' }, 90);
  await round.apply({ subject: 'b' });
  await round.until(closesAt);
  expect(await round.stands('a')).toBe('ranking');
  expect((await round.ranking())?.status).toBe('collecting');
  await round.screen('b');
  expect(await round.stands('a')).toBe('ranking');
  await round.review('b', 80);
  expect(await standing(round, ['a', 'b'])).toEqual(['final selected', 'final selected']);
});

test('nobody waits for a case that has ended elsewhere', async () => {
  const round = await RankedRound.open();
  await round.bring({ subject: 'a' }, 90);
  await round.apply({ subject: 'b' });
  await round.apply({ subject: 'c' });
  await round.until(closesAt);
  await round.act('secretary', 'b', 'FailCheck', { stage: 'screening', reason: '材料不符' });
  await round.settle();
  expect(await round.stands('a')).toBe('ranking');
  await round.withdraw('c');
  expect(await standing(round, ['a', 'b', 'c'])).toEqual(['final selected', 'screened-out', 'withdrawn']);
});

test('an empty round is ranked as one', async () => {
  const round = await RankedRound.open();
  await round.until(closesAt);
  expect((await round.ranking())?.status).toBe('ranked');
  expect(round.waiting).toBe(0);
});

test('the best are selected, the next wait in reserve, the others are told their place, the quota and the cut', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.until(closesAt);
  expect(await standing(round, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual([
    'final selected',
    'final selected',
    'ranking reserve',
    'ranking reserve',
    'not-selected not-selected',
    'not-selected not-selected',
  ]);
  const left = explain(await round.history('case-a.spring.f'))
    .filter(({ type }) => type === 'StageLeft')
    .at(-1);
  expect(left?.text).toEqual({
    en: 'Place 6 of 6 (online), score 65, quota 2 (online), cut 85: not selected.',
    zh: '第 6 名，共 6 项（online），得分 65，名额 2（online），分数线 85：未入选。',
  });
  expect(left?.explanation?.arithmetic).toEqual([
    { what: 'cut', actual: [65, 1], relation: '>=', required: [85, 1], holds: false },
  ]);
  expect(left?.explanation?.inputs).toMatchObject({ raw: [65, 1], place: 6, of: 6, quota: { by: 'form.kind', places: 2 } });
  expect((await round.case('f')).end).toMatchObject({ id: 'not-selected', outcome: 'refused' });
});

test('an application that is withdrawn before the ranking leaves it, and its quota', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.withdraw('a');
  await round.until(closesAt);
  expect(await standing(round, ['a', 'b', 'c', 'd'])).toEqual([
    'withdrawn',
    'final selected',
    'final selected',
    'ranking reserve',
  ]);
  const { places = [] } = (await round.ranking()) ?? {};
  expect(places.map(({ subject, place }) => `${place} ${subject}`)).toEqual(['1 b', '2 c', '3 d', '4 e', '5 f']);
});

test('whoever withdraws after the ranking, or is not recognised, gives their place to the head of the reserve list, once', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.until(closesAt);
  await round.withdraw('a');
  expect(await standing(round, ['a', 'c', 'd'])).toEqual(['withdrawn selected', 'final selected', 'ranking reserve']);
  await round.act('secretary', 'b', 'FailCheck', { stage: 'final', reason: '不予认定' });
  round.restart();
  await round.settle();
  expect(await standing(round, ['b', 'c', 'd'])).toEqual(['declined selected', 'final selected', 'final selected']);
  await round.act('secretary', 'c', 'PassCheck', { stage: 'final' });
  await round.settle();
  expect((await round.types()).filter((type) => type === 'ReserveRaised')).toHaveLength(2);
  const raised = explain(await round.history('case-a.spring.c'))
    .filter(({ type }) => type === 'StageLeft')
    .at(2);
  expect(raised?.text.en).toBe('Place 3 of 6 (online), score 80, quota 2 (online), cut 85: selected from the reserve list.');
});

test('who leaves the reserve list is passed over', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.until(closesAt);
  await round.withdraw('c');
  await round.withdraw('a');
  expect(await standing(round, ['c', 'd'])).toEqual(['withdrawn reserve', 'final selected']);
  const raised = (await round.history('ranking-a.spring.ranking')).filter(({ type }) => type === 'ReserveRaised');
  expect(raised.map(({ data }) => data)).toEqual([{ subject: 'd' }]);
});

test('a reserve list ends on its date, and nobody comes up after it', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.until(closesAt);
  const { reserveUntil = '' } = (await round.ranking()) ?? {};
  await round.until(Date.parse(reserveUntil) - 1);
  expect(await round.stands('c')).toBe('ranking reserve');
  round.restart();
  await round.until(reserveUntil);
  expect(await standing(round, ['c', 'd'])).toEqual(['not-selected not-selected', 'not-selected not-selected']);
  await round.withdraw('a');
  expect((await round.types()).filter((type) => type === 'ReserveRaised')).toEqual([]);
});

test('lists and quotas are counted by kind, province and institution', async () => {
  const quotas = [
    { by: 'form.kind', each: 3 },
    { by: 'institution.province', each: 2 },
    { by: 'institution.code', each: 1 },
    { each: 3 },
  ];
  const round = await RankedRound.open(rankedBy({ quotas }));
  await round.bring({ subject: 'a', institution: '11-a' }, 95);
  await round.bring({ subject: 'b', institution: '11-a', kind: 'offline' }, 90);
  await round.bring({ subject: 'c', institution: '11-b' }, 85);
  await round.bring({ subject: 'd', institution: '44-a', kind: 'offline' }, 80);
  await round.bring({ subject: 'e', institution: '44-b' }, 75);
  await round.until(closesAt);
  expect(await standing(round, ['a', 'b', 'c', 'd', 'e'])).toEqual([
    'final selected',
    'ranking reserve',
    'final selected',
    'final selected',
    'ranking reserve',
  ]);
  await round.withdraw('c');
  // The next in reserve is of an institution that has its place; the one after it may come up.
  expect(await standing(round, ['b', 'e'])).toEqual(['ranking reserve', 'final selected']);
});

test('the notice of a round sets quotas of its own, in whole places, for a stage that ranks', async () => {
  const round = await RankedRound.open(undefined, {
    quotas: [{ stage: 'ranking', quotas: [{ by: 'form.kind', places: { online: 1 } }] }],
  });
  await sixOnline(round);
  await round.bring({ subject: 'o', kind: 'offline' }, 30);
  await round.until(closesAt);
  expect(await standing(round, ['a', 'b', 'o'])).toEqual(['final selected', 'ranking reserve', 'final selected']);
  for (const quotas of [
    [{ stage: 'final', quotas: [{ each: 1 }] }],
    [{ stage: 'ranking', quotas: [{}] }],
    [{ stage: 'ranking', quotas: [{ by: 'form.kind', places: { online: 1.5 } }] }],
    [{ stage: 'ranking', quotas: [{ by: 'form.kind', places: { online: -1 } }] }],
    [{ stage: 'ranking', quotas: [{ by: 'form.kind', places: { onlin: 1 } }] }],
    [{ stage: 'ranking', quotas: [{ by: 'form.colour', each: 1 }] }],
    [{ stage: 'ranking', quotas: [{ by: 'institution.province', places: { 99: 1 } }] }],
    [{ stage: 'ranking', quotas: [{ by: 'institution.code', places: { nowhere: 1 } }] }],
    [{ stage: 'ranking', quotas: [{ each: 0 }] }],
  ])
    await expect(RankedRound.open(undefined, { quotas })).rejects.toMatchObject({ code: 'round.bad-quotas' });
});

test('the notice of a round gives places only to institutions that the alliance knows', async () => {
  const places = (code: string) => ({
    quotas: [{ stage: 'ranking', quotas: [{ by: 'institution.code', each: 1, places: { [code]: 2 } }] }],
  });
  await expect(RankedRound.open(undefined, places('4199999999'))).rejects.toMatchObject({
    code: 'round.unknown-institutions',
    details: { institutions: ['4199999999'] },
  });
});

test('equals at the cut are told apart by the criteria that the rule names, then by a lot that the seed decides', async () => {
  const round = await RankedRound.open();
  await round.bring({ subject: 'a' }, 90);
  await round.bring({ subject: 'b' }, [90, 70]);
  await round.bring({ subject: 'c' }, [70, 90]);
  await round.bring({ subject: 'd' }, [80, 80]);
  await round.until(closesAt);
  expect(await standing(round, ['a', 'c', 'd', 'b'])).toEqual([
    'final selected',
    'final selected',
    'ranking reserve',
    'ranking reserve',
  ]);
});

const byOrgan = rankedBy({ ties: { rule: 'organ', power: 'order-equals', workingDays: 5 } });

/** a is above the cut; b and c are equal at it, d is below. */
async function tied(): Promise<RankedRound> {
  const round = await RankedRound.open(byOrgan);
  await round.bring({ subject: 'a' }, 90);
  await round.bring({ subject: 'b' }, 80);
  await round.bring({ subject: 'c', institution: '44-a' }, 80);
  await round.bring({ subject: 'd' }, 70);
  await round.until(closesAt);
  return round;
}

const decideTie = (round: RankedRound, person: string, order: readonly string[]) =>
  round.answer(round.send(person, 'ranking', 'a.spring.ranking', 'DecideTie', { order, resolution: '2026-3' }));

test('there is no ranking at a stage that ranks nothing, or that is not there', async () => {
  const round = await RankedRound.open(byOrgan);
  for (const id of ['a.spring.review', 'a.spring.none', 'a.none.ranking'])
    for (const [type, data] of [
      ['DecideTie', { order: ['c', 'b'], resolution: '2026-3' }],
      ['RankWithout', { subjects: ['c'], reason: '核对' }],
    ] as const)
      expect(await round.answer(round.send('chair', 'ranking', id, type, data))).toBe('ranking.not-found');
});

test('who may not order equals cannot tell by asking to whether a case has come so far', async () => {
  const round = await RankedRound.open(byOrgan);
  expect(await decideTie(round, 'secretary', ['c', 'b'])).toBe('authority.no-seat');
  expect(await decideTie(round, 'chair', ['c', 'b'])).toBe('ranking.no-tie');
});

test('an organ puts equals at the cut in order, and nobody of it their own', async () => {
  const round = await tied();
  expect(await standing(round, ['a', 'b', 'c', 'd'])).toEqual(['final selected', 'ranking tied', 'ranking tied', 'ranking']);
  expect(await decideTie(round, 'secretary', ['c', 'b'])).toBe('authority.no-seat');
  // Nor does who works for one of them learn that it waits for an order.
  expect(await decideTie(round, 'member-11-a', ['c', 'b'])).toBe('ranking.no-tie');
  expect(await decideTie(round, 'chair', ['c', 'd'])).toBe('ranking.other-tie');
  expect(await decideTie(round, 'chair', ['c', 'b'])).toBe('accepted');
  expect(await decideTie(round, 'chair', ['c', 'b'])).toBe('ranking.no-tie');
  await round.settle();
  expect(await standing(round, ['a', 'c', 'b', 'd'])).toEqual([
    'final selected',
    'final selected',
    'ranking reserve',
    'ranking reserve',
  ]);
});

test('equals whom the organ does not put in order are put in order by lot, on the date', async () => {
  const round = await tied();
  const [referred] = (await round.ranking())?.referred ?? [];
  await round.until(Date.parse(referred?.dueAt ?? '') - 1);
  expect(await round.stands('b')).toBe('ranking tied');
  await round.until(referred?.dueAt ?? '');
  const decided = (await round.history('ranking-a.spring.ranking')).find(({ type }) => type === 'TieDecided');
  expect(decided?.data).toMatchObject({ tie: 1, by: 'lot' });
  expect((await standing(round, ['b', 'c'])).toSorted()).toEqual(['final selected', 'ranking reserve']);
});

test('one of the equals may go home while they wait for an order', async () => {
  const round = await tied();
  await round.withdraw('c');
  expect(await decideTie(round, 'chair', ['c', 'b'])).toBe('accepted');
  await round.settle();
  expect(await standing(round, ['c', 'b', 'd'])).toEqual(['withdrawn tied', 'final selected', 'ranking reserve']);
  expect(await round.incidents()).toEqual([]);
});

test('raw and normalised scores are both on record, with what each reviewer was corrected by, and the normalised one may order', async () => {
  const round = await RankedRound.open(rankedBy({ by: 'normalised', quotas: [{ each: 3 }] }));
  const hard = 'expert-1';
  for (const [index, subject] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
    await round.apply({ subject });
    await round.screen(subject);
    for (const reviewer of await round.reviewers(subject)) {
      const points = 80 - index - (reviewer === hard ? 30 : 0);
      const scores = ['design', 'effect'].map((criterion) => ({ criterion, points }));
      await round.act(reviewer, subject, 'SubmitReview', { stage: 'review', scores, vetoes: [], comment: '意见' });
    }
    await round.settle();
  }
  await round.until(closesAt);
  const ranking = await round.ranking();
  const offset = ranking?.offsets.find(({ reviewer }) => reviewer === hard);
  expect(offset?.offset).toBeLessThan(-5_000_000);
  const { visits } = await round.case('a');
  const placed = visits.flatMap((visit) => (visit.kind === 'ranking' ? [visit.placed] : []))[0];
  expect(placed?.raw).toBeDefined();
  expect(placed?.normalised).toBeDefined();
  for (const { subject } of ranking?.standings.filter(({ reviews }) => reviews.some(({ reviewer }) => reviewer === hard)) ?? []) {
    const visit = (await round.case(subject)).visits.find(({ kind }) => kind === 'ranking');
    expect(visit?.kind === 'ranking' ? visit.placed?.outliers.length : 0).toBe(2);
  }
  const calibrated = (await round.history('ranking-a.spring.ranking')).find(({ type }) => type === 'ReviewersCalibrated');
  expect(calibrated?.data).toMatchObject({
    method: 'additive-reviewer-effects-shrunk/1',
    shrinkage: 2,
    inputs: expect.stringMatching(/^[\w-]{43}$/),
  });
});

test('no event of a ranking holds more than sixty thousand bytes', async () => {
  const round = await RankedRound.open();
  await sixOnline(round);
  await round.until(closesAt);
  for (const event of await round.history('ranking-a.spring.ranking'))
    expect(JSON.stringify(event.data).length).toBeLessThan(60_000);
});

test('nobody but the engine tells a ranking or a case of it anything', async () => {
  const round = await RankedRound.open();
  await round.bring({ subject: 'a' }, 90);
  const head = await round.store.head();
  for (const person of ['secretary', 'dean-11-a', 'chair', 'expert-1']) {
    expect(await round.answer(round.act(person, 'a', 'PlaceCase', { stage: 'ranking' }))).toMatch(/no-seat|case\.not-found/);
    for (const [type, data] of [
      ['ReportStanding', { subject: 'a' }],
      ['CountEntrants', { entrants: ['a'] }],
      ['LapseTie', { tie: '1' }],
      ['ReleaseReserve', {}],
    ] as const)
      expect(await round.answer(round.send(person, 'ranking', 'a.spring.ranking', type, data))).toBe('authority.no-seat');
    expect(await decideTie(round, person, ['a', 'b'])).toBe('ranking.no-tie');
  }
  expect(await round.store.head()).toBe(head);
});

const viewers = {
  dean: { person: 'dean-11-a', institutions: ['11-a'], powers: [{ power: 'submit-application', scope: '11-a' }] },
  member: { person: 'chair', institutions: ['elsewhere'], powers: [{ power: 'order-equals' }] },
  own: { person: 'member-11-a', institutions: ['11-a'], powers: [{ power: 'order-equals' }] },
  stranger: { person: 'nobody', institutions: [], powers: [] },
} satisfies Record<string, Viewer>;

test('equals are before the organ that puts them in order, and not before those of it who work for the applicant', async () => {
  const round = await tied();
  const state = await round.case('b');
  const row = caseRow(byOrgan, state);
  expect(row.tasks).toEqual([{ stage: 'ranking', act: 'break-tie', holder: 'power:order-equals', dueAt: expect.any(String) }]);
  expect(row.audience).toContain('power:order-equals');
  expect(caseRow(byOrgan, await round.case('d')).audience).not.toContain('power:order-equals');
  expect(shownTo(byOrgan, state, viewers.member)?.as).toBe('judge');
  expect(shownTo(byOrgan, await round.case('d'), viewers.member)).toBeUndefined();
  expect(shownTo(byOrgan, state, viewers.own)).toBeUndefined();
  expect(shownTo(byOrgan, state, viewers.stranger)).toBeUndefined();
});

test('an applicant reads their place and the cut; which review stood out, only in the end', async () => {
  const round = await RankedRound.open(rankedBy({ normalisation: { shrinkage: 2, outlier: 10 } }));
  await sixOnline(round);
  await round.apply({ subject: 'o' });
  await round.screen('o');
  for (const [index, reviewer] of (await round.reviewers('o')).entries()) {
    const scores = ['design', 'effect'].map((criterion) => ({ criterion, points: 70 + index * 20 }));
    await round.act(reviewer, 'o', 'SubmitReview', { stage: 'review', scores, vetoes: [], comment: '意见' });
  }
  await round.until(closesAt);
  expect(await round.stands('o')).toBe('ranking reserve');
  const seen = async () => {
    const visit = shownTo(round.definition, await round.case('o'), viewers.dean)?.visits.find(({ kind }) => kind === 'ranking');
    return visit?.kind === 'ranking' ? visit.placed : undefined;
  };
  expect(await seen()).toMatchObject({ place: 3, of: 7, quota: { places: 2, cut: [85, 1] }, outliers: [] });
  const lines = timelineFor(round.definition, await round.case('o'), await round.history('case-a.spring.o'), viewers.dean);
  expect(lines.at(-1)?.text.zh).toBe('第 3 名，共 7 项（online），得分 80，名额 2（online），分数线 85：列入候补。');
  await round.withdraw('o');
  expect((await seen())?.outliers).toHaveLength(2);
});
