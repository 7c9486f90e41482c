import { type EventStore, States } from '#kernel';
import { contextModules } from '../../apps/server/contexts.js';

/** States of all that the server decides on, over a log. */
export function shippedStates(store: EventStore): States {
  const states = new States(store);
  for (const { context } of contextModules) states.register(context.decider);
  return states;
}
