import type { Fraction } from '../fraction.js';

/** Name and version of the method: the same reviews give the same bits, as long as this does not change. */
export const method = 'additive-reviewer-effects-shrunk/1';

/** One weighted score, of 100. */
export interface ScoredReview {
  readonly subject: string;
  readonly assignment: string;
  readonly reviewer: string;
  readonly total: Fraction;
}

/** How much more (or less) than their colleagues a reviewer gives, in millionths of a point. */
export interface Offset {
  readonly reviewer: string;
  readonly reviews: number;
  readonly offset: number;
}

export interface Calibration {
  /** In the order of the reviewers' ids. */
  readonly offsets: readonly Offset[];
  /** Mean of the reviews less their reviewers' offsets, in millionths of a point, by subject. */
  readonly scores: ReadonlyMap<string, number>;
}

export const millionth = 1_000_000;
const mostSweeps = 20_000;
const settledBelow = 1e-10;

/**
 * Takes out of the scores how strict each reviewer is: score = merit of the application + offset of the reviewer + chance.
 *
 * The mixed linear model of Kuhlisch, Roos, Rothe, Rudolph, Scheuermann and Stoyan, “A statistical approach to calibrating the scores of
 * biased reviewers of scientific papers”, Metrika 79 (2016) 37–57: merits are fixed effects, offsets random ones, so that an offset is
 * the reviewer's mean distance from the merits, shrunk by n / (n + shrinkage) for n reviews. Who reviewed little is corrected little.
 * `shrinkage` is the ratio of the variances of chance and offsets: fixed beforehand, in the definition, so that nobody can choose it after the fact.
 *
 * Solved by sweeps in the order of ids until nothing moves by more than 1e-10 points. Only + − × ÷ on IEEE 754 doubles in a fixed order, which is the same
 * on every machine; the results are rounded to millionths of a point.
 */
export function calibrate(reviews: readonly ScoredReview[], shrinkage: number): Calibration {
  const ordered = reviews.toSorted((a, b) => byText(a.subject, b.subject) || byText(a.assignment, b.assignment));
  const subjects = numbered(ordered.map(({ subject }) => subject));
  const reviewers = numbered(ordered.map(({ reviewer }) => reviewer));
  const marks = ordered.map(({ subject, reviewer, total: [numerator, denominator] }): Mark => ({
    subject: subjects.get(subject) as number,
    reviewer: reviewers.get(reviewer) as number,
    score: numerator / denominator,
  }));
  const model = new Model(marks, subjects.size, reviewers.size, shrinkage);
  for (let sweep = 0; sweep < mostSweeps && model.sweep() > settledBelow; sweep += 1);
  return {
    offsets: [...reviewers].map(([reviewer, index]) => ({
      reviewer,
      reviews: model.reviewsBy[index] as number,
      offset: rounded(model.offsets[index] as number),
    })),
    scores: new Map([...subjects].map(([subject, index]) => [subject, rounded(model.merits[index] as number)])),
  };
}

/** As `calibrate` has it for a case that comes later: its reviews less the offsets that are known. */
export function calibrated(reviews: readonly Pick<ScoredReview, 'reviewer' | 'total'>[], offsets: readonly Offset[]): number {
  const known = new Map(offsets.map(({ reviewer, offset }) => [reviewer, offset]));
  const total = reviews.reduce(
    (sum, { reviewer, total: [numerator, denominator] }) =>
      sum + numerator / denominator - (known.get(reviewer) ?? 0) / millionth,
    0,
  );
  return rounded(total / reviews.length);
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** To the nearest millionth, halves up; never -0, which JSON does not know. */
const rounded = (points: number): number => Math.round(points * millionth) || 0;

const numbered = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...new Set(names)].toSorted(byText).map((name, index) => [name, index]));

interface Mark {
  readonly subject: number;
  readonly reviewer: number;
  readonly score: number;
}

class Model {
  readonly merits: number[];
  readonly offsets: number[];
  readonly reviewsBy: number[];
  private readonly reviewsOf: number[];

  constructor(
    private readonly marks: readonly Mark[],
    subjects: number,
    reviewers: number,
    private readonly shrinkage: number,
  ) {
    this.merits = zeros(subjects);
    this.offsets = zeros(reviewers);
    this.reviewsOf = zeros(subjects);
    this.reviewsBy = zeros(reviewers);
    for (const { subject, reviewer } of marks) {
      add(this.reviewsOf, subject, 1);
      add(this.reviewsBy, reviewer, 1);
    }
  }

  /** Merits from offsets, then offsets from merits. @returns by how much an offset moved at most, in points */
  sweep(): number {
    const before = [...this.offsets];
    this.takeMerits();
    const distances = zeros(this.offsets.length);
    for (const { subject, reviewer, score } of this.marks) add(distances, reviewer, score - (this.merits[subject] as number));
    distances.forEach((distance, index) => {
      this.offsets[index] = distance / ((this.reviewsBy[index] as number) + this.shrinkage);
    });
    this.takeMerits();
    return this.offsets.reduce((most, offset, index) => Math.max(most, Math.abs(offset - (before[index] as number))), 0);
  }

  private takeMerits(): void {
    this.merits.fill(0);
    for (const { subject, reviewer, score } of this.marks) add(this.merits, subject, score - (this.offsets[reviewer] as number));
    this.merits.forEach((total, index) => {
      this.merits[index] = total / (this.reviewsOf[index] as number);
    });
  }
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

function add(to: number[], index: number, amount: number): void {
  to[index] = (to[index] as number) + amount;
}
