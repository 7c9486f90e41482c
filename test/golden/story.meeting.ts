import type { CharterDocument } from '#charter';
import { loadDefinition } from '#workflow';
import { parts } from '../../apps/server/demonstration.people.js';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { adopt } from '../../apps/server/rehearsal.founding.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';
import { Chapter } from './story.carrying-out.js';

/** The charter with a committee that meets, and whose members may vote for each other. */
export const meeting = (charter: CharterDocument): CharterDocument => ({
  ...charter,
  rules: charter.rules.map((rule) =>
    rule.rule === 'recognition' ? { ...rule, notice: { workingDays: 2 }, proxies: { perHolder: 2, countForQuorum: true } } : rule,
  ),
});

/** A committee meets: notice, agenda, proxies, one of them revoked, votes in person and by proxy. */
export async function meetings(rehearsal: Rehearsal, charter: CharterDocument, institution: string): Promise<void> {
  await adopt(rehearsal, { charter: meeting(charter) });
  const { definition } = await loadDefinition('test/support/workflows/resolution.yaml');
  const chapter = new Chapter(rehearsal, institution, 'meeting');
  await chapter.open(definition);
  await chapter.submit('put-to-vote', { title: '课程' });
  const now = rehearsal.clock.now();
  const [opensAt, closesAt] = [10, 11].map((days) => new Date(now + days * dayMs).toISOString());
  const stage = 'committee';
  const agenda = [{ case: `golden.${chapter.address('put-to-vote')}`, stage }];
  const send = (person: string, type: string, data: object, id = 'first') => rehearsal.as(person, 'meeting', id, { type, data });
  await send(chapter.secretary, 'ConveneMeeting', { agenda, opensAt, closesAt, place: '广州' });
  const [giver, wavering, holder, ...others] = parts
    .filter(
      ({ key, seats, institution: employer }) =>
        key !== 'member-9' && employer !== institution && seats.some(({ organ }) => organ === 'committee'),
    )
    .map(({ key }) => rehearsal.person(key)) as [string, string, string, ...string[]];
  await send(giver, 'LodgeProxy', { holder, cases: agenda.map((item) => item.case) });
  await send(wavering, 'LodgeProxy', { holder });
  await send(wavering, 'RevokeProxy', {});
  await rehearsal.until(Date.parse(opensAt as string));
  await chapter.act(holder, 'put-to-vote', 'CastVote', { stage, choice: 'for', proxyOf: giver });
  for (const person of [holder, wavering, ...others])
    await chapter.act(person, 'put-to-vote', 'CastVote', { stage, choice: 'for' });
  await chapter.pass(2);
  await calledOff(chapter, send, holder);
  await suspension(rehearsal, chapter, institution);
}

/** A meeting is called off while it votes. */
async function calledOff(
  chapter: Chapter,
  send: (person: string, type: string, data: object, id?: string) => Promise<unknown>,
  member: string,
): Promise<void> {
  await chapter.submit('called-off', { title: '课程' });
  const now = chapter.rehearsal.clock.now();
  const [opensAt, closesAt] = [10, 11].map((days) => new Date(now + days * dayMs).toISOString());
  const agenda = [{ case: `golden.${chapter.address('called-off')}`, stage: 'committee' }];
  await send(chapter.secretary, 'ConveneMeeting', { agenda, opensAt, closesAt, place: '广州' }, 'called-off');
  await chapter.rehearsal.until(Date.parse(opensAt as string));
  await chapter.act(member, 'called-off', 'CastVote', { stage: 'committee', choice: 'for' });
  await send(chapter.secretary, 'CallOffMeeting', { reason: '台风停课。Closed for the typhoon.' }, 'called-off');
  await chapter.pass(1);
}

/** An application stands still while its applicant's membership is suspended. */
async function suspension(rehearsal: Rehearsal, chapter: Chapter, institution: string): Promise<void> {
  await chapter.submit('frozen', { title: '课程' });
  const data = { clause: '2.4', reason: '据实记录。For the record.' };
  await rehearsal.operator('membership', institution, { type: 'SuspendMember', data });
  await chapter.pass(3);
  await rehearsal.operator('membership', institution, { type: 'ReinstateMember', data: {} });
  await chapter.pass(1);
}
