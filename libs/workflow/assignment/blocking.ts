import { canonicalJson } from '#kernel';
import type { Highs } from 'highs';
import { fewest } from './fewest.js';
import { type Holds, type Matrix, matrixOf } from './matrix.js';
import { eligible, scarcity } from './optimise.js';
import { bestPanels, boundOf } from './pricing.js';
import type { AssignmentProblem, Constraint, Infeasible } from './problem.js';
import { type Prices, type Programme, solve } from './programme.js';

const seed = 'blocking';
const nodes = 10_000;

/** Up to so many pairs of suspected cases and reviewers, and so many constraints, each constraint is tried on its own. */
const most = { pairs: 150_000, constraints: 25_000 };

export interface Blocking {
  readonly blocking: readonly Constraint[];
  readonly smallest: Infeasible['smallest'];
}

/** To ask what is possible takes as long as there are pairs; about ten seconds in all. */
const pairsTried = 1_000_000;
const mostTrials = 400;

/**
 * Constraints that cannot hold together: as few of them as any that cannot, where that can be shown in time. Otherwise so few that
 * without any one of them the others can. Of a shortage across a large round, those that the proof of it names, untried one by one.
 *
 * @throws Error if the problem can be satisfied
 */
export function blockingSet(highs: Highs, problem: AssignmentProblem, report: (share: number) => void): Blocking {
  const matrix = matrixOf(problem, seed);
  const prices = scarcity(highs, matrix);
  const { suspects, near } = suspected(problem, matrix, prices);
  const reduced = suspects.some(({ kind }) => kind === 'least') ? problem : near;
  if (reduced.cases.length * problem.reviewers.length > most.pairs || suspects.length > most.constraints)
    return { blocking: proven(problem, prices.reviewers, suspects), smallest: 'not-tried' };
  const possible = (within: AssignmentProblem) => (constraints: readonly Constraint[]) =>
    isPossible(highs, within, only(constraints));
  const everyone = new Set(matrix.reviewers);
  const all = constraintsOf(problem, { most: everyone, least: everyone });
  const [within, tried] = possible(reduced)(suspects) ? [problem, all] : [reduced, suspects];
  if (within === problem && possible(problem)(all))
    throw new Error('the constraints can hold together: there is no blocking set');
  const known = irreducible(tried, possible(within), report);
  const trials = Math.min(mostTrials, Math.floor(pairsTried / (problem.cases.length * problem.reviewers.length)));
  const least = fewest(highs, { all, known, trials }, possible(problem));
  return least === undefined ? { blocking: known, smallest: 'proven' } : { blocking: least, smallest: 'fewest' };
}

/** The kinds that the bound at these prices needs to rule every assignment out, the simplest first. */
function proven(problem: AssignmentProblem, prices: Float64Array, suspects: readonly Constraint[]): readonly Constraint[] {
  const worth = { weight: 0, loads: 'ignored', missing: 1 } as const;
  const kinds: readonly Constraint['kind'][] = ['wanted', 'places', 'most', 'least', 'discipline', 'conflict', 'never-together'];
  const sets = [4, 5, 6, 7].map((count) => suspects.filter(({ kind }) => kinds.slice(0, count).includes(kind)));
  const blocks = (set: readonly Constraint[]): boolean => {
    const matrix = matrixOf(problem, seed, only(set));
    return boundOf(matrix, worth, prices, [...bestPanels(matrix, worth, prices, { count: 0, within: 0 })]) < 0;
  };
  return sets.find(blocks) ?? suspects;
}

const keyOf = (constraint: Constraint): string =>
  canonicalJson('reviewers' in constraint ? { ...constraint, reviewers: constraint.reviewers.toSorted() } : constraint);

/** Only these constraints hold. */
export function only(constraints: readonly Constraint[]): Holds {
  const keys = new Set(constraints.map(keyOf));
  return (constraint) => keys.has(keyOf(constraint));
}

/** Leaves out half of them where the rest still cannot hold, then quarters, down to single ones. */
function irreducible(
  all: readonly Constraint[],
  possible: (constraints: readonly Constraint[]) => boolean,
  report: (share: number) => void,
): readonly Constraint[] {
  let kept = all;
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length;) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (possible(rest)) from += size;
      else kept = rest;
    }
    report(1 - size / all.length);
  }
  return kept;
}

