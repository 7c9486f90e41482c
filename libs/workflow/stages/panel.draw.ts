import { canonicalJson, type Seat, sha256 } from '#kernel';
import type { Blocking, Exclusion } from '../case.events.js';

/** Name and version of the draw: the same inputs give the same reviewers, byte for byte, as long as this does not change. */
export const solver = 'least-load-then-seeded-hash/2';

export interface DrawInputs {
  /** The pool: one seat a person, in the order of the persons' ids. */
  readonly seats: readonly Pick<Seat, 'person' | 'institution'>[];
  readonly wanted: number;
  /** Names this draw alone: round seed, case, stage, visit, number of the draw. */
  readonly seed: string;
  readonly applicant: string;
  readonly declared: readonly string[];
  /** People who have or had an assignment here. */
  readonly served: readonly string[];
  /** Institutions of the reviewers who stay. */
  readonly taken: readonly string[];
  readonly loads: Readonly<Record<string, number>>;
  readonly maxLoad: number;
  readonly onePerInstitution: boolean;
  /** Those whom something else keeps from this case; absent where nobody is. */
  readonly related?: Readonly<Record<string, 'named' | 'formerly-there' | 'co-author' | 'supervised' | 'never-together'>>;
  /** Pairs of the pool who never sit together; absent where there are none. */
  readonly apart?: readonly (readonly [string, string])[];
}

export interface Drawn {
  /** As many as were wanted, or none. */
  readonly reviewers: readonly string[];
  readonly eligible: number;
  readonly excluded: readonly Exclusion[];
  /** A smallest set of constraints that would have to be lifted; empty where the draw succeeded. */
  readonly blocking: readonly Blocking[];
  /** SHA-256 of the canonical inputs. */
  readonly inputs: string;
}

type Constraint = Exclusion['because'];
const constraints: readonly Constraint[] = [
  'load',
  'institution-taken',
  'served',
  'declared',
  'named',
  'same-institution',
  'never-together',
  'formerly-there',
  'co-author',
  'supervised',
];

/**
 * Draws reviewers: those with the fewest open reviews first, equals in an order that the seed decides. Nobody is assigned unless all are.
 *
 * Who is kept apart from another is passed over again where a place would stay empty because of it, last drawn first, in at most
 * `attempts` attempts.
 */
export function draw(inputs: DrawInputs): Drawn {
  const { chosen, excluded } = select(inputs, []);
  const complete = chosen.length === inputs.wanted;
  return {
    reviewers: complete ? chosen : [],
    eligible: inputs.seats.length - excluded.length,
    excluded,
    blocking: complete ? [] : blockingSet(inputs),
    inputs: sha256(canonicalJson(inputs)),
  };
}

/** Why a person of the pool may not be assigned; undefined for who may. */
export function exclusionOf(inputs: DrawInputs, { person, institution }: DrawInputs['seats'][number]): Constraint | undefined {
  if (institution === inputs.applicant) return 'same-institution';
  if (inputs.declared.includes(person)) return 'declared';
  if (inputs.served.includes(person)) return 'served';
  if (inputs.onePerInstitution && institution !== undefined && inputs.taken.includes(institution)) return 'institution-taken';
  return inputs.related?.[person] ?? ((inputs.loads[person] ?? 0) >= inputs.maxLoad ? 'load' : undefined);
}

export interface Barred {
  readonly person: string;
  readonly because: Constraint | 'no-seat';
}

/** Those of some people who may not be assigned together with those before them, and why. */
export function barredAmong(inputs: DrawInputs, people: readonly string[]): readonly Barred[] {
  const together: DrawInputs['seats'][number][] = [];
  const barred: Barred[] = [];
  for (const person of people) {
    const seat = inputs.seats.find((held) => held.person === person);
    const because = seat === undefined ? 'no-seat' : (exclusionOf(inputs, seat) ?? clashOf(inputs, together, seat));
    if (because !== undefined) barred.push({ person, because });
    else if (seat !== undefined) together.push(seat);
  }
  return barred;
}

