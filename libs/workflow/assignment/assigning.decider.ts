import {
  type AskingContext,
  canonicalJson,
  charterStream,
  type DecisionContext,
  type Decider,
  notFound,
  type Permit,
} from '#kernel';
import { type DefinitionHistory, definitionStream, type PanelStage } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import type { Definition } from '../definition.js';
import { heldSeats, organStreamOf } from '../organs.js';
import { listsOf } from './portions.js';
import { refused } from '../refusal.js';
import { type Round, roundStream, type RoundState } from '../round.state.js';
import { judgingPowers } from '../wall.js';
import type {
  AdoptAssignment,
  AllowTogether,
  AssignmentCommand,
  AssignmentEvent,
  Computed,
  DeclareRelation,
  DescribeReviewer,
  DiscardAssignment,
  KeepApart,
  Portion,
  RecordAssignment,
  RecordPortion,
  RelationDeclared,
  RequestAssignment,
} from './assigning.messages.js';
import { type AssigningState, evolveAssigning, lastRequest, type Request } from './assigning.state.js';

/**
 * Panels for a whole round at once: what the pool knows, who may not review what, and each assignment from the request to its adoption.
 *
 * It is computed by the engine, from the cases as they stand; nobody has reviewers by it before it is adopted.
 */
export const assignmentDecider: Decider<AssignmentCommand, AssignmentEvent, AssigningState> = {
  category: 'assignment',
  parts: 3,
  permits: {
    DescribeReviewer: ofOneself,
    DeclareRelation: ofOneself,
    KeepApart: keeps,
    AllowTogether: keeps,
    RequestAssignment: keeps,
    RecordPortion: 'operate-workflow',
    RecordAssignment: 'operate-workflow',
    AdoptAssignment: keeps,
    DiscardAssignment: keeps,
  },
  initialState: { status: 'none' },

  consults(command, _state, asking) {
    const { alliance, loaded, consulted } = asking;
    const round = roundStream(alliance, addressOf(asking).round);
    if (!loaded(round)) return [round];
    const known = consulted<RoundState>(round);
    if (known.status === 'none') return [round];
    const basics = [round, definitionStream(alliance, known.definition.id)];
    if (command.type === 'RecordAssignment' || command.type === 'RecordPortion') return basics;
    const authority = [...basics, charterStream(alliance)];
    if (!authority.every(loaded)) return authority;
    const organs = judgingPowers(groundOf(asking).definition).flatMap((power) => organStreamOf(asking, power) ?? []);
    return [...authority, ...new Set(organs)];
  },

  decide(command, state, context) {
    const begins = opening(state, context);
    switch (command.type) {
      case 'DescribeReviewer':
        return [...begins, described(command.data, context)];
      case 'DeclareRelation':
        return [...begins, ...related(command.data, state, context)];
      case 'KeepApart':
        return [...begins, ...keptApart(command.data, state, context)];
      case 'AllowTogether':
        return allowedTogether(command.data, state);
      case 'RequestAssignment':
        mustNotJudge(context);
        return [...begins, requested(command.data, state)];
      case 'RecordPortion':
        return portioned(command.data, state);
      case 'RecordAssignment':
        return recorded(command.data, state);
      case 'AdoptAssignment':
        mustNotJudge(context);
        return adopted(command.data, state);
      case 'DiscardAssignment':
        mustNotJudge(context);
        return discarded(command.data, state);
    }
  },

  foldsFacts: true,
  evolve: evolveAssigning,
};

type Asking = Pick<AskingContext, 'alliance' | 'id' | 'consulted'>;

const addressOf = ({ alliance, id }: Pick<Asking, 'alliance' | 'id'>): { readonly round: string; readonly stage: string } => {
  const [round = '', stage = ''] = id.slice(alliance.length + 1).split('.');
  return { round, stage };
};

/** @throws DomainError assignment.not-found where the round has no such panel */
function groundOf(asking: Asking): { readonly round: Round; readonly definition: Definition; readonly stage: PanelStage } {
  const { alliance, consulted } = asking;
  const address = addressOf(asking);
  const round = consulted<RoundState>(roundStream(alliance, address.round));
  if (round.status === 'none') throw notFound('assignment');
  const history = consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id));
  const definition = pinnedDefinition(history, round.definition);
  const stage = definition.stages.find(({ id }) => id === address.stage);
  if (stage?.kind !== 'panel') throw notFound('assignment');
  return { round, definition, stage };
}

