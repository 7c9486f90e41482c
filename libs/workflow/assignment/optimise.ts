import type { Highs } from 'highs';
import { barred, type Matrix } from './matrix.js';
import { bestPanels, boundOf, type Panel, type RunnersUp } from './pricing.js';
import { perfectFit, type Proven } from './problem.js';
import { type Basis, type Prices, type Programme, solve, type Solved, unfolded } from './programme.js';
import type { Worth } from './worth.js';

export interface Optimum {
  /** By case, the reviewers. */
  readonly chosen: readonly (readonly number[])[];
  readonly fit: Proven;
  readonly unevenness: Proven;
}

/** Up to so many pairs of case and reviewer, every pair is a column, and what is not whole is proven by branching. */
const small = 20_000;
/** A count of rounds and nodes, never of seconds: a busy machine gives the same answer, later. */
const limits = { fit: 8, evenness: 5, last: 40, nodes: { small: 100_000, large: 20 } };
const sampled = 5;

interface Level {
  readonly highs: Highs;
  readonly matrix: Matrix;
  readonly worth: Worth;
  readonly around: Prices;
  readonly candidates: readonly Set<number>[];
  readonly start: Float64Array;
  readonly basis?: Basis;
  readonly runnersUp: { readonly first: RunnersUp; readonly then: RunnersUp };
  readonly rounds: number;
  /** Share that is done. */
  readonly report: (share: number) => void;
}

interface Reached {
  readonly solved: Solved;
  readonly whole: Solved;
  readonly bound: number;
}

/**
 * The best fit, and among the best fits the most even loads; undefined where nothing can satisfy every constraint.
 *
 * @throws Error if neither an assignment nor its impossibility was found
 */
export function optimise(highs: Highs, matrix: Matrix, report: (share: number) => void): Optimum | undefined {
  const fit = bestFit(highs, matrix, report);
  if (fit.whole.missing > 0 || fit.whole.status === 'none') {
    if (fit.bound < 0) return undefined;
    throw new Error(`no assignment was found, and none was ruled out: ${fit.whole.missing} reviews are missing`);
  }
  const weight =
    1 +
    matrix.most.reduce((sum, most, one) => sum + squared(matrix, one, most) - squared(matrix, one, matrix.least[one] ?? 0), 0);
  const even = mostEven(highs, matrix, fit.solved, weight, (share) => report(0.5 + share / 2));
  const { chosen } = even.whole.missing === 0 && even.whole.status !== 'none' ? even.whole : fit.whole;
  return proven(matrix, chosen, { fit: fit.bound, both: even.bound, weight });
}

const squared = ({ load }: Matrix, reviewer: number, reviews: number): number => ((load[reviewer] ?? 0) + reviews) ** 2;
const isSmall = ({ fit }: Matrix): boolean => fit.length <= small;
const nothing = ({ cases, reviewers }: Matrix): Prices => ({
  cases: new Float64Array(cases.length),
  reviewers: new Float64Array(reviewers.length),
});

/** By case, who may review it. */
export const eligible = ({ cases, reviewers, fit }: Matrix): number[][] =>
  cases.map((_, row) => [...reviewers.keys()].filter((reviewer) => fit[row * reviewers.length + reviewer] !== barred));

const columns = (matrix: Matrix): Set<number>[] =>
  isSmall(matrix) ? eligible(matrix).map((all) => new Set(all)) : matrix.cases.map(() => new Set());

function bestFit(highs: Highs, matrix: Matrix, report: Level['report']): Reached {
  const total = matrix.wanted.reduce((sum, one) => sum + one, 0) + matrix.least.reduce((sum, one) => sum + one, 0);
  const level = {
    highs,
    worth: { weight: 1, loads: 'ignored', missing: perfectFit * (1 + total) },
    runnersUp: { first: { count: 5, within: Infinity }, then: { count: 2, within: Infinity } },
  } as const;
  const whole = { ...level, matrix, around: nothing(matrix), candidates: columns(matrix), rounds: limits.fit };
  if (isSmall(matrix)) return reach({ ...whole, start: whole.around.reviewers, report: (share) => report(share / 2) });
  const sample = sampleOf(matrix);
  const near = nothing(sample);
  const { solved } = reach({
    ...level,
    matrix: sample,
    around: near,
    candidates: columns(sample),
    start: near.reviewers,
    rounds: sampled - 1,
    report: (share) => report(share / 8),
  });
  return reach({ ...whole, start: solved.prices.reviewers, report: (share) => report((1 + 3 * share) / 8) });
}

/** What the places of cases and the reviews of reviewers are worth where nothing counts but that too few are found. */
export function scarcity(highs: Highs, matrix: Matrix): Prices {
  const around = nothing(matrix);
  const level = { highs, matrix, around, candidates: columns(matrix), start: around.reviewers, report: () => undefined };
  const runnersUp = { first: { count: 15, within: Infinity }, then: { count: 5, within: Infinity } };
  return reach({ ...level, worth: { weight: 0, loads: 'ignored', missing: 1 }, runnersUp, rounds: 2 * limits.fit }).solved.prices;
}

