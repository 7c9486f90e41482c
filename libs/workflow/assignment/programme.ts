import type { BasisStatus, Highs, ModelData } from 'highs';
import { barred, type Matrix } from './matrix.js';
import { type Worth, worthOfLoad } from './worth.js';

export interface Programme {
  readonly matrix: Matrix;
  readonly worth: Worth;
  /** Who may be chosen for each case: the columns. */
  readonly candidates: readonly (readonly number[])[];
  /** Costs are told relative to these prices, so that what is good already stands near zero and the numbers stay small. */
  readonly around: Prices;
  readonly numbers: 'real' | { readonly nodes: number };
  /** Where to begin; from the start unless told. */
  readonly basis?: Basis | undefined;
}

export interface Prices {
  readonly cases: Float64Array;
  readonly reviewers: Float64Array;
}

/** Status of each column and row by its key, so that it fits a programme with more of them. */
export interface Basis {
  readonly columns: ReadonlyMap<number, BasisStatus>;
  readonly rows: ReadonlyMap<string, BasisStatus>;
}

export interface Solved {
  readonly status: 'optimal' | 'feasible' | 'none';
  /** Worth of the solution. */
  readonly value: number;
  /** No solution among these candidates is worth more. */
  readonly bound: number;
  /** By case, the reviewers; none where the solution is not whole. */
  readonly chosen: readonly (readonly number[])[];
  /** Cases whose solution is not whole. */
  readonly split: readonly number[];
  /** Reviewers who are missing, in all. */
  readonly missing: number;
  /** What a case's last place and a reviewer's last review are worth, in whole numbers. */
  readonly prices: Prices;
  readonly basis: Basis;
}

const tolerance = 1e-6;

/** Solves among the candidates given. The same input gives the same output: it is bound by nodes, never by time. */
export function solve(highs: Highs, programme: Programme): Solved {
  const { matrix, numbers } = programme;
  const built = modelOf(highs, programme);
  return highs.withModel(built.data, (model): Solved => {
    model.options.set({ output_flag: false, random_seed: 0, mip_rel_gap: 0, mip_abs_gap: 0.5 });
    if (numbers !== 'real') model.options.set('mip_max_nodes', numbers.nodes);
    if (programme.basis !== undefined) model.setBasis(placed(highs, programme.basis, built.keys));
    model.run();
    const has = model.info.get('primal_solution_status') === 2;
    const { colValue, rowDual } = model.getSolution();
    const value = model.getObjectiveValue() + built.offset;
    const { chosen, split } = read(programme, built.pairs, colValue);
    const height = matrix.cases.length;
    const width = matrix.reviewers.length;
    const lacking = colValue.subarray(built.pairs.length, built.pairs.length + height + width);
    const duals = (from: number, around: Float64Array) =>
      around.map((price, at) => Math.round(price + (rowDual[from + at] ?? 0)));
    return {
      status: model.getModelStatus() === highs.constants.modelStatus.optimal ? 'optimal' : has ? 'feasible' : 'none',
      value: split.length === 0 ? Math.round(value) : value,
      bound: Math.floor((numbers === 'real' ? value : Number(model.info.get('mip_dual_bound')) + built.offset) + tolerance),
      chosen,
      split,
      missing: Math.ceil(lacking.reduce((sum, one) => sum + one, 0) - tolerance),
      prices: { cases: duals(0, programme.around.cases), reviewers: duals(height, programme.around.reviewers) },
      basis: numbers === 'real' ? kept(model.getBasis(), built.keys) : { columns: new Map(), rows: new Map() },
    };
  });
}

function read({ candidates }: Programme, pairs: Built['pairs'], values: Float64Array): Pick<Solved, 'chosen' | 'split'> {
  const chosen = candidates.map((): number[] => []);
  const split = new Set<number>();
  for (const [column, [row, reviewer]] of pairs.entries()) {
    const share = values[column] ?? 0;
    if (share > tolerance && share < 1 - tolerance) split.add(row);
    else if (share > 0.5) chosen[row]?.push(reviewer);
  }
  for (const row of split) chosen[row]?.splice(0);
  return { chosen, split: [...split] };
}

