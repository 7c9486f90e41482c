import type { Fact } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { type Case, type CaseState, openVisits } from '../case.state.js';
import { calendarOf, counting, deadline, instant, unannouncedYear, yearBefore } from '../deadline.js';
import type { Definition } from '../definition.js';
import { instantsIn, withMoved } from '../freeze/moving.js';
import type { Calendar } from './calendar.decider.js';
import type { DeadlinesRecounted, RecountDeadlines } from './calendar.messages.js';
import { workingDaysBetween } from './working-days.js';

const given = (...instants: readonly (string | undefined)[]): readonly string[] => instants.filter((one) => one !== undefined);

/** The deadlines in an event that were counted in working days from its own instant: not what a person or a meeting has set. */
export function countedIn(event: CaseEvent): readonly string[] {
  switch (event.type) {
    case 'StageEntered':
      return event.data.kind === 'duty' ? [] : given(event.data.dueAt, event.data.remindAt);
    case 'StageOverdue':
      return given(event.data.expiresAt);
    case 'ApplicationResubmitted':
      return given(event.data.dueAt, event.data.remindAt);
    case 'CorrectionRequested':
    case 'MeetingAwaited':
    case 'VotesTied':
      return [event.data.dueAt];
    case 'ReviewersAssigned':
      return [
        ...event.data.assignments.flatMap(({ remindAt, escalateAt, replaceAt }) => [remindAt, escalateAt, replaceAt]),
        ...given(event.data.dueAt),
      ];
    case 'PanelUnfilled':
    case 'ConflictDeclared':
    case 'ReviewerReplaced':
      return given(event.data.dueAt);
    case 'DiscussionOpened':
      return [event.data.remindAt, event.data.until];
    case 'BallotOpened':
      return event.data.meeting === undefined ? given(event.data.closesAt, event.data.remindAt) : [];
    case 'ObjectionRaised':
    case 'RemedyReported':
      return [event.data.rulingDueAt];
    case 'PartiesAsked':
      return [event.data.remindAt];
    case 'WarningGiven':
      return [event.data.remedyDueAt];
    case 'RegistrationClosed':
      return [event.data.endsAt];
    case 'CaseEnded':
      return given(event.data.appeal?.until);
    case 'CaseResumed':
    case 'DeadlinesRecounted':
      return event.data.deadlines.map(({ is }) => is);
    default:
      return [];
  }
}

/** The event, which says so where it gives a deadline in a year whose holidays are not announced. */
export function marked<E extends CaseEvent>(definition: Definition, event: E): E {
  const year = countedIn(event)
    .map((is) => unannouncedYear(definition, is))
    .find((one) => one !== undefined);
  return year === undefined ? event : { ...event, data: { ...event.data, unannounced: year } };
}

/** The case after an event that has said so. */
export function withProvisional(state: CaseState, event: CaseEvent, { recordedAt: since }: Pick<Fact, 'recordedAt'>): CaseState {
  if (state.status === 'none' || event.type === 'DeadlinesRecounted' || !('unannounced' in event.data)) return state;
  const added = [...new Set(countedIn(event))].map((is) => ({ since, is }));
  return { ...state, provisional: [...(state.provisional ?? []), ...added] };
}

/**
 * Deadlines of a case that were counted over a year without its holidays, counted again with them. What has passed stays passed, and
 * what was given is not taken back: a make-up day brings no deadline forward.
 */
export function recounted(
  { year }: RecountDeadlines,
  state: Case,
  definition: Definition,
  { calendar, now }: { readonly calendar: Calendar; readonly now: number },
): readonly CaseEvent[] {
  const after = counting(definition, calendar.years);
  const waiting = new Set([...openVisits(state), state.end?.appeal].flatMap(instantsIn));
  const from = Date.parse(state.frozen?.at ?? instant(now));
  const moved = new Map<string, string>();
  for (const { since, is: was } of state.provisional ?? []) {
    if (Date.parse(was) <= from || !waiting.has(was) || yearBefore(definition, was) < year) continue;
    const is = later(again(after, year, since, was), moved.get(was) ?? was);
    moved.set(was, is);
  }
  if (moved.size === 0) return [];
  const deadlines = [...moved.keys()].toSorted().map((was) => ({ was, is: moved.get(was) as string }));
  return [marked(after, { type: 'DeadlinesRecounted', data: { year, calendar: calendar.version, deadlines } })];
}

const later = (one: string, other: string): string => (one > other ? one : other);

/** As many working days as it had without the holidays of that year. */
function again(definition: Definition, year: number, since: string, was: string): string {
  const { [year]: _announced, ...others } = calendarOf(definition).years;
  const from = Date.parse(since);
  const days = workingDaysBetween({ years: others }, from, Date.parse(was), definition.round.utcOffsetMinutes);
  return days === 0 ? was : deadline(definition, from, days);
}

/** The case with its deadlines as they were counted again. What falls into another year without holidays waits for those. */
export function afterRecount(state: Case, { deadlines, unannounced }: DeadlinesRecounted): Case {
  const moved = new Map(deadlines.map(({ was, is }) => [was, is]));
  const { provisional = [], end } = state;
  const open = provisional.flatMap(({ since, is: was }) => {
    const is = moved.get(was);
    if (is === undefined) return [{ since, is: was }];
    return unannounced === undefined ? [] : [{ since, is }];
  });
  return {
    ...state,
    provisional: open,
    visits: state.visits.map((visit) => (visit.left === undefined ? withMoved(visit, moved) : visit)),
    ...(end?.appeal === undefined ? {} : { end: withMoved(end, moved) }),
  };
}
