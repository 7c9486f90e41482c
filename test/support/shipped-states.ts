import { type EventStore, States } from '#kernel';
import { allContexts } from '../../apps/server/contexts.js';

/** States of all that the server decides on, over a log. */
export function shippedStates(store: EventStore): States {
  const states = new States(store);
  for (const { decider } of allContexts) states.register(decider);
  return states;
}
