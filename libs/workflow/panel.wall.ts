import { type Sealed, sha256 } from '#kernel';
import type { AssignmentState, Case, PanelVisit, Review } from './case.state.js';
import type { PanelStage } from './definition.js';
import { hearsOthers } from './stages/panel.discussion.js';
import type { Standing } from './standing.js';

/** A panel as somebody may see it: what the reviewers said to each other stands apart, and only for who may read it. */
export interface ShownPanel extends Omit<PanelVisit, 'discussion' | 'comments'> {
  readonly discussion?: ShownDiscussion;
}

/** Reviews side by side, and what was said about them. */
export interface ShownDiscussion {
  /** When the panel comes to its result; absent until the discussion has been opened. */
  readonly until?: string;
  readonly reviews: readonly (ShownReviewer & Said & { readonly earlier: readonly Said[] })[];
  readonly comments: readonly (ShownReviewer & { readonly text: Sealed; readonly at: string })[];
}

/** A reviewer by a number that tells nothing, and by id where the reader may know who it is. */
export interface ShownReviewer {
  /** From 1; the same for every reader and for ever: Reviewer A is 1. */
  readonly reviewer: number;
  readonly person?: string;
  readonly own?: true;
  /** No longer counted: shown to who keeps the panel only. */
  readonly excluded?: true;
}

type Said = Pick<Review, 'scores' | 'vetoes' | 'comment' | 'total' | 'reason'>;

interface Reader {
  readonly as: Standing;
  readonly person: string;
}

/** A panel without what blinding, or somebody's part in it, keeps from them. Who owes a review reads no other, whatever else they are. */
export function shownPanel(whole: PanelVisit, state: Case, stage: PanelStage, reader: Reader): ShownPanel {
  const owes = whole.left === undefined && whole.assignments.some((one) => one.status === 'open' && isOwn(reader)(one));
  const { discussion: _discussion, comments: _comments, ...given } = whole;
  const visit = owes ? { ...given, assignments: given.assignments.map(unread) } : given;
  const heard =
    !owes && readsDiscussion(whole, state, stage, reader)
      ? { discussion: shownDiscussion(whole, stage, namesFor(stage, reader), reader) }
      : {};
  if (reader.as === 'keeper') return { ...visit, ...heard };
  const { dueAt: _dueAt, added: _added, lacking: _lacking, ...told } = visit;
  // How the panel was filled, and whether in time, is its keeper's affair.
  const unfilled = { ...told, overdue: [], draws: 0, drawn: 0, unfilled: false };
  return { ...shownReviews(unfilled, state, stage, reader), ...heard };
}

function shownReviews(
  visit: Omit<PanelVisit, 'discussion' | 'comments'>,
  { status }: Case,
  { blind }: PanelStage,
  { as, person }: Reader,
): ShownPanel {
  if (as === 'reviewer') return { ...visit, assignments: visit.assignments.filter(isOwn({ person })) };
  if ((as === 'applicant' || as === 'copied') && status === 'open') return { ...visit, assignments: [] };
  return {
    ...withoutExclusions(visit),
    assignments: visit.assignments
      .filter((assignment) => assignment.review !== undefined && assignment.status !== 'conflicted')
      .map(asItCounts)
      .map((assignment) => (blind === 'none' || assignment.reviewer === person ? assignment : nameless(assignment))),
  };
}

/** Who it is about, and who does it now in their place. */
export const isOwn =
  ({ person }: { readonly person: string }) =>
  ({ reviewer, substitute }: AssignmentState): boolean =>
    reviewer === person || (substitute?.active === true && substitute.person === person);

function readsDiscussion(visit: PanelVisit, { status }: Case, stage: PanelStage, { as, person }: Reader): boolean {
  const { afterwards = [] } = stage.discussion ?? {};
  switch (as) {
    case 'keeper':
      return stage.discussion !== undefined;
    case 'reviewer':
      return hearsOthers({ stage, visit }, person);
    case 'judge':
      return afterwards.includes('judge') && visit.left !== undefined;
    case 'applicant':
      return afterwards.includes('applicant') && status === 'ended';
    case 'checker':
    case 'copied':
    case 'public':
      return false;
  }
}

/** Whether what reviewers said stands under their names for somebody. */
function namesFor({ blind, discussion }: PanelStage, { as }: Reader): 'names' | 'numbers' {
  const isNamed = as === 'keeper' || (as === 'reviewer' ? discussion?.as === 'name' : blind === 'none');
  return isNamed ? 'names' : 'numbers';
}

