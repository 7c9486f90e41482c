import type { Case, Visit } from './case.state.js';
import type { InVisit } from './in-visit.js';

type Visits = Pick<Case, 'visits'>;

export const isSame = (one: InVisit, other: InVisit): boolean => one.stage === other.stage && one.visit === other.visit;

/** Whether something is still to come of a visit: it is open, or waits for other branches. */
export const isUnderWay = ({ left }: Visit): boolean => left === undefined || (left.waitsAt ?? []).length > 0;

/** A visit and everything that it came of. */
export function pastOf({ visits }: Visits, of: readonly InVisit[]): ReadonlySet<Visit> {
  const find = (place: InVisit): readonly Visit[] => visits.filter((visit) => isSame(visit, place));
  const past = new Set(of.flatMap(find));
  // A set that grows while it is walked: each visit is looked at once.
  for (const visit of past) for (const before of (visit.after ?? []).flatMap(find)) past.add(before);
  return past;
}

/** What begins again when a case goes back to a visit: that visit and all that came of it, of what still counts. */
export const cameOf = (state: Visits, origin: Visit): ReadonlySet<Visit> =>
  new Set([...pastOf(state, state.visits.filter(isUnderWay))].filter((visit) => pastOf(state, [visit]).has(origin)));
