import type { CharterInForce, DecisionRule, OrganClause, PowerClause } from '#kernel';

/** The clauses of a charter that a workflow rests on: of one in force, or of a draft, in which a power may still stand twice. */
export interface CharterGiven {
  readonly organs: Readonly<Record<string, OrganClause & { readonly seats?: { readonly size?: number } }>>;
  readonly powers: readonly (PowerClause & { readonly power: string })[];
  readonly rules: Readonly<Record<string, DecisionRule>>;
  /** Who sits in the alliance's organs now, by employer, where that is known. */
  readonly seated?: Readonly<Record<string, readonly Seated[]>>;
}

interface Seated {
  readonly institution?: string;
  readonly person?: string;
}

type InForce = Pick<CharterInForce, 'powers' | 'rules'> & Pick<CharterGiven, 'organs'>;

/** The organs that an alliance has once. */
export const organsOnce = ({ organs }: Pick<InForce, 'organs'>): readonly string[] =>
  Object.keys(organs).filter((organ) => organs[organ]?.scope === 'alliance');

/**
 * A charter in force, as a check reads it.
 *
 * @param seatedIn - who sits now in an organ that the alliance has once. While seats that the charter gives it are empty, it counts as
 *   they will be: a procedure outlives a vacancy
 */
export function charterGiven(
  { organs, powers, rules }: InForce,
  seatedIn: (organ: string) => readonly Seated[] = () => [],
): CharterGiven {
  const seated = organsOnce({ organs }).map((organ) => [organ, seatedIn(organ)] as const);
  return {
    organs,
    powers: Object.entries(powers).map(([power, clause]) => ({ power, ...clause })),
    rules,
    seated: Object.fromEntries(seated.filter(([organ, { length }]) => length >= Math.max(1, organs[organ]?.seats?.size ?? 1))),
  };
}