/** Begins at the best fit and its prices, with whoever is no worse at those. */
function mostEven(highs: Highs, matrix: Matrix, fit: Solved, weight: number, report: Level['report']): Reached {
  const candidates = columns(matrix);
  for (const [row, members] of fit.chosen.entries()) for (const one of members) candidates[row]?.add(one);
  const around = {
    cases: fit.prices.cases.map((price) => weight * price),
    reviewers: fit.prices.reviewers.map((price) => weight * price),
  };
  const total = matrix.wanted.reduce((sum, one) => sum + one, 0) + matrix.least.reduce((sum, one) => sum + one, 0);
  return reach({
    highs,
    matrix,
    worth: { weight, loads: 'count', missing: weight * perfectFit * (1 + total) },
    around,
    candidates,
    start: around.reviewers,
    ...(fit.split.length === 0 ? { basis: unfolded(highs, matrix, fit) } : {}),
    runnersUp: { first: { count: 40, within: 0 }, then: { count: 3, within: weight - 1 } },
    rounds: limits.evenness,
    report,
  });
}

/** Solves, prices every pair at what reviews cost there, adds whom the cases would rather have, and again until nobody is. */
function reach(level: Level): Reached {
  const { highs, matrix, worth, rounds } = level;
  let prices = level.start;
  let bound = Infinity;
  let solved: Solved | undefined;
  for (let round = 0; ; round += 1) {
    const { panels, found } = priced(level, prices, solved);
    bound = Math.min(bound, boundOf(matrix, worth, prices, panels));
    level.report(Math.min(1, round / rounds));
    if (solved !== undefined) {
      const reached = found === 0 || bound <= solved.value + 0.5;
      const impossible = worth.weight > 0 && worth.loads === 'ignored' && bound < 0;
      if (reached || impossible || round >= limits.last || (round >= rounds && solved.missing === 0)) break;
    }
    solved = solve(highs, { ...programmeOf(level), numbers: 'real', basis: solved?.basis ?? level.basis });
    prices = solved.prices.reviewers;
  }
  const whole = wholeOf(level, solved);
  level.report(1);
  return { solved, whole, bound: isSmall(matrix) ? Math.min(bound, solved.bound, whole.bound) : bound };
}

function priced({ matrix, worth, candidates, runnersUp }: Level, prices: Float64Array, solved: Solved | undefined) {
  const panels: Panel[] = [];
  let found = 0;
  for (const panel of bestPanels(matrix, worth, prices, solved === undefined ? runnersUp.first : runnersUp.then)) {
    const known = candidates[panels.length];
    panels.push({ value: panel.value, members: panel.members });
    if (known === undefined || (solved !== undefined && panel.members.every((one) => known.has(one)))) continue;
    const before = known.size;
    for (const one of [...panel.members, ...panel.next]) known.add(one);
    found += known.size - before;
  }
  return { panels, found };
}

const programmeOf = ({ matrix, worth, candidates, around }: Level): Omit<Programme, 'numbers'> => ({
  matrix,
  worth,
  candidates: candidates.map((known) => [...known]),
  around,
});

/** Only pairs that never sit together can split a reviewer. The cases concerned are solved again in whole numbers, with ever more others. */
function wholeOf(level: Level, solved: Solved): Solved {
  if (solved.split.length === 0 || (solved.missing > 0 && !isSmall(level.matrix))) return solved;
  const { highs, matrix } = level;
  const programme = programmeOf(level);
  if (isSmall(matrix)) return solve(highs, { ...programme, numbers: { nodes: limits.nodes.small } });
  const split = new Set(solved.split);
  const numbers = { nodes: limits.nodes.large };
  for (const others of [0, 100, 500]) {
    const free = (row: number) => split.has(row) || row < others;
    const candidates = programme.candidates.map((known, row) => (free(row) ? known : (solved.chosen[row] ?? [])));
    const whole = solve(highs, { ...programme, candidates, numbers });
    if (whole.status !== 'none' && whole.missing === solved.missing) return whole;
  }
  return solve(highs, { ...programme, numbers });
}

/** Every fifth case against a fifth of the loads: its prices are near enough to find most columns at once. */
function sampleOf(matrix: Matrix): Matrix {
  const width = matrix.reviewers.length;
  const rows = [...matrix.cases.keys()].filter((row) => row % sampled === 0);
  const fit = new Uint8Array(rows.length * width);
  for (const [at, row] of rows.entries()) fit.set(matrix.fit.subarray(row * width, (row + 1) * width), at * width);
  return {
    ...matrix,
    cases: rows.map((row) => matrix.cases[row] ?? ''),
    fit,
    wanted: Int32Array.from(rows, (row) => matrix.wanted[row] ?? 0),
    places: Int32Array.from(rows, (row) => matrix.places[row] ?? 0),
    least: matrix.least.map((least) => Math.floor(least / sampled)),
    most: matrix.most.map((most) => Math.ceil(most / sampled)),
    shares: (row, institution) => matrix.shares(rows[row] ?? 0, institution),
  };
}

function proven(matrix: Matrix, chosen: Optimum['chosen'], bounds: { fit: number; both: number; weight: number }): Optimum {
  const reviews = new Int32Array(matrix.reviewers.length);
  let fit = 0;
  for (const [row, members] of chosen.entries())
    for (const one of members) {
      reviews[one] = (reviews[one] ?? 0) + 1;
      fit += matrix.fit[row * matrix.reviewers.length + one] ?? 0;
    }
  const before = matrix.load.reduce((sum, load) => sum + load ** 2, 0);
  const unevenness = reviews.reduce((sum, taken, reviewer) => sum + squared(matrix, reviewer, taken), 0);
  const least = Math.max(0, Math.min(unevenness, bounds.weight * fit - bounds.both + before));
  return {
    chosen,
    fit: { value: fit, bound: Math.max(fit, bounds.fit), gap: fit >= bounds.fit ? 0 : (bounds.fit - fit) / bounds.fit },
    unevenness: { value: unevenness, bound: least, gap: unevenness === least ? 0 : (unevenness - least) / unevenness },
  };
}
