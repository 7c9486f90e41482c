import { type DecisionContext, sealed } from '#kernel';
import type { Explanation } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { StatementVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { StatementStage } from '../definition.js';
import { evidenceKept } from '../evidence.js';
import { refused } from '../refusal.js';
import { type At, engineOr, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type StatementAt = At<StatementStage, StatementVisit>;

/** A party is heard in writing before anybody judges; silence is an answer too. */
export const statement: StageKind<StatementStage, StatementVisit> = {
  kind: 'statement',
  schema: { required: ['workingDays'], properties: { workingDays: { $ref: '#/$defs/workingDays' } } },
  outcomes: ['given', 'lapsed'],
  commands: ['GiveStatement', 'LapseStatement'],
  powers: ({ power }) => [power],
  judges: () => [],
  seats: () => [],
  owner: (command, stage, actor) => (command.type === 'LapseStatement' ? engineOr(stage, actor) : stage),

  enter: (stage, definition, now) => ({ dueAt: deadline(definition, now, stage.workingDays) }),
  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'statement',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'GiveStatement':
        return given(command, at, context);
      case 'LapseStatement':
        tooEarly(context.now, dueAtOf(at));
        return { events: [], outcome: 'lapsed' };
      default:
        throw notThisAct(at);
    }
  },

  evolve(visit, event) {
    if (event.type !== 'StatementGiven') return visit;
    const { by, statement: text, evidence } = event.data;
    return { ...visit, given: { by, statement: text, evidence } };
  },

  effects: (_at, event) =>
    event.type === 'StageEntered' && event.data.dueAt !== undefined
      ? [{ name: 'lapse', command: { type: 'LapseStatement', data: {} }, dueAt: event.data.dueAt }]
      : [],
  settled: () => undefined,
  explain: ({ stage, visit }, outcome) => explanation(stage, visit, outcome),

  draw: ({ title, power, workingDays }) => ({
    shape: 'task',
    label: title,
    owner: power,
    edge: [{ kind: 'timer', label: { en: `lapses after ${workingDays} working days`, zh: `${workingDays} 个工作日后视为放弃` } }],
  }),

  outline: ({ power, scope, workingDays }) => ({
    outcomes: ['given', 'lapsed'],
    automatic: ['lapsed'],
    waits: [{ at: '/workingDays', workingDays }],
    powers: [{ power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'states' }],
    benches: [],
  }),
};

const dueAtOf = ({ visit }: StatementAt): string => visit.dueAt as string;

function given(
  { data }: Extract<StageCommand, { type: 'GiveStatement' }>,
  at: StatementAt,
  { now, actor }: DecisionContext,
): StageDecision {
  if (now >= Date.parse(dueAtOf(at))) {
    throw refused(
      'case.statement-too-late',
      `Statements were taken until ${dueAtOf(at)}.`,
      `陈述意见的期限已于 ${dueAtOf(at)} 截止。`,
      { dueAt: dueAtOf(at) },
    );
  }
  return {
    events: [
      {
        type: 'StatementGiven',
        data: { ...place(at), by: actor, statement: sealed(data.statement), evidence: data.evidence.map(evidenceKept) },
      },
    ],
    outcome: 'given',
  };
}

function explanation({ title, power }: StatementStage, { dueAt, given: text }: StatementVisit, outcome: string): Explanation {
  return {
    clause: title,
    text:
      outcome === 'given'
        ? { en: 'A statement was given.', zh: '已陈述意见。' }
        : { en: `No statement was given until ${dueAt}.`, zh: `截至 ${dueAt} 未陈述意见，视为放弃。` },
    inputs: { power, files: text?.evidence.length ?? 0 },
    excluded: [],
    arithmetic: [],
  };
}
