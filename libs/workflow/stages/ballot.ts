import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import { type BallotVisit, openSitting, type Sitting } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { BallotStage } from '../definition.js';
import { type Obstacle, obstacle } from '../migration/obstacle.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { judgedIn } from '../versions.js';
import { castingVoteOf, countVotes, explainSitting, heldSittings, resultOf } from './ballot.count.js';
import { ballotReads, calledOff, hasLapsed, opened, voterOf } from './ballot.sitting.js';
import { evolveReminder, isReminded, reminderDrawn, reminderOwed, reminderTo } from './reminder.js';
import { after, type At, engineOr, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type BallotAt = At<BallotStage, BallotVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

/** Opens a ballot, or may be what ends it: then whoever presides must still hold a seat. */
const countsSeats: ReadonlySet<StageCommand['type']> = new Set(['OpenBallot', 'CastVote', 'DeclareConflict', 'CloseBallot']);

/** An organ decides under the charter's rule, by correspondence: who votes is present. */
export const ballot: StageKind<BallotStage, BallotVisit> = {
  kind: 'ballot',
  schema: {
    required: ['manage', 'workingDays', 'sittings', 'castingVote'],
    properties: {
      manage: { $ref: '#/$defs/power' },
      workingDays: { $ref: '#/$defs/workingDays' },
      remind: { $ref: '#/$defs/workingDays' },
      sittings: { type: 'integer', minimum: 1, maximum: 10 },
      castingVote: {
        type: 'object',
        additionalProperties: false,
        required: ['workingDays'],
        properties: { workingDays: { $ref: '#/$defs/workingDays' } },
      },
    },
  },
  outcomes: ['carried', 'not-carried', 'inquorate'],
  commands: [
    'OpenBallot',
    'CallOffBallot',
    'CastVote',
    'DeclareConflict',
    'CloseBallot',
    'BreakTie',
    'ReportOverdue',
    'SendReminder',
  ],
  powers: ({ power, manage }) => [power, manage],
  judges: ({ power }) => [power],
  judged: ({ sittings }) =>
    sittings
      .flatMap(({ votes, tie }) => [
        ...votes.map(({ person }) => person),
        ...(tie?.broken === undefined ? [] : [tie.castingVote]),
      ])
      .map((person) => ({ person, because: 'voted' })),
  seats: ({ type }, { power }) => (countsSeats.has(type) ? [power] : []),
  reads: ballotReads,

  owner(command, { power, manage }, actor) {
    if (command.type === 'CallOffBallot') return { power: 'operate-workflow' };
    if (command.type === 'CastVote' || command.type === 'BreakTie') return { power };
    if (command.type === 'DeclareConflict' && (command.data.person ?? actor) === actor) return { power };
    return engineOr({ power: manage }, actor);
  },

  enter: () => ({}),
  begin: ({ stage, visit }, enteredAt) => ({ kind: 'ballot', stage, visit, enteredAt, overdue: [], sittings: [] }),

  decide(command, at, context) {
    switch (command.type) {
      case 'OpenBallot':
        return opened(command.data.meeting, at, context);
      case 'CallOffBallot':
        return calledOff(command.data.meeting, at, context);
      case 'CastVote':
        return voted(command, at, context);
      case 'DeclareConflict':
        return conflicted(command, at, context);
      case 'CloseBallot':
        return closed(command, at, context);
      case 'BreakTie':
        return tieBroken(command, at, context);
      case 'ReportOverdue':
        return overdue(command.data.of, at, context);
      case 'SendReminder':
        return remindedVoters(command.data.of, at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve: evolveBallot,

  effects({ visit }, event) {
    const close = (sitting: number, dueAt: string) => ({
      name: 'close',
      command: { type: 'CloseBallot' as const, data: { sitting } },
      dueAt,
      of: `sitting.${sitting}`,
    });
    switch (event.type) {
      case 'StageEntered':
        return [{ name: 'open', command: { type: 'OpenBallot', data: {} }, of: 'sitting.0' }];
      case 'BallotInquorate':
        return [{ name: 'reconvene', command: { type: 'OpenBallot', data: {} }, of: `sitting.${visit.sittings.length}.again` }];
      case 'BallotOpened':
        return [
          close(event.data.sitting, event.data.closesAt),
          ...reminderOwed(`sitting.${event.data.sitting}`, event.data.remindAt),
        ];
      case 'VotesTied':
        return [close(event.data.sitting, event.data.dueAt)];
      case 'MeetingAwaited': {
        const of = meetingOf(event.data.sitting);
        return [{ name: 'overdue', command: { type: 'ReportOverdue', data: { of } }, dueAt: event.data.dueAt, of }];
      }
      default:
        return [];
    }
  },

  settled(event) {
    switch (event.type) {
      case 'BallotOpened':
        if (event.data.meeting !== undefined) return meetingOf(event.data.sitting);
        return event.data.sitting === 1 ? 'sitting.0' : `sitting.${event.data.sitting - 1}.again`;
      case 'VotesTied':
      case 'BallotInquorate':
        return `sitting.${event.data.sitting}`;
      case 'BallotCalledOff':
        return event.data.sitting === undefined ? undefined : `sitting.${event.data.sitting}`;
      default:
        return undefined;
    }
  },

  explain({ stage, visit }, outcome) {
    const last = visit.sittings.at(-1);
    if (last === undefined) throw new Error(`nothing was voted on at ${stage.id}`);
    return explainSitting(last, outcome, stage.title);
  },

  draw: ({ title, power, workingDays, remind }) => ({
    shape: 'vote',
    label: title,
    owner: power,
    edge: [
      ...reminderDrawn(remind),
      { kind: 'timer', label: { en: `closes after ${workingDays} working days`, zh: `${workingDays} 个工作日后截止` } },
    ],
  }),

  carry: ({ sittings }, from, to) => (sittings.length === 0 || from.power === to.power ? [] : [otherElectorate(from)]),

  outline: ({ power, manage, workingDays, castingVote }) => ({
    outcomes: ['carried', 'not-carried', 'inquorate'],
    automatic: ['inquorate'],
    waits: [
      { at: '/workingDays', workingDays },
      { at: '/castingVote/workingDays', workingDays: castingVote.workingDays },
    ],
    powers: [
      { power, at: '/power', part: 'decides' },
      { power: manage, at: '/manage', part: 'keeps' },
    ],
    benches: [{ power, at: '/power', votes: true }],
  }),
};

/** The sitting that is taking votes. @throws DomainError case.voting-closed */
function votingIn({ visit }: BallotAt, context: DecisionContext): Sitting {
  const sitting = openSitting(visit);
  const isOpen = sitting !== undefined && sitting.tie === undefined && context.now < Date.parse(sitting.closesAt);
  if (isOpen && !hasLapsed(sitting, context)) return sitting;
  throw refused('case.voting-closed', 'No vote is being taken on this now.', '该事项目前不在表决时间内。', {
    ...(sitting === undefined ? {} : { closesAt: sitting.closesAt }),
  });
}

const meetingOf = (sitting: number): string => `meeting.${sitting}`;

function overdue(of: string, { visit, ...at }: BallotAt, { now }: DecisionContext): StageDecision {
  const { awaited } = visit;
  if (awaited === undefined || of !== meetingOf(awaited.sitting) || visit.overdue.includes(of)) return { events: [] };
  tooEarly(now, awaited.dueAt);
  return { events: [{ type: 'StageOverdue', data: { ...place({ ...at, visit }), of } }] };
}

/** Those who may vote and have not; the keeper reminds them when they see fit. */
function remindedVoters(of: string, { visit }: BallotAt, context: DecisionContext): StageDecision {
  const sitting = openSitting(visit);
  const isOver = sitting === undefined || of !== `sitting.${sitting.sitting}` || sitting.tie !== undefined;
  if (isOver || isReminded(visit, of) || hasLapsed(sitting, context)) return { events: [] };
  if (context.actor === 'engine') tooEarly(context.now, sitting.remindAt as string);
  const done = new Set([...sitting.votes, ...sitting.recused].map(({ person }) => person));
  const people = sitting.seats.map(({ person }) => person).filter((person) => !done.has(person));
  return { events: [reminderTo(visit, { of, people })] };
}

function voted({ data: { choice, proxyOf } }: Act<'CastVote'>, at: BallotAt, context: DecisionContext): StageDecision {
  const sitting = votingIn(at, context);
  const person = voterOf(sitting, proxyOf, at.stage, context);
  const proxy = proxyOf === undefined ? {} : { proxy: context.actor };
  const said = { sitting: sitting.sitting, person, choice, ...proxy, ...judgedIn(at.case, at.visit) };
  const vote: CaseEvent = { type: 'VoteCast', data: { ...place(at), ...said } };
  return counted(at, [vote], context, everyoneVoted);
}

const everyoneVoted = (sitting: Sitting): boolean => {
  const { for: inFavour, against, abstain, eligible } = countVotes(sitting);
  return inFavour + against + abstain >= eligible;
};

function conflicted({ data }: Act<'DeclareConflict'>, at: BallotAt, context: DecisionContext): StageDecision {
  const person = data.person ?? context.actor;
  const sitting = openSitting(at.visit);
  if (at.case.conflicts.includes(person)) {
    throw refused('case.conflict-known', 'This conflict of interest is on record already.', '该回避事项已登记在案。', { person });
  }
  const hadVoted = sitting?.votes.some((vote) => vote.person === person) === true;
  const declared: CaseEvent = {
    type: 'ConflictDeclared',
    data: { ...place(at), person, ground: sealed(data.ground), ...(hadVoted ? { excludes: 'vote' as const } : {}) },
  };
  const isOver = (next: Sitting) => next.tie !== undefined || (everyoneVoted(next) && !hasLapsed(next, context));
  return counted(at, [declared], context, isOver);
}

function closed({ data }: Act<'CloseBallot'>, at: BallotAt, context: DecisionContext): StageDecision {
  const sitting = openSitting(at.visit);
  if (sitting === undefined || (data.sitting ?? sitting.sitting) !== sitting.sitting) {
    if (context.actor === 'engine') return { events: [] };
    throw refused('case.no-ballot', 'No ballot is open here.', '此处没有进行中的表决。');
  }
  if (hasLapsed(sitting, context)) return { events: [] };
  tooEarly(context.now, sitting.tie?.dueAt ?? sitting.closesAt);
  // A chair who lets the time for the casting vote pass leaves the motion not carried.
  if (sitting.tie !== undefined) return { events: [], outcome: 'not-carried' };
  return counted(at, [], context, () => true);
}

function tieBroken({ data: { choice } }: Act<'BreakTie'>, at: BallotAt, { now, actor }: DecisionContext): StageDecision {
  const sitting = openSitting(at.visit);
  if (sitting?.tie === undefined || now >= Date.parse(sitting.tie.dueAt)) {
    throw refused('case.no-tie', 'There is no tie to break here.', '此处没有需要裁断的平票。');
  }
  if (sitting.tie.castingVote !== actor) {
    throw refused(
      'case.not-presiding',
      'The casting vote belongs to whoever presides over this matter.',
      '决定票由本事项的主持人行使。',
    );
  }
  const broken: CaseEvent = { type: 'TieBroken', data: { ...place(at), sitting: sitting.sitting, person: actor, choice } };
  return { events: [broken], outcome: choice === 'for' ? 'carried' : 'not-carried' };
}

/** The events, and what the sitting comes to with them if it is over. */
function counted(
  at: BallotAt,
  events: readonly CaseEvent[],
  context: DecisionContext,
  isOver: (sitting: Sitting) => boolean,
): StageDecision {
  const visit = after(ballot, at.visit, events, context);
  const sitting = openSitting(visit);
  if (sitting === undefined || !isOver(sitting)) return { events };
  const result = resultOf(sitting);
  if (result === 'inquorate') return inquorate(at, events, sitting);
  if (result !== 'tied') return { events, outcome: result };
  const castingVote = castingVoteOf(stillSeated(sitting, at, context));
  if (castingVote === undefined) return { events, outcome: 'not-carried' };
  const dueAt = deadline(at.definition, context.now, at.stage.castingVote.workingDays);
  return { events: [...events, { type: 'VotesTied', data: { ...place(at), sitting: sitting.sitting, castingVote, dueAt } }] };
}

/** Without those whose seats have ended since the ballot was opened: what they voted stands, and they preside over nothing. */
function stillSeated(sitting: Sitting, { stage }: BallotAt, context: DecisionContext): Sitting {
  const held = new Set(heldSeats(context, stage.power).map(({ person }) => person));
  return { ...sitting, seats: sitting.seats.filter(({ person }) => held.has(person)) };
}

function inquorate(at: BallotAt, events: readonly CaseEvent[], sitting: Sitting): StageDecision {
  if (heldSittings(at.visit).length >= at.stage.sittings) return { events, outcome: 'inquorate' };
  const explanation = explainSitting(sitting, 'inquorate', at.stage.title);
  return { events: [...events, { type: 'BallotInquorate', data: { ...place(at), sitting: sitting.sitting, explanation } }] };
}

function evolveBallot(visit: BallotVisit, event: CaseEvent): BallotVisit {
  const last = (change: (sitting: Sitting) => Partial<Sitting>): BallotVisit => ({
    ...visit,
    sittings: visit.sittings.map((one, index, all) => (index === all.length - 1 ? { ...one, ...change(one) } : one)),
  });
  switch (event.type) {
    case 'BallotOpened': {
      const { stage: _stage, visit: _visit, ...sitting } = event.data;
      const { awaited: _awaited, ...before } = visit;
      return { ...before, sittings: [...visit.sittings, { ...sitting, votes: [] }] };
    }
    case 'MeetingAwaited': {
      const { sitting, notice, dueAt } = event.data;
      return { ...visit, awaited: { sitting, notice, dueAt } };
    }
    case 'StageOverdue':
      return { ...visit, overdue: [...visit.overdue, event.data.of] };
    case 'VoteCast': {
      const { person, choice, proxy } = event.data;
      return last(({ votes }) => ({ votes: [...votes, { person, choice, ...(proxy === undefined ? {} : { proxy }) }] }));
    }
    case 'ConflictDeclared': {
      const { person } = event.data;
      return last(({ seats, recused }) =>
        seats.some((seat) => seat.person === person) && !recused.some((exclusion) => exclusion.person === person)
          ? { recused: [...recused, { person, because: 'declared' }] }
          : {},
      );
    }
    case 'VotesTied': {
      const { castingVote, dueAt } = event.data;
      return last(() => ({ tie: { castingVote, dueAt } }));
    }
    case 'TieBroken': {
      const { choice } = event.data;
      return last(({ tie }) => (tie === undefined ? {} : { tie: { ...tie, broken: choice } }));
    }
    case 'BallotCalledOff': {
      const { sitting, reason } = event.data;
      return sitting === undefined ? visit : last(() => ({ calledOff: { reason } }));
    }
    case 'BallotInquorate': {
      const { explanation } = event.data;
      return last(() => ({ inquorate: explanation }));
    }
    default:
      return evolveReminder(visit, event);
  }
}

const otherElectorate = ({ title }: BallotStage): Obstacle =>
  obstacle(
    'electorate-differs',
    `The vote at “${title.en}” has been opened, and the new version has another organ decide; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节已开始表决，而新版本由其他机构决定；请让案件保留原版本，或重新开始该环节。`,
  );
