import {
  type AskingContext,
  canonicalJson,
  charterStream,
  type Decider,
  type DecisionContext,
  type DecisionRule,
  DomainError,
  notFound,
} from '#kernel';
import { calendarStream } from '../calendar/calendar.decider.js';
import { senderMayKnowAll, senderMayKnowAny } from '../case.audience.js';
import { caseStream, knownCase, ruledCase, wallStreams } from '../case.knowing.js';
import { type Case, type CaseState, openSitting, openVisits } from '../case.state.js';
import { deadline, instant } from '../deadline.js';
import { type BallotStage, type Definition, definitionStream } from '../definition.js';
import { charterOf, heldSeats, organStreamOf } from '../organs.js';
import { refused } from '../refusal.js';
import { auditPower } from '../wall.js';
import type { AgendaItem, ConveneMeeting, LodgeProxy, MeetingCommand, MeetingEvent } from './meeting.messages.js';
import type { Meeting, MeetingState } from './meeting.state.js';

/** Another alliance's applications are not there for this one. */
const isOurs = (id: string, { alliance }: Pick<AskingContext, 'alliance'>): boolean => id.startsWith(`${alliance}.`);

/** A meeting of an organ: its notice with the agenda, and the proxies that were lodged before it. */
export const meetingDecider: Decider<MeetingCommand, MeetingEvent, MeetingState> = {
  category: 'meeting',
  parts: 2,
  permits: {
    ConveneMeeting: ({ data: { agenda } }, _state, asking) => ({ power: itemOf(agenda[0] as AgendaItem, asking).stage.manage }),
    LodgeProxy: (_command, state) => ({ power: convened(state).power }),
    RevokeProxy: (_command, state) => ({ power: convened(state).power }),
    CallOffMeeting: (_command, state) => ({ power: convened(state).manage }),
  },
  initialState: { status: 'none' },

  mayKnow: ({ type, data }, state, asking) =>
    type !== 'ConveneMeeting'
      ? state.status === 'none' || concerns(state, asking)
      : senderMayKnowAll(
          data.agenda.map((item) => item.case),
          asking,
          () => notFound('case'),
        ),

  consults(command, state, asking) {
    const named = new Set([...casesNamed(command), ...agendaHeard(command, state)]);
    const cases = [...named].filter((id) => isOurs(id, asking));
    const first = [charterStream(asking.alliance), calendarStream(asking.alliance), ...cases.map(caseStream)];
    if (!first.every(asking.loaded)) return first;
    const known = cases.map((id) => asking.consulted<CaseState>(caseStream(id))).filter((one) => one.status !== 'none');
    const definitions = known.map(({ definition }) => definitionStream(asking.alliance, definition.id));
    const organ = state.status === 'none' ? undefined : organStreamOf(asking, state.power);
    const second = [...new Set([...first, ...definitions, ...(organ === undefined ? [] : [organ])])];
    if (!second.every(asking.loaded)) return second;
    return [...new Set([...second, ...known.flatMap((one) => wallStreams(one, asking))])];
  },

  decide(command, state, context) {
    switch (command.type) {
      case 'ConveneMeeting':
        if (state.status !== 'none') throw alreadyConvened(state);
        return [{ type: 'MeetingConvened', data: noticeOf(command.data, context) }];
      case 'LodgeProxy':
        return [{ type: 'ProxyLodged', data: proxyOf(command.data, heldFor(state, context), context) }];
      case 'RevokeProxy': {
        const meeting = heldFor(state, context);
        mustNotHaveBegun(meeting, context.now);
        if (!meeting.proxies.some(({ giver }) => giver === context.actor)) return [];
        return [{ type: 'ProxyRevoked', data: { giver: context.actor } }];
      }
      case 'CallOffMeeting':
        mustGoOn(heldFor(state, context), context.now);
        return [{ type: 'MeetingCalledOff', data: { reason: command.data.reason } }];
    }
  },

  foldsFacts: true,
  evolve(state, event, { id, recordedAt }) {
    if (event.type === 'MeetingConvened') return { status: 'convened', convenedAt: recordedAt, proxies: [], ...event.data };
    const meeting = convened(state);
    if (event.type === 'MeetingCalledOff')
      return { ...meeting, proxies: [], calledOff: { at: recordedAt, reason: event.data.reason } };
    const others = meeting.proxies.filter(({ giver }) => giver !== event.data.giver);
    return { ...meeting, proxies: event.type === 'ProxyLodged' ? [...others, { ...event.data, lodged: id }] : others };
  },
};

