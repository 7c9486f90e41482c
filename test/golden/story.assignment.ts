import type { Definition } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { rankedAward } from '../support/ranked-round.js';

const definition: Definition = {
  ...rankedAward,
  id: 'assigned-award',
  stages: rankedAward.stages.map((stage) =>
    stage.kind === 'panel'
      ? {
          ...stage,
          assignedBy: 'assignment',
          assignWithin: 20,
          fit: { discipline: 'subject.discipline', expertise: ['form.kind'] },
        }
      : stage,
  ),
};
const panel = 'assigned.review';

/** A round whose panels are assigned at once: first there is no solution, then one is put aside, then one is adopted. */
export async function assignedRound(rehearsal: Rehearsal, institution: string): Promise<void> {
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  const now = rehearsal.clock.now();
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  await rehearsal.as(secretary, 'round', 'assigned', {
    type: 'OpenRound',
    data: {
      definition: { id: definition.id, version: definition.version },
      title: { zh: '统一分配轮次', en: 'Assigned round' },
      opensAt: new Date(now).toISOString(),
      seed: 'golden',
    },
  });
  for (const name of ['one', 'two', 'three']) {
    const id = rehearsal.id(`assigned.${name}`);
    const course = {
      title: { zh: `分配课程 ${name}` },
      kind: 'online',
      discipline: '08',
      credits: 3,
      runs: 4,
      leaderName: '李领',
    } as const;
    await registerCourse(rehearsal, dean, { ...course, id, institution, leader: rehearsal.person(`leader.${name}`) });
    const act = (person: string, type: string, data: object) => rehearsal.as(person, 'case', `assigned.${id}`, { type, data });
    await act(dean, 'SubmitApplication', { institution, form: { title: name, kind: 'online' }, files: [] });
    await act(secretary, 'PassCheck', { stage: 'screening' });
  }
  const keep = async (type: string, data: object = {}) => {
    await rehearsal.as(secretary, 'assignment', panel, { type, data });
    await rehearsal.until(rehearsal.clock.now());
  };
  const reviewer = (number: number): string => rehearsal.person(`reviewer-${number}`);
  for (let number = 1; number <= 8; number += 1)
    await keep('DescribeReviewer', {
      person: reviewer(number),
      disciplines: ['08'],
      expertise: number % 2 === 0 ? ['online'] : [],
    });
  await keep('DeclareRelation', { person: reviewer(1), relation: 'formerly-at', institution, until: '2025-08-31' });
  await keep('DeclareRelation', { person: reviewer(2), relation: 'co-author', with: rehearsal.person('leader.one') });
  await keep('KeepApart', { one: reviewer(3), other: reviewer(4) });
  await keep('KeepApart', { one: reviewer(5), other: reviewer(6) });
  await keep('AllowTogether', { one: reviewer(5), other: reviewer(6) });
  await keep('RequestAssignment', { least: 9 });
  await keep('RequestAssignment');
  await keep('DiscardAssignment', { request: 2, reason: '再核对回避关系。Conflicts are to be checked once more.' });
  await keep('RequestAssignment', { least: 0 });
  await keep('AdoptAssignment', { request: 3 });
}