interface Keys {
  readonly columns: readonly number[];
  readonly rows: readonly string[];
}

function kept(basis: { readonly colStatus: Int32Array; readonly rowStatus: Int32Array }, keys: Keys): Basis {
  const status = (statuses: Int32Array, at: number) => (statuses[at] ?? 0) as BasisStatus;
  return {
    columns: new Map(keys.columns.map((key, at) => [key, status(basis.colStatus, at)])),
    rows: new Map(keys.rows.map((key, at) => [key, status(basis.rowStatus, at)])),
  };
}

/** New columns start at nothing, new rows slack. */
function placed({ constants: { basisStatus } }: Highs, basis: Basis, keys: Keys) {
  return {
    colStatus: Int32Array.from(keys.columns, (key) => basis.columns.get(key) ?? basisStatus.lower),
    rowStatus: Int32Array.from(keys.rows, (key) => basis.rows.get(key) ?? basisStatus.basic),
  };
}

/** A basis found while loads did not count, for when each review is a column of its own. */
export function unfolded(highs: Highs, matrix: Matrix, { basis, chosen }: Solved): Basis {
  const { basic, lower, upper } = highs.constants.basisStatus;
  const columns = new Map(basis.columns);
  const reviews = new Int32Array(matrix.reviewers.length);
  for (const members of chosen) for (const one of members) reviews[one] = (reviews[one] ?? 0) + 1;
  for (const [reviewer, taken] of reviews.entries()) {
    const [least, most] = [matrix.least[reviewer] ?? 0, matrix.most[reviewer] ?? 0];
    const folded = basis.columns.get(loadKey(matrix, reviewer, 0));
    columns.delete(loadKey(matrix, reviewer, 0));
    for (let review = least + 1; review <= most; review += 1)
      columns.set(loadKey(matrix, reviewer, review), review <= taken ? upper : lower);
    if (folded === basic) columns.set(loadKey(matrix, reviewer, Math.max(taken, least + 1)), basic);
  }
  return { columns, rows: basis.rows };
}

const loadKey = ({ cases: { length: height }, reviewers: { length: width } }: Matrix, reviewer: number, review: number): number =>
  height * width + height + width + reviewer * (height + 1) + review;

interface Built {
  readonly data: ModelData;
  readonly pairs: readonly (readonly [number, number])[];
  /** The part of the worth that no choice changes. */
  readonly offset: number;
  readonly keys: Keys;
}

class Columns {
  readonly cost: number[] = [];
  readonly upper: number[] = [];
  readonly starts: number[] = [0];
  readonly rows: number[] = [];
  readonly values: number[] = [];
  readonly keys: number[] = [];

  add(key: number, worth: number, most: number, at: readonly number[], sign = 1): void {
    this.keys.push(key);
    this.cost.push(worth);
    this.upper.push(most);
    for (const row of at) {
      this.rows.push(row);
      this.values.push(sign);
    }
    this.starts.push(this.rows.length);
  }
}

