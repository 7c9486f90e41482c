import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { PanelStage } from '../definition.js';
import { compare, type Fraction } from '../fraction.js';
import { refused } from '../refusal.js';
import type { DiscussionOpened } from '../review.messages.js';
import { evolvePanel } from './panel.evolve.js';
import { counted, finished, outcomeOf } from './panel.result.js';
import { after, type At, notThisAct, place, type StageDecision, tooEarly } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;
type Panel = Pick<PanelAt, 'stage' | 'visit'>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

const commentsEach = 50;

/** The events, and the panel's outcome if nothing more is to be waited for: no review, and no discussion. */
export function concluded(at: PanelAt, events: readonly CaseEvent[], context: DecisionContext): StageDecision {
  const next = { ...at, visit: after({ evolve: evolvePanel }, at.visit, events, context) };
  if (!finished(next)) return { events };
  switch (phaseOf(next, context.now)) {
    case 'due':
      return { events: [...events, opened(next, context.now)] };
    case 'open':
      return { events };
    case 'none':
    case 'over':
      return { events, outcome: outcomeOf(next) };
  }
}

/**
 * Closes a panel with at least its minimum of reviews, once those who are still awaited were reported late.
 *
 * @throws DomainError case.too-few-reviews, case.too-early, case.discussion-open, case.discussion-due
 */
export function complete(at: PanelAt, { now }: DecisionContext): StageDecision {
  const done = counted(at.visit).length;
  if (done < at.stage.minimum) throw tooFew(done, at.stage.minimum);
  const phase = phaseOf(at, now);
  if (phase === 'open') throw underWay(at.visit.discussion?.until ?? '');
  if (phase === 'due') throw discussedFirst();
  for (const { status, escalateAt } of at.visit.assignments) if (status === 'open') tooEarly(now, escalateAt);
  return { events: [], outcome: outcomeOf(at) };
}

/** Of the reviews as they are: no discussion of them is owed, it is still to be opened, it goes on, its time is over. */
function phaseOf({ stage, visit }: Panel, now: number): 'none' | 'due' | 'open' | 'over' {
  const reviews = counted(visit);
  const held = visit.discussion;
  if (held !== undefined && reviews.every(({ id }) => held.reviews.includes(id)))
    return now < Date.parse(held.until) ? 'open' : 'over';
  const totals = reviews.map(({ review }) => review.total).toSorted(compare);
  return isDiscussed(stage, totals) ? 'due' : 'none';
}

function isDiscussed({ discussion }: PanelStage, totals: readonly Fraction[]): boolean {
  const [least, greatest] = [totals[0], totals.at(-1)];
  if (discussion === undefined || least === undefined || greatest === undefined || totals.length < 2) return false;
  const { spread = 0 } = discussion;
  return compare(greatest, [least[0] + spread * least[1], least[1]]) >= 0;
}

function opened({ definition, stage, visit }: PanelAt, now: number): CaseEvent {
  const { workingDays, remind } = stage.discussion as NonNullable<PanelStage['discussion']>;
  const told: DiscussionOpened = {
    stage: visit.stage,
    visit: visit.visit,
    discussion: (visit.discussion?.discussion ?? 0) + 1,
    reviews: counted(visit).map(({ id }) => id),
    remindAt: deadline(definition, now, remind),
    until: deadline(definition, now, workingDays),
  };
  return { type: 'DiscussionOpened', data: told };
}

/** The submitted review of somebody whose review counts. */
export const reviewOf = ({ assignments }: PanelVisit, person: string): AssignmentState | undefined =>
  assignments.find(({ reviewer, status }) => reviewer === person && status === 'submitted');

/** Whether somebody may read what the others of the panel think: never before their own review is in. */
export const hearsOthers = ({ stage: { discussion }, visit }: Panel, person: string): boolean =>
  discussion !== undefined &&
  reviewOf(visit, person) !== undefined &&
  (discussion.from === 'own-review' || visit.discussion !== undefined);

/** Whether it is not too late to speak and to revise: until the panel has closed, to the millisecond. */
export const mayStillSpeak = (panel: Panel, now: number): boolean =>
  panel.visit.left === undefined && !(finished(panel) && phaseOf(panel, now) === 'over');

