import { type AskingContext, charterStream, type DecisionContext, type Decider, type Fact, notFound, type Permit } from '#kernel';
import { actPermit, actStreams, decideAct, evolveAct, isAct, isActEvent } from './acts/acts.js';
import { mustBeTheirs } from './acts/handed.js';
import { notAtStage, notThisAct, openVisitOf } from './acts/visit.js';
import { announcedIn, calendarStream } from './calendar/calendar.decider.js';
import { afterRecount, marked, recounted, withProvisional } from './calendar/recount.js';
import type { CaseEnded, CaseEvent, StageEvent } from './case.events.js';
import { type CaseCommand, isOfCase, type StageCommand } from './case.messages.js';
import { type Case, caseAddress, type CaseEnd, type CaseState, initialCase, openVisits, type Visit } from './case.state.js';
import { senderMayKnow } from './case.audience.js';
import { definitionOf, knownCase, mustBeOpen, permitOf, ruledCase, wallStreams } from './case.knowing.js';
import { submissionStreams, submit } from './case.submission.js';
import { withdrawn } from './case.withdrawal.js';
import { type Definition, definitionStream, returner, type Stage } from './definition.js';
import { scopeOf } from './filled.js';
import { afterFreeze, freeze, freezeStreams, frozenCase, meetsFreeze, resume } from './freeze/freeze.case.js';
import { declaredLate } from './late-conflict.js';
import { isSame } from './lineage.js';
import { migrateCase, migratedState } from './migration/migrate.case.js';
import { organStreamOf } from './organs.js';
import { evolvePassage } from './passage.evolve.js';
import { passOn } from './passage.js';
import { entryFor, type Round, roundStream, type RoundState } from './round.state.js';
import { sendBack } from './send-back.js';
import { stageFor } from './facts.js';
import { kindOf } from './stages/index.js';
import { after, type At } from './stages/stage.js';
import { subcaseStream } from './subcases/address.js';
import { appealNamed, lodged, windowClosed } from './subcases/appeal.js';
import { dropped, rulingOf } from './subcases/hearing.js';
import { opened, openingStreams } from './subcases/opening.js';
import { appealResult } from './subcases/result.js';
import { begunSubcase, evolveAppealed } from './subcases/subcase.evolve.js';
import type { RecordResult } from './subcases/subcase.messages.js';
import { succeeded } from './versions.js';