function keeps(_command: AssignmentCommand, _state: AssigningState, asking: Asking): Permit {
  return { power: groundOf(asking).stage.manage };
}

function ofOneself(
  { data }: { readonly data: DescribeReviewer | DeclareRelation },
  _state: AssigningState,
  asking: AskingContext,
): Permit {
  const { power, manage } = groundOf(asking).stage;
  return { power: (data.person ?? asking.actor) === asking.actor ? power : manage };
}

function opening(state: AssigningState, context: DecisionContext): readonly AssignmentEvent[] {
  if (state.status !== 'none') return [];
  const { round, stage } = groundOf(context);
  const address = addressOf(context);
  const seed = `${round.seed}/${stage.id}`;
  return [{ type: 'AssignmentOpened', data: { ...address, definition: round.definition, seed } }];
}

/** @throws DomainError assignment.not-in-pool for somebody who holds no seat of the pool now */
function pooled(person: string, context: DecisionContext): string {
  if (heldSeats(context, groundOf(context).stage.power).some((seat) => seat.person === person)) return person;
  throw refused(
    'assignment.not-in-pool',
    'This person holds no seat in the pool of reviewers now.',
    '该人员目前不在评审专家库中。',
    { person },
  );
}

function described({ person, disciplines, expertise, most }: DescribeReviewer, context: DecisionContext): AssignmentEvent {
  const who = pooled(person ?? context.actor, context);
  return {
    type: 'ReviewerDescribed',
    data: { person: who, disciplines, expertise, ...(most === undefined ? {} : { most }) },
  };
}

/** @throws DomainError assignment.not-in-pool for somebody who judges nothing in the round */
function judging(person: string, context: DecisionContext): string {
  const powers = judgingPowers(groundOf(context).definition);
  const sits = powers.some((power) => heldSeats(context, power).some((seat) => seat.person === person));
  return sits ? person : pooled(person, context);
}

/** What is on record already is not put there again. */
function related(data: DeclareRelation, state: AssigningState, context: DecisionContext): readonly AssignmentEvent[] {
  const declared = { person: judging(data.person ?? context.actor, context), ...relationIn(data, context) };
  const text = canonicalJson(declared);
  const isKnown = state.status !== 'none' && state.relations.some((one) => canonicalJson(one) === text);
  return isKnown ? [] : [{ type: 'RelationDeclared', data: declared }];
}

function relationIn(
  { person, relation, institution, until, with: other }: DeclareRelation,
  { actor }: DecisionContext,
): Omit<RelationDeclared, 'person'> {
  if (relation === 'formerly-at') {
    if (institution === undefined || until === undefined) throw incomplete();
    return { relation, institution, until };
  }
  if (other === undefined || other === (person ?? actor)) throw incomplete();
  return { relation, with: other };
}

const incomplete = () =>
  refused(
    'assignment.relation-incomplete',
    'Name the institution and the last day there, or the other person.',
    '请写明曾任职单位及离任日期，或相关人员。',
  );

const isApart = (state: AssigningState, { one, other }: KeepApart): boolean =>
  state.status !== 'none' && state.apart.some((pair) => pair.includes(one) && pair.includes(other));

function keptApart({ one, other }: KeepApart, state: AssigningState, context: DecisionContext): readonly AssignmentEvent[] {
  if (one === other) throw incomplete();
  for (const person of [one, other]) pooled(person, context);
  return isApart(state, { one, other }) ? [] : [{ type: 'ReviewersKeptApart', data: { one, other } }];
}

const allowedTogether = ({ one, other }: AllowTogether, state: AssigningState): readonly AssignmentEvent[] =>
  isApart(state, { one, other }) ? [{ type: 'ReviewersAllowedTogether', data: { one, other } }] : [];

function requested({ least = 0 }: RequestAssignment, state: AssigningState): AssignmentEvent {
  const last = lastRequest(state);
  if (last?.status === 'computing' || last?.status === 'proposed') throw underWay(last);
  return { type: 'AssignmentRequested', data: { request: (last?.request ?? 0) + 1, least } };
}

const underWay = ({ request, status }: Request) =>
  refused(
    'assignment.under-way',
    status === 'computing'
      ? `Assignment ${request} is being computed. Wait for it, or discard it.`
      : `Assignment ${request} waits to be adopted or discarded. Decide on it first.`,
    status === 'computing' ? `第 ${request} 次分配正在计算，请等待或放弃。` : `第 ${request} 次分配方案待采用或放弃，请先处理。`,
    { request, status },
  );

