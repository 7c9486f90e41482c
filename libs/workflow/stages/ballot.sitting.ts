import {
  type AskingContext,
  charterStream,
  type DecisionContext,
  type DecisionRule,
  type MembershipStanding,
  membershipStream,
  type Seat,
} from '#kernel';
import type { BallotOpened, CaseEvent, Exclusion, ProxyHeld } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import { type BallotVisit, type Case, openSitting, openVisits, type Sitting } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { BallotStage } from '../definition.js';
import { type Meeting, type MeetingState, meetingStream } from '../meeting/meeting.state.js';
import { charterOf, heldSeats, organStreamOf, seatsOf } from '../organs.js';
import { refused } from '../refusal.js';
import { recusals, tieStreams } from './recusal.js';
import { type At, place, type StageDecision } from './stage.js';

type BallotAt = At<BallotStage, BallotVisit>;

/** The meeting that a ballot is opened or voted in, the ties declared in its round, and the membership of whoever's employer is a member: a suspended one does not vote. */
export function ballotReads(stage: BallotStage, state: Case, asking: AskingContext, command: StageCommand): readonly string[] {
  const meeting = meetingOf(command, state);
  const ours = meeting?.startsWith(`${asking.alliance}.`) === true ? [meetingStream(meeting)] : [];
  const ties = command.type === 'OpenBallot' ? tieStreams(state, asking) : [];
  return [...ours, ...ties, ...membershipsRead(stage, asking, command)];
}

const meetingOf = (command: StageCommand, state: Case): string | undefined => {
  if (command.type === 'OpenBallot' || command.type === 'CallOffBallot') return command.data.meeting;
  const visit = openVisits(state).find(({ stage }) => stage === command.data.stage);
  return visit?.kind === 'ballot' ? openSitting(visit)?.meeting : undefined;
};

function membershipsRead({ power }: BallotStage, asking: AskingContext, command: StageCommand): readonly string[] {
  if (command.type !== 'OpenBallot' && command.type !== 'CastVote') return [];
  const organ = asking.loaded(charterStream(asking.alliance)) ? organStreamOf(asking, power) : undefined;
  const seats = organ !== undefined && asking.loaded(organ) ? seatsOf(asking, power) : [];
  const voters = command.type === 'OpenBallot' ? seats : seats.filter(({ person }) => votersOf(command, asking).includes(person));
  const employers = voters.flatMap(({ institution }) => institution ?? []);
  return [...new Set(employers.map((institution) => membershipStream(asking.alliance, institution)))];
}

const votersOf = ({ data: { proxyOf } }: Extract<StageCommand, { type: 'CastVote' }>, { actor }: { readonly actor: string }) =>
  proxyOf === undefined ? [actor] : [actor, proxyOf];

const isSuspended = ({ institution }: Seat, { alliance, consulted }: DecisionContext): boolean =>
  institution !== undefined && consulted<MembershipStanding>(membershipStream(alliance, institution)).status === 'suspended';

/** Opens a ballot by correspondence or in a meeting, as the charter's rule wants it; asks for a meeting where there is none yet. */
export function opened(meeting: string | undefined, at: BallotAt, context: DecisionContext): StageDecision {
  const { stage, visit, case: state } = at;
  if (openSitting(visit) !== undefined) {
    if (context.actor === 'engine') return { events: [] };
    throw refused('case.ballot-open', 'This ballot is open already.', '该事项已在表决中。');
  }
  const charter = charterOf(context, state.charter);
  const clause = charter.powers[stage.power];
  const rule = clause?.rule === undefined ? undefined : charter.rules[clause.rule];
  if (clause === undefined || rule === undefined) throw noRule(stage.power, state.charter);
  if (meeting !== undefined && context.actor === 'engine' && wasCalledOff(meeting, context)) return { events: [] };
  if (rule.notice !== undefined && meeting === undefined) return awaiting(at, rule.notice.workingDays, context);
  const seats = heldSeats(context, stage.power);
  if (seats.length === 0) throw noSeats(clause.organ);
  const held = meeting === undefined ? undefined : inSession(meeting, rule, at, context);
  const closesAt = held?.closesAt ?? deadline(at.definition, context.now, stage.workingDays);
  const sitting = sittingOf(at, seats, clause.organ, rule, context);
  const data = {
    ...place(at),
    ...sitting,
    closesAt,
    ...(stage.remind === undefined || held !== undefined ? {} : { remindAt: deadline(at.definition, context.now, stage.remind) }),
    ...(held === undefined ? {} : { meeting, proxies: proxiesOf(held, seats, context) }),
  };
  return { events: [{ type: 'BallotOpened', data: data as BallotOpened }] };
}

