import type { Definition } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse, submitCourse } from '../../apps/server/rehearsal.applications.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';
import { inTwoChannels } from '../support/two-channels.js';
import { addressIn } from './story.address.js';

/** An application before province and ministry at once: sent back from one, begun again in both, ended by one. */
export async function twoChannels(rehearsal: Rehearsal, course: Definition, institution: string): Promise<void> {
  const definition = { ...inTwoChannels(course, 'check-application'), version: course.version + 1 };
  const { id, version } = definition;
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  const department = rehearsal.person('department');
  await rehearsal.operator('definition', id, { type: 'AdoptDefinition', data: { definition } });
  const data = {
    definition: { id, version },
    title: { zh: '双渠道轮次', en: 'A round in two channels' },
    opensAt: new Date(rehearsal.clock.now()).toISOString(),
    seed: 'golden',
  };
  await rehearsal.as(secretary, 'round', 'channels', { type: 'OpenRound', data });
  const submitted = {
    id: rehearsal.id('channels.one'),
    institution,
    title: { zh: '双渠道课程', en: 'A course in two channels' },
    kind: 'online' as const,
    discipline: '08',
    credits: 3,
    runs: 4,
    leader: rehearsal.person('leader.channels'),
    leaderName: '李领',
  };
  await registerCourse(rehearsal, dean, submitted);
  await submitCourse(rehearsal, dean, 'channels', definition, submitted);
  const address = await addressIn(rehearsal, 'channels', submitted.id);
  const act = async (person: string, type: string, at: object): Promise<void> => {
    await rehearsal.as(person, 'case', address, { type, data: at });
    await rehearsal.until(rehearsal.clock.now() + dayMs);
  };
  await act(dean, 'PassCheck', { stage: 'endorsement' });
  await act(secretary, 'PassCheck', { stage: 'ministry-opinion' });
  await act(department, 'PassCheck', { stage: 'recommendation' });
  const again = '推荐表未盖章。The form is not sealed.';
  await act(secretary, 'SendBack', { stage: 'formal-check', to: 'recommendation', reason: again });
  await act(department, 'SendBack', { stage: 'recommendation', to: 'endorsement', reason: again });
  await act(dean, 'PassCheck', { stage: 'endorsement' });
  await act(secretary, 'FailCheck', { stage: 'ministry-opinion', reason: '不在范围内。Out of scope.' });
}
