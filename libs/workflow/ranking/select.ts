import { compare, fraction, type Fraction } from '../fraction.js';
import type { Quota, TieRule } from './ranking.stage.js';
import { byText, millionth } from './calibrate.js';

/** A case that is to be placed. */
export interface Candidate {
  readonly subject: string;
  /** The list that it stands in; one list for all unless told. */
  readonly group?: string;
  /** The value of every fact that a quota counts by. */
  readonly facts: Readonly<Record<string, string>>;
  /** Quotas, by their place in the list, that do not count it. */
  readonly uncounted?: readonly number[];
  /** What orders: absent for a case without a complete review, which is never selected. */
  readonly score?: Fraction;
  /** Means of the further criteria, the first counts most. */
  readonly criteria: readonly Fraction[];
  /** Decides between equals: who has the lower one comes first. */
  readonly lot: string;
}

/** What quotas count by. */
export type Counted = Pick<Candidate, 'facts' | 'uncounted'>;

/** Places that one quota gives to one value of its fact. */
export interface Cell {
  /** Index of the quota. */
  readonly quota: number;
  /** Absent where the quota counts all cases together. */
  readonly value?: string;
  readonly places: number;
}

/** A cell in which somebody found no place. */
export interface FilledCell extends Cell {
  readonly taken: number;
  /** How many of them are kept for cases that have not come. */
  readonly kept?: number;
  /** The lowest score that was selected in it. */
  readonly cut?: Fraction;
  /** Its last places stay empty: equals would have had to be told apart. */
  readonly closed?: true;
}

export type Result = 'selected' | 'reserve' | 'not-selected';

export interface Placing {
  readonly subject: string;
  /** In its list, from 1; equals share one. */
  readonly place: number;
  readonly result: Result;
  /** The cell that had no place left. */
  readonly bar?: { readonly quota: number; readonly value?: string };
  /** Whether equals at the cut had to be told apart, or were all taken or all left out. */
  readonly tied?: true;
}

export interface Rules {
  readonly quotas: readonly Quota[];
  readonly ties: TieRule['rule'];
  /** The least score that may be selected, of 100. */
  readonly atLeast?: number;
  /** Length of the reserve list of every group. */
  readonly reserve: number;
  /** Whom a place is kept for in every cell that counts them. */
  readonly kept?: readonly Counted[];
}

export interface Selection {
  /** In the order of merit; where a tie is referred, only those above it. */
  readonly placings: readonly Placing[];
  readonly cells: readonly FilledCell[];
  /** Equals at the cut that an organ must put in order before anyone below is placed. */
  readonly referred?: { readonly subjects: readonly string[]; readonly places: number };
}

/** Beyond these, nobody is asked to put equals in order: lots are drawn. */
const mostReferred = 200;

/**
 * Goes down the order of merit and gives each case a place while every quota that counts it has one left.
 *
 * @param orders - ties that were referred, in the order that the organ has given
 */
export function select(candidates: readonly Candidate[], rules: Rules, orders: readonly (readonly string[])[] = []): Selection {
  return new Descent(rules, orders).down(candidates.toSorted(byMerit(rules.ties)));
}

/**
 * Which cell has no place for someone, given who holds one now; undefined where there is one for them.
 *
 * @param filled - those that were closed stay as full as they were
 */
export function barAmong(
  selected: readonly Counted[],
  quotas: readonly Quota[],
  filled: readonly FilledCell[],
): (candidate: Counted) => Cell | undefined {
  const taken = new Taken(quotas, selected);
  for (const cell of filled) if (cell.closed === true) taken.limit(cell, cell.taken);
  return (candidate) => taken.full(candidate);
}

/** Better first; equals by the further criteria where the rule says so, and at last by lot. */
export const byMerit =
  (ties: TieRule['rule']) =>
  (a: Candidate, b: Candidate): number =>
    byScore(a, b) || (ties === 'criteria' ? byCriteria(a, b) : 0) || byText(a.lot, b.lot);

function byScore(a: Candidate, b: Candidate): number {
  if (a.score === undefined || b.score === undefined) return Number(a.score === undefined) - Number(b.score === undefined);
  return compare(b.score, a.score);
}

const byCriteria = (a: Candidate, b: Candidate): number =>
  a.criteria.reduce((order, mean, index) => order || compare(b.criteria[index] ?? [0, 1], mean), 0);