/** What keeps somebody from sitting with those who were chosen before. */
function clashOf(
  inputs: DrawInputs,
  chosen: DrawInputs['seats'],
  { person, institution }: DrawInputs['seats'][number],
): Constraint | undefined {
  const distinct = inputs.onePerInstitution && institution !== undefined;
  if (distinct && chosen.some((one) => one.institution === institution)) return 'institution-taken';
  return chosen.some((one) => isApart(inputs, one.person, person)) ? 'never-together' : undefined;
}

function select(
  inputs: DrawInputs,
  lifted: readonly Constraint[],
): { chosen: readonly string[]; excluded: readonly Exclusion[] } {
  const excluded: Exclusion[] = [];
  const candidates = inputs.seats.filter((seat) => {
    const because = exclusionOf(inputs, seat);
    if (because === undefined || lifted.includes(because)) return true;
    excluded.push({ person: seat.person, because });
    return false;
  });
  const keyed = candidates.map((seat) => ({
    ...seat,
    load: inputs.loads[seat.person] ?? 0,
    lot: lotOf(inputs.seed, seat.person),
  }));
  const ordered = keyed.toSorted((a, b) => a.load - b.load || (a.lot < b.lot ? -1 : 1));
  return { chosen: firstTogether(inputs, ordered, lifted).map(({ person }) => person), excluded };
}

const attempts = 2000;

/** The first of all, in their order, who may sit together; none where so many cannot. */
function firstTogether(inputs: DrawInputs, ordered: DrawInputs['seats'], lifted: readonly Constraint[]): DrawInputs['seats'] {
  const { wanted, apart = [] } = inputs;
  const paired = new Set(lifted.includes('never-together') ? [] : apart.flat());
  let tried = 0;
  const search = (rest: DrawInputs['seats'], before: DrawInputs['seats']): DrawInputs['seats'] | undefined => {
    const chosen = [...before];
    for (const [index, candidate] of rest.entries()) {
      if (chosen.length === wanted || tried > attempts) break;
      const clash = clashOf(inputs, chosen, candidate);
      if (clash !== undefined && !lifted.includes(clash)) continue;
      if (paired.has(candidate.person)) {
        tried += 1;
        const found = search(rest.slice(index + 1), [...chosen, candidate]);
        if (found !== undefined) return found;
        // Whoever is apart from nobody is never passed over: taking them costs no place.
      } else chosen.push(candidate);
    }
    return chosen.length === wanted ? chosen : undefined;
  };
  return search(ordered, []) ?? [];
}

const isApart = ({ apart = [] }: DrawInputs, one: string, other: string): boolean =>
  apart.some((pair) => pair.includes(one) && pair.includes(other));

const lotOf = (seed: string, person: string): string => sha256(`${seed}\n${person}`, 'hex');

/** Few constraints, so every subset of those that keep anyone out is tried, the smallest first. */
function blockingSet(inputs: DrawInputs): readonly Blocking[] {
  const grounds = new Set<Constraint>(['institution-taken', 'never-together']);
  for (const { because } of select(inputs, []).excluded) grounds.add(because);
  const present = constraints.filter((constraint) => grounds.has(constraint));
  const subsets = Array.from({ length: 2 ** present.length }, (_, bits) =>
    present.filter((_constraint, index) => (bits >> index) & 1),
  ).toSorted((a, b) => a.length - b.length);
  const smallest = subsets.find((lifted) => select(inputs, lifted).chosen.length === inputs.wanted);
  if (smallest === undefined) return [{ constraint: 'pool', count: inputs.seats.length }];
  const { excluded } = select(inputs, []);
  return smallest.map((constraint) => ({
    constraint,
    count: excluded.filter(({ because }) => because === constraint).length,
  }));
}
