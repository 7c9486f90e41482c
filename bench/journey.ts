import {
  type CharterHistory,
  CommandHandling,
  type Context,
  context,
  type Decider,
  DomainError,
  type EventStore,
  InMemoryVault,
  type Message,
  type Envelope,
  States,
  SystemClock,
} from '#kernel';
import type { Effect } from '../libs/workflow/effect.js';
import type { OwingRules } from '../libs/workflow/runtime/index.js';

/**
 * The workflow that engines are compared by: five steps one after the other, three side by side and joined, a signal from outside, an end.
 *
 * Every step is a command that follows from the log, so eleven events stand there in the end.
 */
export const steps = 5;
export const branches = 3;

export interface Journey {
  readonly steps: number;
  readonly branches: readonly number[];
  readonly status: 'none' | 'under-way' | 'signalled' | 'ended';
}

type JourneyCommand =
  | Message<'Start', object>
  | Message<'TakeStep', { readonly step: number }>
  | Message<'TakeBranch', { readonly branch: number }>
  | Message<'Signal', object>
  | Message<'Finish', object>;

type JourneyEvent =
  | Message<'Started', object>
  | Message<'StepTaken', { readonly step: number; readonly ok: true }>
  | Message<'BranchTaken', { readonly branch: number }>
  | Message<'Signalled', { readonly value: 'approve' }>
  | Message<'Finished', object>;

const power = 'operate-workflow';

const journeyDecider: Decider<JourneyCommand, JourneyEvent, Journey> = {
  category: 'case',
  permits: { Start: power, TakeStep: power, TakeBranch: power, Signal: power, Finish: power },
  initialState: { steps: 0, branches: [], status: 'none' },
  decide: (command, state) => {
    switch (command.type) {
      case 'Start':
        return [{ type: 'Started', data: {} }];
      case 'TakeStep':
        if (command.data.step !== state.steps + 1) throw outOfTurn;
        return [{ type: 'StepTaken', data: { step: command.data.step, ok: true } }];
      case 'TakeBranch':
        if (state.steps < steps || state.branches.includes(command.data.branch)) throw outOfTurn;
        return [{ type: 'BranchTaken', data: command.data }];
      case 'Signal':
        if (!isWaiting(state)) throw outOfTurn;
        return [{ type: 'Signalled', data: { value: 'approve' } }];
      case 'Finish':
        return [{ type: 'Finished', data: {} }];
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'Started':
        return { ...state, status: 'under-way' };
      case 'StepTaken':
        return { ...state, steps: event.data.step };
      case 'BranchTaken':
        return { ...state, branches: [...state.branches, event.data.branch] };
      case 'Signalled':
        return { ...state, status: 'signalled' };
      case 'Finished':
        return { ...state, status: 'ended' };
    }
  },
};

const outOfTurn = new DomainError('case.out-of-turn', { en: 'Not now.', zh: '此时不可。' });

/** Whether all its steps are taken, and it goes on only by a signal. */
export const isWaiting = ({ branches: taken, status }: Journey): boolean => status === 'under-way' && taken.length === branches;

const effect = (id: string, type: string, data: Readonly<Record<string, unknown>>): Effect => ({
  name: type,
  command: { context: 'case', id, type, data },
});

function effectsOf({ type, stream }: Envelope, after: Journey): readonly Effect[] {
  const id = stream.slice('case-'.length);
  if (type === 'Signalled') return [effect(id, 'Finish', {})];
  if (type !== 'Started' && type !== 'StepTaken') return [];
  if (after.steps < steps) return [effect(id, 'TakeStep', { step: after.steps + 1 })];
  return Array.from({ length: branches }, (_, branch) => effect(id, 'TakeBranch', { branch }));
}

export const journeyRules: OwingRules = {
  deciders: [journeyDecider],
  effectsOf: async (event, after) => effectsOf(event, after as Journey),
  workflowOf: () => 'journey',
  settles: ({ meta }) => ({ commandId: meta.command }),
};

const charter: CharterHistory = {
  version: 1,
  adoption: 'adoption',
  organs: {},
  powers: { [power]: { organ: 'engine', operator: true } },
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

class AnyShape {}

const shapes = { Start: AnyShape, TakeStep: AnyShape, TakeBranch: AnyShape, Signal: AnyShape, Finish: AnyShape };
export const journeys: Context = context(journeyDecider, shapes);

/** The command path to journeys on a log. */
export function journeyHandling(store: EventStore): CommandHandling {
  const states = new States(store);
  for (const decider of [journeyDecider, charterDecider]) states.register(decider);
  return new CommandHandling(store, states, new InMemoryVault(), new SystemClock());
}
