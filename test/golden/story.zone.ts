import type { CharterDocument } from '#charter';
import { type Definition, loadDefinition } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { adopt } from '../../apps/server/rehearsal.founding.js';
import { amended, Chapter } from './story.carrying-out.js';

/** A round by another clock than Beijing's: its recognitions name the zone of their days. */
export async function countedElsewhere(rehearsal: Rehearsal, charter: CharterDocument, institution: string): Promise<void> {
  const { definition } = await loadDefinition('test/support/workflows/obligation.yaml');
  const [consent, , keeping] = definition.stages;
  if (consent?.kind !== 'confirmation' || keeping?.kind !== 'duty') throw new Error('the obligation has other stages now');
  const { withdrawn, 'not-confirmed': refused, kept } = definition.ends;
  await adopt(rehearsal, { charter: amended(charter, ['western']) });
  const chapter = new Chapter(rehearsal, institution, 'western');
  await chapter.open({
    ...definition,
    id: 'western',
    round: { ...definition.round, zone: 'Asia/Urumqi', utcOffsetMinutes: 360 },
    stages: [{ ...consent, on: { ...consent.on, confirmed: 'kept' } }],
    ends: { kept: { ...kept, commands: keeping.grants ?? [] }, 'not-confirmed': refused, withdrawn } as Definition['ends'],
  });
  await chapter.submit('course', { title: '新疆的课程' });
  await chapter.act(chapter.dean, 'course', 'ConfirmAsParty', { stage: 'consent', party: 'institution' });
  await chapter.act(chapter.secretary, 'course', 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
  const data = { clause: '5.1', reason: '停更。No longer kept up.' };
  await rehearsal.operator('recognition', chapter.course('course'), { type: 'WithdrawRecognition', data });
}