/** Rows: cases, reviewers, rivals. Columns: pairs, who is missing by case and by reviewer, reviews above the least. */
function modelOf(highs: Highs, programme: Programme): Built {
  const { matrix, worth, candidates, around, numbers } = programme;
  const width = matrix.reviewers.length;
  const height = matrix.cases.length;
  const columns = new Columns();
  const rivals = rivalRows(programme);
  const pairs = candidates.flatMap((reviewers, row) => reviewers.map((reviewer) => [row, reviewer] as const));
  for (const [row, reviewer] of pairs) {
    const key = row * width + reviewer;
    const fit = worth.weight * (matrix.fit[key] ?? barred);
    const beside = (rivals.of.get(key) ?? []).map((rival) => height + width + rival);
    columns.add(key, fit - (around.cases[row] ?? 0) - (around.reviewers[reviewer] ?? 0), 1, [row, height + reviewer, ...beside]);
  }
  const prices = [...around.cases, ...around.reviewers];
  for (const [row, most] of [...matrix.wanted, ...matrix.least].entries())
    columns.add(height * width + row, -worth.missing - (prices[row] ?? 0), most, [row]);
  const offset =
    addLoads(columns, programme) + around.cases.reduce((sum, price, row) => sum + price * (matrix.wanted[row] ?? 0), 0);
  const rows = height + width + rivals.names.length;
  const count = columns.cost.length;
  const data: ModelData = {
    numCols: count,
    numRows: rows,
    sense: highs.constants.objectiveSense.maximize,
    colCost: columns.cost,
    colLower: new Float64Array(count),
    colUpper: columns.upper,
    rowLower: [...matrix.wanted, ...matrix.least, ...rivals.names.map(() => -Infinity)],
    rowUpper: [...matrix.places, ...matrix.least, ...rivals.names.map(() => 1)],
    matrix: {
      format: 'csc',
      numRows: rows,
      numCols: count,
      starts: columns.starts,
      indices: columns.rows,
      values: columns.values,
    },
    ...(numbers === 'real' ? {} : { integrality: columns.cost.map(() => highs.constants.variableType.integer) }),
  };
  const ends = Array.from({ length: height + width }, (_, row) => String(row));
  return { data, pairs, offset, keys: { columns: columns.keys, rows: [...ends, ...rivals.names] } };
}

/** One by one where they count, since each weighs more than the last. Returns the part of the worth that is fixed. */
function addLoads(columns: Columns, { matrix, worth, around }: Programme): number {
  let fixed = 0;
  for (let reviewer = 0; reviewer < matrix.reviewers.length; reviewer += 1) {
    const [least, most] = [matrix.least[reviewer] ?? 0, matrix.most[reviewer] ?? 0];
    const price = around.reviewers[reviewer] ?? 0;
    const row = [matrix.cases.length + reviewer];
    fixed += price * least + worthOfLoad(matrix, worth, reviewer, least);
    if (worth.loads === 'ignored') columns.add(loadKey(matrix, reviewer, 0), price, Math.max(0, most - least), row, -1);
    else
      for (let review = least + 1; review <= most; review += 1) {
        const more = worthOfLoad(matrix, worth, reviewer, review) - worthOfLoad(matrix, worth, reviewer, review - 1);
        columns.add(loadKey(matrix, reviewer, review), price + more, 1, row, -1);
      }
  }
  return fixed;
}

/** Rows of which a panel takes one at most: candidates of one institution, and two who never sit together. */
function rivalRows({ matrix, candidates }: Programme) {
  const width = matrix.reviewers.length;
  const of = new Map<number, number[]>();
  const names: string[] = [];
  const rivals = (row: number, reviewers: readonly number[], name: string): void => {
    if (reviewers.length < 2) return;
    for (const reviewer of reviewers) of.set(row * width + reviewer, [...(of.get(row * width + reviewer) ?? []), names.length]);
    names.push(`${row} ${name}`);
  };
  for (const [row, reviewers] of candidates.entries()) {
    const colleagues = new Map<number, number[]>();
    for (const one of reviewers) {
      const institution = matrix.institution[one] ?? 0;
      colleagues.set(institution, [...(colleagues.get(institution) ?? []), one]);
    }
    for (const [institution, group] of colleagues) if (!matrix.shares(row, institution)) rivals(row, group, `${institution}`);
    for (const one of reviewers)
      for (const other of matrix.apart[one] ?? [])
        if (one < other && reviewers.includes(other)) rivals(row, [one, other], `${one} ${other}`);
  }
  return { of, names };
}
