import type { OrganSeats } from '#kernel';
import type { CaseState, Definition } from '#workflow';
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
  await changes(rehearsal, rehearsal.id('assigned.one'), institution);
}

/** A panel that changes while it runs: one more, one less, one handed over, one who stands in and does not get to it, one chosen. */
async function changes(rehearsal: Rehearsal, subject: string, institution: string): Promise<void> {
  const id = `assigned.${subject}`;
  const secretary = rehearsal.person('secretary');
  const stage = 'review';
  const reason = '评审安排调整';
  const act = async (person: string, type: string, data: object): Promise<void> => {
    await rehearsal.as(person, 'case', id, { type, data: { stage, ...data } });
    await rehearsal.until(rehearsal.clock.now());
  };
  const served = async () => {
    const { state } = await rehearsal.states.fresh<CaseState>(`case-golden.${id}`);
    return state.status === 'none' ? [] : state.visits.flatMap((visit) => (visit.kind === 'panel' ? visit.assignments : []));
  };
  const assignments = async () => (await served()).filter(({ status }) => status === 'open');
  const free = async (): Promise<string> => {
    const busy = new Set((await served()).map(({ reviewer }) => reviewer));
    const known = Array.from({ length: 6 }, (_, index) => rehearsal.person(`reviewer-${index + 1}`));
    const { state } = await rehearsal.states.fresh<OrganSeats>('organ-golden.expert-panel');
    const others = state.seats.filter((seat) => seat.institution !== institution && !known.includes(seat.person));
    return others.find(({ person }) => !busy.has(person))?.person ?? '';
  };
  await act(secretary, 'AddReviewer', { reviewer: await free(), reason });
  const [first] = await assignments();
  await act(first?.reviewer ?? '', 'TransferReview', { to: await free(), reason });
  const [second, third] = await assignments();
  const now = rehearsal.clock.now();
  const period = { from: new Date(now + 3_600_000).toISOString(), until: new Date(now + 7_200_000).toISOString() };
  await act(second?.reviewer ?? '', 'AppointSubstitute', { substitute: await free(), ...period });
  await rehearsal.until(now + 7_200_000);
  await act(secretary, 'RemoveReviewer', { assignment: third?.id, reason });
  const conflict = { stage, person: second?.reviewer, ground: '与申报单位存在利益关系' };
  await rehearsal.as(secretary, 'case', id, { type: 'DeclareConflict', data: conflict });
  await act(secretary, 'AssignReviewers', { reviewers: [await free()] });
}
