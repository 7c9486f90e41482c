import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, type Fraction } from '../fraction.js';
import type { Quota, TieRule } from './ranking.stage.js';
import { byMerit, type Candidate, cellsOf, type Rules, select } from './select.js';

const candidate = (
  subject: string,
  score: number,
  facts: Record<string, string> = {},
  more: Partial<Candidate> = {},
): Candidate => ({
  subject,
  score: [score, 1],
  facts,
  criteria: [],
  lot: subject,
  ...more,
});
const rules = (quotas: readonly Quota[], more: Partial<Rules> = {}): Rules => ({ quotas, ties: 'exclude', reserve: 0, ...more });
const results = (candidates: readonly Candidate[], given: Rules, orders: readonly (readonly string[])[] = []) =>
  Object.fromEntries(select(candidates, given, orders).placings.map(({ subject, result }) => [subject, result]));

const four = [candidate('a', 90), candidate('b', 80), candidate('c', 80), candidate('d', 70)];

test('the best are selected while there are places, the next are in reserve in their order', () => {
  const { placings, cells } = select(
    [candidate('c', 70), candidate('a', 90), candidate('d', 60), candidate('b', 80)],
    rules([{ each: 2 }], { reserve: 1 }),
  );
  expect(placings).toEqual([
    { subject: 'a', place: 1, result: 'selected' },
    { subject: 'b', place: 2, result: 'selected' },
    { subject: 'c', place: 3, result: 'reserve', bar: { quota: 0 } },
    { subject: 'd', place: 4, result: 'not-selected', bar: { quota: 0 } },
  ]);
  expect(cells).toEqual([{ quota: 0, places: 2, taken: 2, cut: [80, 1] }]);
});

test('a quota for what came by one way neither counts nor bars what came by another', () => {
  const quotas: readonly Quota[] = [{ by: 'institution.province', each: 1, through: 'recommendation' }];
  const inBeijing = { 'institution.province': '11' };
  const direct = { uncounted: [0] };
  const candidates = [
    candidate('a', 90, inBeijing, direct),
    candidate('b', 80, inBeijing),
    candidate('c', 70, inBeijing),
    candidate('d', 60, inBeijing, direct),
  ];
  expect(results(candidates, rules(quotas))).toEqual({ a: 'selected', b: 'selected', c: 'not-selected', d: 'selected' });
  expect(results([candidate('b', 80, inBeijing)], rules(quotas, { kept: [{ facts: inBeijing, ...direct }] }))).toEqual({
    b: 'selected',
  });
});

test('equals at the cut are all taken, or none of them, as the rule says', () => {
  expect(results(four, rules([{ each: 2 }], { ties: 'extend' }))).toEqual({
    a: 'selected',
    b: 'selected',
    c: 'selected',
    d: 'not-selected',
  });
  const excluded = select(four, rules([{ each: 2 }]));
  expect(excluded.placings.map(({ place, result }) => [place, result])).toEqual([
    [1, 'selected'],
    [2, 'not-selected'],
    [2, 'not-selected'],
    [4, 'not-selected'],
  ]);
  expect(excluded.cells).toEqual([{ quota: 0, places: 2, taken: 1, cut: [90, 1], closed: true }]);
});

test('further criteria tell equals apart, and a lot those who are equal in all of them', () => {
  const equals = [
    candidate('b', 80, {}, { criteria: [[7, 1]], lot: '2' }),
    candidate('c', 80, {}, { criteria: [[8, 1]], lot: '3' }),
    candidate('d', 80, {}, { criteria: [[7, 1]], lot: '1' }),
  ];
  expect(results(equals, rules([{ each: 2 }], { ties: 'criteria' }))).toEqual({
    c: 'selected',
    d: 'selected',
    b: 'not-selected',
  });
});

test('an organ puts equals in order before anyone below them is placed', () => {
  const given = rules([{ each: 2 }], { ties: 'organ' });
  const referred = select(four, given);
  expect(referred.placings.map(({ subject }) => subject)).toEqual(['a']);
  expect(referred.referred).toEqual({ subjects: ['b', 'c'], places: 1 });
  expect(results(four, given, [['c', 'b']])).toEqual({ a: 'selected', c: 'selected', b: 'not-selected', d: 'not-selected' });
});

test('every quota that counts a case must have a place for it', () => {
  const cases = [
    candidate('a', 90, { 'institution.province': '11', 'form.kind': 'online' }),
    candidate('b', 85, { 'institution.province': '11', 'form.kind': 'offline' }),
    candidate('c', 80, { 'institution.province': '44', 'form.kind': 'online' }),
    candidate('d', 75, { 'institution.province': '44', 'form.kind': 'offline' }),
  ];
  const quotas = [
    { by: 'institution.province', each: 1 },
    { by: 'form.kind', places: { online: 1 } },
  ];
  const { placings } = select(cases, rules(quotas));
  expect(placings.map(({ subject, result, bar }) => [subject, result, bar?.value])).toEqual([
    ['a', 'selected', undefined],
    ['b', 'not-selected', '11'],
    ['c', 'not-selected', 'online'],
    ['d', 'selected', undefined],
  ]);
});

