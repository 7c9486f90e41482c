import type { CaseState, Definition, Ranking } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';
import { rankedBy } from '../support/ranked-round.js';

const ranked = rankedBy({
  quotas: [{ each: 2 }],
  ties: { rule: 'organ', power: 'rule-on-objection', workingDays: 5 },
  reserve: { length: 2, workingDays: 20 },
});

/** Whoever screens is reminded. */
const definition: Definition = {
  ...ranked,
  stages: ranked.stages.map((stage) => (stage.kind === 'check' ? { ...stage, remind: 1 } : stage)),
};

/** Points of each application; without, it is not screened. Two are equal at the cut. */
const marks: Readonly<Record<string, number | undefined>> = { best: 90, equal: 80, other: 80, fair: 70, absent: undefined };

/** A round that is ranked: equals at the cut are put in order, one goes home, another comes up, the reserve list ends. */
export async function rankedRound(rehearsal: Rehearsal, institution: string): Promise<void> {
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  const opensAt = rehearsal.clock.now();
  const closesAt = opensAt + 5 * dayMs;
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  await rehearsal.as(secretary, 'round', 'ranked', {
    type: 'OpenRound',
    data: {
      definition: { id: definition.id, version: definition.version },
      title: { zh: '排序轮次', en: 'Ranked round' },
      opensAt: new Date(opensAt).toISOString(),
      closesAt: new Date(closesAt).toISOString(),
      seed: 'golden',
      quotas: [{ stage: 'ranking', quotas: [{ each: 2 }] }],
    },
  });
  const act = (person: string, name: string, type: string, data: object) =>
    rehearsal.as(person, 'case', `ranked.${rehearsal.id(`ranked.${name}`)}`, { type, data });
  for (const [name, points] of Object.entries(marks)) {
    await registerCourse(rehearsal, dean, courseOf(rehearsal, name, institution));
    await act(dean, name, 'SubmitApplication', { institution, form: { title: name, kind: 'online' }, files: [] });
    if (points === undefined) continue;
    await act(secretary, name, 'PassCheck', { stage: 'screening' });
    await rehearsal.until(rehearsal.clock.now());
    await reviewed(rehearsal, name, points);
  }
  const { state: fair } = await rehearsal.states.fresh<CaseState>(`case-golden.ranked.${rehearsal.id('ranked.fair')}`);
  await act(reviewersOf(fair, 'submitted')[0] ?? '', 'fair', 'DeclareConflict', {
    stage: 'review',
    ground: '与课程负责人合著。',
  });
  await rehearsal.until(rehearsal.clock.now());
  await reviewed(rehearsal, 'fair', 70);
  await rehearsal.until(closesAt);
  await act(secretary, 'absent', 'FailCheck', { stage: 'screening', reason: '材料不全。Papers are missing.' });
  await rehearsal.until(closesAt);
  const order = ['other', 'equal'].map((name) => rehearsal.id(`ranked.${name}`));
  const data = { order, resolution: '2026-7' };
  await rehearsal.as(rehearsal.person('chair'), 'ranking', 'ranked.ranking', { type: 'DecideTie', data });
  await rehearsal.until(closesAt);
  await act(dean, 'best', 'WithdrawApplication', { reason: '另有安排。Other plans.' });
  await rehearsal.until(closesAt);
  const { state } = await rehearsal.states.fresh<Ranking>('ranking-golden.ranked.ranking');
  await rehearsal.until(Date.parse(state.reserveUntil ?? ''));
}

/** A round whose one application stands still, and that is ranked without it. */
export async function passedOver(rehearsal: Rehearsal, institution: string): Promise<void> {
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  const opensAt = rehearsal.clock.now();
  const closesAt = opensAt + 5 * dayMs;
  await rehearsal.as(secretary, 'round', 'without', {
    type: 'OpenRound',
    data: {
      definition: { id: definition.id, version: definition.version },
      title: { zh: '先行排序轮次', en: 'Round ranked without one' },
      opensAt: new Date(opensAt).toISOString(),
      closesAt: new Date(closesAt).toISOString(),
      seed: 'golden',
    },
  });
  const course = courseOf(rehearsal, 'frozen', institution);
  await registerCourse(rehearsal, dean, course);
  const data = { institution, form: { title: 'frozen', kind: 'online' }, files: [] };
  await rehearsal.as(dean, 'case', `without.${course.id}`, { type: 'SubmitApplication', data });
  await rehearsal.operator('membership', institution, {
    type: 'SuspendMember',
    data: { clause: '2.4', reason: '逾期未缴会费。Dues were not paid.' },
  });
  await rehearsal.until(closesAt);
  await rehearsal.as(secretary, 'ranking', 'without.ranking', {
    type: 'RankWithout',
    data: { subjects: [course.id], reason: '第 9 号会议纪要。Minutes no. 9.' },
  });
  await rehearsal.until(closesAt);
}

const courseOf = (rehearsal: Rehearsal, name: string, institution: string) => ({
  id: rehearsal.id(`ranked.${name}`),
  institution,
  title: { zh: `排序课程 ${name}`, en: `Ranked course ${name}` },
  kind: 'online' as const,
  discipline: '08',
  credits: 3,
  runs: 4,
  leader: rehearsal.person(`leader.${name}`),
  leaderName: '李领',
});

function reviewersOf(state: CaseState, wanted: 'open' | 'submitted'): readonly string[] {
  const panel = state.status === 'none' ? undefined : state.visits.find(({ kind }) => kind === 'panel');
  const assignments = panel?.kind === 'panel' ? panel.assignments : [];
  return assignments.filter(({ status }) => status === wanted).map(({ reviewer }) => reviewer);
}

async function reviewed(rehearsal: Rehearsal, name: string, points: number): Promise<void> {
  const subject = rehearsal.id(`ranked.${name}`);
  const { state } = await rehearsal.states.fresh<CaseState>(`case-golden.ranked.${subject}`);
  const scores = ['design', 'effect'].map((criterion) => ({ criterion, points }));
  for (const reviewer of reviewersOf(state, 'open'))
    await rehearsal.as(reviewer, 'case', `ranked.${subject}`, {
      type: 'SubmitReview',
      data: { stage: 'review', scores, vetoes: [], comment: '评审意见' },
    });
  await rehearsal.until(rehearsal.clock.now());
}
