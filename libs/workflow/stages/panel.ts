import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { assignmentStream } from '../assignment/assigning.state.js';
import type { StageCommand } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import type { PanelDiscussion, PanelStage } from '../definition.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { rubricsOf } from '../rubric.js';
import { assign } from './panel.assign.js';
import { added, appointed, inPlaceOf, removed, transferred, turned } from './panel.changes.js';
import { carryPanel } from './panel.carry.js';
import { closed, complete, concluded, discussed, notAssigned, reminded } from './panel.discussion.js';
import { discussionPart, evolvePanel, panelEffects } from './panel.evolve.js';
import { drawPart, placesDueAt, placesOverdue } from './panel.places.js';
import { explainPanel } from './panel.result.js';
import { assignmentOf, reviewed, revised } from './panel.review.js';
import { type At, type Drawing, engineOr, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

const workingDays = { $ref: '#/$defs/workingDays' };
const fact = { type: 'string', pattern: '^(form|subject|institution)\\.[A-Za-z0-9]+$' };

/** Several reviewers score a rubric, each alone; where the definition says so, they hear each other afterwards. */
export const panel: StageKind<PanelStage, PanelVisit> = {
  kind: 'panel',
  schema: {
    required: ['manage', 'assignedBy', 'size', 'minimum', 'maxLoad', 'draws', 'blind', 'late', 'rubric'],
    properties: {
      manage: { $ref: '#/$defs/power' },
      assignedBy: { enum: ['engine', 'secretary', 'assignment'] },
      assignWithin: workingDays,
      fit: {
        type: 'object',
        additionalProperties: false,
        properties: { discipline: fact, expertise: { type: 'array', minItems: 1, maxItems: 10, uniqueItems: true, items: fact } },
      },
      size: { type: 'integer', minimum: 1, maximum: 50 },
      minimum: { type: 'integer', minimum: 1, maximum: 50 },
      maxLoad: { type: 'integer', minimum: 1, maximum: 1000 },
      onePerInstitution: { type: 'boolean' },
      draws: { type: 'integer', minimum: 1, maximum: 50 },
      blind: { enum: ['double', 'single', 'none'] },
      late: {
        type: 'object',
        additionalProperties: false,
        required: ['remind', 'escalate', 'replace'],
        properties: { remind: workingDays, escalate: workingDays, replace: workingDays },
      },
      rubric: { $ref: '#/$defs/rubric' },
      rubrics: {
        type: 'object',
        additionalProperties: false,
        required: ['by', 'of'],
        properties: {
          by: { type: 'string', pattern: '^(form|subject|institution)\\.[A-Za-z0-9]+$' },
          of: { type: 'object', minProperties: 1, maxProperties: 50, additionalProperties: { $ref: '#/$defs/rubric' } },
        },
      },
      discussion: {
        type: 'object',
        additionalProperties: false,
        required: ['from', 'as', 'workingDays', 'remind'],
        properties: {
          from: { enum: ['own-review', 'every-review'] },
          as: { enum: ['pseudonym', 'name'] },
          workingDays,
          remind: workingDays,
          spread: { type: 'integer', minimum: 1, maximum: 100 },
          afterwards: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: { enum: ['judge', 'applicant'] } },
        },
      },
    },
  },
  outcomes: ['recommended', 'not-recommended', 'vetoed'],
  commands: [
    'AssignReviewers',
    'SubmitReview',
    'ReviseReview',
    'DiscussReviews',
    'RemindDiscussion',
    'CloseDiscussion',
    'DeclareConflict',
    'ReportOverdue',
    'RemindReviewer',
    'EscalateReview',
    'ReplaceReviewer',
    'CompletePanel',
    'AddReviewer',
    'RemoveReviewer',
    'TransferReview',
    'AppointSubstitute',
    'BeginSubstitution',
    'EndSubstitution',
  ],
  powers: ({ power, manage }) => [power, manage],
  judges: ({ power }) => [power],
  judged: ({ assignments }) => assignments.map(({ reviewer }) => ({ person: reviewer, because: 'reviewed' })),
  seats: ({ type }, { power }) => (assigns(type) || followsSeats.has(type) ? [power] : []),
  reads: ({ id }, { round }, { alliance }, { type }) => (assigns(type) ? [assignmentStream(alliance, round, id)] : []),

  owner(command, stage, actor) {
    if (reviewing.has(command.type)) return { power: stage.power };
    if (command.type === 'TransferReview' || command.type === 'AppointSubstitute') {
      const { reviewer = actor } = command.data;
      // Who is barred works for the applicant: whoever may not know whose the case is would find out by naming colleagues.
      return { power: reviewer === actor && stage.blind !== 'double' ? stage.power : stage.manage };
    }
    if (command.type === 'DeclareConflict' && ofOneself(command, actor)) return { power: stage.power };
    return engineOr({ power: stage.manage }, actor);
  },

  enter: (stage, definition, now) => (stage.assignedBy === 'engine' ? {} : { dueAt: placesDueAt({ definition, stage }, now) }),
  begin: ({ stage, visit }, enteredAt) => ({
    kind: 'panel',
    stage,
    visit,
    enteredAt,
    overdue: [],
    assignments: [],
    draws: 0,
    drawn: 0,
    unfilled: false,
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'AssignReviewers':
        return assign(command, at, context);
      case 'SubmitReview':
        return reviewed(command, at, context);
      case 'ReviseReview':
        return revised(command, at, context);
      case 'DiscussReviews':
        return discussed(command, at, context);
      case 'RemindDiscussion':
        return reminded(command, at, context);
      case 'CloseDiscussion':
        return closed(command, at, context);
      case 'DeclareConflict':
        return conflicted(command, at, context);
      case 'ReportOverdue':
        return placesOverdue(command, at, context);
      case 'RemindReviewer':
        return nudged(command, at, context);
      case 'EscalateReview':
        return nudged(command, at, context);
      case 'ReplaceReviewer':
        return replaced(command, at, context);
      case 'AddReviewer':
        return added(command, at, context);
      case 'RemoveReviewer':
        return concluded(at, [removed(command, at)], context);
      case 'TransferReview':
        return transferred(command, at, context);
      case 'AppointSubstitute':
        return appointed(command, at, context);
      case 'BeginSubstitution':
      case 'EndSubstitution':
        return turned(command, at, context);
      case 'CompletePanel':
        return complete(at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve: evolvePanel,
  effects: panelEffects,

  settled(event) {
    switch (event.type) {
      case 'ReviewSubmitted':
      case 'ReviewerReplaced':
      case 'ReviewerRemoved':
      case 'ReviewTransferred':
      case 'ConflictDeclared':
        return event.data.assignment;
      case 'ReviewersAssigned':
      case 'PanelUnfilled':
        return drawPart;
      case 'DiscussionOpened':
        // Another discussion takes the place of the one before.
        return discussionPart(event.data.discussion - 1);
      default:
        return undefined;
    }
  },

  explain: explainPanel,

  draw: ({ title, power, size, late, discussion }) => ({
    shape: 'parallel-tasks',
    label: { en: `${title.en} (${size} reviewers)`, zh: `${title.zh}（${size} 位专家）` },
    owner: power,
    edge: [
      { kind: 'timer', label: { en: `reminder after ${late.remind} working days`, zh: `${late.remind} 个工作日后提醒` } },
      { kind: 'timer', label: { en: `replacement after ${late.replace} working days`, zh: `${late.replace} 个工作日后更换` } },
      ...(discussion === undefined ? [] : [talkOf(discussion)]),
    ],
  }),

  carry: carryPanel,

  outline: ({ power, manage, assignedBy, assignWithin, size, minimum, onePerInstitution, late, discussion, ...stage }) => ({
    outcomes: ['recommended', 'not-recommended', ...(rubricsOf(stage).some(({ vetoes }) => vetoes.length > 0) ? ['vetoed'] : [])],
    automatic: [],
    waits: [
      // Without a date, nothing is owed while nobody has chosen the reviewers or adopted an assignment.
      ...(assignedBy !== 'engine'
        ? [{ at: '/assignedBy', ...(assignWithin === undefined ? {} : { workingDays: assignWithin }) }]
        : []),
      { at: '/late/replace', workingDays: late.replace },
      ...(discussion === undefined ? [] : [{ at: '/discussion/workingDays', workingDays: discussion.workingDays }]),
    ],
    powers: [
      { power, at: '/power', part: 'reviews' },
      { power: manage, at: '/manage', part: 'keeps' },
    ],
    benches: [{ power, at: '/size', wanted: size, minimum, ...(onePerInstitution === undefined ? {} : { onePerInstitution }) }],
  }),
};

/** What reviewers do themselves. */
const reviewing: ReadonlySet<StageCommand['type']> = new Set(['SubmitReview', 'ReviseReview', 'DiscussReviews']);

/** What depends on whether a reviewer still sits in the pool. */
const followsSeats: ReadonlySet<StageCommand['type']> = new Set(['RemindReviewer', 'EscalateReview', 'ReplaceReviewer']);

/** Whether a command may give somebody a review: it reads the pool, and what ties its people to applicants. */
const assigning: ReadonlySet<StageCommand['type']> = new Set([
  'AssignReviewers',
  'AddReviewer',
  'TransferReview',
  'AppointSubstitute',
]);
const assigns = (type: StageCommand['type']): boolean => assigning.has(type);

const talkOf = ({ workingDays: days }: PanelDiscussion): Drawing['edge'][number] => ({
  kind: 'timer',
  label: { en: `discussion for ${days} working days`, zh: `讨论 ${days} 个工作日` },
});

const ofOneself = ({ data }: Act<'DeclareConflict'>, actor: string): boolean =>
  data.person === undefined || data.person === actor;

function conflicted(command: Act<'DeclareConflict'>, at: PanelAt, context: DecisionContext): StageDecision {
  const person = command.data.person ?? context.actor;
  if (at.case.conflicts.includes(person)) {
    throw refused('case.conflict-known', 'This conflict of interest is on record already.', '该回避事项已登记在案。', { person });
  }
  const assignment = assignmentOf(at, person);
  const isTheirs = assignment !== undefined || inPlaceOf(at, person) !== undefined;
  if (!isTheirs && ofOneself(command, context.actor)) throw notAssigned();
  const declared: CaseEvent = {
    type: 'ConflictDeclared',
    data: {
      ...place(at),
      person,
      ground: sealed(command.data.ground),
      ...(assignment === undefined ? {} : { assignment: assignment.id }),
      ...(assignment?.status === 'submitted' ? { excludes: 'review' as const } : {}),
      ...(assignment === undefined ? {} : dueWhenEmpty(at, context)),
    },
  };
  return { events: [declared] };
}

function openAssignment(at: PanelAt, id: string, actor: string): AssignmentState | undefined {
  const assignment = at.visit.assignments.find((one) => one.id === id);
  if (assignment?.status === 'open') return assignment;
  // A timer that was overtaken has nothing to do; a person is told.
  if (actor === 'engine') return undefined;
  throw refused('case.assignment-not-open', 'This assignment is not open any more.', '该评审任务已不在进行中。', {
    assignment: id,
  });
}

function nudged(
  { type, data }: Act<'RemindReviewer'> | Act<'EscalateReview'>,
  at: PanelAt,
  context: DecisionContext,
): StageDecision {
  const { now, actor } = context;
  const assignment = openAssignment(at, data.assignment, actor);
  const { id, reviewer, reminded, escalated, remindAt, escalateAt } = assignment ?? {};
  if (id === undefined || reviewer === undefined) return { events: [] };
  const isReminder = type === 'RemindReviewer';
  if (isReminder ? reminded : escalated) return { events: [] };
  if (actor === 'engine') tooEarly(now, (isReminder ? remindAt : escalateAt) as string);
  if (actor === 'engine' && hasLeft(at, reviewer, context)) return replacing(at, { id, reviewer }, 'left', context);
  const what = { ...place(at), assignment: id, reviewer };
  return { events: [{ type: isReminder ? 'ReviewerReminded' : 'ReviewEscalated', data: what }] };
}

function replaced({ data }: Act<'ReplaceReviewer'>, at: PanelAt, context: DecisionContext): StageDecision {
  const assignment = openAssignment(at, data.assignment, context.actor);
  if (assignment === undefined) return { events: [] };
  const because = data.because ?? 'late';
  if (because === 'late') tooEarly(context.now, assignment.replaceAt);
  else if (!hasLeft(at, assignment.reviewer, context)) throw stillSeated(assignment.id);
  return replacing(at, assignment, because, context);
}

const replacing = (
  at: PanelAt,
  { id, reviewer }: Pick<AssignmentState, 'id' | 'reviewer'>,
  because: 'late' | 'left',
  context: DecisionContext,
): StageDecision => ({
  events: [{ type: 'ReviewerReplaced', data: { ...place(at), assignment: id, reviewer, because, ...dueWhenEmpty(at, context) } }],
});

/** Nobody is drawn at once where the secretary chooses. */
const dueWhenEmpty = (at: PanelAt, { now }: DecisionContext): { readonly dueAt?: string } =>
  at.stage.assignedBy === 'secretary' ? { dueAt: placesDueAt(at, now) } : {};

const stillSeated = (assignment: string) =>
  refused(
    'case.still-seated',
    'This reviewer still sits in the pool. Hand the review over, or wait until it is late.',
    '该专家仍在专家库中，请转办其评审任务，或待逾期后更换。',
    { assignment },
  );

/** Whoever has left the pool is not reminded but drawn for. */
const hasLeft = ({ stage }: PanelAt, reviewer: string, context: DecisionContext): boolean =>
  !heldSeats(context, stage.power).some(({ person }) => person === reviewer);
