import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fraction } from '../fraction.js';
import { calibrate, calibrated, type ScoredReview } from './calibrate.js';
import { outliersOf } from './placing.js';

const review = (subject: string, reviewer: string, score: number): ScoredReview => ({
  subject,
  assignment: `${subject}-${reviewer}`,
  reviewer,
  total: fraction(score, 1),
});

/** Three reviewers see every case; the last gives ten points less than the others. */
const strict = ['a', 'b', 'c', 'd'].flatMap((subject, index) => [
  review(subject, 'x', 60 + index * 5),
  review(subject, 'y', 60 + index * 5),
  review(subject, 'z', 50 + index * 5),
]);

test('a strict reviewer is found out, and corrected less where they reviewed less', () => {
  const { offsets } = calibrate(strict, 2);
  const [x, y, z] = offsets.map(({ offset }) => offset / 1e6) as [number, number, number];
  expect(x).toBe(y);
  expect(x).toBeGreaterThan(0);
  expect(z).toBeLessThan(-4);
  expect(z).toBeGreaterThan(-6.67);
  const fewer = calibrate(strict.slice(0, 6), 2).offsets.find(({ reviewer }) => reviewer === 'z');
  expect(Math.abs(fewer?.offset ?? 0)).toBeLessThan(Math.abs(z * 1e6));
});

test('of two equal cases, the one that a strict reviewer judged is lifted to the other', () => {
  const others = ['c', 'd', 'e', 'f', 'g'].flatMap((subject) => [review(subject, 'mild', 80), review(subject, 'strict', 60)]);
  const { scores } = calibrate([...others, review('one', 'mild', 80), review('two', 'strict', 60)], 1);
  expect(Math.abs((scores.get('one') ?? 0) - (scores.get('two') ?? 0))).toBeLessThan(4e6);
});

test('the solution is that of the normal equations', () => {
  const shrinkage = 3;
  const { offsets, scores } = calibrate(strict, shrinkage);
  for (const { reviewer, reviews, offset } of offsets) {
    const own = strict.filter((one) => one.reviewer === reviewer);
    const distance = own.reduce((sum, { subject, total: [n, d] }) => sum + n / d - (scores.get(subject) ?? 0) / 1e6, 0);
    expect(reviews).toBe(own.length);
    expect(offset / 1e6).toBeCloseTo(distance / (own.length + shrinkage), 5);
  }
});

const reviews = fc.uniqueArray(
  fc.record({
    subject: fc.nat(12).map(String),
    reviewer: fc.nat(8).map((n) => `r${n}`),
    score: fc.integer({ min: 0, max: 100 }),
  }),
  { selector: ({ subject, reviewer }) => `${subject} ${reviewer}`, minLength: 1, maxLength: 60 },
);

test('the same reviews give the same result, in whatever order they came', () => {
  fc.assert(
    fc.property(reviews, fc.integer({ min: 1, max: 20 }), (given, shrinkage) => {
      const all = given.map(({ subject, reviewer, score }) => review(subject, reviewer, score));
      const one = calibrate(all, shrinkage);
      expect(calibrate(all.toReversed(), shrinkage)).toEqual(one);
      for (const subject of one.scores.keys()) {
        const own = all.filter((each) => each.subject === subject);
        expect(Math.abs(calibrated(own, one.offsets) - (one.scores.get(subject) ?? 0))).toBeLessThanOrEqual(2);
      }
      // Nobody is moved because of a reviewer who agrees with everyone.
      expect(Math.abs(one.offsets.reduce((sum, { offset }) => sum + offset, 0))).toBeLessThan(100 * one.offsets.length);
    }),
  );
});

test('five thousand cases with five reviews each are calibrated in seconds', () => {
  const all = Array.from({ length: 25_000 }, (_, index) =>
    review(`case-${index % 5_000}`, `reviewer-${(index * 7919 + Math.floor(index / 5_000)) % 1_000}`, (index * 31) % 101),
  );
  const started = performance.now();
  expect(calibrate(all, 3).scores.size).toBe(5_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a review far from the others of its case is shown', () => {
  const given = [review('a', 'x', 80), review('a', 'y', 82), review('a', 'z', 50)].map(({ assignment, reviewer, total }) => ({
    assignment,
    reviewer,
    total,
  }));
  expect(outliersOf(given, 30)).toEqual([{ assignment: 'a-z', total: [50, 1], others: [81, 1] }]);
  expect(outliersOf(given, 32)).toEqual([]);
  expect(outliersOf(given.slice(0, 1), 1)).toEqual([]);
});
