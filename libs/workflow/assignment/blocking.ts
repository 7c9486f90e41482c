import { canonicalJson } from '#kernel';
import type { Highs } from 'highs';
import { type Holds, matrixOf } from './matrix.js';
import { eligible } from './optimise.js';
import { bestPanels } from './pricing.js';
import type { AssignmentProblem, Constraint } from './problem.js';
import { type Programme, solve } from './programme.js';

const seed = 'blocking';
const nodes = 10_000;

/**
 * Constraints that cannot hold together, while without any one of them the others can. Smallest in that sense: another such
 * set may have fewer.
 *
 * @throws Error if the problem can be satisfied
 */
export function blockingSet(highs: Highs, problem: AssignmentProblem, report: (share: number) => void): readonly Constraint[] {
  const { suspects, reduced } = suspected(highs, problem);
  const possible = (constraints: readonly Constraint[]) => isPossible(highs, reduced, only(constraints));
  if (possible(suspects)) throw new Error('the constraints can hold together: there is no blocking set');
  return irreducible(suspects, possible, report);
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
  const { programme } = shortage(problem, holds, 'without the easy');
  const solved = solve(highs, { ...programme, numbers: 'real' });
  if (solved.missing > 0 || solved.status === 'none') return false;
  if (solved.split.length === 0) return true;
  const whole = solve(highs, { ...programme, numbers: { nodes } });
  return whole.status !== 'none' && whole.missing === 0;
}

/** A programme that asks only how many are missing. Cases that people without a limit can serve need not be asked. */
function shortage(problem: AssignmentProblem, holds: Holds, cases: 'all' | 'without the easy') {
  const all = matrixOf(problem, seed, holds);
  const easy = new Set(cases === 'all' || all.least.some((least) => least > 0) ? [] : easyCases(problem, holds));
  const matrix =
    easy.size === 0 ? all : matrixOf({ ...problem, cases: problem.cases.filter(({ id }) => !easy.has(id)) }, seed, holds);
  const programme: Omit<Programme, 'numbers'> = {
    matrix,
    worth: { weight: 0, loads: 'ignored', missing: 1 },
    around: { cases: new Float64Array(matrix.cases.length), reviewers: new Float64Array(matrix.reviewers.length) },
    candidates: eligible(matrix),
  };
  return { matrix, programme };
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

/** The cases and reviewers that the proof of impossibility speaks of, and every constraint between them. */
function suspected(highs: Highs, problem: AssignmentProblem) {
  const { matrix, programme } = shortage(problem, () => true, 'all');
  const { prices, missing } = solve(highs, { ...programme, numbers: 'real' });
  const named = <T>(ids: readonly T[], values: Float64Array) => new Set(ids.filter((_, at) => missing === 0 || values[at] !== 0));
  const cases = named(matrix.cases, prices.cases);
  const reviewers = named(matrix.reviewers, prices.reviewers);
  const reduced = {
    ...problem,
    cases: problem.cases.filter(({ id }) => cases.has(id)),
    conflicts: problem.conflicts.filter((conflict) => cases.has(conflict.case)),
  };
  const suspects = constraintsOf(reduced, (id) => reviewers.has(id));
  return isPossible(highs, reduced, only(suspects))
    ? { suspects: constraintsOf(problem, () => true), reduced: problem }
    : { suspects, reduced };
}

/** Every constraint of the problem, the hardest to lift last, so that those are kept who can be lifted. */
export function constraintsOf(problem: AssignmentProblem, limited: (reviewer: string) => boolean): readonly Constraint[] {
  const { cases, reviewers, conflicts, neverTogether, perInstitution } = problem;
  const institutions = new Set(reviewers.flatMap(({ institution }) => institution ?? []));
  const shared = [...institutions].filter((one) => reviewers.filter(({ institution }) => institution === one).length > 1);
  const limits = reviewers.filter(({ id }) => limited(id));
  return [
    ...limits.filter(({ least, load }) => least > load).map(({ id }): Constraint => ({ kind: 'least', reviewer: id })),
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
    ...limits.map(({ id }): Constraint => ({ kind: 'most', reviewer: id })),
    ...cases.map(({ id }): Constraint => ({ kind: 'wanted', case: id })),
  ];
}
