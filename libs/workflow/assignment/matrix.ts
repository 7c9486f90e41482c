import { sha256 } from '#kernel';
import { type AssignmentProblem, type Constraint, perfectFit } from './problem.js';

/** Stands in `Matrix.fit` where the pair is barred. */
export const barred = 255;

/** The problem by index: cases and reviewers in an order that the seed decides, so that equals are treated by lot. */
export interface Matrix {
  readonly cases: readonly string[];
  readonly reviewers: readonly string[];
  /** By case, then reviewer: 0 to 60, or `barred`. */
  readonly fit: Uint8Array;
  /** Reviewers that a case must and may have. */
  readonly wanted: Int32Array;
  readonly places: Int32Array;
  /** New reviews that a reviewer must and may have. */
  readonly least: Int32Array;
  readonly most: Int32Array;
  readonly load: Int32Array;
  /** By reviewer; nobody else has the number of who has no institution. */
  readonly institution: Int32Array;
  /** Whether two reviewers of this institution may sit on this case's panel. */
  readonly shares: (caseIndex: number, institution: number) => boolean;
  /** By reviewer: with whom they never sit. */
  readonly apart: readonly (readonly number[])[];
}

/** Which constraints hold; all of them unless told. */
export type Holds = (constraint: Constraint) => boolean;

export function matrixOf(problem: AssignmentProblem, seed: string, holds: Holds = () => true): Matrix {
  const cases = byLot(problem.cases, seed);
  const reviewers = byLot(problem.reviewers, seed);
  const numbers = new Map(
    [...new Set(problem.reviewers.flatMap((one) => one.institution ?? []))].map((id, index) => [id, index]),
  );
  const institutions = [...numbers.keys()];
  const everyone = reviewers.length;
  const room = (reviewer: (typeof reviewers)[number]) =>
    holds({ kind: 'most', reviewer: reviewer.id })
      ? Math.min(cases.length, Math.max(0, reviewer.most - reviewer.load))
      : cases.length;
  return {
    cases: cases.map(({ id }) => id),
    reviewers: reviewers.map(({ id }) => id),
    fit: fits(problem, cases, reviewers, holds),
    wanted: Int32Array.from(cases, ({ id, wanted }) => (holds({ kind: 'wanted', case: id }) ? wanted : 0)),
    places: Int32Array.from(cases, ({ id, wanted }) => (holds({ kind: 'places', case: id }) ? wanted : everyone)),
    least: Int32Array.from(reviewers, (one) =>
      holds({ kind: 'least', reviewer: one.id }) ? Math.max(0, one.least - one.load) : 0,
    ),
    most: Int32Array.from(reviewers, room),
    load: Int32Array.from(reviewers, ({ load }) => load),
    institution: Int32Array.from(reviewers, ({ institution }, index) =>
      institution === undefined ? numbers.size + index : (numbers.get(institution) ?? 0),
    ),
    shares: (caseIndex, institution) =>
      problem.perInstitution === 'any' ||
      institution >= institutions.length ||
      !holds({
        kind: 'one-per-institution',
        case: cases[caseIndex]?.id ?? '',
        institution: institutions[institution] ?? '',
      }),
    apart: apartness(problem, reviewers, holds),
  };
}

function byLot<T extends { readonly id: string }>(all: readonly T[], seed: string): readonly T[] {
  const lots = all.map((one) => ({ one, lot: sha256(`${seed}\n${one.id}`, 'hex') }));
  return lots.toSorted((a, b) => (a.lot < b.lot ? -1 : 1)).map(({ one }) => one);
}

type Cases = AssignmentProblem['cases'];
type Reviewers = AssignmentProblem['reviewers'];

function fits(problem: AssignmentProblem, cases: Cases, reviewers: Reviewers, holds: Holds): Uint8Array {
  const width = reviewers.length;
  const fit = new Uint8Array(cases.length * width);
  const knowing = holders(reviewers, ({ expertise }) => expertise);
  const practising = holders(reviewers, ({ disciplines }) => disciplines);
  const near = holders(reviewers, ({ institution, formerly }) => [
    ...(institution === undefined ? [] : [institution]),
    ...formerly,
  ]);
  for (const [row, { id, institution, discipline, expertise }] of cases.entries()) {
    const line = fit.subarray(row * width, (row + 1) * width);
    const tags = [...new Set(expertise)];
    for (const tag of tags) for (const reviewer of knowing.get(tag) ?? []) line[reviewer] = (line[reviewer] ?? 0) + 1;
    for (let reviewer = 0; reviewer < width; reviewer += 1)
      line[reviewer] = Math.round((perfectFit * (line[reviewer] ?? 0)) / Math.max(1, tags.length));
    if (discipline !== undefined && holds({ kind: 'discipline', case: id })) {
      const able = new Set(practising.get(discipline));
      for (let reviewer = 0; reviewer < width; reviewer += 1) if (!able.has(reviewer)) line[reviewer] = barred;
    }
    for (const reviewer of near.get(institution) ?? []) {
      const who = reviewers[reviewer]?.id ?? '';
      if (holds({ kind: 'conflict', case: id, reviewer: who, because: 'same-institution' })) line[reviewer] = barred;
    }
  }
  const rows = new Map(cases.map(({ id }, index) => [id, index]));
  const columns = new Map(reviewers.map(({ id }, index) => [id, index]));
  for (const conflict of problem.conflicts) {
    const [row, column] = [rows.get(conflict.case), columns.get(conflict.reviewer)];
    if (row !== undefined && column !== undefined && holds({ kind: 'conflict', ...conflict })) fit[row * width + column] = barred;
  }
  return fit;
}

function holders(reviewers: Reviewers, of: (reviewer: Reviewers[number]) => readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, reviewer] of reviewers.entries())
    for (const one of new Set(of(reviewer))) {
      const known = found.get(one);
      if (known === undefined) found.set(one, [index]);
      else known.push(index);
    }
  return found;
}

function apartness({ neverTogether }: AssignmentProblem, reviewers: Reviewers, holds: Holds): number[][] {
  const columns = new Map(reviewers.map(({ id }, index) => [id, index]));
  const apart = reviewers.map((): number[] => []);
  for (const pair of neverTogether) {
    const [a, b] = pair.map((id) => columns.get(id));
    if (a === undefined || b === undefined || !holds({ kind: 'never-together', reviewers: pair })) continue;
    apart[a]?.push(b);
    apart[b]?.push(a);
  }
  return apart;
}
