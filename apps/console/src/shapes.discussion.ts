import type { Score } from './shapes.js';

/** How a panel discusses, as its definition says. */
export interface DiscussionRules {
  readonly from: 'own-review' | 'every-review';
  readonly as: 'pseudonym' | 'name';
  readonly workingDays: number;
  readonly spread?: number;
  readonly afterwards?: readonly ('judge' | 'applicant')[];
}

export interface Panelist {
  /** Reviewer A is 1. */
  readonly reviewer: number;
  readonly person?: string;
  readonly own?: true;
  readonly excluded?: true;
}

/** Texts are null once they have been erased. */
export interface ReviewSaid {
  readonly scores: readonly Score[];
  readonly vetoes: readonly string[];
  readonly comment: string | null;
  readonly total: readonly [number, number];
  readonly reason?: string | null;
}

export interface ReviewHeard extends Panelist, ReviewSaid {
  readonly earlier: readonly ReviewSaid[];
}

/** What reviewers read of each other. */
export interface DiscussionShown {
  /** When the panel closes; absent until the discussion has been opened. */
  readonly until?: string;
  readonly reviews: readonly ReviewHeard[];
  readonly comments: readonly (Panelist & { readonly text: string | null; readonly at: string })[];
}
