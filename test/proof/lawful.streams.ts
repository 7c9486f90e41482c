import type { AssigningState, Case, MeetingState, RoundState, Visit } from '#workflow';
import { openTie, openVisits, waitedFor } from '#workflow';
import type { Recognition } from '../../libs/accreditation/accreditation.decider.js';
import type { Request } from '../../libs/workflow/assignment/assigning.state.js';
import { type Around, openCase, type Stream } from './streams.js';
import type { CommandsOf, StateOf, Swept } from './swept.js';

type Rule<C extends Swept> = (state: StateOf[C], about: Around, id: string) => boolean;
type Rules = { readonly [C in Swept]: { readonly [K in CommandsOf[C]['type']]: Rule<C> } };

const always = (): boolean => true;

const isRoundClosed = ({ streams }: Around): boolean =>
  streams.some(({ category, id, state }) => category === 'round' && id === 'a.one' && (state as RoundState).status === 'closed');

const hasRequest =
  (...wanted: readonly Request['status'][]) =>
  (state: AssigningState): boolean =>
    state.status !== 'none' && state.requests.some(({ status }) => wanted.includes(status));

/** Of a suspended member, or at somebody who has been reported late. */
function standsStill({ cases }: Around, subject: string): boolean {
  const state = openCase(cases, `a.one.${subject}`);
  if (state === undefined) return false;
  const isLate = (visit: Visit): boolean => (visit.kind === 'panel' ? visit.unfilled : visit.overdue.length > 0);
  return state.frozen !== undefined || openVisits(state).some(isLate);
}

const isToCome = (meeting: MeetingState, { now }: Around): boolean =>
  meeting.status === 'convened' && meeting.calledOff === undefined && now < Date.parse(meeting.opensAt);

/** The visit that takes registrations of a case now. */
function taking(id: string, { cases }: Around) {
  const { visits = [] }: Partial<Case> = openCase(cases, id.slice(0, id.lastIndexOf('.'))) ?? {};
  return visits.find((visit) => visit.kind === 'registration' && visit.left === undefined);
}

/**
 * When a command to a stream that is no case may come to anything at all, whoever sends it and whatever it says.
 *
 * Written from the rules, not from the code; every command is here, or this does not compile and the sweep fails.
 */
export const lawfulOf: Rules = {
  round: {
    OpenRound: ({ status }) => status === 'none',
    GrantExtension: ({ status }) => status === 'open',
    CloseRound: ({ status }) => status === 'open',
    MigrateCases: ({ status }) => status !== 'none',
  },
  ranking: {
    CountEntrants: (state, about) => isRoundClosed(about) && (state.status === 'none' || state.entrants === undefined),
    ReportStanding: always,
    RankWithout: (state, about) =>
      state.status === 'collecting' && waitedFor(state).some((subject) => standsStill(about, subject)),
    DecideTie: (state) => state.status !== 'none' && openTie(state) !== undefined,
    LapseTie: (state) => state.status !== 'none' && openTie(state) !== undefined,
    ReleaseReserve: (state) => state.status === 'ranked' && !state.released && state.reserveUntil !== undefined,
  },
  meeting: {
    ConveneMeeting: ({ status }) => status === 'none',
    LodgeProxy: isToCome,
    RevokeProxy: isToCome,
    CallOffMeeting: (state, { now }) =>
      state.status === 'convened' && state.calledOff === undefined && now < Date.parse(state.closesAt),
  },
  assignment: {
    DescribeReviewer: always,
    DeclareRelation: always,
    KeepApart: always,
    AllowTogether: always,
    RequestAssignment: (state) => !hasRequest('computing', 'proposed')(state),
    RecordPortion: hasRequest('computing'),
    RecordAssignment: hasRequest('computing'),
    AdoptAssignment: hasRequest('proposed'),
    DiscardAssignment: hasRequest('computing', 'proposed', 'blocked'),
  },
  bulk: {
    OrderBulk: ({ status }) => status === 'none',
    NoteOvertaken: ({ status }) => status === 'ordered',
  },
  incident: {
    RaiseIncident: ({ status }) => status !== 'open' && status !== 'skipped',
    RetryEffect: ({ status }) => status === 'open',
    SkipEffect: ({ status }) => status === 'open',
    SettleIncident: ({ status }) => status === 'open' || status === 'retried',
  },
  registration: {
    Register: ({ status }, about, id) => {
      const visit = taking(id, about);
      return status !== 'registered' && visit?.kind === 'registration' && visit.closed === undefined;
    },
    CancelRegistration: ({ status, sessions }, about, id) =>
      status === 'registered' && sessions.length === 0 && taking(id, about) !== undefined,
    SignIn: ({ status }, about, id) => {
      const visit = taking(id, about);
      return status === 'registered' && visit?.kind === 'registration' && visit.sessions.length > 0;
    },
  },
  places: { SettlePlaces: always },
  notices: { IssueNotice: always },
  standing: {
    FreezeApplications: (_state, { isSuspended }) => isSuspended,
    ResumeApplications: ({ cases }, { isSuspended }) => !isSuspended && cases.length > 0,
  },
  definition: { AdoptDefinition: always },
  calendar: { AnnounceHolidays: always, OrderRecount: ({ version }) => version > 0 },
  recognition: {
    GrantRecognition: (state, about) => !inForce(state, about),
    WithdrawRecognition: inForce,
  },
};

