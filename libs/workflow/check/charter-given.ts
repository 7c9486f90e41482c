import type { CharterInForce, DecisionRule, OrganClause, PowerClause } from '#kernel';

/** The clauses of a charter that a workflow rests on: of one in force, or of a draft, in which a power may still stand twice. */
export interface CharterGiven {
  readonly organs: Readonly<Record<string, OrganClause & { readonly seats?: { readonly size?: number } }>>;
  readonly powers: readonly (PowerClause & { readonly power: string })[];
  readonly rules: Readonly<Record<string, DecisionRule>>;
  /** Who sits in the alliance's organs now, by employer, where that is known. */
  readonly seated?: Readonly<Record<string, readonly { readonly institution?: string; readonly person?: string }[]>>;
  /** The power that a command of another context needs, where that is known. */
  readonly powerOf?: (context: string, type: string) => string | undefined;
}

/** A charter in force, as a check reads it. */
export const charterGiven = ({ organs, powers, rules }: Pick<CharterInForce, 'organs' | 'powers' | 'rules'>): CharterGiven => ({
  organs,
  powers: Object.entries(powers).map(([power, clause]) => ({ power, ...clause })),
  rules,
});