function sittingOf(
  { definition, stage, visit, case: state }: BallotAt,
  seats: readonly Seat[],
  organ: string,
  rule: DecisionRule,
  context: DecisionContext,
): Omit<BallotOpened, 'stage' | 'visit' | 'closesAt'> {
  const recused = recusals(definition, state, stage.power, context);
  return {
    sitting: visit.sittings.length + 1,
    organ,
    charter: state.charter,
    rule,
    seats: seats.map(({ person, role, granted }) => ({ person, role, granted })),
    recused: seats.flatMap((seat): readonly Exclusion[] => {
      const because = recused(seat) ?? (isSuspended(seat, context) ? 'suspended' : undefined);
      return because === undefined ? [] : [{ person: seat.person, because }];
    }),
  };
}

/** The engine asks for a meeting; a person is told that one is needed. */
function awaiting(at: BallotAt, notice: number, context: DecisionContext): StageDecision {
  if (context.actor !== 'engine') throw needsMeeting(notice);
  if (at.visit.awaited?.sitting === at.visit.sittings.length + 1) return { events: [] };
  return { events: [awaits(at, notice, context)] };
}

function awaits(at: BallotAt, notice: number, { now }: DecisionContext): CaseEvent {
  const dueAt = deadline(at.definition, now, at.stage.workingDays + notice);
  return { type: 'MeetingAwaited', data: { ...place(at), sitting: at.visit.sittings.length + 1, notice, dueAt } };
}

const calledOffIn = (id: string, { alliance, consulted }: DecisionContext): Meeting['calledOff'] => {
  const meeting = id.startsWith(`${alliance}.`) ? consulted<MeetingState>(meetingStream(id)) : undefined;
  return meeting?.status === 'convened' ? meeting.calledOff : undefined;
};

const wasCalledOff = (id: string, context: DecisionContext): boolean => calledOffIn(id, context) !== undefined;

/** Whether its meeting has been called off before everybody had voted: the ballot is about to be told. */
export const hasLapsed = ({ meeting, tie }: Sitting, context: DecisionContext): boolean =>
  tie === undefined && meeting !== undefined && wasCalledOff(meeting, context);

/** Votes that were cast lapse, and the item waits for another meeting; what has been voted on to the end stands. */
export function calledOff(meeting: string, at: BallotAt, context: DecisionContext): StageDecision {
  const reason = calledOffIn(meeting, context)?.reason;
  const isDone = at.visit.sittings.some((one) => one.meeting === meeting && one.inquorate !== undefined);
  if (reason === undefined || isDone) return { events: [] };
  const sitting = openSitting(at.visit);
  const event = { ...place(at), meeting, reason };
  if (sitting === undefined) return { events: [{ type: 'BallotCalledOff', data: event }] };
  if (sitting.meeting !== meeting || !hasLapsed(sitting, context)) return { events: [] };
  const lapsed: CaseEvent = { type: 'BallotCalledOff', data: { ...event, sitting: sitting.sitting } };
  const notice = sitting.rule.notice?.workingDays ?? 0;
  return { events: [lapsed, awaits(at, notice, context)] };
}

const needsMeeting = (notice: number) =>
  refused(
    'case.needs-meeting',
    `The charter lets this organ vote only in a meeting, of which notice is given ${notice} working days before. Convene one with this item on its agenda.`,
    `章程规定该机构须在会议上表决，并提前 ${notice} 个工作日发出会议通知；请召集会议并将本事项列入议程。`,
    { notice },
  );

/** The meeting, now that it is in session and has the item on its agenda. */
function inSession(
  id: string,
  rule: DecisionRule,
  { stage, visit }: BallotAt,
  { alliance, id: own, now, consulted }: DecisionContext,
): Meeting {
  if (rule.notice === undefined) throw byCorrespondence();
  const meeting = id.startsWith(`${alliance}.`) ? consulted<MeetingState>(meetingStream(id)) : undefined;
  const has = meeting?.status === 'convened' && meeting.agenda.some((item) => item.case === own && item.stage === stage.id);
  if (meeting?.status !== 'convened' || !has || meeting.power !== stage.power) throw notOnAgenda();
  if (meeting.calledOff !== undefined || visit.sittings.some((sitting) => sitting.meeting === id))
    throw needsMeeting(rule.notice.workingDays);
  if (now < Date.parse(meeting.opensAt) || now >= Date.parse(meeting.closesAt)) throw notInSession(meeting);
  return meeting;
}

