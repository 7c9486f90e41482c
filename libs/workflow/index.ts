import { context } from '#kernel';
import { bulkDecider } from './bulk/bulk.decider.js';
import { bulkShapes } from './bulk/bulk.messages.js';
import { calendarDecider } from './calendar/calendar.decider.js';
import { calendarShapes } from './calendar/calendar.messages.js';
import { caseDecider } from './case.decider.js';
import { caseShapes } from './case.messages.js';
import type { ContextsKnown } from './check/contexts-known.js';
import { definitionDecider } from './definition.decider.js';
import { definitionShapes } from './definition.messages.js';
import { assignmentDecider } from './assignment/assigning.decider.js';
import { assignmentShapes } from './assignment/assigning.messages.js';
import { incidentShapes } from './incident.messages.js';
import { incidentDecider } from './incidents/incident.decider.js';
import { rankingDecider } from './ranking/ranking.decider.js';
import { rankingShapes } from './ranking/ranking.messages.js';
import { standingShapes } from './freeze/freeze.messages.js';
import { standingDecider } from './freeze/standing.decider.js';
import { meetingDecider } from './meeting/meeting.decider.js';
import { meetingShapes } from './meeting/meeting.messages.js';
import { noticesShapes } from './notice.messages.js';
import { noticesDecider } from './notices/notices.decider.js';
import { placesShapes, registrationShapes } from './registration.messages.js';
import { placesDecider } from './registration/places.decider.js';
import { registrationDecider } from './registration/registration.decider.js';
import { roundDecider } from './round.decider.js';
import { roundShapes } from './round.messages.js';

/** Workflows that the alliance has adopted: streams `definition-<alliance>.<id>`. They may rest on the contexts of the house. */
export const definitionContextFor = (contexts: () => ContextsKnown) => context(definitionDecider(contexts), definitionShapes);
/** Rounds: streams `round-<alliance>.<slug>`. Whether a workflow is lawful may rest on the contexts of the house. */
export const roundContextFor = (contexts: () => ContextsKnown) => context(roundDecider(contexts), roundShapes);
/** Applications under way: streams `case-<alliance>.<round>.<entry>`. */
export const caseContext = context(caseDecider, caseShapes);

/** Panels for whole rounds: streams `assignment-<alliance>.<round>.<stage>`. */
export const assignmentContext = context(assignmentDecider, assignmentShapes);

/** Orders of rounds: streams `ranking-<alliance>.<round>.<stage>`. */
export const rankingContext = context(rankingDecider, rankingShapes);

/** Applications that stand still with their applicant's membership: streams `standing-<alliance>.<institution>`. */
export const standingContext = context(standingDecider, standingShapes);
/** Public holidays that an alliance has announced: streams `calendar-<alliance>`. */
export const calendarContext = context(calendarDecider, calendarShapes);
/** Meetings of organs: streams `meeting-<alliance>.<slug>`. */
export const meetingContext = context(meetingDecider, meetingShapes);
/** Official documents, numbered: streams `notices-<alliance>.<year>`. */
export const noticesContext = context(noticesDecider, noticesShapes);
/** One person's registration for one event: streams `registration-<alliance>.<round>.<entry>.<person>`. */
export const registrationContext = context(registrationDecider, registrationShapes);
/** Places that were confirmed: streams `places-<alliance>.<round>.<entry>`. */
export const placesContext = context(placesDecider, placesShapes);

/** Effects that need somebody: streams `incident-<alliance>.<id of the effect's command>`. */
export const incidentContext = context(incidentDecider, incidentShapes);

/** Decisions on many cases at once: streams `bulk-<alliance>.<id>`. */
export const bulkContext = context(bulkDecider, bulkShapes);