/** One run of a workflow: interprets the definition that its round was opened under. */
export const caseDecider: Decider<CaseCommand, CaseEvent, CaseState> = {
  category: 'case',
  parts: [3, Infinity],
  permits: {
    SubmitApplication: ({ data }, _state, asking) => ({
      power: roundsDefinition(asking).subject.powers.submit,
      scope: data.institution,
    }),
    WithdrawApplication: (_command, state, asking) => {
      const { definition, open } = knownCase(state, asking);
      return { power: definition.subject.powers.withdraw, scope: open.applicant.institution };
    },
    PassCheck: stagePermit,
    ReturnForCorrection: stagePermit,
    ExtendCorrection: stagePermit,
    FailCheck: stagePermit,
    SendBack: (command, state, asking) => {
      const { open, stage } = knownStage(command, state, asking);
      if (stage.return === undefined) throw notThisAct(stage.title);
      return permitOf(returner(stage), open);
    },
    ResubmitApplication: (_command, state, asking) => {
      const { definition, open } = knownCase(state, asking);
      return { power: definition.subject.powers.submit, scope: open.applicant.institution };
    },
    LapseCorrection: stagePermit,
    ExpireCheck: stagePermit,
    ReportOverdue: stagePermit,
    SendReminder: stagePermit,
    CallSigners: stagePermit,
    CountSignatures: stagePermit,
    AssignReviewers: stagePermit,
    SubmitReview: stagePermit,
    ReviseReview: stagePermit,
    DiscussReviews: stagePermit,
    RemindDiscussion: stagePermit,
    CloseDiscussion: stagePermit,
    DeclareConflict: stagePermit,
    RemindReviewer: stagePermit,
    EscalateReview: stagePermit,
    ReplaceReviewer: stagePermit,
    CompletePanel: stagePermit,
    AddReviewer: stagePermit,
    RemoveReviewer: stagePermit,
    TransferReview: stagePermit,
    AppointSubstitute: stagePermit,
    BeginSubstitution: stagePermit,
    EndSubstitution: stagePermit,
    OpenBallot: stagePermit,
    CallOffBallot: stagePermit,
    CastVote: stagePermit,
    CloseBallot: stagePermit,
    BreakTie: stagePermit,
    RaiseObjection: stagePermit,
    RuleOnObjection: stagePermit,
    EndPublicity: stagePermit,
    PlaceCase: stagePermit,
    AskParties: stagePermit,
    ConfirmAsParty: stagePermit,
    RefuseAsParty: stagePermit,
    RemindParties: stagePermit,
    LapseConfirmation: stagePermit,
    OpenInspection: stagePermit,
    PassInspection: stagePermit,
    Warn: stagePermit,
    ReportRemedy: stagePermit,
    AcceptRemedy: stagePermit,
    RejectRemedy: stagePermit,
    LapseRemedy: stagePermit,
    EndDuty: stagePermit,
    OpenSession: stagePermit,
    CloseRegistration: stagePermit,
    EndRegistration: stagePermit,
    RecordNotice: stagePermit,
    MigrateCase: enginePermit,
    FreezeCase: enginePermit,
    ResumeCase: enginePermit,
    RecountDeadlines: enginePermit,
    TakeWay: stagePermit,
    TransferTask: actPermit,
    TakeBackTask: actPermit,
    RetractAct: actPermit,
    CopyCase: actPermit,
    RequestFileCorrection: actPermit,
    GrantFileCorrection: actPermit,
    DenyFileCorrection: actPermit,
    ReplaceFiles: actPermit,
    LapseFileCorrection: actPermit,
    GiveStatement: stagePermit,
    LapseStatement: stagePermit,
    GiveRuling: stagePermit,
    LodgeAppeal: ({ data }, state, asking) => {
      const { definition, open } = knownCase(state, asking);
      return { power: appealNamed(definition, data.appeal).power, scope: open.applicant.institution };
    },
    CloseAppealWindow: 'operate-workflow',
    OpenSubcase: 'operate-workflow',
    RecordResult: 'operate-workflow',
    CloseSubcase: 'operate-workflow',
  },
  initialState: initialCase,

  forwards({ type }, { alliance, id }) {
    if (type !== 'SubmitApplication') return undefined;
    const { round, entry } = caseAddress(alliance, id);
    // Where a sub-case will stand, nobody applies.
    if (entry.includes('.')) throw notFound('case');
    const by = roundStream(alliance, round);
    return { by, to: (state: RoundState) => (state.status === 'none' ? id : `${alliance}.${round}.${entryFor(state, entry)}`) };
  },

  mayKnow({ type }, state, asking) {
    // What keeps somebody from applying says nothing of a case, but to its own applicant.
    if (type === 'SubmitApplication') return true;
    return state.status !== 'none' && senderMayKnow(state, asking);
  },

  consults(command, state, asking) {
    if (command.type === 'SubmitApplication') return submissionStreams(command.data, asking);
    if (command.type === 'OpenSubcase') return openingStreams(asking);
    if (state.status === 'none') return [];
    const { alliance } = asking;
    const basics = [definitionStream(alliance, state.definition.id), charterStream(alliance), calendarStream(alliance)];
    if (!basics.every(asking.loaded)) return basics;
    if (command.type === 'RecordResult')
      return [...basics, subcaseStream(asking.id, command.data), ...freezeStreams(command, state, asking.alliance)];
    return [
      ...basics,
      ...wallStreams(state, asking),
      ...seatStreams(command, state, asking),
      ...freezeStreams(command, state, asking.alliance),
    ];
  },

  decide(command, state, context) {
    if (meetsFreeze(state, command, context.actor)) {
      if (context.actor === 'engine') return [];
      throw frozenCase(knownCase(state, context).open);
    }
    if (isAct(command)) return decideAct(command, state, context);
    switch (command.type) {
      case 'SubmitApplication':
        return submit(command.data, state, context);
      case 'WithdrawApplication':
        return withdrawn(command.data, knownCase(state, context));
      case 'MigrateCase':
        return migrateCase(command.data, state, context);
      case 'FreezeCase':
        return freeze(knownCase(state, context).open, context);
      case 'ResumeCase': {
        const { open, definition } = ruledCase(state, context);
        return resume(definition, open, context);
      }
      case 'RecountDeadlines': {
        const { open, definition } = knownCase(state, context);
        return recounted(command.data, open, definition, { calendar: announcedIn(context), now: context.now });
      }
      case 'PlaceCase':
      case 'RecordNotice':
        // A case that has gone on meanwhile is told nothing more.
        return isAt(state, command.data) ? atStage(command, state, context) : [];
      case 'OpenBallot':
      case 'CallOffBallot':
        // What is on an agenda and has gone home meanwhile is passed over.
        return context.actor !== 'engine' || isAt(state, command.data) ? atStage(command, state, context) : [];
      case 'AssignReviewers':
        // An assignment that was adopted is moot for a case that has gone on meanwhile.
        if (command.data.assignment !== undefined && !isAt(state, command.data)) return [];
        return atStage(command, state, context);
      case 'DeclareConflict':
        return isAt(state, { stage: command.data.stage })
          ? atStage(command, state, context)
          : afterThePanel(command, state, context);
      case 'OpenSubcase':
        return opened(state, context);
      case 'CloseSubcase':
        return dropped(state);
      case 'LodgeAppeal': {
        const { open, definition } = knownCase(state, context);
        return lodged(command.data, open, definition, context);
      }
      case 'CloseAppealWindow':
        return windowClosed(knownCase(state, context).open, context);
      case 'RecordResult':
        return resulted(command.data, state, context);
      default:
        return atStage(command, state, context);
    }
  },

  foldsFacts: true,
  evolve: (state, event, fact) => withProvisional(evolveCase(state, event, fact), event, fact),
};