function inForce({ latest }: Recognition, { now }: Around): boolean {
  return latest !== undefined && !latest.withdrawn && now < Date.parse(`${latest.until}T00:00:00+08:00`);
}

/** Whether a command may lawfully come to anything on a stream now. @throws Error for a command that is not listed */
export function mayComeTo(type: string, { category, state, id }: Stream, about: Around): boolean {
  const rule = (lawfulOf[category] as Readonly<Record<string, Rule<never>>>)[type];
  if (rule === undefined) throw new Error(`${category} takes ${type}, and it is not said when that is lawful`);
  return rule(state as never, about, id);
}

interface Kinds<C extends Swept> {
  /** Every kind of state that there is. */
  readonly all: readonly string[];
  readonly of: (state: StateOf[C], about: Around) => string;
}

const bare = <S extends { readonly status: string }>({ status }: S): string => status;

/** The kinds of states in which commands are lawful or not. */
export const kindsOf: { readonly [C in Swept]: Kinds<C> } = {
  round: { all: ['none', 'open', 'closed'], of: bare },
  ranking: {
    all: ['none', 'collecting', 'tied', 'ranked', 'released'],
    of: (state) => (state.status !== 'none' && state.released ? 'released' : state.status),
  },
  meeting: {
    all: ['none', 'to come', 'sitting', 'over', 'called off'],
    of: (state, about) => {
      if (state.status === 'none') return 'none';
      if (state.calledOff !== undefined) return 'called off';
      if (isToCome(state, about)) return 'to come';
      return about.now < Date.parse(state.closesAt) ? 'sitting' : 'over';
    },
  },
  assignment: {
    all: ['none', 'open', 'computing', 'proposed', 'blocked', 'adopted', 'discarded'],
    of: (state) => (state.status === 'none' ? 'none' : (state.requests.at(-1)?.status ?? 'open')),
  },
  bulk: { all: ['none', 'ordered'], of: bare },
  incident: { all: ['none', 'open', 'retried', 'skipped', 'settled'], of: bare },
  registration: {
    all: ['none', 'registered', 'signed in', 'cancelled'],
    of: ({ status, sessions }) => (sessions.length > 0 ? 'signed in' : status),
  },
  places: { all: ['none', 'given'], of: ({ given }) => (Object.keys(given).length > 0 ? 'given' : 'none') },
  notices: { all: ['none', 'issued'], of: ({ last }) => (Object.keys(last).length > 0 ? 'issued' : 'none') },
  standing: {
    all: ['none', 'frozen', 'resumed'],
    of: ({ cases, times }) => (cases.length > 0 ? 'frozen' : times > 0 ? 'resumed' : 'none'),
  },
  definition: { all: ['adopted', 'amended'], of: ({ versions }) => (Object.keys(versions).length > 1 ? 'amended' : 'adopted') },
  calendar: { all: ['none', 'announced'], of: ({ version }) => (version > 0 ? 'announced' : 'none') },
  recognition: {
    all: ['none', 'in force', 'over'],
    of: (state, about) => (state.latest === undefined ? 'none' : inForce(state, about) ? 'in force' : 'over'),
  },
};

export const kindOfState = ({ category, state }: Stream, about: Around): string =>
  (kindsOf[category] as Kinds<never>).of(state as never, about);
