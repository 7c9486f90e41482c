import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { rankedAward } from '../support/ranked-round.js';

/** A deadline is counted over a year whose public holidays nobody knows yet; they are announced, and it is counted again. */
export async function recountedDeadlines(rehearsal: Rehearsal, institution: string): Promise<void> {
  const secretary = rehearsal.person('secretary');
  const dean = rehearsal.person(`dean-${institution}`);
  const definition = { ...rankedAward, id: 'late-award' };
  const year = new Date(rehearsal.clock.now()).getUTCFullYear() + 1;
  await rehearsal.until(Date.parse(`${year - 1}-12-29T02:00:00.000Z`));
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  await rehearsal.as(secretary, 'round', 'late', {
    type: 'OpenRound',
    data: {
      definition: { id: definition.id, version: definition.version },
      title: { zh: '跨年轮次', en: 'A round over the new year' },
      opensAt: new Date(rehearsal.clock.now()).toISOString(),
      seed: 'golden',
    },
  });
  const id = rehearsal.id('late.course');
  await registerCourse(rehearsal, dean, {
    id,
    institution,
    title: { zh: '跨年课程', en: 'A course over the new year' },
    kind: 'online',
    discipline: '08',
    credits: 3,
    runs: 4,
    leader: rehearsal.person('leader.late'),
    leaderName: '李领',
  });
  const data = { institution, form: { title: '跨年课程', kind: 'online' }, files: [] };
  await rehearsal.as(dean, 'case', `late.${id}`, { type: 'SubmitApplication', data });
  const notice = {
    year,
    holidays: [`${year}-01-01/${year}-01-03`],
    makeUpDays: [],
    notice: '国务院办公厅关于部分节假日安排的通知',
  };
  await rehearsal.as(secretary, 'calendar', '', { type: 'AnnounceHolidays', data: notice });
  await rehearsal.until(rehearsal.clock.now() + dayMs);
}
