import { type EventStore, InMemoryVault } from '#kernel';
import { Rehearsal } from '../server/rehearsal.js';
import { type History, historyOf } from './simulation.history.js';
import { alliance, assemble, type Played, playRound, type RoundOrder, rootOf, startMs } from './simulation.round.js';

export interface SimulationOrder extends RoundOrder {
  readonly store: EventStore;
}

export interface Simulated extends History, Omit<Played, 'courses'> {
  /** Commands of the engine that were refused: a fault of the workflow. */
  readonly incidents: readonly string[];
}

/** Runs a round from its notice to the last recognition in this process, under the virtual clock. The same order always makes the same log. */
export async function simulateAccreditation({ store, ...order }: SimulationOrder): Promise<Simulated> {
  const rehearsal = new Rehearsal({ store, vault: new InMemoryVault(), alliance, startMs, root: rootOf(order) });
  const company = await assemble(rehearsal, order);
  const { courses, ...played } = await playRound(rehearsal, rehearsal, order, company);
  return { ...(await historyOf(store, courses)), ...played, incidents: await rehearsal.incidents() };
}
