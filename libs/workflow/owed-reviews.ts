import { type AssignmentState, type CaseState, openVisits } from './case.state.js';

/** Who may give the review of an assignment now. */
export const reviewersOf = ({ reviewer, substitute }: AssignmentState): readonly string[] =>
  substitute?.active === true ? [reviewer, substitute.person] : [reviewer];

/** Who owes reviews of a case, once for each: also while it stands still, for then they owe them later. */
export const reviewersOwing = (state: CaseState): readonly string[] =>
  openVisits(state).flatMap((visit) =>
    visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === 'open').flatMap(reviewersOf) : [],
  );
