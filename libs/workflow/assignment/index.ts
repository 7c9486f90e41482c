export { assign, assignHere, type AssignOptions } from './assign.js';
export type {
  Assigned,
  AssignmentCase,
  AssignmentProblem,
  AssignmentResult,
  AssignmentReviewer,
  Constraint,
  Infeasible,
  KnownConflict,
  Proven,
} from './problem.js';
