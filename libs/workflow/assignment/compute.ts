import type { Highs } from 'highs';
import { blockingSet } from './blocking.js';
import { textOf } from './blocking.text.js';
import { canonical, inputsOf } from './canonical.js';
import { matrixOf } from './matrix.js';
import { optimise } from './optimise.js';
import type { AssignmentProblem, AssignmentResult, Infeasible } from './problem.js';

/** The whole of the assignment, in this thread: what `assign` lets a worker do. Reports the share done, never falling. */
export function compute(
  highs: Highs,
  asked: AssignmentProblem,
  seed: string,
  report: (share: number) => void = () => undefined,
): AssignmentResult | Infeasible {
  const problem = canonical(asked);
  let before = 0;
  const forward = (share: number): void => report((before = Math.max(before, share)));
  const record = { seed, inputs: inputsOf(problem), solver: solverOf(highs) };
  const matrix = matrixOf(problem, seed);
  const optimum = optimise(highs, matrix, forward);
  if (optimum === undefined) {
    const blocked = blockingSet(highs, problem, (share) => forward(0.5 + share / 2));
    forward(1);
    return { outcome: 'infeasible', ...blocked, text: textOf(problem, blocked), ...record };
  }
  const named = optimum.chosen.map((members, row) => ({
    case: matrix.cases[row] ?? '',
    reviewers: members.map((one) => matrix.reviewers[one] ?? '').toSorted(),
  }));
  forward(1);
  const { fit, unevenness } = optimum;
  return { outcome: 'assigned', assignments: named.toSorted((a, b) => (a.case < b.case ? -1 : 1)), fit, unevenness, ...record };
}

/** The first number changes with the method: one problem and seed give one result as long as this text stays. */
const solverOf = ({ version }: Highs): string => `entente-assignment/2 highs/${version.string}+${version.gitHash}`;
