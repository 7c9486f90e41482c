import type { Fact } from '#kernel';
import type { Assignment, CaseEvent, ReviewersAssigned } from '../case.events.js';
import type { AssignmentState, PanelVisit, Review } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import type { DiscussionOpened, ReviewGiven } from '../review.messages.js';
import { changeEffects, evolveChange, substitutionOf } from './panel.change.effects.js';
import { drawing, drawsAtOnce, isShort, placesOwed } from './panel.places.js';
import type { At, StageEffect } from './stage.js';

export function evolvePanel(visit: PanelVisit, event: CaseEvent, { recordedAt }: Fact): PanelVisit {
  const changed = (id: string | undefined, change: Partial<AssignmentState>): PanelVisit => ({
    ...visit,
    assignments: visit.assignments.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case 'ReviewersAssigned':
      return assigned(visit, event.data, recordedAt);
    case 'PanelUnfilled': {
      const { wanted, eligible, blocking, dueAt } = event.data;
      return { ...until(visit, dueAt), unfilled: true, lacking: { wanted, eligible, blocking } };
    }
    case 'StageOverdue':
      return { ...visit, overdue: [...visit.overdue, event.data.of] };
    case 'ReviewersSought':
    case 'ReviewerAdded':
    case 'ReviewerRemoved':
    case 'ReviewTransferred':
    case 'SubstituteAppointed':
    case 'SubstitutionBegan':
    case 'SubstitutionEnded':
      return evolveChange(visit, event);
    case 'ReviewSubmitted': {
      const { assignment, reviewer, principal } = event.data;
      const { principal: handedBy } = visit.assignments.find(({ id }) => id === assignment) ?? {};
      const inPlaceOf = principal === undefined ? {} : { principal, ...(handedBy === undefined ? {} : { handedBy }) };
      return changed(assignment, { status: 'submitted', reviewer, review: reviewIn(event.data, recordedAt), ...inPlaceOf });
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
      return emptied(
        withoutSubstitute(changed(event.data.assignment, { status: 'conflicted' }), event.data.person),
        event.data.dueAt,
      );
    case 'ReviewerReminded':
      return changed(event.data.assignment, { reminded: true });
    case 'ReviewEscalated':
      return changed(event.data.assignment, { escalated: true });
    case 'ReviewerReplaced':
      return emptied(changed(event.data.assignment, { status: 'replaced' }), event.data.dueAt);
    default:
      return visit;
  }
}

function assigned(
  { lacking: _lacking, ...visit }: PanelVisit,
  { assignments, draw, by, dueAt }: ReviewersAssigned,
  assignedAt: string,
): PanelVisit {
  const added = assignments.map((assignment): AssignmentState => ({
    ...assignment,
    status: 'open',
    assignedAt,
    reminded: false,
    escalated: false,
  }));
  const drawn = visit.drawn + (by === 'draw' ? 1 : 0);
  return { ...until(visit, dueAt), draws: draw, drawn, unfilled: false, assignments: [...visit.assignments, ...added] };
}

/** The visit with the date by which its empty places are due, if any are. */
function until({ dueAt: _before, ...visit }: PanelVisit, dueAt: string | undefined): PanelVisit {
  return dueAt === undefined ? visit : { ...visit, dueAt };
}

/** Whoever has a conflict stands in for nobody any more. */
const withoutSubstitute = (visit: PanelVisit, person: string): PanelVisit => ({
  ...visit,
  assignments: visit.assignments.map((assignment) => {
    if (assignment.status !== 'open' || assignment.substitute?.person !== person) return assignment;
    const { substitute: _substitute, ...one } = assignment;
    return one;
  }),
});

/** One more empty place: what was due before it is due no later. */
const emptied = (visit: PanelVisit, dueAt: string | undefined): PanelVisit =>
  dueAt === undefined || visit.dueAt !== undefined ? visit : { ...visit, dueAt };

const reviewIn = ({ scores, vetoes, comment, total }: ReviewGiven, submittedAt: string): Review => ({
  scores,
  vetoes,
  comment,
  total,
  submittedAt,
});

/** A draw for every empty place, and for each assignment its three dates. */
export function panelEffects(at: At<PanelStage, PanelVisit>, event: CaseEvent): readonly StageEffect[] {
  const { stage, visit } = at;
  switch (event.type) {
    case 'StageEntered':
      return stage.assignedBy === 'engine' ? [drawing] : placesOwed(at, event.data.dueAt);
    case 'ConflictDeclared':
      if (event.data.assignment === undefined) return [];
      return stage.assignedBy === 'secretary' ? placesOwed(at, event.data.dueAt) : [drawing];
    case 'ReviewerReplaced':
      return stage.assignedBy === 'secretary' ? placesOwed(at, event.data.dueAt) : [drawing];
    case 'ReviewersAssigned':
      return [
        ...(drawsAtOnce(stage, event.data.by) && isShort(stage, visit) ? [drawing] : []),
        ...event.data.assignments.flatMap(datesOf),
        ...placesOwed(at, event.data.dueAt),
      ];
    case 'PanelUnfilled':
      return placesOwed(at, event.data.dueAt);
    case 'ReviewersSought':
    case 'ReviewerAdded':
    case 'ReviewTransferred':
    case 'SubstituteAppointed':
      return changeEffects(event);
    case 'ReviewerRemoved':
      return event.data.replaced ? [drawing] : [];
    case 'DiscussionOpened':
      return discussionEffects(event.data);
    case 'PanelReopened':
      return owedAgain(visit.assignments.filter(({ status }) => status === 'open'));
    case 'ActRetracted':
      // What was settled by the review is owed again.
      return event.data.act === 'review' ? owedAgain(visit.assignments.filter(({ id }) => id === event.data.of)) : [];
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

/** The dates of reviews that are open again, and of those who stand in for their reviewers. */
const owedAgain = (open: readonly AssignmentState[]): readonly StageEffect[] => [
  ...open.flatMap(datesOf),
  ...open.flatMap(({ id, substitute }) => (substitute === undefined ? [] : substitutionOf(id, substitute))),
];

function datesOf({ id, remindAt, escalateAt, replaceAt }: Assignment): readonly StageEffect[] {
  const data = { assignment: id };
  return [
    { name: 'remind', command: { type: 'RemindReviewer', data }, dueAt: remindAt, of: id },
    { name: 'escalate', command: { type: 'EscalateReview', data }, dueAt: escalateAt, of: id },
    { name: 'replace', command: { type: 'ReplaceReviewer', data }, dueAt: replaceAt, of: id },
  ];
}
