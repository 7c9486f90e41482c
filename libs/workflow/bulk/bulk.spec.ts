import { expect, test } from '@jest/globals';
import { type AnyDecider, type DomainError, evolved } from '#kernel';
import { rankedAward, RankedRound } from '../../../test/support/ranked-round.js';
import type { Case } from '../case.state.js';
import type { Definition } from '../definition.js';
import { type Bulk, bulkDecider, type BulkState, previewHash } from './bulk.decider.js';
import { bulkEffects } from './bulk.effects.js';
import type { Doing } from './bulk.messages.js';

const subjects = ['a', 'b', 'c', 'd'] as const;
const passing: Doing = { act: 'pass-check', stage: 'screening', reason: '材料齐全' };
const failing: Doing = { act: 'fail-check', stage: 'screening', reason: '材料不符' };

const correcting: Definition = {
  ...rankedAward,
  stages: rankedAward.stages.map((stage) =>
    stage.kind === 'check' ? { ...stage, correction: { workingDays: 5, times: 1 } } : stage,
  ),
};

async function applied(definition: Definition = rankedAward): Promise<RankedRound> {
  const round = await RankedRound.open(definition);
  for (const subject of subjects) await round.apply({ subject });
  await round.settle();
  return round;
}

async function bulk(round: RankedRound, id = 'a.one'): Promise<Bulk> {
  const events = await round.history(`bulk-${id}`);
  const decider = bulkDecider as AnyDecider;
  const state = events.reduce<BulkState>(
    (before, event) => evolved(decider, before, event) as BulkState,
    bulkDecider.initialState,
  );
  if (state.status === 'none') throw new Error('nothing was ordered');
  return state;
}

const passed = async (round: RankedRound, subject: string): Promise<number> =>
  (await round.types(`case-a.spring.${subject}`)).filter((type) => type === 'CheckPassed').length;

test('a preview shows what would be done, to which, to which not and why, and what they would read', async () => {
  const round = await applied();
  await round.act('secretary', 'b', 'PassCheck', { stage: 'screening' });
  await round.withdraw('c');
  const head = await round.store.head();
  const preview = await round.preview('secretary', failing, [...subjects, 'nowhere']);
  expect(preview.cases.map(({ case: id }) => id)).toEqual(['a.spring.a', 'a.spring.d']);
  expect(preview.excluded.map(({ case: id, code }) => [id, code])).toEqual([
    ['a.spring.nowhere', 'case.not-found'],
    ['a.spring.b', 'case.not-at-stage'],
    ['a.spring.c', 'case.ended'],
  ]);
  expect(preview.steps).toBe(2);
  expect(preview.sample[0]).toEqual({ en: 'Check failed: 材料不符', zh: '审查不通过：材料不符' });
  expect(await round.store.head()).toBe(head);
});

test('many cases are decided by one event, and each says who decided it, under what and by which order', async () => {
  const round = await applied();
  await round.order('secretary', passing, await round.preview('secretary', passing, subjects));
  await round.settle();
  const [ordered] = await round.history('bulk-a.one');
  for (const subject of subjects) {
    const events = await round.history(`case-a.spring.${subject}`);
    const own = events.find(({ type }) => type === 'CheckPassed');
    expect(own?.meta).toMatchObject({ actor: 'secretary', power: 'check-application', charter: 1, causation: ordered?.id });
    expect(own?.meta.proof).toEqual(['adoption', 'seat-of-secretary', ordered?.id]);
    expect(own?.data).toMatchObject({ note: '材料齐全' });
  }
  expect(await round.incidents()).toEqual([]);
});

test('if one case has changed since the preview, nothing is done to any', async () => {
  const round = await applied();
  const preview = await round.preview('secretary', passing, subjects);
  await round.withdraw('c');
  const head = await round.store.head();
  await expect(round.order('secretary', passing, preview)).rejects.toMatchObject({
    code: 'bulk.changed',
    details: { excluded: [{ case: 'a.spring.c', code: 'command.stale-revision' }] },
  });
  expect(await round.store.head()).toBe(head);
});

test('the same order twice is one order, and each step is taken once', async () => {
  const round = await applied();
  const preview = await round.preview('secretary', passing, subjects);
  await round.order('secretary', passing, preview);
  await expect(round.order('secretary', passing, preview)).rejects.toMatchObject({ code: 'bulk.already-ordered' });
  round.restart();
  await round.settle();
  round.restart();
  await round.settle();
  expect(await Promise.all(subjects.map((subject) => passed(round, subject)))).toEqual([1, 1, 1, 1]);
});