function shownDiscussion(
  { assignments, comments = [], discussion }: PanelVisit,
  { size }: PanelStage,
  known: 'names' | 'numbers',
  { as, person }: Reader,
): ShownDiscussion {
  const numbers = numbersOf(assignments, size);
  const shown = new Map(
    assignments.flatMap((one) => {
      const number = numbers.get(one.id);
      const isExcluded = one.status !== 'submitted';
      if (number === undefined || one.review === undefined || (isExcluded && as !== 'keeper')) return [];
      const who: ShownReviewer = {
        reviewer: number,
        ...(known === 'names' || one.reviewer === person ? { person: one.reviewer } : {}),
        ...(one.reviewer === person ? { own: true } : {}),
        ...(isExcluded ? { excluded: true } : {}),
      };
      return [[one.id, { who, one }] as const];
    }),
  );
  const clear = known === 'names' ? (text: Sealed) => text : keyless;
  return {
    ...(discussion === undefined ? {} : { until: discussion.until }),
    reviews: [...shown.values()]
      .map(({ who, one: { review, earlier = [] } }) => ({
        ...who,
        ...said(review as Review, clear),
        earlier: earlier.map((before) => said(before, clear)),
      }))
      .toSorted((one, other) => one.reviewer - other.reviewer),
    comments: comments.flatMap(({ assignment, text, at }) => {
      const author = shown.get(assignment);
      return author === undefined ? [] : [{ ...author.who, text: clear(text), at }];
    }),
  };
}

/** When somebody reviewed is nobody else's affair: a time may be as good as a name. */
const said = ({ scores, vetoes, comment, total, reason }: Review, clear: (text: Sealed) => Sealed): Said => ({
  scores,
  vetoes,
  comment: clear(comment),
  total,
  ...(reason === undefined ? {} : { reason: clear(reason) }),
});

/** Whether, and since when, a review is in. */
interface Reviewed extends Pick<AssignmentState, 'id'> {
  readonly review?: Pick<Review, 'submittedAt'>;
  readonly earlier?: readonly Pick<Review, 'submittedAt'>[];
}

/**
 * A number for every reviewer who has reviewed, by the id of the assignment.
 *
 * Each takes one of the free numbers up to the size of the panel, by lot: neither who was drawn first nor who was quick can be read off it,
 * and nobody's changes when somebody else comes or goes.
 */
export function numbersOf(assignments: readonly Reviewed[], size: number): ReadonlyMap<string, number> {
  const reviewed = assignments
    .flatMap(({ id, review, earlier = [] }) => (review === undefined ? [] : [{ id, at: (earlier[0] ?? review).submittedAt }]))
    .toSorted((one, other) => (one.at < other.at || (one.at === other.at && one.id < other.id) ? -1 : 1));
  const numbers = new Map<string, number>();
  for (const { id } of reviewed) {
    const taken = new Set(numbers.values());
    const free = Array.from({ length: Math.max(size, taken.size + 1) }, (_, index) => index + 1).filter((one) => !taken.has(one));
    const lot = Number.parseInt(sha256(`panel ${id}`, 'hex').slice(0, 8), 16);
    numbers.set(id, free[lot % free.length] as number);
  }
  return numbers;
}

/** Only the review that counts, without what it was before and why it was revised. */
function asItCounts({ earlier: _earlier, review, ...assignment }: AssignmentState): AssignmentState {
  if (review === undefined) return assignment;
  const { reason: _reason, ...counts } = review;
  return { ...assignment, review: counts };
}

const unread = ({ review: _review, earlier: _earlier, ...assignment }: AssignmentState): AssignmentState => assignment;

/** Whose key seals a text would tell who wrote it; the digest alone opens it. */
const keyless = (text: Sealed): Sealed => ({ ...text, of: '' });

/** Neither who reviewed, nor in whose place or after whom. */
function nameless({ review, ...one }: AssignmentState): AssignmentState {
  const { principal: _principal, handedBy: _handedBy, substitute: _substitute, ...assignment } = one;
  const counts = review === undefined ? {} : { review: { ...review, comment: keyless(review.comment) } };
  return { ...assignment, reviewer: '', ...counts };
}

/** The explanation names assignments, never reviewers; what it excluded is for those who keep the procedure. */
function withoutExclusions<T extends Pick<PanelVisit, 'left'>>(visit: T): T {
  if (visit.left === undefined) return visit;
  return { ...visit, left: { ...visit.left, explanation: { ...visit.left.explanation, excluded: [] } } };
}
