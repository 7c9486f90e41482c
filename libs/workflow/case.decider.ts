import { type AskingContext, charterStream, type DecisionContext, type Decider, type Fact, notFound, type Permit } from '#kernel';
import type { CaseEvent, StageEvent } from './case.events.js';
import type { CaseCommand, StageCommand } from './case.messages.js';
import { type Case, caseAddress, type CaseState, initialCase, openVisits, type Visit } from './case.state.js';
import { submissionStreams, submit } from './case.submission.js';
import {
  type Definition,
  type DefinitionHistory,
  definitionStream,
  type Owner,
  pinnedDefinition,
  stageOf,
  withdrawnEnd,
} from './definition.js';
import { scopeOf } from './filled.js';
import { organStreamOf, seatsOf } from './organs.js';
import { arrive, leave } from './passage.js';
import { refused } from './refusal.js';
import { type Round, roundStream, type RoundState } from './round.state.js';
import { kindOf } from './stages/index.js';
import { after, type At } from './stages/stage.js';
import { isWalled, judgingPowers, type Viewer } from './wall.js';

/** One run of a workflow: interprets the definition that its round was opened under. */
export const caseDecider: Decider<CaseCommand, CaseEvent, CaseState> = {
  category: 'case',
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
    FailCheck: stagePermit,
    ResubmitApplication: (_command, state, asking) => {
      const { definition, open } = knownCase(state, asking);
      return { power: definition.subject.powers.submit, scope: open.applicant.institution };
    },
    LapseCorrection: stagePermit,
    ReportOverdue: stagePermit,
    AssignReviewers: stagePermit,
    SubmitReview: stagePermit,
    DeclareConflict: stagePermit,
    RemindReviewer: stagePermit,
    EscalateReview: stagePermit,
    ReplaceReviewer: stagePermit,
    CompletePanel: stagePermit,
    OpenBallot: stagePermit,
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
  },
  initialState: initialCase,

  consults(command, state, asking) {
    if (command.type === 'SubmitApplication') return submissionStreams(command.data, asking);
    if (state.status === 'none') return [];
    const basics = [definitionStream(asking.alliance, state.definition.id), charterStream(asking.alliance)];
    if (!basics.every(asking.loaded)) return basics;
    return [...basics, ...wallStreams(state, asking), ...seatStreams(command, state, asking)];
  },

  decide(command, state, context) {
    switch (command.type) {
      case 'SubmitApplication':
        return submit(command.data, state, context);
      case 'WithdrawApplication': {
        const { open } = knownCase(state, context);
        mustBeOpen(open);
        mustBeFree(open);
        return [
          { type: 'ApplicationWithdrawn', data: { reason: command.data.reason } },
          { type: 'CaseEnded', data: { end: withdrawnEnd, outcome: 'withdrawn' } },
        ];
      }
      case 'PlaceCase':
        // A case that went home meanwhile is told nothing more.
        return isAt(state, command.data.stage) ? atStage(command, state, context) : [];
      default:
        return atStage(command, state, context);
    }
  },

  evolve: evolveCase,
};

const definitionOf = (
  { definition }: Pick<Case, 'definition'>,
  { alliance, consulted }: Pick<AskingContext, 'alliance' | 'consulted'>,
): Definition => pinnedDefinition(consulted<DefinitionHistory>(definitionStream(alliance, definition.id)), definition);

function roundsDefinition(asking: AskingContext): Definition {
  const round = asking.consulted<RoundState>(roundStream(asking.alliance, caseAddress(asking.alliance, asking.id).round));
  if (round.status === 'none') throw notFound('round');
  return definitionOf(round satisfies Round, asking);
}

/** The case as its actor may know it. @throws DomainError case.not-found for a case that is not there, or not for this actor */
function knownCase(
  state: CaseState,
  asking: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>,
): { readonly open: Case; readonly definition: Definition } {
  if (state.status === 'none') throw notFound('case');
  const definition = definitionOf(state, asking);
  if (asking.actor !== 'engine' && isWalled(definition, state, viewerOf(definition, state, asking))) throw notFound('case');
  return { open: state, definition };
}

/** Whoever sends a command, as far as the wall must know them: what they judge, whether they are the applicant. */
function viewerOf(definition: Definition, state: Case, asking: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>): Viewer {
  const { submit: applying } = definition.subject.powers;
  const { institution } = state.applicant;
  const own = (power: string, scope?: string) => seatsOf(asking, power, scope).filter(({ person }) => person === asking.actor);
  const judging = judgingPowers(definition).map((power) => ({ power, seats: own(power) }));
  return {
    person: asking.actor,
    institutions: judging.flatMap(({ seats }) => seats.flatMap((seat) => seat.institution ?? [])),
    powers: [
      ...judging.filter(({ seats }) => seats.length > 0).map(({ power }) => ({ power })),
      ...(own(applying, institution).length > 0 ? [{ power: applying, scope: institution }] : []),
    ],
  };
}

function wallStreams(state: Case, asking: AskingContext): readonly string[] {
  if (asking.actor === 'engine') return [];
  const definition = definitionOf(state, asking);
  const { submit: applying } = definition.subject.powers;
  const office = organStreamOf(asking, applying, state.applicant.institution);
  const judges = judgingPowers(definition).map((power) => organStreamOf(asking, power));
  return [...new Set([...judges, office].filter((stream) => stream !== undefined))];
}

