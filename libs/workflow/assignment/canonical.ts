import { canonicalJson, sha256 } from '#kernel';
import { refused } from '../refusal.js';
import type { AssignmentProblem } from './problem.js';

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)].toSorted();
const byText = <T>(all: readonly T[]): readonly T[] =>
  [...new Map(all.map((one) => [canonicalJson(one), one])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);

/** @throws DomainError `assignment.malformed` if an id is used twice or unknown, or a number is not a whole one within its bounds */
export function checked(problem: AssignmentProblem): AssignmentProblem {
  const faults = faultsOf(problem);
  if (faults.length === 0) return problem;
  throw refused(
    'assignment.malformed',
    `The assignment cannot be computed. Correct first: ${faults.slice(0, 5).join('; ')}.`,
    `无法计算分配方案。请先更正：${faults.slice(0, 5).join('；')}。`,
    { faults },
  );
}

/** The same problem in one order, without repetitions: what was listed in another order is the same input. */
export const canonical = (problem: AssignmentProblem): AssignmentProblem => ({
  cases: problem.cases.map((one) => ({ ...one, expertise: distinct(one.expertise) })).toSorted(byId),
  reviewers: problem.reviewers
    .map((one) => ({
      ...one,
      formerly: distinct(one.formerly),
      disciplines: distinct(one.disciplines),
      expertise: distinct(one.expertise),
    }))
    .toSorted(byId),
  conflicts: byText(problem.conflicts),
  neverTogether: byText(problem.neverTogether.map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)))),
  perInstitution: problem.perInstitution,
});

export const inputsOf = (problem: AssignmentProblem): string => sha256(canonicalJson(problem));

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 10_000;

function faultsOf({ cases, reviewers, conflicts, neverTogether }: AssignmentProblem): string[] {
  const knownCases = new Set(cases.map(({ id }) => id));
  const knownReviewers = new Set(reviewers.map(({ id }) => id));
  const unknown = (ids: ReadonlySet<string>, id: string) => (ids.has(id) ? [] : [`? ${id}`]);
  return [
    ...twice(cases),
    ...twice(reviewers),
    ...cases.flatMap(({ id, wanted }) => (isCount(wanted) && wanted <= 50 ? [] : [`wanted ${id}: ${wanted}`])),
    ...reviewers.flatMap(({ id, least, most, load }) =>
      [least, most, load].every(isCount) && least <= most ? [] : [`load ${id}: ${least} ≤ ${load} ≤ ${most}`],
    ),
    ...conflicts.flatMap((one) => [...unknown(knownCases, one.case), ...unknown(knownReviewers, one.reviewer)]),
    ...neverTogether.flatMap(([a, b]) => [
      ...unknown(knownReviewers, a),
      ...unknown(knownReviewers, b),
      ...(a === b ? [`${a} – ${b}`] : []),
    ]),
  ];
}

function twice(all: readonly { readonly id: string }[]): string[] {
  const seen = new Set<string>();
  return all.flatMap(({ id }) => (seen.size === seen.add(id).size ? [`2 × ${id}`] : []));
}