const byCorrespondence = () =>
  refused(
    'case.by-correspondence',
    'The charter lets this organ vote by correspondence; open the ballot without a meeting.',
    '章程规定该机构以通讯方式表决，无须通过会议。',
  );

const notOnAgenda = () =>
  refused(
    'case.not-on-agenda',
    'This item is not on the agenda that was sent with the notice of the meeting, so it cannot be put to the vote there. Put it on the agenda of another meeting.',
    '该事项未列入随会议通知发出的议程，不得在该会议上表决；请列入另一次会议的议程。',
  );

const notInSession = ({ opensAt, closesAt }: Meeting) =>
  refused(
    'case.meeting-not-in-session',
    `The meeting sits from ${opensAt} until ${closesAt}; votes are taken then.`,
    `会议于 ${opensAt} 至 ${closesAt} 举行，届时表决。`,
    { opensAt, closesAt },
  );

/** Those whose scope holds the item, between members who sit. */
const proxiesOf = ({ proxies }: Meeting, seats: readonly Seat[], { id }: DecisionContext): readonly ProxyHeld[] => {
  const sits = (wanted: string): boolean => seats.some(({ person }) => person === wanted);
  return proxies
    .filter(({ giver, holder, cases }) => sits(giver) && sits(holder) && (cases === undefined || cases.includes(id)))
    .map(({ giver, holder, lodged }) => ({ giver, holder, lodged }));
};

const noRule = (power: string, charter: number) =>
  refused(
    'case.no-decision-rule',
    `Version ${charter} of the charter gives the power "${power}" no decision rule, so nothing can be put to the vote. Amend the charter.`,
    `章程第 ${charter} 版未规定“${power}”职权的议决规则，无法表决；请修订章程。`,
    { power, charter },
  );

const noSeats = (organ: string) =>
  refused(
    'case.no-seats',
    `Nobody holds a seat in "${organ}" now. Fill its seats first.`,
    `“${organ}”目前没有成员，请先补足席位。`,
    { organ },
  );

/** Whose vote is cast: the actor's own, or that of an absent member under their proxy. @throws DomainError case.* where it may not be */
export function voterOf(sitting: Sitting, proxyOf: string | undefined, stage: BallotStage, context: DecisionContext): string {
  const voter = proxyOf ?? context.actor;
  mayVote(sitting, context.actor, stage, context);
  if (proxyOf !== undefined) {
    const held = sitting.proxies?.some(({ giver, holder }) => giver === proxyOf && holder === context.actor);
    if (held !== true) throw noProxy();
    mayVote(sitting, proxyOf, stage, context);
  }
  if (!sitting.votes.some(({ person }) => person === voter)) return voter;
  throw refused('case.already-voted', 'This vote has been cast.', '该票已投。');
}

function mayVote({ seats, recused }: Sitting, person: string, { power }: BallotStage, context: DecisionContext): void {
  if (!seats.some((seat) => seat.person === person)) {
    throw refused(
      'case.not-an-elector',
      'You held no seat when this ballot was opened; you take part from the next one on.',
      '表决开始时您尚无席位，请自下一次表决起参加。',
    );
  }
  if (recused.some((exclusion) => exclusion.person === person && exclusion.because !== 'suspended')) {
    throw refused(
      'case.recused',
      'Whoever is recused from this matter has no vote in it, in person or by proxy.',
      '须回避该事项者不得表决，也不得委托或受托表决。',
    );
  }
  if (heldSeats(context, power).some((seat) => seat.person === person && isSuspended(seat, context))) throw suspended();
}

const suspended = () =>
  refused(
    'case.member-suspended',
    'The membership of this institution is suspended: its people vote again once it is reinstated. What they voted before stands.',
    '该成员单位资格暂停，恢复后其人员方可表决；此前所投之票有效。',
  );

const noProxy = () =>
  refused(
    'case.no-proxy',
    'You hold no proxy of this member for this item: it must have been lodged before the meeting began, and its scope must hold the item.',
    '您未持有该成员就本事项的委托：委托须在会议开始前提交，且委托范围须包含本事项。',
  );
