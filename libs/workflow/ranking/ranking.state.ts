import type { Offset } from './calibrate.js';
import type { EntrantPassedOver, Ranked, RankingOpened, StandingTaken, TieReferred } from './ranking.messages.js';
import type { FilledCell, Result } from './select.js';

/** The state of `ranking-<alliance>.<round>.<stage>`. */
export type RankingState = { readonly status: 'none' } | Ranking;

export interface Ranking extends RankingOpened {
  readonly status: 'collecting' | 'tied' | 'ranked';
  /** Undefined until all parts of the count are there. */
  readonly entrants?: readonly string[];
  readonly counting: readonly string[];
  /** Cases that came, one each. */
  readonly standings: readonly StandingTaken[];
  /** Those that will not come, and those that came and went. */
  readonly left: readonly string[];
  /** Those that stood still when the ranking went on without them, whatever has become of them since. */
  readonly passedOver: readonly EntrantPassedOver[];
  /** How many of the standings were ordered together; those after them came later. */
  readonly ordered: number;
  readonly offsets: readonly Offset[];
  readonly cells: readonly FilledCell[];
  /** In the order of merit. */
  readonly places: readonly PlaceState[];
  readonly referred: readonly (TieReferred & { readonly order?: readonly string[]; readonly orderedBy?: string })[];
  readonly reserveUntil?: string;
  readonly released: boolean;
}

export interface PlaceState extends Ranked {
  readonly visit: number;
  /** What it has now: somebody in reserve may come up. */
  readonly now: Result;
  readonly raised?: true;
  readonly released?: true;
}

export const rankingStream = (alliance: string, round: string, stage: string): string => `ranking-${alliance}.${round}.${stage}`;

/** The tie that waits for an order. */
export const openTie = ({ referred }: Ranking): Ranking['referred'][number] | undefined =>
  referred.find(({ order }) => order === undefined);
