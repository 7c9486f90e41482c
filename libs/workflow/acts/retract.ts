import type { DecisionContext } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import { type AssignmentState, openSitting, type PanelVisit, type Visit } from '../case.state.js';
import { type Owner, returner, type Stage, stageOf } from '../definition.js';
import type { Known } from '../case.knowing.js';
import { refused } from '../refusal.js';
import type { ActRetracted, RetractAct } from './acts.messages.js';
import { kindOf } from '../stages/index.js';
import { retrievable, standing } from './standing-acts.js';
import { notAtStage, notThisAct } from './visit.js';

type What = Pick<ActRetracted, 'act' | 'of'>;

/** Under which power an act of a stage is taken back: the one under which it was done. @throws DomainError */
export function ownerOfRetraction(stage: Stage, data: RetractAct, actor: string): Owner {
  const { act, party } = data;
  if (act !== undefined) return ownerOfAct(stage, act, data, actor);
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

function ownerOfAct(stage: Stage, act: string, data: RetractAct, actor: string): Owner {
  if (act === 'SendBack' && stage.return !== undefined) return returner(stage);
  const kind = kindOf(stage.kind);
  const type = kind.commands.find((one) => one === act);
  if (type === undefined || !isOfPeople(type)) throw notThisAct(stage.title);
  // Whose act it is follows from its type, and from the party for which somebody answered.
  return kind.owner({ type, data } as StageCommand, stage, actor);
}

const isOfPeople = (act: string): boolean => Object.hasOwn(standing, act) || retrievable.some((one) => one === act);

/**
 * Takes back the sender's own act. Nothing is deleted: the act and its retraction both stay on record.
 *
 * @throws DomainError case.next-step-began once the stage has been left, case.act-stands for what others rest on, case.nothing-to-retract,
 * case.retract-too-late, case.secret-vote-stands, case.revise-instead
 */
export function retracted(data: RetractAct, { open, definition }: Known, context: DecisionContext): readonly CaseEvent[] {
  const { stage: id, visit: number, act } = data;
  const visit = open.visits.findLast((one) => one.stage === id && one.visit === (number ?? one.visit));
  if (visit === undefined) throw notAtStage(id);
  const stage = stageOf(definition, id);
  ownerOfRetraction(stage, data, context.actor);
  if (visit.left !== undefined) throw nextStepBegan(visit.left.to);
  if (act !== undefined && isStanding(act)) throw actStands(act);
  const own = ownAct(stage, visit, { person: context.actor, ...data });
  if (own === undefined) throw nothingToRetract();
  if (own.stands === 'heard') throw revisedInstead();
  if (own.stands === 'secret') throw secretVoteStands();
  if (own.until !== undefined && context.now >= Date.parse(own.until)) throw tooLate(own.until);
  return [{ type: 'ActRetracted', data: { stage: visit.stage, visit: visit.visit, ...own.what } }];
}

const isStanding = (act: string): act is keyof typeof standing => Object.hasOwn(standing, act);

interface Own {
  readonly what: What;
  /** Before this instant it may be taken back; until the stage is left, unless told. */
  readonly until?: string;
  /** A secret vote taken out again would show whose it was; who has read the others' reviews does not write a first one again. */
  readonly stands?: 'secret' | 'heard';
}

type Whose = Pick<RetractAct, 'act' | 'party'> & { readonly person: string };

function ownAct(stage: Stage, visit: Visit, whose: Whose): Own | undefined {
  const { person, party } = whose;
  switch (visit.kind) {
    case 'check':
      return visit.signing?.signatures.some((one) => one.person === person) === true ? { what: { act: 'signature' } } : undefined;
    case 'confirmation': {
      const given = visit.asked?.parties.find((one) => one.answer?.by === person && one.party === (party ?? one.party));
      return given === undefined ? undefined : { what: { act: 'answer', of: given.party } };
    }
    case 'panel':
      return ownReview(stage, visit, whose) ?? ownSubstitution(visit, whose);
    case 'ballot': {
      const sitting = openSitting(visit);
      // Whoever cast it: a member who has let another vote has no part in the sitting.
      const cast = sitting?.votes.find(
        (vote) => vote.person === (party ?? person) && vote.proxy === (party === undefined ? undefined : person),
      );
      if (sitting === undefined || cast === undefined) return undefined;
      const what: What = { act: 'vote', ...(party === undefined ? {} : { of: party }) };
      // Who votes openly may think again until the vote is taken.
      const until = sitting.tie === undefined ? sitting.closesAt : visit.enteredAt;
      return { what, until, ...(sitting.rule.secret === true ? { stands: 'secret' } : {}) };
    }
    default:
      return undefined;
  }
}

function ownReview(stage: Stage, { assignments }: PanelVisit, { person, act }: Whose): Own | undefined {
  const own = assignments.find(({ reviewer, status }) => reviewer === person && status === 'submitted');
  if (own === undefined || act === 'AppointSubstitute') return undefined;
  const isHeard = stage.kind === 'panel' && stage.discussion !== undefined;
  return { what: { act: 'review', of: own.id }, until: own.replaceAt, ...(isHeard ? { stands: 'heard' } : {}) };
}

/** Until the substitute begins; after that whoever keeps the panel ends it. */
function ownSubstitution({ assignments }: PanelVisit, { person, act = 'AppointSubstitute' }: Whose): Own | undefined {
  if (act !== 'AppointSubstitute') return undefined;
  const own = assignments.find(
    ({ reviewer, status, substitute }) => reviewer === person && status === 'open' && substitute !== undefined,
  );
  return own?.substitute === undefined ? undefined : { what: { act: 'substitution', of: own.id }, until: own.substitute.from };
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
        assignments: visit.assignments.map((one) => (one.id === of ? withoutAct(one, act) : one)),
      };
    case 'ballot':
      return {
        ...visit,
        sittings: visit.sittings.map((sitting, index, all) =>
          index === all.length - 1
            ? { ...sitting, votes: sitting.votes.filter(({ person }) => person !== (of ?? actor)) }
            : sitting,
        ),
      };
    default:
      throw new Error(`nothing is taken back at a ${visit.kind}: ${act}`);
  }
}

