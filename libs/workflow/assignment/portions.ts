import { inParts } from '../ranking/rank.js';
import type { Computed, Portion } from './assigning.messages.js';

/** Lists in one append: each is of less than 50 kB, and all of them of less than half of what an append may hold. */
const listsAtOnce = 8;

/** Pool and panels in lists that each fit an event. */
export const listsOf = ({ reviewers, panels }: Pick<Computed, 'reviewers' | 'panels'>): Portion['lists'] => [
  ...inParts(reviewers).map(({ part, of, items }) => ({ of: 'pool' as const, part, parts: of, items })),
  ...inParts(panels).map(({ part, of, items }) => ({ of: 'panels' as const, part, parts: of, items })),
];

/** What is recorded ahead of the answer; nothing where all of it fits one append. */
export function portionsOf(computed: Computed): readonly Portion[] {
  const { answer } = computed;
  const lists = listsOf(computed);
  if (answer.outcome === 'failed' || lists.length <= listsAtOnce) return [];
  return Array.from({ length: Math.ceil(lists.length / listsAtOnce) }, (_, index) => ({
    number: index + 1,
    inputs: answer.inputs,
    lists: lists.slice(index * listsAtOnce, (index + 1) * listsAtOnce),
  }));
}
