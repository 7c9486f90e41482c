import type { Fact } from '#kernel';
import type { Assignment, CaseEvent } from '../case.events.js';
import type { AssignmentState, PanelVisit, Review } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import type { DiscussionOpened, ReviewGiven } from '../review.messages.js';
import { changeEffects, evolveChange } from './panel.change.effects.js';
import { placesOf } from './panel.result.js';
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
    case 'ReviewerAdded':
    case 'ReviewerRemoved':
    case 'ReviewTransferred':
    case 'SubstituteAppointed':
    case 'SubstitutionBegan':
    case 'SubstitutionEnded':
      return evolveChange(visit, event);
    case 'ReviewSubmitted': {
      const { assignment, reviewer, principal } = event.data;
      const review = reviewIn(event.data, recordedAt);
      return changed(assignment, { status: 'submitted', reviewer, review, ...(principal === undefined ? {} : { principal }) });
    }
    case 'ReviewRevised': {
      const { assignment, reason } = event.data;
      const { review: before, earlier = [] } = visit.assignments.find(({ id }) => id === assignment) ?? {};
      const review = { ...reviewIn(event.data, recordedAt), reason };
      return changed(assignment, { review, earlier: before === undefined ? earlier : [...earlier, before] });
    }
    case 'DiscussionOpened': {
      const { discussion, reviews, remindAt, until } = event.data;
      return { ...visit, discussion: { discussion, reviews, remindAt, until, reminded: false } };
    }
    case 'DiscussionReminded':
      return visit.discussion === undefined ? visit : { ...visit, discussion: { ...visit.discussion, reminded: true } };
    case 'ReviewsDiscussed': {
      const { comment: id, assignment, text } = event.data;
      return { ...visit, comments: [...(visit.comments ?? []), { id, assignment, text, at: recordedAt }] };
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

const reviewIn = ({ scores, vetoes, comment, total }: ReviewGiven, submittedAt: string): Review => ({
  scores,
  vetoes,
  comment,
  total,
  submittedAt,
});

/** One draw fills every place that is empty by then, so it settles the draws that were owed before it. */
export const drawPart = 'draw';

const drawing: StageEffect = { name: 'assign', command: { type: 'AssignReviewers', data: {} }, of: drawPart, needs: 'loads' };

const isShort = (stage: PanelStage, visit: PanelVisit): boolean =>
  visit.assignments.filter(({ status }) => status === 'open' || status === 'submitted').length < placesOf(stage, visit);

/** A draw for every empty place, and for each assignment its three dates. */
export function panelEffects({ stage, visit }: At<PanelStage, PanelVisit>, event: CaseEvent): readonly StageEffect[] {
  const draws = stage.assignedBy === 'secretary' ? [] : [drawing];
  switch (event.type) {
    case 'StageEntered':
      if (stage.assignedBy === 'engine') return draws;
      return event.data.dueAt === undefined ? [] : [{ ...drawing, dueAt: event.data.dueAt }];
    case 'ReviewerReplaced':
      return draws;
    case 'ConflictDeclared':
      return event.data.assignment === undefined ? [] : draws;
    case 'ReviewersAssigned':
      return [
        ...(event.data.by === 'assignment' && isShort(stage, visit) ? draws : []),
        ...event.data.assignments.flatMap(datesOf),
      ];
    case 'ReviewerAdded':
    case 'ReviewTransferred':
    case 'SubstituteAppointed':
      return changeEffects(event);
    case 'ReviewerRemoved':
      return event.data.replaced ? [drawing] : [];
    case 'DiscussionOpened':
      return discussionEffects(event.data);
    case 'ActRetracted':
      // What was settled by the review is owed again.
      return visit.assignments.filter(({ id }) => id === event.data.of).flatMap(datesOf);
    default:
      return [];
  }
}

/** What a discussion has dates of. */
export const discussionPart = (discussion: number): string => `discussion.${discussion}`;

const discussionEffects = ({ discussion, remindAt, until }: DiscussionOpened): readonly StageEffect[] => {
  const [data, of] = [{ discussion }, discussionPart(discussion)];
  return [
    { name: 'remind', command: { type: 'RemindDiscussion', data }, dueAt: remindAt, of },
    { name: 'close', command: { type: 'CloseDiscussion', data }, dueAt: until, of },
  ];
};

function datesOf({ id, remindAt, escalateAt, replaceAt }: Assignment): readonly StageEffect[] {
  const data = { assignment: id };
  return [
    { name: 'remind', command: { type: 'RemindReviewer', data }, dueAt: remindAt, of: id },
    { name: 'escalate', command: { type: 'EscalateReview', data }, dueAt: escalateAt, of: id },
    { name: 'replace', command: { type: 'ReplaceReviewer', data }, dueAt: replaceAt, of: id },
  ];
}
