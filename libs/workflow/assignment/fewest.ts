import type { Highs, ModelData } from 'highs';

/**
 * A blocking set with as few constraints as any other has; undefined where so many trials do not show which.
 *
 * Constraints that can hold together leave out at least one of every blocking set. So a blocking set has one of each of what such sets,
 * made as large as can be, leave out; and the fewest constraints that do are a smallest blocking set as soon as they block
 * (A. Ignatiev et al., Smallest MUS Extraction with Minimal Hitting Set Dualization, CP 2015).
 *
 * @param known - a blocking set; it is the answer where no other has fewer
 * @param trials - how often at most it may be asked what is possible: counted, so that the same input has the same answer
 */
export function fewest<T>(
  highs: Highs,
  { all, known, trials }: { readonly all: readonly T[]; readonly known: readonly T[]; readonly trials: number },
  possible: (constraints: readonly T[]) => boolean,
): readonly T[] | undefined {
  let left = trials;
  const holds = (constraints: readonly T[]): boolean => {
    left -= 1;
    return possible(constraints);
  };
  const leftOut: (readonly T[])[] = [];
  while (left > 0) {
    const chosen = oneOfEach(highs, leftOut);
    if (chosen === undefined) return undefined;
    if (chosen.length >= known.length) return known;
    if (!holds(chosen)) return chosen;
    const others = new Set(leftOut.flat());
    // Those left out before come first, so that what is left out now is something else.
    const rest = [...others, ...all.filter((one) => !others.has(one))].filter((one) => !chosen.includes(one));
    leftOut.push(beyond(chosen, rest, holds));
  }
  return undefined;
}

/** Adds halves of the rest, then quarters, down to single ones, where all can hold. @returns what cannot be added */
function beyond<T>(chosen: readonly T[], rest: readonly T[], holds: (constraints: readonly T[]) => boolean): readonly T[] {
  let [kept, out] = [chosen, rest];
  for (let size = Math.ceil(out.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < out.length;) {
      const more = [...kept, ...out.slice(from, from + size)];
      if (holds(more)) [kept, out] = [more, [...out.slice(0, from), ...out.slice(from + size)]];
      else from += size;
    }
  return out;
}

const nodes = 10_000;

/** The fewest members of which each set has one; undefined where so many nodes do not show which. */
function oneOfEach<T>(highs: Highs, sets: readonly (readonly T[])[]): readonly T[] | undefined {
  if (sets.length === 0) return [];
  const members = [...new Set(sets.flat())];
  return highs.withModel(modelOf(highs, sets, members), (model) => {
    model.options.set({ output_flag: false, random_seed: 0, mip_rel_gap: 0, mip_abs_gap: 0.5, mip_max_nodes: nodes });
    model.run();
    if (model.getModelStatus() !== highs.constants.modelStatus.optimal) return undefined;
    const { colValue } = model.getSolution();
    return members.filter((_, at) => (colValue[at] ?? 0) > 0.5);
  });
}

/** A row for each set, a column for each member. */
function modelOf<T>({ constants }: Highs, sets: readonly (readonly T[])[], members: readonly T[]): ModelData {
  const rowsOf = members.map((member) => sets.flatMap((set, row) => (set.includes(member) ? [row] : [])));
  const starts = [0];
  for (const rows of rowsOf) starts.push((starts.at(-1) ?? 0) + rows.length);
  const indices = rowsOf.flat();
  return {
    numCols: members.length,
    numRows: sets.length,
    sense: constants.objectiveSense.minimize,
    colCost: members.map(() => 1),
    colLower: members.map(() => 0),
    colUpper: members.map(() => 1),
    rowLower: sets.map(() => 1),
    rowUpper: sets.map(() => Infinity),
    matrix: {
      format: 'csc',
      numRows: sets.length,
      numCols: members.length,
      starts,
      indices,
      values: indices.map(() => 1),
    },
    integrality: members.map(() => constants.variableType.integer),
  };
}
