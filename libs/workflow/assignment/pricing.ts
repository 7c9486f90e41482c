import { barred, type Matrix } from './matrix.js';
import { type Worth, worthOfLoad } from './worth.js';

export interface Panel {
  readonly value: number;
  readonly members: readonly number[];
}

/**
 * What no assignment can be worth more than: each case takes the best panel at these prices, each reviewer the best load.
 * True of any prices; whole prices keep it exact.
 */
export function boundOf(matrix: Matrix, worth: Worth, prices: Float64Array, panels: readonly Panel[]): number {
  let bound = panels.reduce((sum, { value }) => sum + value, 0);
  for (let reviewer = 0; reviewer < matrix.reviewers.length; reviewer += 1) {
    const [least, most] = [matrix.least[reviewer] ?? 0, matrix.most[reviewer] ?? 0];
    let best = -Infinity;
    for (let reviews = 0; reviews <= most; reviews += 1) {
      const lacking = worth.missing * Math.max(0, least - reviews);
      best = Math.max(best, worthOfLoad(matrix, worth, reviewer, reviews) + (prices[reviewer] ?? 0) * reviews - lacking);
    }
    bound += best;
  }
  return bound;
}

export interface RunnersUp {
  readonly count: number;
  /** How much less than the last of the panel they may be worth. */
  readonly within: number;
}

/** The best panel of each case at these prices, and the runners-up. Loads are the prices' affair. */
export function* bestPanels(
  matrix: Matrix,
  { weight, missing }: Worth,
  prices: Float64Array,
  runnersUp: RunnersUp,
): Generator<Panel & { readonly next: readonly number[] }> {
  const width = matrix.reviewers.length;
  const scores = new Float64Array(width);
  for (let row = 0; row < matrix.cases.length; row += 1) {
    const line = matrix.fit.subarray(row * width, (row + 1) * width);
    for (let reviewer = 0; reviewer < width; reviewer += 1) {
      const fit = line[reviewer] ?? barred;
      scores[reviewer] = fit === barred ? -Infinity : weight * fit - (prices[reviewer] ?? 0);
    }
    yield bestPanel(matrix, row, scores, missing, runnersUp);
  }
}

function bestPanel(matrix: Matrix, row: number, scores: Float64Array, missing: number, runnersUp: RunnersUp) {
  const wanted = matrix.wanted[row] ?? 0;
  for (let size = wanted + runnersUp.count + 3; ; size *= 2) {
    const order = top(scores, size, (row * 7919) % scores.length);
    const panel = chosen({ matrix, row, scores, order, missing }, new Set(), 0);
    const exhausted = order.length < size;
    if (!exhausted && panel.members.length < wanted) continue;
    const last = Math.min(...panel.members.map((one) => scores[one] ?? 0)) - runnersUp.within;
    return { ...panel, next: order.slice(0, wanted + runnersUp.count).filter((one) => (scores[one] ?? 0) >= last) };
  }
}

/** The highest scores in falling order; equals in the order met from `from` on, so that cases differ in whom they meet first. */
function top(scores: Float64Array, size: number, from: number): number[] {
  const order: number[] = [];
  let threshold = -Infinity;
  for (let step = 0; step < scores.length; step += 1) {
    const reviewer = step + from < scores.length ? step + from : step + from - scores.length;
    const score = scores[reviewer] ?? -Infinity;
    if (score <= threshold) continue;
    let place = order.length;
    while (place > 0 && (scores[order[place - 1] ?? 0] ?? 0) < score) place -= 1;
    order.splice(place, 0, reviewer);
    if (order.length > size) order.pop();
    if (order.length === size) threshold = scores[order[size - 1] ?? 0] ?? 0;
  }
  return order;
}

interface Choice {
  readonly matrix: Matrix;
  readonly row: number;
  readonly scores: Float64Array;
  readonly order: readonly number[];
  readonly missing: number;
}

/** Deeper, two who never sit together are let be: the bound stays true and only grows looser. */
const deepest = 10;

/** Best first, one per institution, is best of all; where two must not meet, the better of the panels without the one or the other. */
function chosen(choice: Choice, without: ReadonlySet<number>, depth: number): Panel {
  const { matrix, row, scores, order, missing } = choice;
  const wanted = matrix.wanted[row] ?? 0;
  const members: number[] = [];
  const taken = new Set<number>();
  let value = 0;
  for (const reviewer of order) {
    const institution = matrix.institution[reviewer] ?? 0;
    if (members.length === wanted || (scores[reviewer] ?? 0) <= -missing) break;
    if (without.has(reviewer) || (taken.has(institution) && !matrix.shares(row, institution))) continue;
    taken.add(institution);
    members.push(reviewer);
    value += scores[reviewer] ?? 0;
  }
  const meeting = members.find((one) => matrix.apart[one]?.some((other) => members.includes(other)));
  if (meeting !== undefined && depth < deepest) {
    const other = matrix.apart[meeting]?.find((one) => members.includes(one)) ?? meeting;
    const [a, b] = [meeting, other].map((one) => chosen(choice, new Set([...without, one]), depth + 1)) as [Panel, Panel];
    return a.value >= b.value ? a : b;
  }
  return { value: value - missing * (wanted - members.length), members };
}