/** A request that was discarded meanwhile is told nothing more. */
const computing = (request: number, state: AssigningState): Request | undefined =>
  state.status === 'none' ? undefined : state.requests.find((one) => one.request === request && one.status === 'computing');

/** The first portion begins anew; another counts only after the one before it, of the same problem. */
function portioned({ request, portion }: RecordPortion, state: AssigningState): readonly AssignmentEvent[] {
  const { number, inputs, lists } = portion;
  const before = computing(request, state);
  if (before === undefined) return [];
  if (number > 1 && (before.portion?.number !== number - 1 || before.portion.inputs !== inputs)) return [];
  return lists.map((list) => listed(request, list, { portion: { number, inputs } }));
}

function listed(
  request: number,
  list: Portion['lists'][number],
  more: { readonly portion?: Pick<Portion, 'number' | 'inputs'> } = {},
): AssignmentEvent {
  const place = { request, part: list.part, of: list.parts, ...more };
  return list.of === 'pool'
    ? { type: 'PoolCounted', data: { ...place, reviewers: list.items } }
    : { type: 'PanelsProposed', data: { ...place, panels: list.items } };
}

function recorded({ request, computed }: RecordAssignment, state: AssigningState): readonly AssignmentEvent[] {
  const known = computing(request, state);
  if (known === undefined || computed === undefined) return [];
  const { answer, portions } = computed;
  if (answer.outcome === 'failed') return [answered(request, computed)];
  if (portions === undefined) return [...listsOf(computed).map((list) => listed(request, list)), answered(request, computed)];
  if (known.portion?.number !== portions || known.portion.inputs !== answer.inputs) throw incompletelyRecorded(request);
  return [answered(request, computed)];
}

const incompletelyRecorded = (request: number) =>
  refused(
    'assignment.portions-missing',
    `Not every portion of assignment ${request} has been recorded. Try this step again.`,
    `第 ${request} 次分配的数据尚未完整记录，请重试该步骤。`,
    { request },
  );

function answered(request: number, { answer, neverTogether, perInstitution }: Computed): AssignmentEvent {
  const terms = { neverTogether, perInstitution };
  switch (answer.outcome) {
    case 'assigned': {
      const { outcome: _outcome, ...found } = answer;
      return { type: 'AssignmentProposed', data: { request, ...terms, ...found } };
    }
    case 'infeasible': {
      const { outcome: _outcome, ...blocked } = answer;
      return { type: 'AssignmentBlocked', data: { request, ...terms, ...blocked } };
    }
    case 'failed':
      return { type: 'AssignmentDiscarded', data: { request, reason: `${answer.text.zh} ${answer.text.en}` } };
  }
}

function adopted({ request }: AdoptAssignment, state: AssigningState): readonly AssignmentEvent[] {
  mustBe(request, state, ['proposed']);
  return [{ type: 'AssignmentAdopted', data: { request } }];
}

function discarded({ request, reason }: DiscardAssignment, state: AssigningState): readonly AssignmentEvent[] {
  mustBe(request, state, ['computing', 'proposed', 'blocked']);
  return [{ type: 'AssignmentDiscarded', data: { request, reason } }];
}

function mustBe(number: number, state: AssigningState, from: readonly Request['status'][]): void {
  const request = state.status === 'none' ? undefined : state.requests.find((one) => one.request === number);
  if (request !== undefined && from.includes(request.status)) return;
  throw refused(
    'assignment.not-open',
    `Assignment ${number} cannot be decided on now (${request?.status ?? 'unknown'}). Read it again.`,
    `第 ${number} 次分配目前不能办理（${request?.status ?? '不存在'}），请重新读取。`,
    { request: number, status: request?.status },
  );
}

/**
 * Nobody decides who reviews the application of an institution that they, as a judge of the round, work for. So who judges and works for
 * any institution runs no assignment at all: a refusal that came with certain applications would tell who has applied.
 */
function mustNotJudge(context: DecisionContext): void {
  const { definition } = groundOf(context);
  const isJudge = judgingPowers(definition).some((power) =>
    heldSeats(context, power).some(({ person, institution }) => person === context.actor && institution !== undefined),
  );
  if (!isJudge) return;
  throw refused(
    'assignment.judge',
    'Whoever judges in this round and works for an institution runs no assignment of it, whoever has applied. Another keeper of the panel does.',
    '在本轮担任评审或审议职务且任职于院校的人员，无论哪些单位申报，均不办理统一分配，请由其他管理人员办理。',
  );
}
