import type { Case, Definition, Visit } from '#workflow';
import type { CaseCommand } from '../../libs/workflow/case.messages.js';

/** A case, and the open visit of the stage that a command names: undefined where none is. */
interface Standing {
  readonly definition: Definition;
  readonly state: Case;
  readonly visit: Visit | undefined;
}

type Kind = Visit['kind'];
type Of<K extends Kind> = Extract<Visit, { kind: K }>;

/** At an open stage of that kind, and of what is there. */
const at =
  <K extends Kind>(kind: K, holds: (visit: Of<K>, about: Standing) => boolean = () => true) =>
  (about: Standing): boolean =>
    about.state.status === 'open' && about.visit?.kind === kind && holds(about.visit as Of<K>, about);

const atAny =
  (...kinds: readonly Kind[]) =>
  ({ state, visit }: Standing): boolean =>
    state.status === 'open' && visit !== undefined && (kinds.length === 0 || kinds.includes(visit.kind));

const ofOpen = ({ state }: Standing): boolean => state.status === 'open';
const never = (): boolean => false;

const awaitsCorrection = ({ corrections }: Of<'check'>): boolean => corrections.some(({ ended }) => ended === undefined);
const isTheirs = at('check', (visit) => !awaitsCorrection(visit) && visit.verdict === undefined);
const isReviewed = at('panel', ({ assignments }) => assignments.some(({ status }) => status === 'open'));
const isSubmitted = at('panel', ({ assignments }) => assignments.some(({ status }) => status === 'submitted'));
const isDiscussed = at('panel', ({ discussion }) => discussion !== undefined);
const hasReviewers = at('panel', ({ assignments }) => assignments.length > 0);
const isVoted = at('ballot', ({ sittings }) => sittings.length > 0);
const isAsked = at('confirmation', ({ asked }) => asked?.parties.some(({ answer }) => answer === undefined) === true);
const awaitsRemedy = at('duty', ({ warnings }) =>
  warnings.some(({ ended, remedy }) => ended === undefined && remedy === undefined),
);
const awaitsRuling = at('duty', ({ warnings }) =>
  warnings.some(({ ended, remedy }) => ended === undefined && remedy !== undefined),
);
const files =
  (is: 'asked' | 'granted') =>
  ({ state }: Standing): boolean =>
    state.status === 'open' &&
    state.fileCorrections.some(({ ended, granted }) => ended === undefined && (granted !== undefined) === (is === 'granted'));

/**
 * When each command may come to anything at all, whoever sends it and whatever it says. Nothing else may ever leave an event.
 *
 * Written from the rules, not from the code; every command is here, or this does not compile.
 */
