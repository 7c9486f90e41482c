import { type DecisionContext, sealed } from '#kernel';
import type { StageCommand } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import { refused } from '../refusal.js';
import type { ReviewGiven, SubmitReview } from '../review.messages.js';
import { totalOf } from '../rubric.js';
import { judgedIn } from '../versions.js';
import { inPlaceOf } from './panel.changes.js';
import { concluded, notAssigned, speaker } from './panel.discussion.js';
import { type At, place, type StageDecision } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

const revisionsEach = 20;

/** The assignment that the reviewer now holds here. */
export const assignmentOf = ({ visit }: PanelAt, reviewer: string): AssignmentState | undefined =>
  visit.assignments.find((one) => one.reviewer === reviewer && (one.status === 'open' || one.status === 'submitted'));

export function reviewed({ data }: Act<'SubmitReview'>, at: PanelAt, context: DecisionContext): StageDecision {
  const assignment = assignmentOf(at, context.actor) ?? inPlaceOf(at, context.actor);
  if (assignment === undefined) throw notAssigned();
  if (assignment.status === 'submitted') throw alreadyReviewed();
  const principal = assignment.reviewer === context.actor ? {} : { principal: assignment.reviewer };
  const given = { ...reviewGiven(at, data, assignment, context.actor), ...principal };
  return concluded(at, [{ type: 'ReviewSubmitted', data: given }], context);
}

/** The version before stays on record; nothing else follows from a revision, so that nobody's second thoughts hurry the panel. */
export function revised({ data }: Act<'ReviseReview'>, at: PanelAt, context: DecisionContext): StageDecision {
  const own = speaker(at, context);
  const revision = (own.earlier?.length ?? 0) + 2;
  if (revision > revisionsEach) throw revisionsUsedUp();
  const given = { ...reviewGiven(at, data, own, context.actor), revision, reason: sealed(data.reason) };
  return { events: [{ type: 'ReviewRevised', data: given }] };
}

/** What a review says. @throws DomainError case.scores-incomplete */
function reviewGiven(at: PanelAt, data: SubmitReview, { id }: AssignmentState, reviewer: string): ReviewGiven {
  const { rubric } = at.stage;
  const scored = new Map(data.scores.map(({ criterion, points }) => [criterion, points]));
  const wrong = [
    ...rubric.criteria.filter((one) => (scored.get(one.id) ?? Number.POSITIVE_INFINITY) > rubric.points).map((one) => one.id),
    ...data.scores.map(({ criterion }) => criterion).filter((one) => !rubric.criteria.some((criterion) => criterion.id === one)),
    ...data.scores.map(({ criterion }) => criterion).filter((one, index, all) => all.indexOf(one) !== index),
    ...data.vetoes.filter((one) => !rubric.vetoes.some((veto) => veto.id === one)),
  ];
  if (wrong.length > 0) throw scoresIncomplete([...new Set(wrong)], rubric.points);
  const scores = rubric.criteria.map((one) => ({ criterion: one.id, points: scored.get(one.id) as number }));
  return {
    ...place(at),
    assignment: id,
    reviewer,
    scores,
    vetoes: data.vetoes,
    comment: sealed(data.comment),
    ...judgedIn(at.case, at.visit),
    total: totalOf(rubric, scores),
  };
}

const alreadyReviewed = () =>
  refused(
    'case.already-reviewed',
    'You have submitted your review of this application. While the panel is open, you may revise it.',
    '您已提交对该申报项目的评审意见；评审结束前可以修改。',
  );

const scoresIncomplete = (wrong: readonly string[], points: number) =>
  refused(
    'case.scores-incomplete',
    `Give every criterion of the rubric one score from 0 to ${points}, and nothing else. Look at: ${wrong.join(', ')}.`,
    `请对评审指标逐项评分（0 至 ${points} 分），不得遗漏、重复或增加。请检查：${wrong.join('、')}。`,
    { wrong, points },
  );

const revisionsUsedUp = () =>
  refused(
    'case.revisions-used-up',
    `A review may be given ${revisionsEach} times; yours stands as it is.`,
    `每份评审意见最多提交 ${revisionsEach} 版，您的意见以现有版本为准。`,
    { atMost: revisionsEach },
  );
