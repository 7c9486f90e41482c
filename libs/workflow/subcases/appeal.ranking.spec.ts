import { expect, test } from '@jest/globals';
import type { Definition } from '#workflow';
import { closesAt, RankedRound, rankedBy } from '../../../test/support/ranked-round.js';

const text = (en: string, zh: string) => ({ en, zh });
const ranked = rankedBy({
  ties: { rule: 'organ', power: 'order-equals', workingDays: 5 },
  quotas: [{ by: 'form.kind', each: 1 }],
});
const definition: Definition = {
  ...ranked,
  // Without a reserve list: whoever is not selected is told at once.
  stages: ranked.stages.map((stage) => {
    if (stage.kind !== 'ranking') return stage;
    const { reserve: _reserve, ...rest } = stage;
    return rest;
  }),
  subcases: {
    appeal: {
      kind: 'appeal',
      title: text('Appeal', '申诉'),
      manage: 'manage-panel',
      from: ['not-selected'],
      workingDays: 10,
      power: 'submit-application',
      grounds: [{ id: 'procedure', title: text('Procedure', '程序') }],
      stages: [
        {
          id: 'board',
          kind: 'ruling',
          title: text('Board', '裁定'),
          power: 'order-equals',
          workingDays: 10,
          on: { sustained: 'granted', dismissed: 'rejected' },
        },
      ],
      ends: {
        granted: { title: text('Granted', '成立'), result: 'superseded', by: 'awarded' },
        rejected: { title: text('Rejected', '不成立'), result: 'upheld' },
      },
    },
  },
};

test('whoever put equals in order does not rule on an appeal against the order; another of the organ does', async () => {
  const round = await RankedRound.open(definition);
  await round.seat('committee', ['chair', 'colleague'], 'elsewhere');
  await round.bring({ subject: 'a' }, 80);
  await round.bring({ subject: 'b', institution: '44-a' }, 80);
  await round.until(closesAt);
  const decision = { order: ['a', 'b'], resolution: '2026-3' };
  await round.send('chair', 'ranking', 'a.spring.ranking', 'DecideTie', decision);
  await round.settle();
  expect(await round.stands('b')).toBe('not-selected not-selected');
  const plea = { appeal: 'appeal', grounds: ['procedure'], statement: '未予说明', evidence: [] };
  await round.act('dean-44-a', 'b', 'LodgeAppeal', plea);
  await round.settle();
  const ruling = { stage: 'board', ruling: 'dismissed', reason: '程序无误' };
  const ruled = (person: string) => round.answer(round.act(person, 'b.appeal.1', 'GiveRuling', ruling));
  expect((await round.case('b.appeal.1')).origin?.barred).toContainEqual({ person: 'chair', because: 'ruled' });
  expect(await ruled('chair')).toBe('case.not-found');
  expect(await ruled('colleague')).toBe('accepted');
});
