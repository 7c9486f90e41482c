import { categoryOf, type Envelope } from '#kernel';
import type { FileCorrectionEvent } from './acts/acts.messages.js';
import { grantPart, isFileCorrection } from './acts/file-correction.js';
import type { CaseEvent, StageEvent } from './case.events.js';
import type { Case, CaseState } from './case.state.js';
import { assigningEffects, assigningSettles } from './assignment/assigning.effects.js';
import type { AssignmentEvent } from './assignment/assigning.messages.js';
import type { Assigning } from './assignment/assigning.state.js';
import type { Definition } from './definition.js';
import type { Effect, Settlement } from './effect.js';
import { stageFor } from './facts.js';
import { filled } from './filled.js';
import { absenceEffects, countEffects, rankingEffects, rankingSettles } from './ranking/ranking.effects.js';
import type { RankingEvent } from './ranking/ranking.messages.js';
import type { Ranking } from './ranking/ranking.state.js';
import { lastDeadline } from './round.decider.js';
import type { RoundMigrated } from './migration.messages.js';
import type { RoundState } from './round.state.js';
import type { NoticeIssued } from './notice.messages.js';
import type { Meeting } from './meeting/meeting.state.js';
import type { Notices } from './notices/notices.decider.js';
import type { Registration } from './registration/registration.decider.js';
import type { BulkEvent } from './bulk/bulk.messages.js';
import { bulkSettles } from './bulk/bulk.effects.js';
import { kindOf, stageKinds } from './stages/index.js';
import type { StageKind } from './stages/stage.js';
import { appealWindow, subcaseEffects } from './subcases/subcase.effects.js';

/** The states of streams that owe anything. */
export type Owing = Meeting | Assigning | Ranking | CaseState | RoundState | Registration | Notices;

/** Id of the stream that an event stands in: what follows the category. */
const idOf = ({ stream }: Pick<Envelope, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);

/** The part of a round that takes applications; an extension begins it anew. */
const taking = (extensions: number) => ({ stage: 'submission', visit: extensions + 1 });

/**
 * What an event of a case or a round owes, in an order that never changes: the place in it is part of the effect's id.
 *
 * @param definition - the one that the stream is pinned to
 * @param after - the state of the event's stream just after it
 */
export function effectsOf(definition: Definition, after: Owing, event: Envelope): readonly Effect[] {
  switch (categoryOf(event.stream)) {
    case 'case':
      return [
        ...caseEffects(definition, after as Case, event),
        ...subcaseEffects(after as Case, caseEvent(event), event),
        ...absenceEffects(definition, after as Case, caseEvent(event), event),
      ];
    case 'round':
      return roundEffects(definition, after as RoundState, event);
    case 'assignment':
      return assigningEffects(after as Assigning, { type: event.type, data: event.data } as AssignmentEvent, event);
    case 'ranking':
      return rankingEffects(after as Ranking, { type: event.type, data: event.data } as RankingEvent, event);
    case 'registration':
      return registrationEffects(after as Registration, event);
    case 'notices':
      return noticesEffects(event);
    case 'meeting':
      return meetingEffects(after as Meeting, event);
    default:
      return [];
  }
}

function roundEffects(definition: Definition, round: RoundState, event: Envelope): readonly Effect[] {
  if (event.type === 'RoundClosed') return countEffects(definition, event);
  const moving = event.type === 'RoundMigrated' ? migrationEffects(event) : [];
  if (round.status !== 'open') return moving;
  return [
    ...moving,
    {
      name: 'close',
      command: { context: 'round', id: idOf(event), type: 'CloseRound', data: {} },
      dueAt: lastDeadline(round),
      during: taking(round.extensions.length),
    },
  ];
}

/** Each case of a migration, by itself: what was decided for all is carried out for each, once. */
function migrationEffects(event: Envelope): readonly Effect[] {
  const { from, to, stages, mapping, clause, cases, charter } = event.data as RoundMigrated;
  const data = {
    act: event.id,
    from: from.version,
    to: to.version,
    stages,
    mapping,
    clause,
    ...(charter === undefined ? {} : { charter }),
  };
  return cases.map((subject) => ({
    name: 'migrate',
    command: { context: 'case', id: `${idOf(event)}.${subject}`, type: 'MigrateCase', data },
  }));
}

/** Whoever registers or cancels changes who has a place. */
function registrationEffects(registration: Registration, event: Envelope): readonly Effect[] {
  if (event.type === 'SignedIn') return [];
  const command = { context: 'places', id: registration.case, type: 'SettlePlaces', data: {} };
  return [{ name: 'settle-places', command, needs: 'places' }];
}

/** The case that asked for a notice learns its number. */
function noticesEffects({ data }: Envelope): readonly Effect[] {
  const { document, year, number, sha256, origin } = data as NoticeIssued;
  const { case: id, stage, visit } = origin;
  const told = { stage, visit, document, year, number, sha256 };
  return [{ name: 'record-notice', command: { context: 'case', id, type: 'RecordNotice', data: told } }];
}

