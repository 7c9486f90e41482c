/** How a round orders the cases that come to a stage, and how many it selects. */
export interface RankingRules {
  /** The panel stage whose reviews count. */
  readonly scores: string;
  /** Which mean orders; both are on record. */
  readonly by: 'raw' | 'normalised';
  readonly normalisation: {
    /** A reviewer's offset is their mean distance from the merits, times n / (n + shrinkage) for n reviews. */
    readonly shrinkage: number;
    /** A review that is so many points from the mean of the others of its case is shown as an outlier. */
    readonly outlier: number;
  };
  /** The fact by which there is more than one list: `form.kind`, `institution.province`. */
  readonly groups?: string;
  /** Unless the notice of a round sets others. */
  readonly quotas: readonly Quota[];
  readonly ties: TieRule;
  /** The least mean, of 100, that may be selected. */
  readonly atLeast?: number;
  /** Cases of each list that wait for a place to fall free, and how long. */
  readonly reserve?: { readonly length: number; readonly workingDays: number };
}

/** Places for each value of a fact. No quota is a target: nobody is selected to fill it. */
export interface Quota {
  /** `form.kind`, `institution.code`, `institution.province`, `institution.level`, …; all cases together unless told. */
  readonly by?: string;
  /** Places of every value that `places` does not name; without limit unless told. */
  readonly each?: number;
  readonly places?: Readonly<Record<string, number>>;
  /** Counts only cases that come by way of this stage: a province's places are for what the province recommends. All of them unless told. */
  readonly through?: string;
}

/** What becomes of equals when there are places for some of them. */
export type TieRule =
  /** All are selected, beyond the quota; or none is, and the places stay empty. */
  | { readonly rule: 'extend' | 'exclude' }
  /** By the means of criteria of the rubric, the first one first; then by a lot that the round's seed decides. */
  | { readonly rule: 'criteria'; readonly criteria: readonly string[] }
  /** An organ puts them in order; lots are drawn if it does not, and where more than 200 are equal. */
  | { readonly rule: 'organ'; readonly power: string; readonly workingDays: number };