export const lawful: { readonly [K in CaseCommand['type']]: (about: Standing) => boolean } = {
  SubmitApplication: never,
  WithdrawApplication: ({ state, visit }) =>
    state.status === 'open' && !(visit !== undefined && (visit.kind === 'duty' || visit.kind === 'notice')),
  MigrateCase: ofOpen,
  FreezeCase: ({ state }) => state.status === 'open' && state.frozen === undefined,
  ResumeCase: ({ state }) => state.status === 'open' && state.frozen !== undefined,
  RecountDeadlines: ({ state }) => (state.provisional ?? []).length > 0,
  RequestFileCorrection: ofOpen,
  GrantFileCorrection: files('asked'),
  DenyFileCorrection: files('asked'),
  ReplaceFiles: files('granted'),
  LapseFileCorrection: files('granted'),
  LodgeAppeal: ({ state }) => state.end?.appeal !== undefined && (state.appeals ?? []).length === 0,
  CloseAppealWindow: ({ state }) => state.end?.appeal !== undefined && (state.appeals ?? []).length === 0,
  OpenSubcase: never,
  RecordResult: ({ state }) =>
    (state.appeals ?? []).some(({ result }) => result === undefined) ||
    state.visits.some((one) => one.kind === 'publicity' && one.objections.some(({ hearing }) => hearing !== undefined)),
  CloseSubcase: ({ state }) => state.status === 'open' && state.origin !== undefined,

  PassCheck: isTheirs,
  FailCheck: isTheirs,
  ReturnForCorrection: isTheirs,
  ResubmitApplication: at('check', awaitsCorrection),
  LapseCorrection: at('check', awaitsCorrection),
  ExpireCheck: at('check', (visit) => !awaitsCorrection(visit) && visit.overdue.length > 0),
  ExtendCorrection: at('check', awaitsCorrection),
  CallSigners: at('check'),
  CountSignatures: at('check'),
  SendBack: ({ definition, state, visit }) =>
    state.status === 'open' && definition.stages.find(({ id }) => id === visit?.stage)?.return !== undefined,
  SendReminder: atAny('check', 'ballot'),
  ReportOverdue: atAny('check', 'panel', 'ballot', 'publicity', 'duty', 'ruling'),

  AssignReviewers: at('panel'),
  SubmitReview: isReviewed,
  ReviseReview: isSubmitted,
  DiscussReviews: isSubmitted,
  RemindDiscussion: isDiscussed,
  CloseDiscussion: isDiscussed,
  RemindReviewer: isReviewed,
  EscalateReview: isReviewed,
  ReplaceReviewer: isReviewed,
  CompletePanel: at('panel'),
  AddReviewer: at('panel'),
  RemoveReviewer: at('panel'),
  TransferReview: isReviewed,
  AppointSubstitute: isReviewed,
  BeginSubstitution: hasReviewers,
  EndSubstitution: hasReviewers,
  // Heard at a panel that has closed, too, until the round is ranked.
  DeclareConflict: (about) =>
    atAny('panel', 'ballot', 'ruling')(about) ||
    (about.state.status === 'open' && about.state.visits.some(({ kind, left }) => kind === 'panel' && left !== undefined)),

  OpenBallot: at('ballot'),
  CallOffBallot: at('ballot'),
  CastVote: isVoted,
  CloseBallot: isVoted,
  BreakTie: at('ballot', ({ sittings }) => sittings.at(-1)?.tie !== undefined && sittings.at(-1)?.tie?.broken === undefined),

  RaiseObjection: at('publicity'),
  RuleOnObjection: at('publicity', ({ objections }) => objections.some(({ ruling }) => ruling === undefined)),
  EndPublicity: at('publicity'),

  PlaceCase: at('ranking'),
  AskParties: at('confirmation', ({ asked }) => asked === undefined),
  ConfirmAsParty: isAsked,
  RefuseAsParty: isAsked,
  RemindParties: at('confirmation', ({ reminded }) => !reminded),
  LapseConfirmation: at('confirmation'),

  OpenInspection: at('duty'),
  PassInspection: at('duty', ({ inspections }) => inspections.some(({ result }) => result === undefined)),
  Warn: at('duty', ({ warnings }) => warnings.every(({ ended }) => ended !== undefined)),
  ReportRemedy: awaitsRemedy,
  LapseRemedy: awaitsRemedy,
  AcceptRemedy: awaitsRuling,
  RejectRemedy: awaitsRuling,
  EndDuty: at('duty'),

  OpenSession: at('registration'),
  CloseRegistration: at('registration', ({ closed }) => closed === undefined),
  EndRegistration: at('registration', ({ closed }) => closed !== undefined),
  RecordNotice: at('notice'),
  TakeWay: at('choice'),
  GiveStatement: at('statement'),
  LapseStatement: at('statement'),
  GiveRuling: at('ruling'),

  TransferTask: atAny('check', 'confirmation', 'duty', 'publicity'),
  TakeBackTask: ({ state, visit }) => state.status === 'open' && (visit?.handed ?? []).length > 0,
  RetractAct: atAny('check', 'confirmation', 'panel', 'ballot'),
  CopyCase: ofOpen,
};

/** Of a case that stands still, what the engine brings from elsewhere is taken in, and nothing else is done. */
const whileFrozen: readonly string[] = [
  'ResumeCase',
  'MigrateCase',
  'RecountDeadlines',
  'PlaceCase',
  'RecordNotice',
  'AssignReviewers',
  'CallOffBallot',
];

/** Whether a command may lawfully come to anything now. */
export const mayCome = (type: string, about: Standing): boolean =>
  (about.state.frozen === undefined || about.state.status === 'ended' || whileFrozen.includes(type)) &&
  lawful[type as CaseCommand['type']](about);
