import { type DecisionContext, sealed } from '#kernel';
import type { Explanation } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { RulingVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { RulingStage } from '../definition.js';
import { evidenceKept } from '../evidence.js';
import { refused } from '../refusal.js';
import { mustNotBeRecused, tieStreams } from './recusal.js';
import { type At, engineOr, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type RulingAt = At<RulingStage, RulingVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

/** The one part that can be late. */
const part = 'ruling';

/** An organ hears and rules: one of its people, who is not barred, with reasons. */
export const ruling: StageKind<RulingStage, RulingVisit> = {
  kind: 'ruling',
  schema: {
    required: ['workingDays'],
    properties: { workingDays: { $ref: '#/$defs/workingDays' }, minutes: { const: 'required' } },
  },
  outcomes: ['sustained', 'dismissed'],
  commands: ['GiveRuling', 'DeclareConflict', 'ReportOverdue'],
  powers: ({ power }) => [power],
  judges: ({ power }) => [power],
  judged: ({ ruled }) => (ruled === undefined ? [] : [{ person: ruled.by, because: 'ruled' }]),
  seats: ({ type }, { power }) => (type === 'GiveRuling' ? [power] : []),
  reads: (_stage, state, asking, { type }) => (type === 'GiveRuling' ? tieStreams(state, asking) : []),
  owner: (command, stage, actor) => (command.type === 'ReportOverdue' ? engineOr(stage, actor) : stage),

  enter: (stage, definition, now) => ({ dueAt: deadline(definition, now, stage.workingDays) }),
  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'ruling',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'GiveRuling':
        return ruled(command, at, context);
      case 'DeclareConflict':
        return conflicted(command, at, context);
      case 'ReportOverdue':
        return overdue(at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve(visit, event, { actor }) {
    switch (event.type) {
      case 'RulingGiven': {
        const { stage: _stage, visit: _visit, ...said } = event.data;
        return { ...visit, ruled: { ...said, by: actor } };
      }
      case 'StageOverdue':
        return { ...visit, overdue: [...visit.overdue, event.data.of] };
      default:
        return visit;
    }
  },

  effects: (_at, event) =>
    event.type === 'StageEntered' && event.data.dueAt !== undefined
      ? [
          {
            name: 'overdue',
            command: { type: 'ReportOverdue', data: { of: part } },
            dueAt: event.data.dueAt,
            of: part,
          },
        ]
      : [],
  settled: () => undefined,
  explain: ({ stage, visit }, outcome) => explanation(stage, visit, outcome),

  draw: ({ title, power, workingDays }) => ({
    shape: 'task',
    label: title,
    owner: power,
    edge: [{ kind: 'timer', label: { en: `overdue after ${workingDays} working days`, zh: `${workingDays} 个工作日后逾期` } }],
  }),

  outline: ({ power, workingDays }) => ({
    outcomes: ['sustained', 'dismissed'],
    automatic: [],
    waits: [{ at: '/workingDays', workingDays }],
    powers: [{ power, at: '/power', part: 'rules' }],
    benches: [{ power, at: '/power', minimum: 1 }],
  }),
};

function ruled({ data }: Act<'GiveRuling'>, at: RulingAt, context: DecisionContext): StageDecision {
  mustNotBeRecused(at.definition, at.case, at.stage.power, context);
  if (at.stage.minutes === 'required' && data.minutes === undefined) {
    throw refused(
      'case.minutes-missing',
      'Hold the hearing first, and add its minutes to the ruling.',
      '请先举行听证，并随裁定提交听证笔录。',
      { stage: at.stage.id },
    );
  }
  const minutes = data.minutes === undefined ? {} : { minutes: evidenceKept(data.minutes) };
  return {
    events: [{ type: 'RulingGiven', data: { ...place(at), ruling: data.ruling, reason: data.reason, ...minutes } }],
    outcome: data.ruling,
  };
}

/** Whoever steps down steps down for themselves: nobody else's place in an organ is theirs to give up. */
function conflicted({ data }: Act<'DeclareConflict'>, at: RulingAt, { actor }: DecisionContext): StageDecision {
  if ((data.person ?? actor) !== actor) throw notThisAct(at);
  return { events: [{ type: 'ConflictDeclared', data: { ...place(at), person: actor, ground: sealed(data.ground) } }] };
}

function overdue(at: RulingAt, { now }: DecisionContext): StageDecision {
  if (at.visit.overdue.length > 0) return { events: [] };
  tooEarly(now, at.visit.dueAt as string);
  return { events: [{ type: 'StageOverdue', data: { ...place(at), of: part } }] };
}

function explanation({ title, power }: RulingStage, { ruled: said, dueAt }: RulingVisit, outcome: string): Explanation {
  const reason = said?.reason ?? '';
  return {
    clause: title,
    text:
      outcome === 'sustained'
        ? { en: `Sustained. Reason: ${reason}`, zh: `成立。理由：${reason}` }
        : { en: `Dismissed. Reason: ${reason}`, zh: `不成立。理由：${reason}` },
    inputs: {
      power,
      reason,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(said?.minutes === undefined ? {} : { minutes: said.minutes.sha256 }),
    },
    excluded: [],
    arithmetic: [],
  };
}
