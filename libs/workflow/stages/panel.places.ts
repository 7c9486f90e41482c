import type { DecisionContext } from '#kernel';
import type { ReviewersAssigned } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { Definition, PanelStage } from '../definition.js';
import { refused } from '../refusal.js';
import { type At, place, type StageDecision, type StageEffect, tooEarly } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;

/** Whether somebody sits on the panel, whether they have reviewed or not. */
export const isActive = ({ status }: Pick<AssignmentState, 'status'>): boolean => status === 'open' || status === 'submitted';

/** How many the panel is meant to have now. */
export const placesOf = ({ size }: Pick<PanelStage, 'size'>, { added = 0 }: Pick<PanelVisit, 'added'>): number => size + added;

/** Whether places of the panel are empty. */
export const isShort = (stage: PanelStage, visit: PanelVisit): boolean =>
  visit.assignments.filter(isActive).length < placesOf(stage, visit);

/** When places that are empty from now on are drawn for or, where nobody is drawn of itself, are overdue: as late as a review would be. */
export const placesDueAt = (
  { definition, stage: { assignWithin, late } }: { readonly definition: Definition; readonly stage: PanelStage },
  now: number,
): string => deadline(definition, now, assignWithin ?? late.escalate);

/** One draw fills every place that is empty by then, so it settles whatever was owed for the places before. */
export const drawPart = 'draw';

export const drawing: StageEffect = {
  name: 'assign',
  command: { type: 'AssignReviewers', data: {} },
  of: drawPart,
  needs: 'loads',
};

/** Whether places that are left empty by such an assignment are drawn for at once. */
export const drawsAtOnce = ({ assignedBy }: PanelStage, by: ReviewersAssigned['by']): boolean =>
  by === 'assignment' && assignedBy !== 'secretary';

/** What is owed for places that are empty until `dueAt`. */
export function placesOwed({ stage, visit }: PanelAt, dueAt: string | undefined): readonly StageEffect[] {
  if (dueAt === undefined) return [];
  if (stage.assignedBy !== 'engine' && stage.assignWithin !== undefined && !visit.unfilled) return [{ ...drawing, dueAt }];
  return [{ name: 'overdue', command: { type: 'ReportOverdue', data: { of: latePart(visit) } }, dueAt, of: drawPart }];
}

/** The assignment that is late: the next. */
const latePart = ({ draws }: PanelVisit): string => `${drawPart}.${draws + 1}`;

/** @throws DomainError case.not-late, case.too-early */
export function placesOverdue(
  { data: { of } }: Extract<StageCommand, { type: 'ReportOverdue' }>,
  at: PanelAt,
  { now, actor }: DecisionContext,
): StageDecision {
  const { dueAt, overdue } = at.visit;
  if (overdue.includes(of)) return { events: [] };
  if (of !== latePart(at.visit) || dueAt === undefined || !isShort(at.stage, at.visit)) {
    // A place may have been taken away since.
    if (actor === 'engine') return { events: [] };
    throw refused('case.not-late', 'Nothing is late here.', '此处没有逾期事项。', { of });
  }
  tooEarly(now, dueAt);
  return { events: [{ type: 'StageOverdue', data: { ...place(at), of } }] };
}
