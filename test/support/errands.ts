import {
  type CharterHistory,
  CommandHandling,
  type Clock,
  type Context,
  context,
  type Decider,
  DomainError,
  type EventStore,
  InMemoryVault,
  type Message,
  type OperatorCaller,
  type Envelope,
  States,
} from '#kernel';
import { incidentContext } from '#workflow';
import type { Effect } from '../../libs/workflow/effect.js';
import type { OwingRules } from '../../libs/workflow/runtime/rules.js';

/**
 * The smallest workflow there is, for tests of the runtime: an errand is run in steps, may have a reminder, and reports to a tally.
 * One of fewer than no steps is refused; one without a tally reports to nobody.
 */
export type ErrandCommand =
  | Message<'RunErrand', { readonly steps: number; readonly remindAt?: string; readonly tally: string }>
  | Message<'TakeStep', { readonly step: number }>
  | Message<'Remind', Record<string, never>>
  | Message<'LeaveErrand', Record<string, never>>
  | Message<'Balk', Record<string, never>>;

export type ErrandEvent =
  | Message<'ErrandBegun', { readonly steps: number; readonly remindAt?: string; readonly tally: string }>
  | Message<'StepTaken', { readonly step: number }>
  | Message<'Reminded', Record<string, never>>
  | Message<'ErrandLeft', Record<string, never>>;

export interface ErrandState {
  readonly steps: number;
  readonly taken: number;
  readonly tally: string;
  readonly open: boolean;
  readonly reminded: number;
}

const begin: ErrandState = { steps: 0, taken: 0, tally: '', open: false, reminded: 0 };
const power = 'operate-workflow';

export const errandDecider: Decider<ErrandCommand, ErrandEvent, ErrandState> = {
  category: 'case',
  permits: { RunErrand: power, TakeStep: power, Remind: power, LeaveErrand: power, Balk: power },
  initialState: begin,
  decide: (command, state) => {
    switch (command.type) {
      case 'RunErrand':
        return [{ type: 'ErrandBegun', data: command.data }];
      case 'TakeStep':
        return command.data.step > state.taken ? [{ type: 'StepTaken', data: command.data }] : [];
      case 'Remind':
        return [{ type: 'Reminded', data: {} }];
      case 'LeaveErrand':
        return [{ type: 'ErrandLeft', data: {} }];
      case 'Balk':
        throw new DomainError('case.balked', { en: 'Not here.', zh: '此处不可。' });
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ErrandBegun':
        return { ...state, steps: event.data.steps, tally: event.data.tally, open: true };
      case 'StepTaken':
        return { ...state, taken: event.data.step };
      case 'Reminded':
        return { ...state, reminded: state.reminded + 1 };
      case 'ErrandLeft':
        return { ...state, open: false };
    }
  },
};

type Tally = Decider<
  Message<'Count', { readonly of: string; readonly loads?: Readonly<Record<string, number>> }>,
  Message<'Counted', { readonly of: string; readonly loads?: Readonly<Record<string, number>> }>,
  number
>;

export const tallyDecider: Tally = {
  category: 'tally',
  permits: { Count: power },
  initialState: 0,
  decide: ({ data }) => [{ type: 'Counted', data }],
  evolve: (count) => count + 1,
};

const charter: CharterHistory = {
  version: 1,
  adoption: 'adoption',
  organs: {},
  powers: { [power]: { organ: 'engine', operator: true }, 'resolve-incidents': { organ: 'secretariat', operator: true } },
  rules: {},
  versions: {},
};

const charterDecider: Decider<never, never, CharterHistory> = {
  category: 'charter',
  permits: {},
  initialState: charter,
  decide: () => [],
  evolve: (state) => state,
};

const later = (remindAt: string | undefined, stream: string): readonly Effect[] =>
  remindAt === undefined
    ? []
    : [{ name: 'remind', dueAt: remindAt, during: { stage: 'errand', visit: 1 }, command: command(stream, 'Remind', {}) }];

const command = (stream: string, type: string, data: Readonly<Record<string, unknown>>): Effect['command'] => ({
  context: 'case',
  id: stream.slice('case-'.length),
  type,
  data,
});

function effectsOf({ type, data, stream }: Envelope, after: ErrandState): readonly Effect[] {
  switch (type) {
    case 'ErrandBegun':
      return [...next(stream, after), ...later((data as { remindAt?: string }).remindAt, stream)];
    case 'StepTaken':
      return next(stream, after);
    case 'Reminded':
      return after.tally === '' ? [] : [{ name: 'count', needs: 'loads', command: count(stream, after) }];
    default:
      return [];
  }
}

const count = (stream: string, { tally }: ErrandState): Effect['command'] => ({
  context: 'tally',
  id: tally,
  type: 'Count',
  data: { of: stream },
});

function next(stream: string, after: ErrandState): readonly Effect[] {
  if (after.steps < 0) return [{ name: 'balk', command: command(stream, 'Balk', {}) }];
  if (after.taken < after.steps) return [{ name: 'step', command: command(stream, 'TakeStep', { step: after.taken + 1 }) }];
  return after.tally === '' ? [] : [{ name: 'count', command: count(stream, after) }];
}

export const errandRules: OwingRules = {
  deciders: [errandDecider],
  effectsOf: async (event, after) => effectsOf(event, after as ErrandState),
  workflowOf: () => 'errand',
  settles: ({ type, meta }) => ({ commandId: meta.command, ...(type === 'ErrandLeft' ? { allStages: true } : {}) }),
};

class AnyShape {}

export const errandContexts: Readonly<Record<string, Context>> = {
  case: context(errandDecider, {
    RunErrand: AnyShape,
    TakeStep: AnyShape,
    Remind: AnyShape,
    LeaveErrand: AnyShape,
    Balk: AnyShape,
  }),
  tally: context(tallyDecider, { Count: AnyShape }),
  incident: incidentContext,
};

/** The command path to errands on a store. */
export function errandHandling(store: EventStore, clock: Clock): CommandHandling {
  const states = new States(store);
  for (const decider of [errandDecider, tallyDecider, charterDecider, incidentContext.decider]) states.register(decider);
  return new CommandHandling(store, states, new InMemoryVault(), clock);
}

export const asOperator = (commandId: string): OperatorCaller => ({ kind: 'operator', alliance: 'a', commandId });
