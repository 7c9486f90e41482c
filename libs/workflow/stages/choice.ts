import { factsIn } from '../condition.js';
import type { ChoiceVisit } from '../case.state.js';
import type { ChoiceStage } from '../definition.js';
import { factsOfCase, languageOf } from '../facts.js';
import { type At, keptBy, notThisAct, type StageKind } from './stage.js';

type ChoiceAt = At<ChoiceStage, ChoiceVisit>;

/** A fork in the way: a condition decides which, and the record says by which clause and on which facts. By the engine, at once. */
export const choice: StageKind<ChoiceStage, ChoiceVisit> = {
  kind: 'choice',
  schema: {
    required: ['clause', 'condition'],
    properties: { clause: { $ref: '#/$defs/text' }, condition: { $ref: '#/$defs/condition' } },
  },
  outcomes: ['holds', 'otherwise'],
  commands: ['TakeWay'],
  powers: ({ power }) => [power],
  judges: () => [],
  seats: () => [],
  owner: () => ({ power: 'operate-workflow' }),

  enter: () => ({}),
  begin: ({ stage, visit }, enteredAt) => ({ kind: 'choice', stage, visit, enteredAt, overdue: [] }),

  decide(command, at) {
    if (command.type !== 'TakeWay') throw notThisAct(at);
    return { events: [], outcome: isMet(at) ? 'holds' : 'otherwise' };
  },

  evolve: (visit) => visit,
  effects: (_at, event) => (event.type === 'StageEntered' ? [{ name: 'choose', command: { type: 'TakeWay', data: {} } }] : []),
  settled: () => undefined,
  carry: () => [],

  explain(at, outcome) {
    const { clause, condition } = at.stage;
    const facts = factsOfCase(at.case);
    const read = factsIn(condition).flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]] as const]));
    return {
      clause,
      text:
        outcome === 'holds'
          ? { en: `This applies to the application: ${clause.en}`, zh: `该申报适用：${clause.zh}` }
          : { en: `This does not apply to the application: ${clause.en}`, zh: `该申报不适用：${clause.zh}` },
      inputs: { condition, ...Object.fromEntries(read) },
      excluded: [],
      arithmetic: [],
    };
  },

  draw: ({ title, power }) => ({ shape: 'task', label: title, owner: power, edge: [] }),

  outline: ({ power, scope }) => ({
    outcomes: ['holds', 'otherwise'],
    automatic: ['holds', 'otherwise'],
    waits: [],
    powers: keptBy(power, scope),
    benches: [],
  }),
};

const isMet = ({ definition, stage, case: state }: ChoiceAt): boolean =>
  languageOf(definition).holds(stage.condition, factsOfCase(state));
