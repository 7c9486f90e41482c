import type { BallotVisit, Case, PanelVisit, PublicityVisit, Visit } from '../case.state.js';
import { openSitting, openVisits } from '../case.state.js';
import { partTasks } from '../case-tasks.js';
import { type Definition, type Stage, stageOf } from '../definition.js';
import { isShort } from '../stages/panel.places.js';

/** Until when something is waited for at each open visit, in their order; null where nothing has a date. ISO 8601 UTC. */
export interface Dues {
  /** As everyone is told who knows of the case. */
  readonly told: readonly (string | null)[];
  /** With what only who runs the procedure knows: when reviews, votes and rulings are due. */
  readonly kept: readonly (string | null)[];
}

/** When what a case waits for is due; a case that has ended waits for nothing. */
export function duesOf(definition: Definition, state: Case): Dues {
  const open = openVisits(state);
  if (open.length === 0) return { told: [null], kept: [null] };
  return {
    told: open.map((visit) => toldDue(visit) ?? null),
    kept: open.map((visit) => dueOf(stageOf(definition, visit.stage), visit) ?? null),
  };
}

/** The earliest of some dates that there are. */
export const earliest = (dates: readonly (string | null | undefined)[]): string | undefined =>
  dates.filter((date) => typeof date === 'string').toSorted()[0];

/** When the earliest of what a visit waits for is due. */
export const dueOf = (stage: Stage, visit: Visit): string | undefined => earliest(waitedFor(stage, visit));

function toldDue(visit: Visit): string | undefined {
  // How a panel is filled is its keeper's affair; and publicity that is held ends with a ruling.
  return visit.kind === 'panel' || (visit.kind === 'publicity' && visit.held) ? undefined : visit.dueAt;
}

function waitedFor(stage: Stage, visit: Visit): readonly (string | undefined)[] {
  switch (visit.kind) {
    case 'check':
      return [visit.corrections.find(({ ended }) => ended === undefined)?.dueAt ?? visit.dueAt];
    case 'panel':
      return stage.kind === 'panel' && isShort(stage, visit) ? [visit.dueAt, ...reviewsDue(visit)] : reviewsDue(visit);
    case 'ballot':
      return ballotDue(visit);
    case 'publicity':
      return [...(visit.held ? [] : [visit.dueAt]), ...rulingsDue(visit)];
    case 'duty':
      return [...(visit.held ? [] : [visit.dueAt]), ...partTasks(stage, visit).map(({ dueAt }) => dueAt)];
    case 'registration':
      return [visit.closed?.endsAt ?? visit.dueAt];
    default:
      return [visit.dueAt];
  }
}

/** A review is late once it is reported; a discussion is waited for once every review is in. */
function reviewsDue({ assignments, discussion }: PanelVisit): readonly (string | undefined)[] {
  const open = assignments.filter(({ status }) => status === 'open');
  return open.length === 0 ? [discussion?.until] : open.map(({ escalateAt }) => escalateAt);
}

function ballotDue(visit: BallotVisit): readonly (string | undefined)[] {
  if (visit.awaited !== undefined) return [visit.awaited.dueAt];
  const sitting = openSitting(visit);
  return [sitting?.tie?.dueAt ?? sitting?.closesAt];
}

const rulingsDue = ({ objections }: PublicityVisit): readonly string[] =>
  objections.filter(({ ruling }) => ruling === undefined).map(({ rulingDueAt }) => rulingDueAt);
