import type { RecordedEvent } from '#kernel';

/** A review that somebody owes. */
export interface OwedReview {
  /** Of the case, as commands name it. */
  readonly id: string;
  readonly reviewer: string;
  readonly stage: string;
  readonly assignment: string;
}

interface Reviewing {
  readonly stage: string;
  readonly assignments?: readonly { readonly id: string; readonly reviewer: string }[];
  readonly assignment?: string;
}

const endsReview: ReadonlySet<string> = new Set(['ReviewSubmitted', 'ConflictDeclared', 'ReviewerReplaced']);

/** The reviews that are owed, from what is heard of cases. */
export class OwedReviews {
  private readonly reviews = new Map<string, OwedReview>();
  /** By assignment, also of reviews that are owed no more. */
  private readonly reviewers = new Map<string, string>();

  reviewerOf(assignment: string): string | undefined {
    return this.reviewers.get(assignment);
  }

  of(reviewer: string): readonly OwedReview[] {
    return [...this.reviews.values()].filter((review) => review.reviewer === reviewer);
  }

  hear(id: string, { type, data }: Pick<RecordedEvent, 'type' | 'data'>): void {
    const { stage, assignments = [], assignment } = data as Reviewing;
    for (const one of assignments) this.reviewers.set(one.id, one.reviewer);
    for (const one of assignments) this.reviews.set(one.id, { id, stage, reviewer: one.reviewer, assignment: one.id });
    if (assignment !== undefined && endsReview.has(type)) this.reviews.delete(assignment);
    if (type !== 'StageLeft' && type !== 'CaseEnded') return;
    for (const [key, owed] of this.reviews) if (owed.id === id) this.reviews.delete(key);
  }
}
