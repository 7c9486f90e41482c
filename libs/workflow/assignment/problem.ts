/** A round's applications, the people who may review them, and what must hold. All ids are opaque; no personal data. */
export interface AssignmentProblem {
  readonly cases: readonly AssignmentCase[];
  readonly reviewers: readonly AssignmentReviewer[];
  /** Grounds beside the institution, which `institution` and `formerly` tell. */
  readonly conflicts: readonly KnownConflict[];
  /** Pairs of reviewers who never sit on one panel. */
  readonly neverTogether: readonly (readonly [string, string])[];
  /** Whether two reviewers of one institution may sit on one panel. */
  readonly perInstitution: 'one' | 'any';
}

export interface AssignmentCase {
  readonly id: string;
  /** The applicant's. */
  readonly institution: string;
  /** Only who has this discipline may review it; anyone may where it is absent. */
  readonly discipline?: string;
  /** What a reviewer should know; the share of it that one knows is the fit. */
  readonly expertise: readonly string[];
  /** Exactly so many reviewers. */
  readonly wanted: number;
}

export interface AssignmentReviewer {
  readonly id: string;
  /** Where they are now. */
  readonly institution?: string;
  /** Where they were within the last three years: a conflict, but it does not count for `perInstitution`. */
  readonly formerly: readonly string[];
  readonly disciplines: readonly string[];
  readonly expertise: readonly string[];
  /** Of all their reviews, those that they already have included. */
  readonly least: number;
  readonly most: number;
  /** Reviews that they already have. */
  readonly load: number;
}

export interface KnownConflict {
  readonly case: string;
  readonly reviewer: string;
  readonly because:
    | 'co-author'
    | 'supervised'
    | 'declared'
    /** The application names them. */
    | 'named'
    /** Has or had an assignment there. */
    | 'served'
    /** A colleague, or somebody with whom they never sit, is on the panel already. */
    | 'institution-taken'
    | 'never-together';
}

/** A perfect fit: a case whose every expertise the reviewer has. Halves, thirds, quarters and fifths are whole. */
export const perfectFit = 60;

/** One rule of the problem, as a blocking set names it. */
export type Constraint =
  /** The case needs all its reviewers. */
  | { readonly kind: 'wanted'; readonly case: string }
  /** The case takes no more than its reviewers. */
  | { readonly kind: 'places'; readonly case: string }
  | { readonly kind: 'discipline'; readonly case: string }
  | {
      readonly kind: 'conflict';
      readonly case: string;
      readonly reviewer: string;
      readonly because: KnownConflict['because'] | 'same-institution';
    }
  | { readonly kind: 'one-per-institution'; readonly case: string; readonly institution: string }
  | { readonly kind: 'never-together'; readonly reviewers: readonly [string, string] }
  | { readonly kind: 'most'; readonly reviewer: string }
  | { readonly kind: 'least'; readonly reviewer: string };

export interface Assigned {
  readonly case: string;
  /** In the order of their ids. */
  readonly reviewers: readonly string[];
}

/** `gap` is the distance from what was proven to be the best possible, as a part of it: 0 is proven optimal. */
export interface Proven {
  readonly value: number;
  readonly bound: number;
  readonly gap: number;
}

export interface AssignmentResult {
  readonly outcome: 'assigned';
  /** In the order of the cases' ids. */
  readonly assignments: readonly Assigned[];
  /** Sum over all assignments of the share of the case's expertise that the reviewer has, of 60. To be as high as can be. */
  readonly fit: Proven;
  /** Sum over the reviewers of the square of all their reviews; among equal fits, to be as low as can be. */
  readonly unevenness: Proven;
  readonly seed: string;
  /** SHA-256 (base64url) of the canonical problem. */
  readonly inputs: string;
  /** Name and version of method and solver: with problem and seed, all that the result follows from. */
  readonly solver: string;
}

export interface Infeasible {
  readonly outcome: 'infeasible';
  /** Together they cannot hold. */
  readonly blocking: readonly Constraint[];
  /**
   * `fewest`: no fewer constraints block. `proven`: with any one of these lifted the others can hold; others, fewer, may block as well.
   * `not-tried`, of a shortage across a large round: the proof's constraints, of which some may be more than needed.
   */
  readonly smallest: 'fewest' | 'proven' | 'not-tried';
  readonly text: { readonly en: string; readonly zh: string };
  readonly seed: string;
  readonly inputs: string;
  readonly solver: string;
}