/** Whether everybody who is wanted can be found where only some constraints hold. */
export function isPossible(highs: Highs, problem: AssignmentProblem, holds: Holds): boolean {
  const programme = shortage(problem, holds);
  const solved = solve(highs, { ...programme, numbers: 'real' });
  if (solved.missing > 0 || solved.status === 'none') return false;
  if (solved.split.length === 0) return true;
  const whole = solve(highs, { ...programme, numbers: { nodes } });
  return whole.status !== 'none' && whole.missing === 0;
}

/** A programme that asks only how many are missing. Cases that people without a limit can serve need not be asked. */
function shortage(problem: AssignmentProblem, holds: Holds) {
  const all = matrixOf(problem, seed, holds);
  const easy = new Set(all.least.some((least) => least > 0) ? [] : easyCases(problem, holds));
  const matrix =
    easy.size === 0 ? all : matrixOf({ ...problem, cases: problem.cases.filter(({ id }) => !easy.has(id)) }, seed, holds);
  const programme: Omit<Programme, 'numbers'> = {
    matrix,
    worth: { weight: 0, loads: 'ignored', missing: 1 },
    around: { cases: new Float64Array(matrix.cases.length), reviewers: new Float64Array(matrix.reviewers.length) },
    candidates: eligible(matrix),
  };
  return programme;
}

function easyCases(problem: AssignmentProblem, holds: Holds): string[] {
  const free = problem.reviewers.filter(({ id }) => !holds({ kind: 'most', reviewer: id }));
  const matrix = matrixOf({ ...problem, reviewers: free }, seed, holds);
  const panels = bestPanels(matrix, { weight: 0, loads: 'ignored', missing: 1 }, new Float64Array(free.length), {
    count: 0,
    within: 0,
  });
  return [...panels].flatMap(({ members }, row) => (members.length === matrix.wanted[row] ? [matrix.cases[row] ?? ''] : []));
}

/** The constraints that the proof of impossibility speaks of, and the part of the problem that they are about. */
function suspected(problem: AssignmentProblem, matrix: Matrix, prices: Prices) {
  const priced = (ids: readonly string[], values: Float64Array, sign: number) =>
    new Set(ids.filter((_, at) => sign * (values[at] ?? 0) > 0));
  const cases = new Set([...priced(matrix.cases, prices.cases, -1), ...priced(matrix.cases, prices.cases, 1)]);
  const limited = { most: priced(matrix.reviewers, prices.reviewers, 1), least: priced(matrix.reviewers, prices.reviewers, -1) };
  const near = {
    ...problem,
    cases: problem.cases.filter(({ id }) => cases.has(id)),
    conflicts: problem.conflicts.filter((one) => cases.has(one.case)),
  };
  return { suspects: constraintsOf(near, limited), near };
}

interface Limited {
  readonly most: ReadonlySet<string>;
  readonly least: ReadonlySet<string>;
}

/** Every constraint of the problem, the hardest to lift last, so that those are kept who can be lifted. */
export function constraintsOf(problem: AssignmentProblem, limited: Limited): readonly Constraint[] {
  const { cases, reviewers, conflicts, neverTogether, perInstitution } = problem;
  const institutions = new Set(reviewers.flatMap(({ institution }) => institution ?? []));
  const shared = [...institutions].filter((one) => reviewers.filter(({ institution }) => institution === one).length > 1);
  return [
    ...reviewers
      .filter(({ id, least, load }) => limited.least.has(id) && least > load)
      .map(({ id }): Constraint => ({ kind: 'least', reviewer: id })),
    ...neverTogether.map((pair): Constraint => ({ kind: 'never-together', reviewers: pair })),
    ...(perInstitution === 'any'
      ? []
      : cases.flatMap(({ id }) =>
          shared.map((institution): Constraint => ({ kind: 'one-per-institution', case: id, institution })),
        )),
    ...cases.map(({ id }): Constraint => ({ kind: 'places', case: id })),
    ...conflicts.map((conflict): Constraint => ({ kind: 'conflict', ...conflict })),
    ...cases.flatMap((one) =>
      reviewers
        .filter(({ institution, formerly }) => institution === one.institution || formerly.includes(one.institution))
        .map(({ id }): Constraint => ({ kind: 'conflict', case: one.id, reviewer: id, because: 'same-institution' })),
    ),
    ...cases.filter(({ discipline }) => discipline !== undefined).map(({ id }): Constraint => ({ kind: 'discipline', case: id })),
    ...reviewers.filter(({ id }) => limited.most.has(id)).map(({ id }): Constraint => ({ kind: 'most', reviewer: id })),
    ...cases.map(({ id }): Constraint => ({ kind: 'wanted', case: id })),
  ];
}