/**
 * Whether somebody sits in the organ of a meeting, keeps it or audits, and may know of something on its agenda: to who is kept from all of
 * it, that it is held would tell as much. Streams that have to be read first.
 */
function concerns(
  { power, manage, agenda }: Meeting,
  asking: AskingContext & Pick<DecisionContext, 'now'>,
): readonly string[] | boolean {
  const powers = [power, manage, auditPower];
  const organs = powers.flatMap((one) => organStreamOf(asking, one) ?? []);
  if (!organs.every(asking.loaded)) return organs;
  if (!powers.some((one) => heldSeats(asking, one).some(({ person }) => person === asking.actor))) return false;
  return senderMayKnowAny(
    agenda.map((item) => item.case),
    asking,
  );
}

function convened(state: MeetingState): Meeting {
  if (state.status === 'none') throw notFound('meeting');
  return state;
}

/** @throws DomainError meeting.not-found also for whom a conflict keeps from its whole agenda */
function heldFor(state: MeetingState, context: DecisionContext): Meeting {
  const meeting = convened(state);
  if (meeting.agenda.some((item) => isKnown(item.case, context))) return meeting;
  throw notFound('meeting');
}

/** All of it, though one that the sender may know of would do: a rule is not asked often enough to go from case to case. */
const agendaHeard = ({ type }: MeetingCommand, state: MeetingState): readonly string[] =>
  type === 'ConveneMeeting' || state.status === 'none' ? [] : state.agenda.map((item) => item.case);

function casesNamed({ type, data }: MeetingCommand): readonly string[] {
  if (type === 'ConveneMeeting') return data.agenda.map((item) => item.case);
  return type === 'LodgeProxy' ? (data.cases ?? []) : [];
}

interface Item {
  readonly state: Case;
  readonly definition: Definition;
  readonly stage: BallotStage;
}

/** @throws DomainError case.not-found for whoever may not know of it, meeting.not-a-ballot */
function itemOf({ case: id, stage: name }: AgendaItem, asking: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>): Item {
  if (!isOurs(id, asking)) throw notFound('case');
  const { open, definition } = ruledCase(asking.consulted<CaseState>(caseStream(id)), asking);
  const stage = definition.stages.find((candidate) => candidate.id === name);
  if (stage?.kind === 'ballot') return { state: open, definition, stage };
  throw refused(
    'meeting.not-a-ballot',
    `Application ${open.number} has no ballot “${name}”.`,
    `申报 ${open.number} 没有“${name}”表决环节。`,
    { number: open.number, stage: name },
  );
}