/** A number of millionths as an exact fraction of points. */
export const points = (millionths: number): Fraction => fraction(millionths, millionth);

/** The cells that count a candidate. */
export const cellsOf = (quotas: readonly Quota[], { facts, uncounted = [] }: Counted): readonly Cell[] =>
  quotas.flatMap(({ by, each, places = {} }, quota): readonly Cell[] => {
    const value = by === undefined ? undefined : facts[by];
    const named = value !== undefined && Object.hasOwn(places, value) ? places[value] : each;
    return named === undefined || uncounted.includes(quota)
      ? []
      : [{ quota, ...(value === undefined ? {} : { value }), places: named }];
  });

const keyOf = ({ quota, value }: Pick<Cell, 'quota' | 'value'>): string => JSON.stringify([quota, value ?? null]);

/** How many places of each cell are taken. */
class Taken {
  private readonly counts = new Map<string, number>();
  private readonly limits = new Map<string, number>();

  constructor(
    private readonly quotas: readonly Quota[],
    by: readonly Counted[] = [],
  ) {
    for (const one of by) this.add(one);
  }

  of(cell: Cell): number {
    return this.counts.get(keyOf(cell)) ?? 0;
  }

  add(candidate: Counted): void {
    for (const cell of cellsOf(this.quotas, candidate)) this.counts.set(keyOf(cell), this.of(cell) + 1);
  }

  limit(cell: Cell, places: number): void {
    this.limits.set(keyOf(cell), places);
  }

  room(cell: Cell): number {
    return (this.limits.get(keyOf(cell)) ?? cell.places) - this.of(cell);
  }

  /** The first cell that has no place for a candidate. */
  full(candidate: Counted): Cell | undefined {
    return cellsOf(this.quotas, candidate).find((cell) => this.room(cell) <= 0);
  }
}

class Descent {
  private readonly taken: Taken;
  private readonly kept: Taken;
  private readonly placings: Placing[] = [];
  private readonly filled = new Map<string, FilledCell>();
  private readonly cuts = new Map<string, Fraction>();
  private readonly seen = new Map<string, number>();
  private readonly reserves = new Map<string, number>();

  constructor(
    private readonly rules: Rules,
    private readonly orders: readonly (readonly string[])[],
  ) {
    this.taken = new Taken(rules.quotas, rules.kept);
    this.kept = new Taken(rules.quotas, rules.kept);
  }

  down(ordered: readonly Candidate[]): Selection {
    for (const equals of this.classes(ordered)) {
      const atStake = this.place(equals);
      if (atStake !== undefined) return { placings: this.placings, cells: [...this.filled.values()], referred: atStake };
    }
    return { placings: this.placings, cells: [...this.filled.values()] };
  }

  /** Runs of equals: alone where further criteria and lots tell them apart. */
  private classes(ordered: readonly Candidate[]): readonly (readonly Candidate[])[] {
    const classes: Candidate[][] = [];
    for (const candidate of ordered) {
      const last = classes.at(-1);
      if (last?.[0] !== undefined && this.rules.ties !== 'criteria' && byScore(last[0], candidate) === 0) last.push(candidate);
      else classes.push([candidate]);
    }
    return classes;
  }

  /** @returns what must be referred before anyone of these or below can be placed */
  private place(equals: readonly Candidate[]): Selection['referred'] {
    const [first] = equals as readonly [Candidate];
    const places = this.placesOf(equals);
    if (!this.mayBeSelected(first)) {
      for (const candidate of equals) this.leaveOut(candidate, places);
      return undefined;
    }
    const open = equals.filter((candidate) => this.taken.full(candidate) === undefined);
    const scarce = this.scarceAmong(open);
    const tied = open.filter((candidate) => cellsOf(this.rules.quotas, candidate).some((cell) => scarce.has(keyOf(cell))));
    const order = this.orderOf(tied);
    if (this.rules.ties === 'organ' && tied.length > 0 && order === undefined)
      return {
        subjects: tied.map(({ subject }) => subject),
        places: Math.min(...[...scarce.values()].map((cell) => this.taken.room(cell))),
      };
    const free = open.filter((candidate) => !tied.includes(candidate));
    for (const candidate of free) this.take(candidate, places);
    this.placeTied(order ?? tied, places, scarce);
    for (const candidate of equals.filter((one) => !open.includes(one))) this.leaveOut(candidate, places);
    return undefined;
  }

