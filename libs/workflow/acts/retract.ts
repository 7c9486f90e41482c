import type { DecisionContext } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { openSitting, type Visit } from '../case.state.js';
import { type Owner, type Stage, stageOf } from '../definition.js';
import type { Known } from '../case.knowing.js';
import { refused } from '../refusal.js';
import type { ActRetracted, RetractAct } from './acts.messages.js';
import { notAtStage, notThisAct } from './visit.js';

type What = Pick<ActRetracted, 'act' | 'of'>;

/** Under which power an act of a stage is taken back: the one under which it was done. @throws DomainError */
export function ownerOfRetraction(stage: Stage, { party }: RetractAct): Owner {
  switch (stage.kind) {
    case 'check':
    case 'panel':
    case 'ballot':
      return stage;
    case 'confirmation': {
      const asked = stage.parties.find(({ id }) => id === party);
      if (asked !== undefined) return asked;
      throw refused(
        'case.no-such-party',
        `Nobody is asked here as "${party}". Say for whom you answered.`,
        `此处没有需要确认的“${party}”，请写明您代表哪一方答复。`,
        { party },
      );
    }
    default:
      throw notThisAct(stage.title);
  }
}

/**
 * Takes back the sender's own act. Nothing is deleted: the act and its retraction both stay on record.
 *
 * @throws DomainError case.next-step-began once the stage has been left, case.nothing-to-retract, case.retract-too-late, case.secret-vote-stands,
 * case.revise-instead
 */
export function retracted(data: RetractAct, { open, definition }: Known, context: DecisionContext): readonly CaseEvent[] {
  const { stage: id, visit: number } = data;
  const visit = open.visits.findLast((one) => one.stage === id && one.visit === (number ?? one.visit));
  if (visit === undefined) throw notAtStage(id);
  const stage = stageOf(definition, id);
  ownerOfRetraction(stage, data);
  if (visit.left !== undefined) throw nextStepBegan(visit.left.to);
  const own = ownAct(visit, context.actor, data.party);
  if (own === undefined) throw nothingToRetract();
  if (isHeardByOthers(stage)) throw revisedInstead();
  if (own.secret === true) throw secretVoteStands();
  if (own.until !== undefined && context.now >= Date.parse(own.until)) throw tooLate(own.until);
  return [{ type: 'ActRetracted', data: { stage: visit.stage, visit: visit.visit, ...own.what } }];
}

interface Own {
  readonly what: What;
  /** Before this instant it may be taken back; until the stage is left, unless told. */
  readonly until?: string;
  /** Who votes openly may think again until the vote is taken; a secret vote taken out again would show whose it was. */
  readonly secret?: boolean;
}

function ownAct(visit: Visit, person: string, party: string | undefined): Own | undefined {
  switch (visit.kind) {
    case 'check':
      return visit.signing?.signatures.some((one) => one.person === person) === true ? { what: { act: 'signature' } } : undefined;
    case 'confirmation': {
      const given = visit.asked?.parties.find((one) => one.answer?.by === person && one.party === (party ?? one.party));
      return given === undefined ? undefined : { what: { act: 'answer', of: given.party } };
    }
    case 'panel': {
      const own = visit.assignments.find(({ reviewer, status }) => reviewer === person && status === 'submitted');
      return own === undefined ? undefined : { what: { act: 'review', of: own.id }, until: own.replaceAt };
    }
    case 'ballot': {
      const sitting = openSitting(visit);
      if (sitting?.votes.some((vote) => vote.person === person) !== true) return undefined;
      const until = sitting.tie === undefined ? sitting.closesAt : visit.enteredAt;
      return { what: { act: 'vote' }, until, secret: sitting.rule.secret === true };
    }
    default:
      return undefined;
  }
}

/** The visit without what was taken back. */
export function evolveRetracted(visit: Visit, { act, of }: ActRetracted, actor: string): Visit {
  switch (visit.kind) {
    case 'check': {
      const { signing } = visit;
      if (signing === undefined) return visit;
      return { ...visit, signing: { ...signing, signatures: signing.signatures.filter(({ person }) => person !== actor) } };
    }
    case 'confirmation': {
      if (visit.asked === undefined) return visit;
      const parties = visit.asked.parties.map(({ answer, ...party }) =>
        party.party === of || answer === undefined ? party : { ...party, answer },
      );
      return { ...visit, asked: { ...visit.asked, parties } };
    }
    case 'panel':
      return {
        ...visit,
        assignments: visit.assignments.map(({ review, ...one }) => {
          if (one.id === of) return { ...one, status: 'open' };
          return review === undefined ? one : { ...one, review };
        }),
      };
    case 'ballot':
      return {
        ...visit,
        sittings: visit.sittings.map((sitting, index, all) =>
          index === all.length - 1 ? { ...sitting, votes: sitting.votes.filter(({ person }) => person !== actor) } : sitting,
        ),
      };
    default:
      throw new Error(`nothing is taken back at a ${visit.kind}: ${act}`);
  }
}

/** Who has read the others' reviews does not write a first one again: it is revised, with a reason. */
const isHeardByOthers = (stage: Stage): boolean => stage.kind === 'panel' && stage.discussion !== undefined;

/** What somebody has done at an open stage and may still take back. */
export function retractable(stage: Stage, visit: Visit, person: string, nowMs: number): What | undefined {
  const own = visit.left === undefined && !isHeardByOthers(stage) ? ownAct(visit, person, undefined) : undefined;
  return own === undefined || own.secret === true || (own.until !== undefined && nowMs >= Date.parse(own.until))
    ? undefined
    : own.what;
}

const nextStepBegan = (to: string) =>
  refused(
    'case.next-step-began',
    `This stage is complete and the next step (“${to}”) has begun; what was done here stands.`,
    `本环节已办结，下一步（“${to}”）已经开始，不能撤回。`,
    { to },
  );

const nothingToRetract = () =>
  refused('case.nothing-to-retract', 'You have done nothing here that could be taken back.', '您在此处没有可以撤回的操作。');

const revisedInstead = () =>
  refused(
    'case.revise-instead',
    'The other reviewers may have read your review: it is not taken back. Revise it, and say why.',
    '其他专家可能已阅看您的评审意见，不能撤回；请修改并说明理由。',
  );

const tooLate = (until: string) =>
  refused('case.retract-too-late', `This could be taken back until ${until}.`, `撤回期限为 ${until}。`, { until });

const secretVoteStands = () =>
  refused('case.secret-vote-stands', 'A secret vote stands once it is cast.', '无记名投票一经投出不得撤回。');
