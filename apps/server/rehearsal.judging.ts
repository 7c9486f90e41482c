import { type Case, type Definition, stageFor } from '#workflow';
import type { Temper } from './rehearsal.temper.js';

interface Judging {
  readonly definition: Definition;
  readonly temper: Pick<Temper, 'chance' | 'spread'>;
  /** How good it seems, from 0 to 1. */
  readonly good: number;
  /** Tells who judges what from everybody else. */
  readonly name: string;
}

/** A review: points for each criterion about as good as the course seems, and now and then an item of the negative list. */
export function judgementOf(
  { definition, temper, good, name }: Judging,
  judged: Pick<Case, 'subject' | 'form' | 'applicant'>,
  { stage: stageId, assignment }: { readonly stage: string; readonly assignment: string },
): Readonly<Record<string, unknown>> {
  const { subject } = judged;
  const stage = stageFor(definition, stageId, { ...judged, about: {} });
  if (stage.kind !== 'panel') throw new Error(`${stageId} is no panel`);
  const { chance, spread = () => 0.3 } = temper;
  const { criteria, points, vetoes } = stage.rubric;
  const scores = criteria.map(({ id }) => {
    const share = Math.min(1, Math.max(0, good + (chance.of(`${name}.${id}`) - 0.5) * spread(subject)));
    return { criterion: id, points: Math.round(share * points) };
  });
  const found = good < 0.35 && chance.of(`${name}.veto`) < 0.3 ? vetoes.slice(0, 1).map(({ id }) => id) : [];
  return {
    scores,
    vetoes: found,
    comment: `评审意见 ${assignment.slice(-6)}：${good > 0.6 ? '建议认定。Recommended.' : '有待改进。Needs work.'}`,
  };
}
