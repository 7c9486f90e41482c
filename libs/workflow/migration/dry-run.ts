import type { Case } from '../case.state.js';
import type { Resolved } from './migrate.round.js';
import { type Plan, planOf } from './plan.js';

/** What a migration would do to one case of a round. */
export interface Foreseen extends Omit<Plan, 'stays'> {
  /** What follows the round in its address. */
  readonly case: string;
  readonly number: string;
  /** The version that it is under now. */
  readonly version: number;
  /** `moves`; `stays` because the mapping says so; `elsewhere` under a version that the mapping does not lead away from; `hindered`. */
  readonly fate: 'moves' | 'stays' | 'elsewhere' | 'hindered';
}

/** Every open case of a round, by its entry, and what would change for it. Nothing is written. */
export const foreseen = (cases: ReadonlyMap<string, Case>, asked: Resolved, now: number): readonly Foreseen[] =>
  [...cases].map(([entry, state]) => {
    const { number, definition } = state;
    const known = { case: entry, number, version: definition.version };
    if (definition.version !== asked.pinned.from.version) return { ...known, fate: 'elsewhere', moves: [], obstacles: [] };
    const { stays, moves, obstacles } = planOf(state, asked, now);
    return { ...known, fate: stays ? 'stays' : obstacles.length > 0 ? 'hindered' : 'moves', moves, obstacles };
  });

/** The cases that an act names, as a dry run found them. */
export const concerned = (found: readonly Foreseen[]): readonly string[] =>
  found.filter(({ fate }) => fate !== 'elsewhere').map(({ case: entry }) => entry);