function roundsDefinition(asking: AskingContext): Definition {
  const round = asking.consulted<RoundState>(roundStream(asking.alliance, caseAddress(asking.alliance, asking.id).round));
  if (round.status === 'none') throw notFound('round');
  return definitionOf(round satisfies Round, asking);
}

function seatStreams(command: CaseCommand, state: Case, asking: AskingContext): readonly string[] {
  if (isAct(command)) return actStreams(command, state, asking);
  if (isOfCase(command) || command.type === 'SendBack') return [];
  const stage = definitionOf(state, asking).stages.find(({ id }) => id === command.data.stage);
  if (stage === undefined) return [];
  const kind = kindOf(stage.kind);
  return [
    ...kind.seats(command, stage).flatMap((power) => organStreamOf(asking, power, scopeOf(stage, state)) ?? []),
    ...(kind.reads?.(stage, state, asking, command) ?? []),
  ];
}

const isAt = (state: CaseState, { stage, visit }: { readonly stage: string; readonly visit?: number }): boolean =>
  openVisits(state).some((open) => open.stage === stage && (visit === undefined || open.visit === visit));

function knownStage(
  { data }: StageCommand,
  state: CaseState,
  asking: AskingContext,
): { readonly open: Case; readonly stage: Stage } {
  const { open, definition } = knownCase(state, asking);
  const stage = definition.stages.find(({ id }) => id === data.stage);
  if (stage === undefined) throw notAtStage(data.stage);
  return { open, stage };
}

/** What the engine brings about, and nobody else. */
function enginePermit(_command: CaseCommand, state: CaseState, asking: AskingContext): Permit {
  knownCase(state, asking);
  return { power: 'operate-workflow' };
}

function stagePermit(command: StageCommand, state: CaseState, asking: AskingContext): Permit {
  const { open, stage } = knownStage(command, state, asking);
  const kind = kindOf(stage.kind);
  if (!kind.commands.includes(command.type)) throw notThisAct(stage.title);
  return permitOf(kind.owner(command, stage, asking.actor), open);
}

/** What a sub-case that has ended comes to here; nothing where that is on record, or does not matter any more. */
function resulted(data: RecordResult, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  const { open, definition } = ruledCase(state, context);
  const subcase = context.consulted<CaseState>(subcaseStream(context.id, data));
  if (subcase.status === 'none') return [];
  // The parent may have been migrated meanwhile: a sub-case ends as it began.
  const { subcase: procedure } = definitionOf(subcase, context);
  if (procedure?.kind === 'appeal')
    return appealResult(open, definition, { appeal: procedure, ended: subcase, now: context.now, ...data });
  const ruling = procedure?.kind === 'hearing' ? rulingOf(procedure, subcase) : undefined;
  return ruling === undefined || !isAt(state, ruling.data) ? [] : atStage(ruling, state, context);
}

