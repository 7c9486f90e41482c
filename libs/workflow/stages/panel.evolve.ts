import type { Fact } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import type { At, StageEffect } from './stage.js';

export function evolvePanel(visit: PanelVisit, event: CaseEvent, { recordedAt }: Fact): PanelVisit {
  const changed = (id: string | undefined, change: Partial<AssignmentState>): PanelVisit => ({
    ...visit,
    assignments: visit.assignments.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case 'ReviewersAssigned': {
      const added = event.data.assignments.map((assignment): AssignmentState => ({
        ...assignment,
        status: 'open',
        assignedAt: recordedAt,
        reminded: false,
        escalated: false,
      }));
      return { ...visit, draws: event.data.draw, unfilled: false, assignments: [...visit.assignments, ...added] };
    }
    case 'PanelUnfilled':
      return { ...visit, unfilled: true };
    case 'ReviewSubmitted': {
      const { scores, vetoes, comment, total, assignment } = event.data;
      return changed(assignment, { status: 'submitted', review: { scores, vetoes, comment, total, submittedAt: recordedAt } });
    }
    case 'ConflictDeclared':
      return changed(event.data.assignment, { status: 'conflicted' });
    case 'ReviewerReminded':
      return changed(event.data.assignment, { reminded: true });
    case 'ReviewEscalated':
      return changed(event.data.assignment, { escalated: true });
    case 'ReviewerReplaced':
      return changed(event.data.assignment, { status: 'replaced' });
    default:
      return visit;
  }
}

/** One draw fills every place that is empty by then, so it settles the draws that were owed before it. */
export const drawPart = 'draw';

const draw: StageEffect = { name: 'assign', command: { type: 'AssignReviewers', data: {} }, of: drawPart, needs: 'loads' };

/** A draw for every empty place, and for each assignment its three dates. */
export function panelEffects({ stage }: At<PanelStage, PanelVisit>, event: CaseEvent): readonly StageEffect[] {
  const draws = stage.assignedBy === 'engine' ? [draw] : [];
  switch (event.type) {
    case 'StageEntered':
    case 'ReviewerReplaced':
      return draws;
    case 'ConflictDeclared':
      return event.data.assignment === undefined ? [] : draws;
    case 'ReviewersAssigned':
      return event.data.assignments.flatMap(({ id, remindAt, escalateAt, replaceAt }) => {
        const data = { assignment: id };
        return [
          { name: 'remind', command: { type: 'RemindReviewer', data }, dueAt: remindAt, of: id },
          { name: 'escalate', command: { type: 'EscalateReview', data }, dueAt: escalateAt, of: id },
          { name: 'replace', command: { type: 'ReplaceReviewer', data }, dueAt: replaceAt, of: id },
        ] satisfies readonly StageEffect[];
      });
    default:
      return [];
  }
}