function seatStreams(command: CaseCommand, state: Case, asking: AskingContext): readonly string[] {
  if (command.type === 'WithdrawApplication' || command.type === 'SubmitApplication') return [];
  const stage = definitionOf(state, asking).stages.find(({ id }) => id === command.data.stage);
  if (stage === undefined) return [];
  const kind = kindOf(stage.kind);
  return [
    ...kind.seats(command, stage).flatMap((power) => organStreamOf(asking, power) ?? []),
    ...(kind.reads?.(stage, state, asking.alliance) ?? []),
  ];
}

const isAt = (state: CaseState, stage: string): boolean => openVisits(state).some((visit) => visit.stage === stage);

function stagePermit(command: StageCommand, state: CaseState, asking: AskingContext): Permit {
  const { open, definition } = knownCase(state, asking);
  const stage = definition.stages.find(({ id }) => id === command.data.stage);
  if (stage === undefined) throw notAtStage(command.data.stage);
  const kind = kindOf(stage.kind);
  if (!kind.commands.includes(command.type)) throw notThisAct(stage.title);
  return permitOf(kind.owner(command, stage, asking.actor), open);
}

/** A power with its scope as this case has it. */
function permitOf(owner: Owner, state: Case): Permit {
  const scope = scopeOf(owner, state);
  return { power: owner.power, ...(scope === undefined ? {} : { scope }) };
}

function mustBeOpen({ status, number, end }: Case): void {
  if (status === 'open') return;
  throw refused(
    'case.ended',
    `Application ${number} has come to its end (${end?.id}); nothing more is done on it.`,
    `申报 ${number} 已办结（${end?.id}），不再办理。`,
    { number, end: end?.id },
  );
}

const bindingVisit = (state: Case): Visit | undefined => openVisits(state).find(({ kind }) => kindOf(kind).binds === true);

/** Whether a case has been granted and binds its applicant: it can no longer be withdrawn. */
export const isBound = (state: Case): boolean => bindingVisit(state) !== undefined;

/** What has been granted is not given back by going home: it ends as the alliance's rules say. */
function mustBeFree(open: Case): void {
  const visit = bindingVisit(open);
  if (visit === undefined) return;
  throw refused(
    'case.binding',
    `Application ${open.number} has been granted and binds you now (${visit.stage}); it can no longer be withdrawn.`,
    `申报 ${open.number} 已获批准并产生义务（${visit.stage}），不能再撤回。`,
    { number: open.number, stage: visit.stage },
  );
}

function atStage(command: StageCommand, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  const { open, definition } = knownCase(state, context);
  mustBeOpen(open);
  const { stage: id, visit: number } = command.data;
  const visit = openVisits(open).find((candidate) => candidate.stage === id && candidate.visit === (number ?? candidate.visit));
  if (visit === undefined) throw notAtStage(id);
  const stage = stageOf(definition, id);
  const kind = kindOf(stage.kind);
  if (!kind.commands.includes(command.type)) throw notThisAct(stage.title);
  const at: At = { definition, stage, visit, case: open };
  const { events, outcome } = kind.decide(command, at, context);
  if (outcome === undefined) return events;
  const last = { ...at, visit: after(kind, visit, events, context) };
  const left = leave(last, outcome, kind.explain(last, outcome));
  return [...events, left, ...arrive(definition, open, left.data.to, context.now)];
}

const notAtStage = (stage: string) =>
  refused(
    'case.not-at-stage',
    `The application is not at the stage "${stage}" now. Read it again.`,
    `申报目前不在“${stage}”环节，请重新读取。`,
    { stage },
  );

const notThisAct = ({ en, zh }: { readonly en: string; readonly zh: string }) =>
  refused('case.not-this-act', `This cannot be done at the stage “${en}”.`, `“${zh}”环节不能执行此操作。`);

function evolveCase(state: CaseState, event: CaseEvent, fact: Fact): CaseState {
  if (event.type === 'CaseOpened') {
    const { deadline: _deadline, extended: _extended, eligibility: _eligibility, ...opened } = event.data;
    return { status: 'open', ...opened, opening: fact.id, version: 1, visits: [], conflicts: [] };
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'ApplicationWithdrawn':
      return state;
    case 'CaseEnded':
      return { ...state, status: 'ended', end: { id: event.data.end, outcome: event.data.outcome, at: fact.recordedAt } };
    case 'StageEntered': {
      const visit = kindOf(event.data.kind).begin(event.data, fact.recordedAt);
      return { ...state, visits: [...state.visits, visit] };
    }
    case 'StageLeft': {
      const { outcome, to, explanation } = event.data;
      return inVisit(state, event, (visit) => ({ ...visit, left: { outcome, to, explanation, at: fact.recordedAt } }));
    }
    case 'ApplicationResubmitted': {
      const { version, form, files } = event.data;
      return { ...inVisit(state, event, (visit) => kindOf(visit.kind).evolve(visit, event, fact)), version, form, files };
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

const inVisit = (state: Case, { data }: StageEvent, change: (visit: Visit) => Visit): Case => ({
  ...state,
  visits: state.visits.map((visit) => (visit.stage === data.stage && visit.visit === data.visit ? change(visit) : visit)),
});