/** @throws DomainError case.not-assigned, case.review-first, case.discussion-over */
export function speaker(at: PanelAt, { actor, now }: DecisionContext): AssignmentState {
  const own = reviewOf(at.visit, actor);
  if (own === undefined) {
    const isAssigned = at.visit.assignments.some(({ reviewer, status }) => reviewer === actor && status === 'open');
    throw isAssigned ? reviewFirst() : notAssigned();
  }
  if (!mayStillSpeak(at, now)) throw isOver(at.visit.discussion?.until ?? '');
  return own;
}

export function discussed({ data }: Act<'DiscussReviews'>, at: PanelAt, context: DecisionContext): StageDecision {
  if (at.stage.discussion === undefined) throw notThisAct(at);
  const own = speaker(at, context);
  if (!hearsOthers(at, context.actor)) throw notYet();
  const said = (at.visit.comments ?? []).filter(({ assignment }) => assignment === own.id).length;
  if (said >= commentsEach) throw saidEnough();
  const told = { ...place(at), comment: context.newId('comment'), assignment: own.id, text: sealed(data.comment) };
  return { events: [{ type: 'ReviewsDiscussed', data: told }] };
}

/** Reminds those who have said nothing, once. */
export function reminded({ data }: Act<'RemindDiscussion'>, at: PanelAt, { now }: DecisionContext): StageDecision {
  const held = at.visit.discussion;
  if (held === undefined || held.discussion !== data.discussion || held.reminded || phaseOf(at, now) !== 'open')
    return { events: [] };
  tooEarly(now, held.remindAt);
  const assignments = silent(at.visit).map(({ id }) => id);
  if (assignments.length === 0) return { events: [] };
  return { events: [{ type: 'DiscussionReminded', data: { ...place(at), discussion: data.discussion, assignments } }] };
}

/** Reviewers who count and have neither said anything nor thought again. */
export const silent = (visit: PanelVisit): readonly AssignmentState[] =>
  counted(visit).filter(
    ({ id, earlier = [] }) => earlier.length === 0 && !(visit.comments ?? []).some(({ assignment }) => assignment === id),
  );

/** The panel comes to its result, unless another review is waited for or another discussion has begun. */
export function closed({ data }: Act<'CloseDiscussion'>, at: PanelAt, { now }: DecisionContext): StageDecision {
  const held = at.visit.discussion;
  if (held === undefined || held.discussion !== data.discussion) return { events: [] };
  tooEarly(now, held.until);
  return finished(at) && phaseOf(at, now) === 'over' ? { events: [], outcome: outcomeOf(at) } : { events: [] };
}

export const notAssigned = () =>
  refused('case.not-assigned', 'You have no assignment to review this application.', '您未被指派评审该申报项目。');

const tooFew = (done: number, minimum: number) =>
  refused(
    'case.too-few-reviews',
    `${done} reviews are complete; at least ${minimum} are needed.`,
    `已完成评审 ${done} 份，至少需要 ${minimum} 份。`,
    { complete: done, minimum },
  );

const underWay = (until: string) =>
  refused(
    'case.discussion-open',
    `The reviewers discuss their reviews until ${until}; the panel closes by itself then.`,
    `评审组正在讨论，截止 ${until}，届时自动办结。`,
    { until },
  );

const discussedFirst = () =>
  refused(
    'case.discussion-due',
    'These reviews are to be discussed first. Take the reviewers who are still awaited from the panel, and the discussion begins.',
    '评审意见须先经讨论。请先对尚未提交的专家办理减签，讨论即行开始。',
  );

const reviewFirst = () => refused('case.review-first', 'Submit your own review first.', '请先提交您本人的评审意见。');

const notYet = () =>
  refused('case.discussion-not-begun', 'The discussion begins once every review is in.', '全部评审意见提交后方可开始讨论。');

const isOver = (until: string) =>
  refused(
    'case.discussion-over',
    `The discussion ended at ${until}; what was said and scored by then stands.`,
    `讨论已于 ${until} 结束，以届时的评分和意见为准。`,
    { until },
  );

const saidEnough = () =>
  refused(
    'case.comments-used-up',
    `Each reviewer may make ${commentsEach} comments here. Put the rest into your review by revising it.`,
    `每位专家在此最多发表 ${commentsEach} 条意见。其余内容请通过修改评审意见提出。`,
    { atMost: commentsEach },
  );