function withoutAct({ review, substitute, ...one }: AssignmentState, act: ActRetracted['act']): AssignmentState {
  if (act === 'substitution') return { ...one, ...(review === undefined ? {} : { review }) };
  if (substitute === undefined) return { ...one, status: 'open' };
  const { principal, handedBy, ...rest } = one;
  if (substitute.person !== one.reviewer || principal === undefined) return { ...one, status: 'open', substitute };
  // Who reviewed in another's place goes on standing in for them.
  const own = { ...rest, reviewer: principal, ...(handedBy === undefined ? {} : { principal: handedBy }) };
  return { ...own, status: 'open', substitute };
}

/** What somebody has done at an open stage and may still take back. */
export function retractable(stage: Stage, visit: Visit, person: string, nowMs: number): readonly What[] {
  if (visit.left !== undefined) return [];
  const proxied = visit.kind === 'ballot' ? (openSitting(visit)?.votes ?? []).filter(({ proxy }) => proxy === person) : [];
  return [{ person }, ...proxied.map((vote) => ({ person, party: vote.person }))].flatMap((whose) => {
    const own = ownAct(stage, visit, whose);
    if (own === undefined || own.stands !== undefined) return [];
    return own.until !== undefined && nowMs >= Date.parse(own.until) ? [] : [own.what];
  });
}

const nextStepBegan = (to: string) =>
  refused(
    'case.next-step-began',
    `This stage is complete and the next step (“${to}”) has begun; what was done here stands.`,
    `本环节已办结，下一步（“${to}”）已经开始，不能撤回。`,
    { to },
  );

const actStands = (act: keyof typeof standing) =>
  refused('case.act-stands', `This is not taken back. ${standing[act].en}`, `该操作不能撤回：${standing[act].zh}`, { act });

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
