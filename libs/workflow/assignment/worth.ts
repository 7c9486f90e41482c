import type { Matrix } from './matrix.js';

/** What an assignment is worth: `weight` for each point of fit, less the square of each reviewer's reviews where loads count. */
export interface Worth {
  readonly weight: number;
  readonly loads: 'count' | 'ignored';
  /** What a reviewer who is missing costs: more than any assignment could bring. */
  readonly missing: number;
}

/** Worth of a reviewer's new reviews as such. */
export function worthOfLoad({ load }: Matrix, { loads }: Worth, reviewer: number, reviews: number): number {
  const before = load[reviewer] ?? 0;
  return loads === 'ignored' ? 0 : before ** 2 - (before + reviews) ** 2;
}
