import type { Text } from '#kernel';
import { compare, fraction, type Fraction, mean } from './fraction.js';

/** How reviewers score: whole points on one scale, weighted; a negative list; a pass mark. */
export interface Rubric {
  readonly id: string;
  readonly title: Text;
  /** Full points of every criterion; 0 is the least. */
  readonly points: number;
  readonly criteria: readonly Criterion[];
  /** The negative list: one reviewer who finds one of these ends the review (一票否决). */
  readonly vetoes: readonly { readonly id: string; readonly title: Text }[];
  /** The least weighted mean, of 100, that is recommended. */
  readonly passMark: number;
}

export interface Criterion {
  readonly id: string;
  readonly title: Text;
  readonly weight: number;
  /** Least mean of this criterion without which nothing is recommended. */
  readonly essential?: { readonly atLeast: number };
}

export interface Score {
  readonly criterion: string;
  readonly points: number;
}

/** Every rubric of a panel: the usual one, and those that depend on a fact. */
export const rubricsOf = ({ rubric, rubrics }: Rubrics): readonly Rubric[] => [rubric, ...Object.values(rubrics?.of ?? {})];

/** The rubric for an application by what it says of itself. */
export function rubricFor({ rubric, rubrics }: Rubrics, value: (fact: string) => unknown): Rubric {
  const of = rubrics === undefined ? undefined : String(value(rubrics.by));
  return of !== undefined && rubrics !== undefined && Object.hasOwn(rubrics.of, of) ? (rubrics.of[of] as Rubric) : rubric;
}

interface Rubrics {
  readonly rubric: Rubric;
  readonly rubrics?: { readonly by: string; readonly of: Readonly<Record<string, Rubric>> };
}

/** The weighted score of one review, of 100, exactly. */
export function totalOf(rubric: Rubric, scores: readonly Score[]): Fraction {
  const weights = rubric.criteria.reduce((total, { weight }) => total + weight, 0);
  const weighted = rubric.criteria.reduce((total, { id, weight }) => total + weight * pointsFor(scores, id), 0);
  return fraction(weighted * 100, weights * rubric.points);
}

const pointsFor = (scores: readonly Score[], criterion: string): number =>
  scores.find((score) => score.criterion === criterion)?.points ?? 0;

/** The essential criteria that the reviews together do not reach, with their means. */
export const unmetEssentials = (rubric: Rubric, reviews: readonly (readonly Score[])[]): readonly UnmetEssential[] =>
  rubric.criteria.flatMap(({ id, essential }) => {
    if (essential === undefined) return [];
    const reached = mean(reviews.map((scores) => fraction(pointsFor(scores, id), 1)));
    return compare(reached, [essential.atLeast, 1]) < 0 ? [{ criterion: id, reached, atLeast: essential.atLeast }] : [];
  });

export interface UnmetEssential {
  readonly criterion: string;
  readonly reached: Fraction;
  readonly atLeast: number;
}