/** The ballots of a meeting are opened when it begins, and told when it is called off. */
function meetingEffects({ agenda, opensAt }: Meeting, event: Envelope): readonly Effect[] {
  const data = (stage: string) => ({ stage, meeting: idOf(event) });
  if (event.type === 'MeetingCalledOff')
    return agenda.map(({ case: id, stage }) => ({
      name: 'call-off',
      command: { context: 'case', id, type: 'CallOffBallot', data: data(stage) },
    }));
  if (event.type !== 'MeetingConvened') return [];
  return agenda.map(({ case: id, stage }) => ({
    name: 'open',
    command: { context: 'case', id, type: 'OpenBallot', data: data(stage) },
    dueAt: opensAt,
    during: { stage: 'meeting', visit: 1 },
  }));
}

/** Whether an event belongs to one visit of a stage. */
const isOfStage = (event: CaseEvent): event is StageEvent => 'stage' in event.data;

/** What the log holds in streams of cases. */
const caseEvent = ({ type, data }: Envelope): CaseEvent => ({ type, data }) as CaseEvent;

function caseEffects(definition: Definition, state: Case, recorded: Envelope): readonly Effect[] {
  const event = caseEvent(recorded);
  if (event.type === 'CaseEnded' || event.type === 'DecisionSuperseded') return endEffects(definition, state, recorded);
  if (isFileCorrection(event)) return fileCorrectionEffects(event, recorded);
  if (!isOfStage(event) || event.type === 'StageLeft' || event.type === 'StageClosed') return [];
  const { stage: id, visit: number } = event.data;
  const visit = state.visits.find((candidate) => candidate.stage === id && candidate.visit === number);
  if (visit === undefined) return [];
  const stage = stageFor(definition, id, state);
  return kindOf(stage.kind)
    .effects({ definition, stage, visit, case: state }, event, recorded)
    .map(({ name, command, dueAt, of, needs }) => ({
      name,
      command:
        'context' in command
          ? command
          : {
              context: 'case',
              id: idOf(recorded),
              type: command.type,
              data: { stage: id, visit: number, ...command.data },
            },
      ...(dueAt === undefined ? {} : { dueAt }),
      during: { stage: id, visit: number, ...(of === undefined ? {} : { of }) },
      ...(state.frozen === undefined ? {} : { held: true as const }),
      ...(needs === undefined ? {} : { needs }),
    }));
}

function endEffects(definition: Definition, state: Case, event: Envelope): readonly Effect[] {
  const commands = definition.ends[(event.data as { readonly end: string }).end]?.commands ?? [];
  return commands.map(({ context, type, data }) => ({
    name: 'conclude',
    command: { context, id: `${event.meta.alliance}.${state.subject}`, type, data: filled(data, state, event) },
  }));
}

/** What was granted for a time ends with it. */
function fileCorrectionEffects({ type, data }: FileCorrectionEvent, recorded: Envelope): readonly Effect[] {
  if (type !== 'FileCorrectionGranted') return [];
  const { request, until } = data;
  const command = { context: 'case', id: idOf(recorded), type: 'LapseFileCorrection', data: { request } };
  return [{ name: 'lapse', command, dueAt: until, during: grantPart(request) }];
}

const settlesFileCorrection = ({ type, data }: FileCorrectionEvent, commandId: string): Settlement =>
  type === 'FilesReplaced' ? { commandId, during: grantPart(data.request) } : { commandId };

/** Which owed effects an event makes moot: the one whose command made it, and those of what it brings to an end. */
export function settles(event: Envelope): Settlement {
  const commandId = event.meta.command;
  const category = categoryOf(event.stream);
  if (category === 'round') return event.type === 'RoundOpened' ? { commandId } : { commandId, allStages: true };
  if (category === 'ranking' || category === 'assignment') {
    const told = { type: event.type, data: event.data };
    const during = category === 'ranking' ? rankingSettles(told as RankingEvent) : assigningSettles(told as AssignmentEvent);
    return during === undefined ? { commandId } : { commandId, during };
  }
  if (category === 'bulk') return { commandId, ...bulkSettles({ type: event.type, data: event.data } as BulkEvent) };
  if (event.type === 'MeetingCalledOff') return { commandId, allStages: true };
  if (category !== 'case') return { commandId };
  const known = caseEvent(event);
  switch (known.type) {
    case 'CaseEnded':
      return { commandId, allStages: true };
    case 'StageLeft':
    case 'StageClosed':
      return { commandId, during: { stage: known.data.stage, visit: known.data.visit } };
    case 'CaseFrozen':
      return { commandId, holds: true };
    case 'CaseResumed':
      return { commandId, resumes: known.data };
    case 'DeadlinesRecounted':
      return { commandId, moves: known.data.deadlines };
    case 'CaseMigrated':
      return { commandId, readdressed: known.data.carried };
    case 'AppealLodged':
    case 'AppealWindowClosed':
      return { commandId, during: appealWindow };
    default: {
      if (isFileCorrection(known)) return settlesFileCorrection(known, commandId);
      if (!isOfStage(known)) return { commandId };
      const { stage, visit } = known.data;
      const of = partSettled(known);
      return of === undefined ? { commandId } : { commandId, during: { stage, visit, of } };
    }
  }
}

/** Kinds share their events' names only where they mean the same, so the first that knows the event says it. */
function partSettled(event: CaseEvent): string | undefined {
  for (const kind of Object.values<StageKind>(stageKinds)) {
    const part = kind.settled(event);
    if (part !== undefined) return part;
  }
  return undefined;
}