test('what was lawful when it was ordered is carried out, though the seat has ended since', async () => {
  const round = await applied();
  await round.order('secretary', passing, await round.preview('secretary', passing, subjects));
  await round.seat('secretariat', ['successor']);
  await round.settle();
  expect(await Promise.all(subjects.map((subject) => passed(round, subject)))).toEqual([1, 1, 1, 1]);
  expect((await bulk(round)).overtaken).toEqual([]);
});

test('a case that goes home before its step is left alone, and the order says so', async () => {
  const round = await applied();
  await round.order('secretary', passing, await round.preview('secretary', passing, subjects));
  await round.act('dean-11-a', 'c', 'WithdrawApplication', { reason: '另有安排' });
  await round.settle();
  expect(await Promise.all(subjects.map((subject) => passed(round, subject)))).toEqual([1, 1, 0, 1]);
  expect((await bulk(round)).overtaken).toMatchObject([{ part: 2, code: 'command.stale-revision' }]);
  expect(await round.incidents()).toEqual([]);
  round.restart();
  await round.settle();
  expect(await round.types('bulk-a.one')).toEqual(['BulkOrdered', 'PartOvertaken']);
});

test('a bulk reminder reaches every reviewer who has not been reminded, once', async () => {
  const round = await applied();
  const reminding: Doing = { act: 'remind', stage: 'review' };
  for (const subject of ['a', 'b']) await round.screen(subject);
  const preview = await round.preview('secretary', reminding, subjects);
  expect(preview).toMatchObject({ steps: 4, excluded: [{ code: 'case.not-at-stage' }, { code: 'case.not-at-stage' }] });
  await round.order('secretary', reminding, preview);
  await round.settle();
  const reminded = await Promise.all(['a', 'b'].map((subject) => round.types(`case-a.spring.${subject}`)));
  expect(reminded.flat().filter((type) => type === 'ReviewerReminded')).toHaveLength(4);
  await expect(round.preview('secretary', reminding, ['a', 'b'])).rejects.toMatchObject({ code: 'bulk.nothing-to-do' });
});

test('many applicants are given longer for their corrections at once, each from its own deadline on', async () => {
  const round = await applied(correcting);
  for (const subject of ['a', 'b', 'c'])
    await round.act('secretary', subject, 'ReturnForCorrection', { stage: 'screening', reason: '缺章' });
  await round.settle();
  const dueAt = async (subject: string) => {
    const { state } = await round.states.fresh<Case>(`case-a.spring.${subject}`);
    return state.visits.flatMap((visit) => (visit.kind === 'check' ? visit.corrections : []))[0]?.dueAt ?? '';
  };
  const before = await dueAt('a');
  const until = new Date(Date.parse(before) + 3 * 86_400_000).toISOString();
  const extending: Doing = { act: 'extend-correction', stage: 'screening', reason: '台风停课', until };
  const shorter = await round.preview('secretary', { ...extending, until: before }, ['a']);
  expect(shorter).toMatchObject({ cases: [], excluded: [{ case: 'a.spring.a', code: 'case.not-longer' }] });
  const preview = await round.preview('secretary', extending, subjects);
  expect(preview).toMatchObject({ steps: 3, excluded: [{ case: 'a.spring.d', code: 'case.not-returned' }] });
  expect(preview.sample).toEqual([
    {
      en: `The time for correction is extended until ${until}: 台风停课`,
      zh: `补正期限延长至 ${until}：台风停课`,
    },
  ]);
  await round.order('secretary', extending, preview);
  await round.settle();
  for (const subject of ['a', 'b', 'c']) expect(await dueAt(subject)).toBe(until);
  await round.until(before);
  await round.settle();
  expect(await round.types('case-a.spring.a')).not.toContain('CorrectionLapsed');
  await round.until(until);
  await round.settle();
  expect(await round.types('case-a.spring.a')).toContain('CorrectionLapsed');
  expect(await round.incidents()).toEqual([]);
});

test('nobody does to many what they may not do to one', async () => {
  const round = await applied();
  const preview = await round.preview('secretary', passing, subjects);
  await expect(round.order('dean-11-a', passing, preview)).rejects.toMatchObject({ code: 'authority.no-seat' });
});

