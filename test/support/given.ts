import { expect } from '@jest/globals';
import type { DecisionContext, DomainError, Decider, Fact, Grant, Message } from '#kernel';

/** What a test may set of a decision's surroundings. */
export interface Circumstances {
  readonly now?: string;
  readonly actor?: string;
  readonly id?: string;
  readonly grant?: Partial<Grant>;
  readonly consulted?: Readonly<Record<string, unknown>>;
}

const contextOf = ({
  now = '2026-03-02T01:00:00.000Z',
  actor = 'person-1',
  id = '1',
  grant = {},
  consulted = {},
}: Circumstances): DecisionContext => ({
  now: Date.parse(now),
  alliance: 'a',
  id,
  actor,
  grant: { power: 'any', charter: 1, organ: 'any', proof: [], ...grant },
  newId: (name) => `new-${name}`,
  consulted: <T>(stream: string): T => {
    if (!Object.hasOwn(consulted, stream)) throw new Error(`the test gives no state for ${stream}`);
    return consulted[stream] as T;
  },
  lengthOf: () => 0,
});

const factOf = (revision: number): Fact => ({
  id: `event-${revision}`,
  revision,
  recordedAt: '2026-03-01T00:00:00.000Z',
  actor: 'person-0',
});

/**
 * Given this history, when this command arrives, expect these events or this refusal code.
 *
 * Not `.then`: an object with a `then` is a promise to `await`.
 */
export const given = <C extends Message, E extends Message, S>(decider: Decider<C, E, S>, ...history: readonly E[]) => ({
  when: (command: C, circumstances: Circumstances = {}) => {
    const state = history.reduce(
      (before, event, revision) => decider.evolve(before, event, factOf(revision)),
      decider.initialState,
    );
    const run = () => decider.decide(command, state, contextOf(circumstances));
    return {
      expectEvents: (...events: readonly E[]) => {
        expect(run()).toEqual(events);
      },
      expectRefusal: (code: string, look?: (refusal: DomainError) => void) => {
        const refusal = refusalOf(run);
        expect(refusal).toMatchObject({ code });
        look?.(refusal);
      },
    };
  },
});

function refusalOf(run: () => unknown): DomainError {
  try {
    run();
  } catch (failure) {
    return failure as DomainError;
  }
  throw new Error('nothing was refused');
}
