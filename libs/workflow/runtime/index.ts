export { applicationsInLog, applicationsOf } from './applications.js';
export { provisionalInLog, provisionalOf } from './provisional.js';
export type { Loads, Lookup, Tally } from './dispatcher.js';
export { assignmentsFrom, casesInLog, casesOfRound, type CasesOfRound } from './assigning.js';
export { entrantsInLog, entrantsOf } from './entrants.js';
export { migrateQueue, type QueueAddress, tryQueue } from './doorbell.bullmq.js';
export type { DueEffect } from './owed.js';
export { type Incident } from './owed-effects.js';
export { type IncidentsAsked, incidentsIn, type ShareDone, shareDone, sharesDone, workflowMigrations } from './owed.postgres.js';
export { owedView } from './owed.view.js';
export type { OwingRules } from './rules.js';
export {
  type MovingViews,
  type Pace,
  type RuntimeParts,
  type RuntimeStatus,
  startWorkflowRuntime,
  type WorkflowRuntime,
} from './runtime.js';
export { SimulatedRuntime, type SimulationParts } from './simulation.js';
export { openReviews, openReviewsInLog } from './open-reviews.js';
export { adopted, owingRules } from './owing-rules.js';