test('whoever may not know of a case cannot order anything about it, as if it were not there', async () => {
  const round = await applied();
  const { cases } = await round.preview('secretary', passing, ['a']);
  const told = async (person: string, ids: readonly string[]): Promise<object> => {
    const seen = ids.map((id) => ({ ...cases[0], case: `a.spring.${id}`, revision: 1 }));
    const order = round.order(person, passing, { cases: seen, hash: previewHash({ ...passing, cases: seen }) });
    const { code, text, details } = (await order.catch((refusal: unknown) => refusal)) as DomainError;
    return JSON.parse(JSON.stringify({ code, text, details }).replaceAll(/a\.spring\.(b|nowhere)/g, 'it')) as object;
  };
  for (const person of ['expert-1', 'outsider', 'dean-44-a']) {
    await expect(round.preview(person, passing, subjects)).rejects.toMatchObject({ code: 'case.not-found' });
    expect(await told(person, ['b'])).toMatchObject({ code: 'case.not-found' });
    expect(await told(person, ['b'])).toEqual(await told(person, ['nowhere']));
  }
  await round.apply({ subject: 'own', institution: '44-a' });
  expect(await told('dean-44-a', ['own'])).toMatchObject({ code: 'authority.no-seat' });
  expect(await told('dean-44-a', ['own', 'b'])).toMatchObject({
    code: 'bulk.changed',
    details: { excluded: [{ case: 'it', code: 'case.not-found' }] },
  });
  expect(await told('dean-44-a', ['b', 'own'])).toEqual(await told('dean-44-a', ['nowhere', 'own']));
});

test('an order of one office decides nothing that is for another, though it may read it', async () => {
  const byOffice: Definition = {
    ...rankedAward,
    stages: rankedAward.stages.map((stage) =>
      stage.kind === 'check' ? { ...stage, power: 'submit-application', scope: 'institution' } : stage,
    ),
  };
  const round = await RankedRound.open(byOffice);
  await round.apply({ subject: 'a' });
  await round.apply({ subject: 'c', institution: '44-a' });
  await round.settle();
  await round.act('dean-44-a', 'c', 'CopyCase', { stage: 'screening', organs: [{ organ: 'deans-office', scope: '11-a' }] });
  const preview = await round.preview('dean-11-a', passing, ['a', 'c']);
  expect(preview.cases.map(({ case: id }) => id)).toEqual(['a.spring.a']);
  expect(preview.excluded.map(({ case: id, code }) => [id, code])).toEqual([['a.spring.c', 'bulk.other-power']]);
});

test("another alliance's case is as one that is not there", async () => {
  const round = await applied();
  const { cases } = await round.preview('secretary', passing, ['a']);
  const foreign = [...cases, { case: 'b.spring.a', revision: 1 }];
  const order = round.order('secretary', passing, { cases: foreign, hash: previewHash({ ...passing, cases: foreign }) });
  await expect(order).rejects.toMatchObject({
    code: 'bulk.changed',
    details: { excluded: [{ case: 'b.spring.a', code: 'case.not-found' }] },
  });
});

test('an order is exactly what its preview showed, with the reason that it gives', async () => {
  const round = await applied();
  const { cases, hash } = await round.preview('secretary', passing, subjects);
  await expect(round.order('secretary', failing, { cases, hash })).rejects.toMatchObject({ code: 'bulk.not-previewed' });
  const unexplained: Doing = { act: 'fail-check', stage: 'screening' };
  await expect(round.preview('secretary', unexplained, subjects)).rejects.toMatchObject({ code: 'bulk.incomplete' });
});

test('a step is ordered on behalf of the office that the order was given for, never of the owner of a machine key', async () => {
  const round = await applied();
  await round.order('secretary', passing, await round.preview('secretary', passing, subjects));
  const [event] = await round.history('bulk-a.one');
  if (event === undefined) throw new Error('nothing was ordered');
  const steps = (meta: object) => bulkEffects({ ...event, meta: { ...event.meta, ...meta } }).map(({ ordered }) => ordered);
  const office = 'organ-a.deans-office.4144010558';
  expect(steps({ actor: 'machine-1', onBehalfOf: office })[0]).toMatchObject({ principal: 'secretary', onBehalfOf: office });
  expect(steps({ actor: 'machine-1', onBehalfOf: 'person-1' })[0]).not.toHaveProperty('onBehalfOf');
});
