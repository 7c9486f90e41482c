import type { CaseEvent, Explanation } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { RegistrationVisit } from '../case.state.js';
import { deadline, instant } from '../deadline.js';
import type { RegistrationStage } from '../definition.js';
import { refused } from '../refusal.js';
import { type At, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';
import type { DecisionContext } from '#kernel';

type RegistrationAt = At<RegistrationStage, RegistrationVisit>;

/**
 * Places for which people register, each on a stream of their own (see `registration/`); the case only says from when to when, and keeps
 * the sessions that people sign in to. Nobody who registers writes to it.
 */
export const registration: StageKind<RegistrationStage, RegistrationVisit> = {
  kind: 'registration',
  irrevocable: true,
  schema: {
    required: ['places', 'manage', 'workingDays', 'held'],
    properties: {
      places: {
        oneOf: [
          { type: 'integer', minimum: 1, maximum: 5000 },
          {
            type: 'object',
            additionalProperties: false,
            required: ['from'],
            properties: { from: { type: 'string', pattern: '^form\\.[A-Za-z0-9]+$' } },
          },
        ],
      },
      manage: { $ref: '#/$defs/power' },
      workingDays: { $ref: '#/$defs/workingDays' },
      held: {
        type: 'object',
        additionalProperties: false,
        required: ['workingDays'],
        properties: { workingDays: { $ref: '#/$defs/workingDays' } },
      },
    },
  },
  outcomes: ['held'],
  commands: ['OpenSession', 'CloseRegistration', 'EndRegistration'],
  powers: ({ power, manage }) => [power, manage],
  judges: () => [],
  seats: () => [],
  owner: (command, { manage }) => ({ power: command.type === 'OpenSession' ? manage : 'operate-workflow' }),

  enter: (stage, definition, now) => ({ dueAt: deadline(definition, now, stage.workingDays) }),
  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'registration',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
    sessions: [],
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'OpenSession':
        return sessionOpened(command, at, context);
      case 'CloseRegistration':
        return closed(at, context);
      case 'EndRegistration':
        tooEarly(context.now, at.visit.closed?.endsAt ?? (at.visit.dueAt as string));
        return at.visit.closed === undefined ? { events: [] } : { events: [], outcome: 'held' };
      default:
        throw notThisAct(at);
    }
  },

  evolve(visit, event) {
    switch (event.type) {
      case 'SessionOpened': {
        const { session, until } = event.data;
        return { ...visit, sessions: [...visit.sessions, { session, until }] };
      }
      case 'RegistrationClosed':
        return { ...visit, closed: { endsAt: event.data.endsAt } };
      default:
        return visit;
    }
  },

  effects(_at, event: CaseEvent) {
    switch (event.type) {
      case 'StageEntered':
        return [{ name: 'close', command: { type: 'CloseRegistration', data: {} }, dueAt: event.data.dueAt as string }];
      case 'RegistrationClosed':
        return [{ name: 'end', command: { type: 'EndRegistration', data: {} }, dueAt: event.data.endsAt }];
      default:
        return [];
    }
  },

  settled: () => undefined,
  explain: ({ stage, visit }) => explanation(stage, visit),

  draw: ({ title, power, workingDays, held }) => ({
    shape: 'wait',
    label: title,
    owner: power,
    edge: [
      { kind: 'message', label: { en: 'registrations, sign-in', zh: '报名、签到' } },
      { kind: 'timer', label: { en: `closes after ${workingDays} working days`, zh: `${workingDays} 个工作日后截止报名` } },
      {
        kind: 'timer',
        label: { en: `ends ${held.workingDays} working days later`, zh: `其后 ${held.workingDays} 个工作日结束` },
      },
    ],
  }),

  outline: ({ power, manage, workingDays, held }) => ({
    outcomes: ['held'],
    automatic: ['held'],
    waits: [
      { at: '/workingDays', workingDays },
      { at: '/held/workingDays', workingDays: held.workingDays },
    ],
    powers: [
      { power, at: '/power', part: 'registers' },
      { power: manage, at: '/manage', part: 'keeps' },
    ],
    benches: [],
  }),
};

function sessionOpened(
  { data: { session, minutes } }: Extract<StageCommand, { type: 'OpenSession' }>,
  at: RegistrationAt,
  { now }: DecisionContext,
): StageDecision {
  if (at.visit.sessions.some((one) => one.session === session)) {
    throw refused('case.session-opened', `The session "${session}" has been opened.`, `场次“${session}”已经开启。`, { session });
  }
  if (at.visit.sessions.length >= 200) {
    throw refused('case.too-many-sessions', 'An event has 200 sessions at most.', '一次活动最多 200 个场次。');
  }
  return { events: [{ type: 'SessionOpened', data: { ...place(at), session, until: instant(now + minutes * 60_000) } }] };
}

function closed(at: RegistrationAt, { now }: DecisionContext): StageDecision {
  if (at.visit.closed !== undefined) return { events: [] };
  tooEarly(now, at.visit.dueAt as string);
  // Counted from the last day of registration, however late it is closed: people hold the dates that they were told.
  const endsAt = deadline(at.definition, Date.parse(at.visit.dueAt as string) - 1, at.stage.held.workingDays);
  return { events: [{ type: 'RegistrationClosed', data: { ...place(at), endsAt } }] };
}

const explanation = ({ title, power }: RegistrationStage, { sessions, closed: over, dueAt }: RegistrationVisit): Explanation => ({
  clause: title,
  text: {
    en: `Registrations were taken until ${dueAt}; ${sessions.length} sessions were held until ${over?.endsAt}.`,
    zh: `报名截止 ${dueAt}；至 ${over?.endsAt} 共举办 ${sessions.length} 个场次。`,
  },
  inputs: { power, until: dueAt, endedAt: over?.endsAt ?? null, sessions: sessions.map(({ session }) => session) },
  excluded: [],
  arithmetic: [],
});
