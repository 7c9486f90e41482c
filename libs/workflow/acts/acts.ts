import { type AskingContext, type DecisionContext, type Fact, notFound, type Permit } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { definitionOf, knownCase, type Known, mustBeOpen, permitOf } from '../case.knowing.js';
import type { CaseCommand } from '../case.messages.js';
import type { Case, CaseState, Visit } from '../case.state.js';
import { ownerOfPart } from '../case-tasks.js';
import { organStreamOf } from '../organs.js';
import { type ActCommand, actShapes, type FileCorrectionEvent, type StageActEvent } from './acts.messages.js';
import { copied, copyStreams, holderOf } from './copy.js';
import * as fileCorrection from './file-correction.js';
import { evolveHanded } from './handed.js';
import { evolveRetracted, ownerOfRetraction, retracted } from './retract.js';
import { permitOfTask, takenBack, transferred } from './transfer.js';
import { notAtStage } from './visit.js';

/** Whether a command is an act that belongs to no kind of stage. */
export const isAct = (command: CaseCommand): command is ActCommand => Object.hasOwn(actShapes, command.type);

/** Under which power such an act is done. It says nothing of how far the case has come. */
export function actPermit(command: ActCommand, state: CaseState, asking: AskingContext): Permit {
  const known = knownCase(state, asking);
  const { definition, open } = known;
  const stageNamed = (id: string) => {
    const stage = definition.stages.find((one) => one.id === id);
    if (stage === undefined) throw notAtStage(id);
    return stage;
  };
  switch (command.type) {
    case 'TransferTask':
    case 'TakeBackTask':
      return permitOfTask(known, command.data);
    case 'RetractAct':
      return command.data.act === 'ResubmitApplication'
        ? { power: definition.subject.powers.submit, scope: open.applicant.institution }
        : permitOf(ownerOfRetraction(stageNamed(command.data.stage), command.data, asking.actor), open);
    case 'CopyCase':
      return permitOf(holderOf(stageNamed(command.data.stage)), open);
    case 'RequestFileCorrection':
    case 'ReplaceFiles':
      return { power: definition.subject.powers.submit, scope: open.applicant.institution };
    case 'GrantFileCorrection':
    case 'DenyFileCorrection': {
      const { stage } = command.data;
      return stage === undefined ? fileCorrection.keeperOf(known) : permitOf(holderOf(stageNamed(stage)), open);
    }
    case 'LapseFileCorrection':
      return { power: 'operate-workflow' };
  }
}

/** Streams that such an act reads: the seats of the organ whose task is handed over, and of those to whom a case is copied. */
export function actStreams(command: ActCommand, open: Case, asking: AskingContext): readonly string[] {
  if (command.type === 'CopyCase') return copyStreams(command.data, open, asking);
  if (command.type !== 'TransferTask' && command.type !== 'TakeBackTask') return [];
  const { stage: id, part } = command.data;
  const stage = definitionOf(open, asking).stages.find((one) => one.id === id);
  const owner = stage === undefined ? undefined : ownerOfPart(stage, part);
  if (owner === undefined) return [];
  const { power, scope } = permitOf(owner, open);
  return [organStreamOf(asking, power, scope)].filter((stream) => stream !== undefined);
}

/** @throws DomainError when the act is not lawful now */
export function decideAct(command: ActCommand, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  if (state.status === 'none') throw notFound('case');
  const known = knownCase(state, context);
  // A timer that the end has overtaken has nothing to do.
  if (command.type === 'LapseFileCorrection') return fileCorrection.lapsed(command.data, known, context.now);
  mustBeOpen(known.open);
  return decideOpen(command, known, context);
}

function decideOpen(
  command: Exclude<ActCommand, { type: 'LapseFileCorrection' }>,
  known: Known,
  context: DecisionContext,
): readonly CaseEvent[] {
  switch (command.type) {
    case 'TransferTask':
      return transferred(command.data, known, context);
    case 'TakeBackTask':
      return takenBack(command.data, known, context);
    case 'RetractAct':
      return retracted(command.data, known, context);
    case 'CopyCase':
      return copied(command.data, known, context);
    case 'RequestFileCorrection':
      return fileCorrection.requested(command.data, known);
    case 'GrantFileCorrection':
      return fileCorrection.granted(command.data, known, context);
    case 'DenyFileCorrection':
      return fileCorrection.denied(command.data, known, context);
    case 'ReplaceFiles':
      return fileCorrection.replaced(command.data, known, context.now);
  }
}

type ActEvent = StageActEvent | FileCorrectionEvent;

const stageActs = {
  TaskTransferred: true,
  TaskTakenBack: true,
  ActRetracted: true,
  CaseCopied: true,
} as const satisfies Record<StageActEvent['type'], true>;

export const isActEvent = (event: CaseEvent): event is ActEvent =>
  Object.hasOwn(stageActs, event.type) || fileCorrection.isFileCorrection(event);

/** The case after such an act. */
export function evolveAct(state: Case, event: ActEvent, fact: Fact): Case {
  if (fileCorrection.isFileCorrection(event)) return fileCorrection.evolveFileCorrection(state, event, fact);
  if (event.type === 'CaseCopied') {
    const { people, organs } = event.data;
    return { ...state, copied: [...state.copied, ...people.map((person) => ({ person })), ...organs] };
  }
  const { stage, visit: number } = event.data;
  const change = (visit: Visit): Visit =>
    event.type === 'ActRetracted' ? evolveRetracted(visit, event.data, fact.actor) : evolveHanded(visit, event, fact);
  return {
    ...state,
    visits: state.visits.map((visit) => (visit.stage === stage && visit.visit === number ? change(visit) : visit)),
  };
}
