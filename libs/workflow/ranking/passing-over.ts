import type { DecisionContext } from '#kernel';
import type { Case, CaseState } from '../case.state.js';
import type { Definition, RankingStage } from '../definition.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { judgingPowers } from '../wall.js';
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
 * Goes on without cases that stand still. What they would be counted by is kept, and with it their places.
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
    if (!waited.has(subject) || state.status !== 'open' || state.frozen === undefined || isWalled(state))
      throw notStandingStill(subjects);
    const { institution, group, facts } = standingOf(stage, ranking.quotas, state, subject, 1);
    const kept = { subject, institution, ...(group === undefined ? {} : { group }), facts };
    return { type: 'EntrantPassedOver', data: { ...kept, reason } };
  });
}

/** Which cases a conflict of interest keeps from whoever acts, by the seats of the keepers and of those who judge. */
function wallOf(definition: Definition, { power }: RankingStage, context: DecisionContext): (state: Case) => boolean {
  const own = (of: string) => heldSeats(context, of).filter(({ person }) => person === context.actor);
  const judging = judgingPowers(definition).flatMap(own);
  const employers = [...judging, ...own(power)].map(({ institution }) => institution);
  return ({ conflicts, applicant }) =>
    judging.length > 0 && (conflicts.includes(context.actor) || employers.includes(applicant.institution));
}

const notStandingStill = (subjects: readonly string[]) =>
  refused(
    'ranking.not-standing-still',
    'The ranking goes on only without applications that it waits for and that stand still. Read again who is waited for.',
    '只能不再等待已中止且尚未进入排序的项目，请重新读取等待名单。',
    { subjects },
  );
