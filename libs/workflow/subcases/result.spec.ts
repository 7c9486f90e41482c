import { expect, test } from '@jest/globals';
import { RankedRound, rankedAward } from '../../../test/support/ranked-round.js';
import { type Case, describe } from '#workflow';
import { appealResult } from './result.js';
import type { Appeal } from './subcase.js';

const at = '2026-03-20T00:00:00.000Z';
const title = { en: 'Appeal', zh: '申诉' };
const lodged = {
  subcase: 'appeal',
  number: 1,
  grounds: ['procedure'],
  statement: { of: 'dean', sealed: '…' },
  evidence: [],
  by: 'dean',
  at,
};

/** What comes of an application when its appeal is granted and leads to a stage. */
async function won(by: string) {
  const round = await RankedRound.open();
  await round.bring({ subject: 'a' }, 10);
  const state: Case = { ...(await round.case('a')), appeals: [lodged] };
  const ended: Case = { ...state, end: { id: 'granted', outcome: 'granted', at } };
  const appeal: Appeal = {
    kind: 'appeal',
    title,
    manage: 'manage-panel',
    from: ['below'],
    workingDays: 5,
    power: 'submit-application',
    grounds: [{ id: 'procedure', title }],
    stages: [],
    ends: { granted: { title, result: 'superseded', by } },
  };
  return appealResult(state, rankedAward, { appeal, ended, number: 1, subcase: 'appeal', now: Date.parse(at) });
}

test('what is won on appeal after a ranking goes on beside the quotas, and its history says so', async () => {
  const [reopened, entered] = await won('final');
  expect(reopened).toMatchObject({ type: 'CaseReopened', data: { to: 'final', besideQuotas: true } });
  expect(entered).toMatchObject({ type: 'StageEntered', data: { stage: 'final' } });
  const { en, zh } = describe(reopened as NonNullable<typeof reopened>);
  expect(en).toContain('beside the quotas of the round, and nobody gives way to it');
  expect(zh).toContain('不占本轮名额');
});

test('what has no ranking behind it is beside no quota', async () => {
  const [reopened] = await won('screening');
  expect(reopened?.data).not.toHaveProperty('besideQuotas');
});
