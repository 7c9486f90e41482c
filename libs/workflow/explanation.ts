import type { Text } from '#kernel';
import type { Fraction } from './fraction.js';

/** Why: answered from the log, without the program. */
export interface Explanation {
  readonly clause: Text;
  readonly text: Text;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly excluded: readonly { readonly what: string; readonly because: string }[];
  readonly arithmetic: readonly Comparison[];
}

/** One line of the arithmetic: exact fractions, no rounding. */
export interface Comparison {
  /** `quorum`, `majority`, `mean`, … */
  readonly what: string;
  /** As counted, not in lowest terms: 8 of 12. */
  readonly actual: Fraction;
  readonly relation: '>' | '>=';
  readonly required: Fraction;
  readonly holds: boolean;
}
