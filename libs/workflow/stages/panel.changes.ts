import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import { instant } from '../deadline.js';
import { refused } from '../refusal.js';
import { inputsOf } from './panel.assign.js';
import { barredAmong } from './panel.draw.js';
import { isActive } from './panel.places.js';
import { type At, place, type StageDecision, tooEarly } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

/** One more, whom the keeper names: what keeps them from this case is said at once, how much they have is counted before they are assigned. */
export function added({ data }: Act<'AddReviewer'>, at: PanelAt, context: DecisionContext): StageDecision {
  free(at, data.reviewer, context);
  return { events: [{ type: 'ReviewerAdded', data: { ...place(at), reviewer: data.reviewer, reason: sealed(data.reason) } }] };
}

/** One less, before they have reviewed. Where the others would be too few for a result, somebody else is drawn. */
export function removed({ data }: Act<'RemoveReviewer'>, at: PanelAt): CaseEvent {
  const active = at.visit.assignments.filter(isActive);
  const assignment = active.find(({ id }) => id === data.assignment);
  if (assignment === undefined) throw notOpen(data.assignment);
  if (assignment.status === 'submitted') throw reviewStands(data.assignment);
  return {
    type: 'ReviewerRemoved',
    data: {
      ...place(at),
      assignment: assignment.id,
      reviewer: assignment.reviewer,
      reason: sealed(data.reason),
      replaced: active.length - 1 < at.stage.minimum,
    },
  };
}

export function transferred({ data }: Act<'TransferReview'>, at: PanelAt, context: DecisionContext): StageDecision {
  const assignment = openOf(at, data.reviewer ?? context.actor);
  free(at, data.to, context, assignment);
  const { id, reviewer } = assignment;
  const what = { ...place(at), assignment: id, reviewer, to: data.to, reason: sealed(data.reason) };
  return { events: [{ type: 'ReviewTransferred', data: what }] };
}

/** Somebody who may review this case themselves, for a time that is still to come or has begun. */
export function appointed({ data }: Act<'AppointSubstitute'>, at: PanelAt, context: DecisionContext): StageDecision {
  const assignment = openOf(at, data.reviewer ?? context.actor);
  const [from, until] = [Date.parse(data.from), Date.parse(data.until)];
  if (until <= Math.max(from, context.now)) throw badPeriod();
  if (assignment.substitute !== undefined && !isOut(at, assignment.substitute)) throw substituted(assignment.substitute.until);
  free(at, data.substitute, context, assignment);
  const { id, reviewer } = assignment;
  const { substitute } = data;
  const period = { from: instant(from), until: instant(until) };
  return { events: [{ type: 'SubstituteAppointed', data: { ...place(at), assignment: id, reviewer, substitute, ...period } }] };
}

/** A substitution begins and ends on its dates, or before if the keeper ends it; one that was overtaken by the review does neither. */
export function turned(
  { type, data }: Act<'BeginSubstitution'> | Act<'EndSubstitution'>,
  at: PanelAt,
  { now, actor }: DecisionContext,
): StageDecision {
  const substitute = at.visit.assignments.find(({ id, status }) => id === data.assignment && status === 'open')?.substitute;
  const begins = type === 'BeginSubstitution';
  if (substitute === undefined || (begins && substitute.active)) {
    if (actor === 'engine') return { events: [] };
    throw noSubstitution(data.assignment);
  }
  // A date of a substitution that was ended before is nothing to another that was begun since.
  if (actor === 'engine' && now < Date.parse(begins ? substitute.from : substitute.until)) return { events: [] };
  if (begins) tooEarly(now, substitute.from);
  const what = { ...place(at), assignment: data.assignment, substitute: substitute.person };
  return { events: [{ type: begins && !isOut(at, substitute) ? 'SubstitutionBegan' : 'SubstitutionEnded', data: what }] };
}

/** Whether a conflict keeps a substitute from the case, that was found after they were appointed. */
const isOut = ({ case: { conflicts } }: PanelAt, { person }: { readonly person: string }): boolean => conflicts.includes(person);

/** The open review that someone does now: their own, or in whose place they stand. */
export const inPlaceOf = ({ visit }: PanelAt, person: string): AssignmentState | undefined =>
  visit.assignments.find(
    ({ status, substitute }) => status === 'open' && substitute?.active === true && substitute.person === person,
  );

function openOf({ visit }: PanelAt, reviewer: string): AssignmentState {
  const found = visit.assignments.find((one) => one.reviewer === reviewer && one.status === 'open');
  if (found !== undefined) return found;
  throw refused('case.no-open-review', 'There is no review of this application to hand over.', '没有可转交的评审任务。', {
    reviewer,
  });
}

const without = (at: PanelAt, { id }: AssignmentState): PanelAt => ({
  ...at,
  visit: { ...at.visit, assignments: at.visit.assignments.filter((one) => one.id !== id) },
});

/** @throws DomainError case.reviewer-barred for who may not review this case, whatever they have to do otherwise */
function free(at: PanelAt, person: string, context: DecisionContext, insteadOf?: AssignmentState): void {
  const others = insteadOf === undefined ? at : without(at, insteadOf);
  const inputs = { ...inputsOf(others, {}, context), maxLoad: Number.MAX_SAFE_INTEGER };
  const barred = person === insteadOf?.reviewer ? [{ person, because: 'served' }] : barredAmong(inputs, [person]);
  if (barred.length === 0) return;
  throw refused(
    'case.reviewer-barred',
    'This person may not review this application, or has or had it already. Choose another of the pool.',
    '该专家不得评审该项目，或已承担过该项目评审，请选择专家库中的其他专家。',
    { barred },
  );
}

const notOpen = (assignment: string) =>
  refused('case.assignment-not-open', 'This assignment is not open any more.', '该评审任务已不在进行中。', { assignment });

const reviewStands = (assignment: string) =>
  refused(
    'case.review-stands',
    'A review that was submitted stands. Only a conflict of interest excludes it: put that on record, with its ground.',
    '已提交的评审意见不得剔除；确有利益关系的，请登记回避并写明理由。',
    { assignment },
  );

const badPeriod = () =>
  refused(
    'case.bad-period',
    'A substitute acts from one instant to a later one that is still to come.',
    '代理期限的结束时间须晚于开始时间，且在当前时间之后。',
  );

const noSubstitution = (assignment: string) =>
  refused(
    'case.no-substitution',
    'There is no substitution of this review that could begin or end now.',
    '该评审任务目前没有可开始或结束的代理。',
    { assignment },
  );

const substituted = (until: string) =>
  refused(
    'case.already-substituted',
    `A substitute is appointed for this review until ${until}.`,
    `该评审任务已指定代理人，至 ${until}。`,
    { until },
  );
