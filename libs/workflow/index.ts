import { context, contextModule } from '#kernel';
import { caseDecider } from './case.decider.js';
import { caseShapes } from './case.messages.js';
import { definitionDecider } from './definition.decider.js';
import { definitionShapes } from './definition.messages.js';
import { roundDecider } from './round.decider.js';
import { roundShapes } from './round.messages.js';

/** Workflows that the alliance has adopted: streams `definition-<alliance>.<id>`. */
export const definitionContext = context(definitionDecider, definitionShapes);
/** Rounds: streams `round-<alliance>.<slug>`. */
export const roundContext = context(roundDecider, roundShapes);
/** Applications under way: streams `case-<alliance>.<round>.<subject>`. */
export const caseContext = context(caseDecider, caseShapes);

export const definitionModule = contextModule(definitionContext);
export const roundModule = contextModule(roundContext);
export const caseModule = contextModule(caseContext);

export type * from './case.events.js';
export type { CaseCommand, StageCommand } from './case.messages.js';
export {
  type AssignmentState,
  type BallotVisit,
  type Case,
  caseAddress,
  type CaseState,
  type CheckVisit,
  type Objection,
  openVisits,
  type PanelVisit,
  type PublicityVisit,
  type Sitting,
  type Visit,
} from './case.state.js';
export { china } from './calendar/china.js';
export { addWorkingDays, isAnnounced, isWorkingDay, type WorkingDays } from './calendar/working-days.js';
export {
  type Definition,
  type DefinitionHistory,
  definitionStream,
  type End,
  type Field,
  type FileSlot,
  type Pinned,
  pinnedDefinition,
  type Stage,
  stageOf,
} from './definition.js';
export * from './check/index.js';
export { hashOf } from './definition.decider.js';
export { faultsOf, type LoadedDefinition, loadDefinition } from './definition.loader.js';
export type { DefinitionCommand, DefinitionEvent } from './definition.messages.js';
export { definitionSchema } from './definition.schema.js';
export { describe, explain, type Explained } from './explain.js';
export type { Effect, OwedEffect, Settlement, StageVisit } from './effect.js';
export { effectsOf, settles } from './effects.js';
export { compare, fraction, type Fraction, mean } from './fraction.js';
export type { RoundCommand, RoundEvent } from './round.messages.js';
export { deadlineFor, type Round, roundStream, type RoundState } from './round.state.js';
export { type Criterion, type Rubric, type Score, totalOf } from './rubric.js';
export { drawingOf } from './explain.js';
export type { Drawing } from './stages/stage.js';
export { isWalled, mayKnow, shownTo, type ShownCase, type Standing, standing, type Viewer } from './wall.js';
export * from './runtime/index.js';
export {
  type CaseListed,
  type CasesAsked,
  countCases,
  listCases,
  listPublished,
  listRounds,
  listTasks,
  type RoundListed,
  type Sight,
  type TaskListed,
} from './case-lists.js';
export { type CaseRow, caseRow, personKey, powerKey, publicKey, type Task } from './case-row.js';
export { casesView } from './cases.view.js';
export { type TimelineEntry, timelineFor } from './timeline.js';
