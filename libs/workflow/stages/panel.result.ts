import type { Comparison, Explanation } from '../case.events.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import { compare, mean } from '../fraction.js';
import { unmetEssentials } from '../rubric.js';
import { placesOf } from './panel.places.js';
import type { At } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;
type Reviewed = AssignmentState & { readonly review: NonNullable<AssignmentState['review']> };

/** The reviews that count: complete, and by nobody with a conflict. */
export const counted = ({ assignments }: PanelVisit): readonly Reviewed[] =>
  assignments.filter((one): one is Reviewed => one.status === 'submitted' && one.review !== undefined);

/** Whether nothing more is to be waited for: every place is reviewed, or nobody is left to fill the others. */
export function finished({ stage, visit }: Pick<PanelAt, 'stage' | 'visit'>): boolean {
  const done = counted(visit).length;
  if (visit.assignments.some(({ status }) => status === 'open')) return false;
  return done >= placesOf(stage, visit) || (visit.unfilled && done >= stage.minimum);
}

/** A veto ends it; then the essential criteria; then the mean of the weighted scores against the pass mark. */
export function outcomeOf({ stage: { rubric }, visit }: PanelAt): 'recommended' | 'not-recommended' | 'vetoed' {
  const reviews = counted(visit).map(({ review }) => review);
  if (reviews.some(({ vetoes }) => vetoes.length > 0)) return 'vetoed';
  if (
    unmetEssentials(
      rubric,
      reviews.map(({ scores }) => scores),
    ).length > 0
  )
    return 'not-recommended';
  return compare(mean(reviews.map(({ total }) => total)), [rubric.passMark, 1]) >= 0 ? 'recommended' : 'not-recommended';
}

/** The arithmetic of a panel, from what it holds now. */
export function explainPanel({ stage, visit }: PanelAt, outcome: string): Explanation {
  const { rubric, minimum, title } = stage;
  const reviews = counted(visit);
  const vetoes = [...new Set(reviews.flatMap(({ review }) => review.vetoes))];
  const unmet =
    reviews.length === 0
      ? []
      : unmetEssentials(
          rubric,
          reviews.map(({ review }) => review.scores),
        );
  return {
    clause: { en: `${title.en}: ${rubric.title.en}`, zh: `${title.zh}：${rubric.title.zh}` },
    text: sentence(outcome, unmet.length, rubric),
    inputs: {
      rubric: rubric.id,
      reviews: reviews.map(({ id, review: { total } }) => ({ assignment: id, total })),
      vetoes,
      unmet: unmet.map(({ criterion, reached, atLeast }) => ({ criterion, reached, atLeast })),
    },
    excluded: visit.assignments
      .filter(({ status, review }) => (status === 'conflicted' || status === 'removed') && review !== undefined)
      .map(({ id, status }) => ({
        what: `assignment ${id}`,
        because: status === 'removed' ? 'reviewer removed' : 'conflict declared',
      })),
    arithmetic: [enough(reviews.length, minimum), ...meanLine(reviews, rubric.passMark)],
  };
}

const enough = (complete: number, minimum: number): Comparison => ({
  what: 'complete-reviews',
  actual: [complete, 1],
  relation: '>=',
  required: [minimum, 1],
  holds: complete >= minimum,
});

function meanLine(reviews: readonly Reviewed[], passMark: number): readonly Comparison[] {
  if (reviews.length === 0) return [];
  const actual = mean(reviews.map(({ review }) => review.total));
  return [{ what: 'mean', actual, relation: '>=', required: [passMark, 1], holds: compare(actual, [passMark, 1]) >= 0 }];
}

function sentence(outcome: string, unmet: number, { passMark, vetoes }: PanelStage['rubric']): Explanation['text'] {
  if (outcome === 'vetoed') {
    return {
      en: `A reviewer found an item of the negative list (${vetoes.length} items), which ends the review.`,
      zh: '评审中发现负面清单所列情形，一票否决。',
    };
  }
  if (outcome === 'recommended') {
    return { en: `The mean of the reviews reaches the pass mark of ${passMark}.`, zh: `评审平均分达到 ${passMark} 分的合格线。` };
  }
  return unmet > 0
    ? { en: 'An essential criterion was not reached.', zh: '关键指标未达到要求。' }
    : { en: `The mean of the reviews is below the pass mark of ${passMark}.`, zh: `评审平均分低于 ${passMark} 分的合格线。` };
}
