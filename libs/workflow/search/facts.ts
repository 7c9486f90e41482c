import { type Case, openSitting, openVisits, type Visit } from '../case.state.js';
import { type Definition, type Stage, stageOf } from '../definition.js';
import { type Dues, duesOf } from './due.js';
import { isActive, isShort } from '../stages/panel.places.js';

/** What can be searched for in a case beside what every list shows of it. */
export interface SearchFacts {
  /** Every open stage, or the end. */
  readonly stages: readonly string[];
  /** The kinds of the open stages. */
  readonly stageKinds: readonly string[];
  readonly dues: Dues;
  /** Reviews that count, over all panels. */
  readonly reviews: number;
  /** Reviewers of the open panels, whether they have reviewed or not. */
  readonly reviewers: number;
  /** Whether an open panel lacks reviewers. */
  readonly unassigned: boolean;
  /** Votes of the sitting that is open. */
  readonly votes: number;
  /** Whether the last sitting had no quorum and none has been convened since. */
  readonly inquorate: boolean;
  /** Objections raised, ruled on or not. */
  readonly objections: number;
  /** Whether an objection waits to be ruled on. */
  readonly objected: boolean;
  /** How often it was returned for correction. */
  readonly returned: number;
}

const total = (visits: readonly Visit[], count: (visit: Visit) => number): number =>
  visits.reduce((sum, visit) => sum + count(visit), 0);

/** The searchable facts of a case, from its state only. */
export function searchFacts(definition: Definition, state: Case): SearchFacts {
  const open = openVisits(state);
  return {
    stages: open.length > 0 ? open.map(({ stage }) => stage) : [state.end?.id ?? 'ended'],
    stageKinds: [...new Set(open.map(({ kind }) => kind))],
    dues: duesOf(definition, state),
    reviews: total(state.visits, reviewsIn),
    reviewers: total(open, reviewersOf),
    unassigned: open.some((visit) => lacksReviewers(stageOf(definition, visit.stage), visit)),
    votes: total(open, votesIn),
    inquorate: open.some(isInquorate),
    objections: total(state.visits, (visit) => (visit.kind === 'publicity' ? visit.objections.length : 0)),
    objected: open.some((visit) => visit.kind === 'publicity' && visit.objections.some(({ ruling }) => ruling === undefined)),
    returned: total(state.visits, (visit) => (visit.kind === 'check' ? visit.corrections.length : 0)),
  };
}

const reviewsIn = (visit: Visit): number =>
  visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === 'submitted').length : 0;

const reviewersOf = (visit: Visit): number => (visit.kind === 'panel' ? visit.assignments.filter(isActive).length : 0);

/** As the task of the secretary who must find others. */
export const lacksReviewers = (stage: Stage, visit: Visit): boolean =>
  stage.kind === 'panel' && visit.kind === 'panel' && isShort(stage, visit);

function votesIn(visit: Visit): number {
  const sitting = visit.kind === 'ballot' ? openSitting(visit) : undefined;
  return sitting?.votes.length ?? 0;
}

const isInquorate = (visit: Visit): boolean => visit.kind === 'ballot' && visit.sittings.at(-1)?.inquorate !== undefined;
