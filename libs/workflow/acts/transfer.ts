import { type DecisionContext, type Permit, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { type Known, permitOf, viewerOf } from '../case.knowing.js';
import { ownerOfPart, partTasks } from '../case-tasks.js';
import { stageOf } from '../definition.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { isWalled } from '../wall.js';
import type { TakeBackTask, TransferTask } from './acts.messages.js';
import { handedIn, mustNotBeHandedElse } from './handed.js';
import { notAtStage, notThisAct, openVisitOf } from './visit.js';

/** The organ whose task it is: its members hand it over and take it back. @throws DomainError case.not-at-stage, case.not-this-act */
export function permitOfTask({ definition, open }: Known, { stage: id, part }: TransferTask | TakeBackTask): Permit {
  const stage = definition.stages.find((one) => one.id === id);
  if (stage === undefined) throw notAtStage(id);
  const owner = ownerOfPart(stage, part);
  if (owner === undefined) throw notThisAct(stage.title);
  return permitOf(owner, open);
}

/** @throws DomainError case.not-at-stage, case.no-such-task */
function taskIn({ definition, open }: Known, { stage: id, visit: number, part }: TransferTask | TakeBackTask) {
  const visit = openVisitOf(open, id, number);
  if (!partTasks(stageOf(definition, id), visit).some((task) => task.part === part)) throw noSuchTask(part);
  return { visit, handed: handedIn(visit, part), here: { stage: visit.stage, visit: visit.visit, part } };
}

/** From whoever has it to somebody who holds a seat in the same organ. @throws DomainError case.handed-over, case.cannot-take-over */
export function transferred(data: TransferTask, known: Known, context: DecisionContext): readonly CaseEvent[] {
  const { visit, handed, here } = taskIn(known, data);
  mustNotBeHandedElse(visit, data.part, context.actor);
  const { definition, open } = known;
  const { power, scope } = permitOfTask(known, data);
  const isSeated = heldSeats(context, power, scope).some(({ person }) => person === data.to);
  const mayNotKnow = isWalled(definition, open, viewerOf(definition, open, { ...context, actor: data.to }));
  if (!isSeated || mayNotKnow || data.to === context.actor) throw cannotTakeOver();
  const from = handed === undefined ? {} : { from: handed.to };
  return [{ type: 'TaskTransferred', data: { ...here, ...from, to: data.to, reason: sealed(data.reason) } }];
}

/**
 * Back to the organ: by the holder, by who handed it over, by chair or deputy, by a secretary who acts for the organ, and by anyone
 * in it once the holder's seat has ended.
 *
 * @throws DomainError case.not-handed-over, case.not-yours-to-take-back
 */
export function takenBack(data: TakeBackTask, known: Known, context: DecisionContext): readonly CaseEvent[] {
  const { handed, here } = taskIn(known, data);
  if (handed === undefined) throw notHandedOver(data.part);
  const { power, scope } = permitOfTask(known, data);
  const seats = heldSeats(context, power, scope);
  const presides = seats.some(({ person, role }) => person === context.actor && role !== 'member');
  const isGone = !seats.some(({ person }) => person === handed.to);
  const isTheirs = handed.to === context.actor || handed.by === context.actor;
  if (!isTheirs && !presides && !isGone && context.grant.onBehalfOf === undefined) throw notYours(data.part);
  return [{ type: 'TaskTakenBack', data: { ...here, from: handed.to, reason: sealed(data.reason) } }];
}

const noSuchTask = (part: string) =>
  refused(
    'case.no-such-task',
    'There is no such task to hand over here: it is done, or each who is asked signs in person. Read the case again.',
    '此处没有可以转办的该事项：或已办结，或须由本人签署。请重新读取。',
    { part },
  );

const notHandedOver = (part: string) =>
  refused('case.not-handed-over', 'This has not been handed over to anyone.', '该事项未转办给任何人。', { part });

const notYours = (part: string) =>
  refused(
    'case.not-yours-to-take-back',
    'It is taken back by the one who has it, the one who handed it over, or the chair of your organ.',
    '只有承办人、转办人或本机构负责人可以收回。',
    { part },
  );

const cannotTakeOver = () =>
  refused(
    'case.cannot-take-over',
    'They hold no seat in this organ now, or may not deal with this case. Choose another.',
    '该人员目前不在本机构任职，或不得办理本案，请另选他人。',
  );