test('nobody is selected below the least score or without one, however many places there are', () => {
  const { score: _none, ...unscored } = candidate('x', 0);
  expect(results([candidate('a', 59), candidate('b', 60), unscored], rules([{ each: 9 }], { atLeast: 60, reserve: 9 }))).toEqual({
    b: 'selected',
    a: 'not-selected',
    x: 'not-selected',
  });
});

test('lists of groups are counted apart', () => {
  const { placings } = select(
    [candidate('a', 90, {}, { group: 'x' }), candidate('b', 80, {}, { group: 'y' }), candidate('c', 70, {}, { group: 'x' })],
    rules([{ each: 1 }], { reserve: 1 }),
  );
  expect(placings.map(({ subject, place, result }) => [subject, place, result])).toEqual([
    ['a', 1, 'selected'],
    ['b', 1, 'reserve'],
    ['c', 2, 'reserve'],
  ]);
});

const provinces = fc.constantFrom('11', '44', '51');
const kinds = fc.constantFrom('online', 'offline');
const drawn = fc
  .uniqueArray(
    fc.record({
      subject: fc.stringMatching(/^[a-z]{1,4}$/),
      points: fc.integer({ min: 0, max: 12 }),
      province: provinces,
      kind: kinds,
      criterion: fc.nat(3),
      lot: fc.stringMatching(/^[0-9a-f]{6}$/),
    }),
    { selector: ({ subject }) => subject, maxLength: 40 },
  )
  .map((cases) =>
    cases.map(({ subject, points, province, kind, criterion, lot }) =>
      candidate(
        subject,
        points * 8,
        { 'institution.province': province, 'form.kind': kind },
        { group: kind, criteria: [[criterion, 1]], lot: lot + subject },
      ),
    ),
  );
const quotas: fc.Arbitrary<readonly Quota[]> = fc
  .record({ total: fc.nat(20), province: fc.nat(6), online: fc.nat(10) })
  .map(({ total, province, online }) => [
    { each: total },
    { by: 'institution.province', each: province },
    { by: 'form.kind', places: { online } },
  ]);
const tieRules = fc.constantFrom<TieRule['rule']>('extend', 'exclude', 'criteria', 'organ');

/** As an organ would: every tie in the order of the subjects. */
function selectAll(candidates: readonly Candidate[], given: Rules) {
  const orders: (readonly string[])[] = [];
  for (;;) {
    const selection = select(candidates, given, orders);
    if (selection.referred === undefined) return selection;
    orders.push(selection.referred.subjects.toSorted());
  }
}

test('no quota is exceeded but by equals who are all taken, nobody passes a better one of the same quotas, and nobody is forgotten', () => {
  fc.assert(
    fc.property(drawn, quotas, tieRules, fc.nat(3), (cases, given, ties, reserve) => {
      const { placings } = selectAll(cases, rules(given, { ties, reserve, atLeast: 24 }));
      expect(placings.map(({ subject }) => subject).toSorted()).toEqual(cases.map(({ subject }) => subject).toSorted());
      const selected = cases.filter(({ subject }) =>
        placings.some((one) => one.subject === subject && one.result === 'selected'),
      );
      for (const cell of selected.flatMap((one) => cellsOf(given, one))) {
        const inside = selected.filter((one) =>
          cellsOf(given, one).some((other) => other.quota === cell.quota && other.value === cell.value),
        );
        const last = inside.map((one) => one.score as Fraction).toSorted(compare)[0] as Fraction;
        const clear = inside.filter(({ score }) => compare(score as Fraction, last) > 0).length;
        expect(ties === 'extend' ? clear : inside.length).toBeLessThanOrEqual(
          ties === 'extend' ? Math.max(cell.places - 1, 0) : cell.places,
        );
      }
      const left = placings.filter(({ result }) => result !== 'selected').map(({ subject }) => subject);
      const passedBy = selected.flatMap((one) =>
        cases.filter(
          (other) =>
            left.includes(other.subject) &&
            JSON.stringify(one.facts) === JSON.stringify(other.facts) &&
            compare(one.score as Fraction, other.score as Fraction) < 0,
        ),
      );
      expect(passedBy).toEqual([]);
      const waiting = placings.filter(({ result }) => result === 'reserve');
      for (const group of ['online', 'offline'])
        expect(
          waiting.filter(({ subject }) => cases.find((one) => one.subject === subject)?.group === group).length,
        ).toBeLessThanOrEqual(reserve);
    }),
    { numRuns: 300 },
  );
});

test('the order in which cases are given changes nothing', () => {
  fc.assert(
    fc.property(drawn, quotas, tieRules, (cases, given, ties) => {
      const one = selectAll(cases, rules(given, { ties, reserve: 2 }));
      expect(selectAll(cases.toReversed(), rules(given, { ties, reserve: 2 }))).toEqual(one);
      expect(cases.toSorted(byMerit(ties)).map(({ score }) => score)).toEqual(
        cases.map(({ score }) => score as Fraction).toSorted((a, b) => compare(b, a)),
      );
    }),
  );
});