function atStage(command: StageCommand, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  const { open, definition } = ruledCase(state, context);
  mustBeOpen(open);
  const { stage: id, visit: number } = command.data;
  const visit = openVisitOf(open, id, number);
  const stage = stageFor(definition, id, open);
  const at: At = { definition, stage, visit, case: open };
  const kind = kindOf(stage.kind);
  if (command.type !== 'SendBack' && !kind.commands.includes(command.type)) throw notThisAct(stage.title);
  mustBeTheirs(command, visit, context.actor);
  if (command.type === 'SendBack') return sendBack(command.data, at, context);
  const { events: decided, outcome } = kind.decide(command, at, context);
  const events = decided.map((event) => marked(definition, event));
  if (outcome === undefined) return events;
  const last = { ...at, visit: after(kind, visit, events, context) };
  return [...events, ...passOn(last, outcome, kind.explain(last, outcome), context.now)];
}

function afterThePanel(
  command: Extract<StageCommand, { type: 'DeclareConflict' }>,
  state: CaseState,
  context: DecisionContext,
): readonly CaseEvent[] {
  const { open, definition } = ruledCase(state, context);
  mustBeOpen(open);
  return declaredLate(command, open, definition, context).map((event) => marked(definition, event));
}

const nothingYet = { earlier: [], fileCorrections: [], copied: [], visits: [], returns: [], conflicts: [] } as const;

function evolveCase(state: CaseState, event: CaseEvent, fact: Fact): CaseState {
  if (event.type === 'CaseOpened') {
    const { deadline: _deadline, extended: _extended, eligibility: _eligibility, ...opened } = event.data;
    return { status: 'open', ...opened, opening: fact.id, version: 1, ...nothingYet };
  }
  if (event.type === 'SubcaseOpened') return begunSubcase(event.data, fact);
  if (state.status === 'none') return state;
  if (isActEvent(event)) return evolveAct(state, event, fact);
  switch (event.type) {
    case 'ApplicationWithdrawn':
      return state;
    case 'CaseFrozen':
      return { ...state, frozen: { at: fact.recordedAt } };
    case 'CaseResumed':
      return afterFreeze(state, event.data);
    case 'DeadlinesRecounted':
      return afterRecount(state, event.data);
    case 'CaseMigrated':
      return migratedState(state, event.data);
    case 'CaseEnded':
      return { ...state, status: 'ended', end: endOf(state, event.data, fact) };
    case 'AppealLodged':
    case 'AppealWindowClosed':
    case 'DecisionUpheld':
    case 'DecisionSuperseded':
    case 'CaseReopened':
    case 'SubcaseDropped':
      return evolveAppealed(state, event, fact);
    case 'StageEntered':
    case 'StageLeft':
    case 'StageClosed':
    case 'SentBack':
    case 'PanelReopened':
      return evolvePassage(state, event, fact);
    case 'ApplicationResubmitted': {
      const { version, form, files } = event.data;
      return {
        ...inVisit(state, event, (visit) => ({ ...kindOf(visit.kind).evolve(visit, event, fact), version })),
        ...succeeded(state),
        version,
        form,
        files,
      };
    }
    case 'ConflictDeclared':
      return {
        ...inVisit(state, event, (visit) => kindOf(visit.kind).evolve(visit, event, fact)),
        conflicts: [...state.conflicts, event.data.person],
      };
    default:
      return inVisit(state, event, (visit) => kindOf(visit.kind).evolve(visit, event, fact));
  }
}

const endOf = ({ superseded }: Case, { end: id, outcome, appeal }: CaseEnded, { recordedAt: at }: Fact): CaseEnd => ({
  id,
  outcome,
  at,
  ...(appeal === undefined ? {} : { appeal }),
  ...(superseded === undefined ? {} : { supersedes: superseded }),
});

const inVisit = (state: Case, { data }: StageEvent, change: (visit: Visit) => Visit): Case => ({
  ...state,
  visits: state.visits.map((visit) => (isSame(visit, data) ? change(visit) : visit)),
});
