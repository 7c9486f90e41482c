import { type Doing, previewHash } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';

const doing: Doing = { act: 'pass-check', stage: 'screening', reason: '材料齐全。Complete.' };

/** Two applications are passed by one decision, and one of them goes home before it is carried out. */
export async function decidedInBulk(rehearsal: Rehearsal, institution: string): Promise<void> {
  const { clock, states } = rehearsal;
  const [secretary, dean] = [rehearsal.person('secretary'), rehearsal.person(`dean-${institution}`)];
  const opensAt = clock.now();
  const data = {
    definition: { id: 'ranked-award', version: 1 },
    title: { zh: '批量轮次', en: 'A round decided in bulk' },
    opensAt: new Date(opensAt).toISOString(),
    closesAt: new Date(opensAt + 5 * dayMs).toISOString(),
    seed: 'golden',
  };
  await rehearsal.as(secretary, 'round', 'bulk', { type: 'OpenRound', data });
  const addresses = ['passed', 'gone'].map((name) => `bulk.${rehearsal.id(`bulk.${name}`)}`);
  for (const address of addresses) await submitted(rehearsal, dean, institution, address);
  await rehearsal.until(clock.now());
  const cases = await Promise.all(
    addresses.map(async (address) => {
      const id = `golden.${address}`;
      return { case: id, revision: (await states.fresh(`case-${id}`)).length - 1 };
    }),
  );
  const order = { ...doing, cases, preview: previewHash({ ...doing, cases }) };
  await rehearsal.as(secretary, 'bulk', 'one', { type: 'OrderBulk', data: order });
  await rehearsal.as(dean, 'case', addresses[1] ?? '', {
    type: 'WithdrawApplication',
    data: { reason: '另有安排。Other plans.' },
  });
  await rehearsal.until(opensAt + dayMs);
}

async function submitted(rehearsal: Rehearsal, dean: string, institution: string, address: string): Promise<void> {
  await registerCourse(rehearsal, dean, {
    id: address.slice('bulk.'.length),
    institution,
    title: { zh: '批量课程', en: 'A course decided in bulk' },
    kind: 'online',
    discipline: '08',
    credits: 3,
    runs: 4,
    leader: rehearsal.person('leader.bulk'),
    leaderName: '李领',
  });
  const form = { title: '批量课程', kind: 'online' };
  await rehearsal.as(dean, 'case', address, { type: 'SubmitApplication', data: { institution, form, files: [] } });
}