function noticeOf({ agenda, opensAt, closesAt, place }: ConveneMeeting, context: DecisionContext) {
  const items = agenda.map((item) => itemOf(item, context));
  const twice = agenda.findIndex((item, index) => agenda.findIndex((one) => isSameItem(one, item)) < index);
  if (twice >= 0) throw twiceOnAgenda(items[twice] as Item);
  for (const { state, stage } of items) mustWaitForVote(state, stage);
  const [first] = items as [Item];
  const rule = ruleOf(first, context);
  for (const item of items) mustBeAlike(first, item, context);
  const workingDays = rule?.notice?.workingDays;
  if (rule === undefined || workingDays === undefined) throw byCorrespondence(first.state.charter);
  const earliest = deadline(first.definition, context.now, workingDays);
  if (Date.parse(opensAt) < Date.parse(earliest)) throw noticeTooShort(workingDays, earliest);
  if (Date.parse(closesAt) <= Date.parse(opensAt)) throw closesTooEarly();
  return {
    power: first.stage.power,
    manage: first.stage.manage,
    charter: first.state.charter,
    rule,
    agenda: agenda.map((item) => ({ case: item.case, stage: item.stage })),
    opensAt: instant(Date.parse(opensAt)),
    closesAt: instant(Date.parse(closesAt)),
    ...(place === undefined ? {} : { place }),
    earliest,
    definition: first.state.definition,
  };
}

const isSameItem = (one: AgendaItem, other: AgendaItem): boolean => one.case === other.case && one.stage === other.stage;

function ruleOf({ state, stage }: Item, context: DecisionContext): DecisionRule | undefined {
  const { powers, rules } = charterOf(context, state.charter);
  const name = powers[stage.power]?.rule;
  return name === undefined ? undefined : rules[name];
}

function mustWaitForVote(state: Case, { id, title }: BallotStage): void {
  const visit = openVisits(state).find(({ stage }) => stage === id);
  if (visit?.kind === 'ballot' && openSitting(visit) === undefined) return;
  throw refused(
    'meeting.not-waiting',
    `Application ${state.number} does not wait for a vote at “${title.en}”; take it off the agenda.`,
    `申报 ${state.number} 目前不在“${title.zh}”等待表决，请从议程中移除。`,
    { number: state.number },
  );
}

/** One meeting is of one organ, under one rule. */
function mustBeAlike(first: Item, other: Item, context: DecisionContext): void {
  const key = (item: Item) =>
    canonicalJson([item.stage.power, item.stage.manage, item.state.charter, ruleOf(item, context) ?? null]);
  if (key(first) === key(other)) return;
  throw refused(
    'meeting.one-organ',
    'A meeting decides for one organ under one rule. Convene another for the other items.',
    '一次会议只由一个机构依同一议事规则议决，其他事项请另行召集会议。',
    { number: other.state.number },
  );
}

const twiceOnAgenda = ({ state: { number }, stage: { id, title } }: Item) =>
  refused(
    'meeting.twice-on-agenda',
    `Application ${number} stands on the agenda twice for “${title.en}”. Name each item once.`,
    `申报 ${number} 的“${title.zh}”在议程中重复，请每项只列一次。`,
    { number, stage: id },
  );

const alreadyConvened = ({ opensAt }: Meeting) =>
  refused(
    'meeting.convened',
    `This meeting has been convened for ${opensAt}. Its notice is not changed; convene another.`,
    `该会议已通知于 ${opensAt} 召开，通知不再更改，请另行召集。`,
    { opensAt },
  );

const byCorrespondence = (charter: number) =>
  refused(
    'meeting.by-correspondence',
    `Version ${charter} of the charter lets this organ vote by correspondence: no meeting is convened for it.`,
    `章程第 ${charter} 版规定该机构以通讯方式表决，无须召集会议。`,
    { charter },
  );

const noticeTooShort = (workingDays: number, earliest: string) =>
  refused(
    'meeting.notice-too-short',
    `The charter asks for ${workingDays} working days of notice: the meeting may begin at ${earliest} at the earliest.`,
    `章程要求提前 ${workingDays} 个工作日通知，会议最早可于 ${earliest} 开始。`,
    { workingDays, earliest },
  );

const closesTooEarly = () => refused('meeting.ends-first', 'A meeting ends after it begins.', '会议结束时间须晚于开始时间。');

function mustStand({ calledOff }: Meeting): void {
  if (calledOff === undefined) return;
  throw refused(
    'meeting.called-off',
    `This meeting was called off: ${calledOff.reason} Its items go on the agenda of another.`,
    `该会议已取消：${calledOff.reason} 其议程事项须另行召集会议审议。`,
    { calledOffAt: calledOff.at },
  );
}

