import type { Message } from '#kernel';
import type { Fraction } from '../fraction.js';
import { AtStage, type InVisit } from '../in-visit.js';
import type { TieRule } from './ranking.stage.js';

/** Takes the place that the ranking has given. It says nothing itself: the case reads the ranking. */
export class PlaceCase extends AtStage {}

export const rankingStageShapes = { PlaceCase } as const;

export interface Outlier {
  readonly assignment: string;
  readonly total: Fraction;
  /** Mean of the other reviews of the case. */
  readonly others: Fraction;
}

export interface CasePlaced extends InVisit {
  readonly result: 'selected' | 'reserve' | 'not-selected' | 'tied';
  /** In its list, from 1; equals share one. */
  readonly place: number;
  /** How many stand in the list. */
  readonly of: number;
  /** The value by which lists are told apart. */
  readonly group?: string;
  readonly by: 'raw' | 'normalised';
  readonly raw?: Fraction;
  readonly normalised?: Fraction;
  readonly atLeast?: number;
  /** The quota that had no place left. */
  readonly quota?: {
    readonly by?: string;
    readonly value?: string;
    readonly places: number;
    /** How many of them were kept for applications that stood still. */
    readonly kept?: number;
    readonly cut?: Fraction;
  };
  /** By which rule equals at the cut were told apart. */
  readonly tie?: TieRule['rule'];
  /** Came up from the reserve list. */
  readonly raised?: true;
  /** Stood still when the others were ranked; a place had been kept for it. */
  readonly kept?: true;
  /** The reserve list has come to its end. */
  readonly released?: true;
  /** Until when it waits: on the reserve list, or for equals to be put in order. */
  readonly until?: string;
  readonly outliers: readonly Outlier[];
}

export type RankingStageEvent = Message<'CasePlaced', CasePlaced>;
