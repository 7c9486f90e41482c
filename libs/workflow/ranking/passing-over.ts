import type { DecisionContext } from '#kernel';
import { type Case, type CaseState, openVisits, type Visit } from '../case.state.js';
import type { Definition, RankingStage } from '../definition.js';
import { keptFrom } from '../named.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { openCorrection } from '../stages/check.correction.js';
import { judgingPowers } from '../wall.js';
import { leadsTo } from './presence.js';
import { waitedFor } from './rank.js';
import type { RankingEvent, RankWithout } from './ranking.messages.js';
import type { Ranking } from './ranking.state.js';
import { standingOf } from './standing.js';

interface Ground {
  readonly definition: Definition;
  readonly stage: RankingStage;
  readonly stateOf: (subject: string) => CaseState;
}

/**
 * Goes on without cases that stand still: those of a suspended member, and those at which somebody was reported late. What they would be counted by is kept, and with it their places.
 *
 * @throws DomainError ranking.not-standing-still, also for a case that a conflict of interest keeps from whoever decides
 */
export function passOver(
  { subjects, reason }: RankWithout,
  ranking: Ranking,
  { definition, stage, stateOf }: Ground,
  context: DecisionContext,
): readonly RankingEvent[] {
  const waited = new Set(ranking.status === 'collecting' ? waitedFor(ranking) : []);
  const isWalled = wallOf(definition, stage, context);
  return subjects.map((subject): RankingEvent => {
    const state = stateOf(subject);
    if (
      !waited.has(subject) ||
      state.status === 'none' ||
      standsStill(definition, state, stage, context.now) === undefined ||
      isWalled(state)
    )
      throw notStandingStill(subjects);
    const { institution, group, facts, uncounted } = standingOf({ definition, stage, quotas: ranking.quotas }, state, subject, 1);
    const known = { ...(group === undefined ? {} : { group }), ...(uncounted === undefined ? {} : { uncounted }) };
    return { type: 'EntrantPassedOver', data: { subject, institution, ...known, facts, reason } };
  });
}

/**
 * Since when a case that is waited for stands still, ISO 8601 UTC: its member is suspended, or whoever it waits for before the ranking
 * has been reported late and has not acted since; undefined while it goes on.
 */
export function standsStill(
  definition: Definition,
  state: Case,
  { id }: Pick<RankingStage, 'id'>,
  now: number,
): { readonly because: 'suspended' | 'late'; readonly since: string } | undefined {
  if (state.status !== 'open') return undefined;
  if (state.frozen !== undefined) return { because: 'suspended', since: state.frozen.at };
  const late = openVisits(state).find((visit) => isLate(visit, now) && leadsTo(definition, visit.stage, id));
  return late === undefined ? undefined : { because: 'late', since: late.dueAt ?? late.enteredAt };
}

/** Reported, and still so. A panel is, once nobody is left who could review; its late reviewers are replaced before. */
function isLate(visit: Visit, now: number): boolean {
  if (visit.kind === 'panel') return visit.unfilled;
  if (visit.kind === 'check' && openCorrection(visit) !== undefined) return false;
  return visit.overdue.length > 0 && (visit.dueAt === undefined || Date.parse(visit.dueAt) <= now);
}

/** Which cases a conflict of interest keeps from whoever acts, by the seats of the keepers and of those who judge. */
function wallOf(definition: Definition, { power }: RankingStage, context: DecisionContext): (state: Case) => boolean {
  const own = (of: string) => heldSeats(context, of).filter(({ person }) => person === context.actor);
  const judging = judgingPowers(definition).flatMap(own);
  const employers = [...judging, ...own(power)].map(({ institution }) => institution);
  return (state) =>
    judging.length > 0 &&
    (keptFrom(definition, state).includes(context.actor) || employers.includes(state.applicant.institution));
}

const notStandingStill = (subjects: readonly string[]) =>
  refused(
    'ranking.not-standing-still',
    'The ranking goes on only without applications that it waits for and that stand still, because a membership is suspended or an office was reported late. Read again who is waited for.',
    '只能不再等待因成员资格暂停而中止、或办理单位已被报告逾期且尚未进入排序的项目，请重新读取等待名单。',
    { subjects },
  );