export type * from './case.events.js';
export { type Bulk, type BulkState, type Excluded, previewHash } from './bulk/bulk.decider.js';
export { type BulkCommand, bulkActs, type BulkEvent, type CaseSeen, type Doing, mostCases } from './bulk/bulk.messages.js';
export { type BulkPreview, previewBulk } from './bulk/preview.js';
export type { CaseCommand, StageCommand } from './case.messages.js';
export {
  type AssignmentState,
  type BallotVisit,
  type Case,
  caseAddress,
  type CaseState,
  type CheckVisit,
  type ConfirmationVisit,
  type Copied,
  copiedId,
  type DutyVisit,
  type NoticeVisit,
  type RankingVisit,
  type RegistrationVisit,
  type Objection,
  openSitting,
  openVisits,
  type PanelVisit,
  type PublicityVisit,
  type Sitting,
  type Visit,
} from './case.state.js';
export { isBound } from './case.withdrawal.js';
export { china } from './calendar/china.js';
export { type Calendar, calendarStream } from './calendar/calendar.decider.js';
export type { CalendarEvent } from './calendar/calendar.messages.js';
export { addWorkingDays, isAnnounced, isWorkingDay, type WorkingDays, type YearNotice } from './calendar/working-days.js';
export {
  type Definition,
  type DefinitionHistory,
  definitionStream,
  type End,
  type Field,
  type FileSlot,
  type Pinned,
  type RankingStage,
  type Stage,
  stageOf,
} from './definition.js';
export { pinnedDefinition } from './pinned.js';
export * from './check/index.js';
export * from './draw/index.js';
export { factsOfCase, formFacts, languageOf, stageFor } from './facts.js';
export { adoptionFindings, hashOf } from './definition.decider.js';
export { faultsOf, type LoadedDefinition, loadDefinition } from './definition.loader.js';
export type { DefinitionCommand, DefinitionEvent } from './definition.messages.js';
export { definitionSchema } from './definition.schema.js';
export { definitionFaults } from './definition.schema-check.js';
export { likeness, worthALook } from './similar.js';
export { describe, explain, type Explained } from './explain.js';
export { type ChangedRule, type Decided, decidedAgain } from './stages/ballot.again.js';
export type { Effect, OwedEffect, Settlement, StageVisit } from './effect.js';
export { effectsOf, settles } from './effects.js';
export { compare, fraction, type Fraction, mean } from './fraction.js';
export { calibrate, type Calibration, type Offset, type ScoredReview } from './ranking/calibrate.js';
export { quotasOf } from './ranking/ranking.decider.js';
export type { RankingCommand, RankingEvent } from './ranking/ranking.messages.js';
export type { Quota, RankingRules, TieRule } from './ranking/ranking.stage.js';
export { standsStill } from './ranking/passing-over.js';
export { placingOf } from './ranking/placing.js';
export { waitedFor } from './ranking/rank.js';
export { openTie, type PlaceState, type Ranking, rankingStream, type RankingState } from './ranking/ranking.state.js';
export type { CasePlaced } from './ranking/stage.messages.js';
export { extensionPower } from './round.decider.js';
export type { RoundCommand, RoundEvent } from './round.messages.js';
export { deadlineFor, entryFor, type Round, roundStream, type RoundState } from './round.state.js';
export { type Criterion, type Rubric, type Score, totalOf } from './rubric.js';
export { drawingOf, outlineOf } from './explain.js';
export { type CaseMigrated, mostMigrated, PlanMigration, type RoundMigrated } from './migration.messages.js';
export { concerned, foreseen, type Foreseen } from './migration/dry-run.js';
export { mappingFindings } from './migration/mapping.check.js';
export { type MigrationAsked, resolved, type Resolved } from './migration/migrate.round.js';
export type { Obstacle } from './migration/obstacle.js';
export { type Move, type Plan, planOf } from './migration/plan.js';
export type { Fate, StageMapping, Transition } from './migration/transition.js';
export { commandsAt } from './stage-commands.js';
export type { Drawing } from './stages/stage.js';
export {
  auditPower,
  isJudge,
  isWalled,
  judgingPowers,
  mayHear,
  mayKnow,
  shownTo,
  type ShownCase,
  type Standing,
  standing,
  type Viewer,
} from './wall.js';
export type { CaseFrozen, CaseResumed, StandingEvent } from './freeze/freeze.messages.js';
export type { MeetingCommand, MeetingConvened, MeetingEvent, ProxyLodged } from './meeting/meeting.messages.js';
export { caseConcerned } from './incidents/incident.decider.js';
export { listSkips, type SkipListed, skipsView } from './incidents/skips.view.js';
export { listMeetings, type MeetingListed, meetingsView } from './meeting/meetings.view.js';
export { type Meeting, type MeetingState, meetingStream } from './meeting/meeting.state.js';
export type * from './confirmation.messages.js';
export type * from './duty.messages.js';
export type { NoticeIssued, NoticePublished, NoticesCommand, NoticesEvent } from './notice.messages.js';
export { canonicalText } from './notices/notices.decider.js';
export { listNotices, type NoticeListed, type NoticesAsked, noticesView } from './notices/notices.view.js';
export type { PlacesEvent, Registered, RegistrationEvent } from './registration.messages.js';
export { entitled, type Standing as PlaceStanding, standingsOf } from './registration/places.js';
export { organised } from './registration/organising.js';
export { countRegistrations, listRegistrations, type PlaceListed, registrationsView } from './registration/registrations.view.js';
export { placesFrom, placesFromLog } from './registration/settling.js';
export * from './assignment/index.js';
export type { AssignmentCommand, AssignmentEvent, Panel } from './assignment/assigning.messages.js';
export {
  type Assigning,
  type AssigningState,
  assignmentStream,
  lastRequest,
  problemOf,
  type Request as AssignmentRequest,
} from './assignment/assigning.state.js';
export * from './runtime/index.js';
export {
  applicationsIn,
  type CaseListed,
  type CasesAsked,
  countCases,
  countFound,
  type DefinitionListed,
  findRound,
  listCases,
  listDefinitions,
  listPublished,
  listRounds,
  listTasks,
  openCases,
  type RoundListed,
  type Sight,
  type TaskListed,
} from './case-lists.js';
export type { Place, Stretch } from './place.js';
export { type Attention, roundStatistics, type StageStatistics } from './statistics/statistics.js';
export { hearsLate } from './late-conflict.js';
export { counted as countedReviews } from './stages/panel.result.js';
export { dueOf } from './search/due.js';
export { longestSearch } from './search/parse.js';
export { provinces } from './search/provinces.js';
export { type SearchTerm, searchTerms } from './search/terms.js';
export { retractable } from './acts/retract.js';
export { hearsOthers, mayStillSpeak, reviewOf } from './stages/panel.discussion.js';
export { holderOf } from './acts/copy.js';
export { openFileCorrection } from './acts/file-correction.js';
export { handedIn } from './acts/handed.js';
export { scopeOf } from './filled.js';
export type * from './acts/acts.messages.js';
export { ownerOfPart, partTasks } from './case-tasks.js';
export { type CaseRow, caseRow, copiedKey, personKey, powerKey, publicKey, type Task } from './case-row.js';
export { calendarIn, casesView } from './cases.view.js';
export { type TimelineEntry, timelineFor } from './timeline.js';
export { procedureOf, type Subcase } from './subcases/subcase.js';
export { openAppeal } from './subcases/appeal.js';
export { openCorrection } from './stages/check.correction.js';
export { returnsOpen } from './send-back.js';