  private placeTied(tied: readonly Candidate[], places: ReadonlyMap<Candidate, number>, scarce: ReadonlyMap<string, Cell>): void {
    if (this.rules.ties === 'exclude') for (const cell of scarce.values()) this.close(cell);
    for (const candidate of tied) {
      if (this.rules.ties === 'extend' || this.taken.full(candidate) === undefined) this.take(candidate, places, { tied: true });
      else this.leaveOut(candidate, places, { tied: true });
    }
  }

  /** Cells that have a place for each of these, but not for all. */
  private scarceAmong(open: readonly Candidate[]): ReadonlyMap<string, Cell> {
    const wanted = new Map<string, { cell: Cell; count: number }>();
    for (const candidate of open)
      for (const cell of cellsOf(this.rules.quotas, candidate))
        wanted.set(keyOf(cell), { cell, count: (wanted.get(keyOf(cell))?.count ?? 0) + 1 });
    return new Map(
      [...wanted].filter(([, { cell, count }]) => count > this.taken.room(cell)).map(([key, { cell }]) => [key, cell]),
    );
  }

  /** Too many equals are in the order of their lots from the beginning. */
  private orderOf(tied: readonly Candidate[]): readonly Candidate[] | undefined {
    if (tied.length > mostReferred) return tied;
    const given = this.orders.find((order) => tied.every(({ subject }) => order.includes(subject)));
    return given === undefined || tied.length === 0
      ? undefined
      : tied.toSorted((a, b) => given.indexOf(a.subject) - given.indexOf(b.subject));
  }

  private mayBeSelected({ score }: Candidate): boolean {
    return score !== undefined && (this.rules.atLeast === undefined || compare(score, [this.rules.atLeast, 1]) >= 0);
  }

  private placesOf(equals: readonly Candidate[]): ReadonlyMap<Candidate, number> {
    const places = new Map(equals.map((candidate) => [candidate, (this.seen.get(candidate.group ?? '') ?? 0) + 1]));
    for (const { group = '' } of equals) this.seen.set(group, (this.seen.get(group) ?? 0) + 1);
    return places;
  }

  private take(candidate: Candidate, places: ReadonlyMap<Candidate, number>, mark: Pick<Placing, 'tied'> = {}): void {
    this.taken.add(candidate);
    for (const cell of cellsOf(this.rules.quotas, candidate)) {
      this.cuts.set(keyOf(cell), candidate.score as Fraction);
      if (this.filled.has(keyOf(cell))) this.fill(cell);
    }
    this.put(candidate, places, { result: 'selected', ...mark });
  }

  private close(cell: Cell): void {
    this.taken.limit(cell, this.taken.of(cell));
    this.fill(cell, { closed: true });
  }

  private fill(cell: Cell, mark: Pick<FilledCell, 'closed'> = {}): void {
    const cut = this.cuts.get(keyOf(cell));
    const before = this.filled.get(keyOf(cell));
    const known = before?.closed === true ? { closed: before.closed } : {};
    this.filled.set(keyOf(cell), {
      ...cell,
      taken: this.taken.of(cell),
      ...(this.kept.of(cell) === 0 ? {} : { kept: this.kept.of(cell) }),
      ...(cut === undefined ? {} : { cut }),
      ...known,
      ...mark,
    });
  }

  private leaveOut(candidate: Candidate, places: ReadonlyMap<Candidate, number>, mark: Pick<Placing, 'tied'> = {}): void {
    const bar = this.taken.full(candidate);
    if (bar !== undefined) this.fill(bar);
    const { group = '' } = candidate;
    const waiting = this.reserves.get(group) ?? 0;
    const inReserve = bar !== undefined && this.mayBeSelected(candidate) && waiting < this.rules.reserve;
    if (inReserve) this.reserves.set(group, waiting + 1);
    this.put(candidate, places, {
      result: inReserve ? 'reserve' : 'not-selected',
      ...(bar === undefined ? {} : { bar: { quota: bar.quota, ...(bar.value === undefined ? {} : { value: bar.value }) } }),
      ...mark,
    });
  }

  private put({ subject }: Candidate, places: ReadonlyMap<Candidate, number>, rest: Omit<Placing, 'subject' | 'place'>): void {
    const place = [...places].find(([candidate]) => candidate.subject === subject)?.[1] as number;
    this.placings.push({ subject, place, ...rest });
  }
}
