import { type CaseState, type Definition, openVisits } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { rankedAward } from '../support/ranked-round.js';

const definition: Definition = {
  ...rankedAward,
  id: 'discussed-award',
  stages: rankedAward.stages.map((stage) =>
    stage.kind === 'panel' ? { ...stage, discussion: { from: 'own-review', as: 'pseudonym', workingDays: 3, remind: 1 } } : stage,
  ),
};

/** Reviewers who are far apart hear each other: one speaks and thinks again, the other is reminded, and the panel closes. */
export async function discussedReviews(rehearsal: Rehearsal, institution: string): Promise<void> {
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  await rehearsal.as(secretary, 'round', 'discussed', {
    type: 'OpenRound',
    data: {
      definition: { id: definition.id, version: definition.version },
      title: { zh: '评议轮次', en: 'Discussed round' },
      opensAt: new Date(rehearsal.clock.now()).toISOString(),
      seed: 'golden',
    },
  });
  const id = rehearsal.id('discussed.course');
  const act = async (person: string, type: string, data: object): Promise<void> => {
    await rehearsal.as(person, 'case', `discussed.${id}`, { type, data });
    await rehearsal.until(rehearsal.clock.now() + 60_000);
  };
  await registerCourse(rehearsal, dean, {
    id,
    institution,
    title: { zh: '评议课程', en: 'A course discussed' },
    kind: 'online',
    discipline: '08',
    credits: 3,
    runs: 4,
    leader: rehearsal.person('leader.discussed'),
    leaderName: '李领',
  });
  await act(dean, 'SubmitApplication', { institution, form: { title: '评议课程', kind: 'online' }, files: [] });
  await act(secretary, 'PassCheck', { stage: 'screening' });
  const panel = async () => {
    const { state } = await rehearsal.states.fresh<CaseState>(`case-golden.discussed.${id}`);
    return openVisits(state).flatMap((visit) => (visit.kind === 'panel' ? [visit] : []))[0];
  };
  const reviewers = (await panel())?.assignments.map(({ reviewer }) => reviewer) ?? [];
  const review = (points: number) => ({
    stage: 'review',
    scores: ['design', 'effect'].map((criterion) => ({ criterion, points })),
    vetoes: [],
    comment: '评审意见。A comment.',
  });
  for (const [index, reviewer] of reviewers.entries()) await act(reviewer, 'SubmitReview', review(90 - 30 * index));
  const [first = ''] = reviewers;
  await act(first, 'DiscussReviews', { stage: 'review', comment: '评分相差较大，请说明。Far apart: please explain.' });
  await act(first, 'ReviseReview', { ...review(80), reason: '原评分遗漏材料。Evidence had been overlooked.' });
  await rehearsal.until(Date.parse((await panel())?.discussion?.until ?? ''));
}
