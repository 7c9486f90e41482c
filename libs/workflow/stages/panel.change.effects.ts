import type { PanelChangeEvent } from '../panel.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import { drawPart } from './panel.places.js';
import type { StageEffect } from './stage.js';

/** The panel after somebody came, went, or stands in for another. */
export function evolveChange(visit: PanelVisit, event: PanelChangeEvent): PanelVisit {
  const changed = (id: string, change: (one: AssignmentState) => AssignmentState): PanelVisit => ({
    ...visit,
    assignments: visit.assignments.map((one) => (one.id === id ? change(one) : one)),
  });
  switch (event.type) {
    case 'ReviewersSought': {
      const { lacking: _lacking, ...asked } = visit;
      return asked;
    }
    case 'ReviewerAdded':
      return { ...visit, added: (visit.added ?? 0) + 1 };
    case 'ReviewerRemoved': {
      const next = changed(event.data.assignment, (one) => ({ ...one, status: 'removed' }));
      return event.data.replaced ? next : { ...next, added: (visit.added ?? 0) - 1 };
    }
    case 'ReviewTransferred':
      return changed(event.data.assignment, (one) => ({ ...one, status: 'transferred' }));
    case 'SubstituteAppointed': {
      const { assignment, substitute: person, from, until } = event.data;
      return changed(assignment, (one) => ({ ...one, substitute: { person, from, until, active: false } }));
    }
    case 'SubstitutionBegan':
      return changed(event.data.assignment, begun);
    case 'SubstitutionEnded':
      return changed(event.data.assignment, ({ substitute: _substitute, ...one }) => one);
  }
}

const begun = (one: AssignmentState): AssignmentState =>
  one.substitute === undefined ? one : { ...one, substitute: { ...one.substitute, active: true } };

/** How much somebody who is named has to do is counted before they are assigned; a substitution has its two dates. */
export function changeEffects(
  event: Extract<PanelChangeEvent, { type: 'ReviewersSought' | 'ReviewerAdded' | 'ReviewTransferred' | 'SubstituteAppointed' }>,
): readonly StageEffect[] {
  const assigning = (data: object, of: string): StageEffect => ({
    name: 'assign',
    command: { type: 'AssignReviewers', data: { ...data } },
    of,
    needs: 'loads',
  });
  switch (event.type) {
    case 'ReviewersSought': {
      const { reviewers } = event.data;
      return [assigning(reviewers === undefined ? {} : { reviewers }, drawPart)];
    }
    case 'ReviewerAdded': {
      const { reviewer } = event.data;
      return [assigning({ reviewers: [reviewer] }, `add ${reviewer}`)];
    }
    case 'ReviewTransferred': {
      const { to, reviewer: principal, assignment } = event.data;
      return [assigning({ reviewers: [to], principal }, `transfer ${assignment}`)];
    }
    case 'SubstituteAppointed':
      return substitutionOf(event.data.assignment, event.data);
  }
}

/** The two dates of a substitution. */
export function substitutionOf(
  assignment: string,
  { from, until }: { readonly from: string; readonly until: string },
): readonly StageEffect[] {
  const data = { assignment };
  return [
    { name: 'begin-substitution', command: { type: 'BeginSubstitution', data }, dueAt: from, of: assignment },
    { name: 'end-substitution', command: { type: 'EndSubstitution', data }, dueAt: until, of: assignment },
  ];
}