/** What a meeting has decided is not undone: only one that is still to come or in session is called off. */
function mustGoOn(meeting: Meeting, now: number): void {
  mustStand(meeting);
  if (now < Date.parse(meeting.closesAt)) return;
  throw refused(
    'meeting.over',
    `This meeting ended at ${meeting.closesAt}; what it decided stands.`,
    `该会议已于 ${meeting.closesAt} 结束，其决定有效，不能取消。`,
    { closesAt: meeting.closesAt },
  );
}

function mustNotHaveBegun(meeting: Meeting, now: number): void {
  mustStand(meeting);
  const { opensAt } = meeting;
  if (now < Date.parse(opensAt)) return;
  throw refused(
    'meeting.begun',
    `Proxies are lodged and revoked before the meeting begins; this one began at ${opensAt}.`,
    `委托须在会议开始前提交或撤回，本次会议已于 ${opensAt} 开始。`,
    { opensAt },
  );
}

function proxyOf({ holder, cases }: LodgeProxy, meeting: Meeting, context: DecisionContext) {
  const giver = context.actor;
  mustNotHaveBegun(meeting, context.now);
  const { proxies: allowed } = meeting.rule;
  if (allowed === undefined) throw noProxies(meeting.charter);
  if (holder === giver || !heldSeats(context, meeting.power).some(({ person }) => person === holder)) throw noHolder(holder);
  const { proxies } = meeting;
  if (proxies.some((one) => one.giver === giver)) throw lodgedAlready();
  if (proxies.some((one) => one.giver === holder || one.holder === giver)) throw proxyOfProxy();
  if (proxies.filter((one) => one.holder === holder).length >= allowed.perHolder) throw tooMany(allowed.perHolder);
  const agenda = new Set(meeting.agenda.map((item) => item.case));
  // Whoever may not know of an application is told what whoever makes one up is told.
  if (cases?.every((id) => agenda.has(id) && isKnown(id, context)) === false) throw notOnAgenda();
  return { giver, holder, ...(cases === undefined ? {} : { cases }) };
}

function isKnown(id: string, context: DecisionContext): boolean {
  try {
    return isOurs(id, context) && knownCase(context.consulted<CaseState>(caseStream(id)), context).open !== undefined;
  } catch (failure) {
    if (failure instanceof DomainError) return false;
    throw failure;
  }
}

const noProxies = (charter: number) =>
  refused(
    'meeting.no-proxies',
    `Version ${charter} of the charter lets nobody vote for another in this organ.`,
    `章程第 ${charter} 版不允许该机构成员委托他人表决。`,
    { charter },
  );

const noHolder = (holder: string) =>
  refused(
    'meeting.no-such-holder',
    'A proxy is given to another member who holds a seat in this organ now.',
    '只能委托目前在该机构任职的其他成员。',
    { holder },
  );

const lodgedAlready = () =>
  refused(
    'meeting.proxy-lodged',
    'You have lodged a proxy. Revoke it before you give another.',
    '您已提交委托，如需更换请先撤回。',
  );

const proxyOfProxy = () =>
  refused(
    'meeting.proxy-of-proxy',
    'Nobody passes a proxy on: who holds one gives none, and who has given one holds none.',
    '委托不得转委托：受托人不得再委托他人，委托人不得再接受委托。',
  );

const tooMany = (perHolder: number) =>
  refused(
    'meeting.proxies-full',
    `The charter lets one member hold ${perHolder} proxies at most. Choose another member.`,
    `章程规定每位成员最多接受 ${perHolder} 份委托，请选择其他成员。`,
    { perHolder },
  );

const notOnAgenda = () =>
  refused('meeting.not-on-agenda', 'This is not on the agenda of the meeting.', '该事项不在本次会议议程中。');
