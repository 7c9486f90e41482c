import type { AnyDecider, Decider, Message } from '#kernel';

/** A decider of which only the state is needed: an event of it holds the next. */
export const stateOnly = (category: string, initialState: unknown): AnyDecider => {
  const decider: Decider<never, Message<'Given', unknown>, unknown> = {
    category,
    permits: {},
    initialState,
    decide: () => [],
    evolve: (_state, { data }) => data,
  };
  return decider;
};
