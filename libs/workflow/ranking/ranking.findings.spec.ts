import { expect, test } from '@jest/globals';
import { rankedAward, rankedBy } from '../../../test/support/ranked-round.js';
import type { RankingRules } from '#workflow';
import { checkDefinition } from '../check/definition.check.js';

const found = (change: Partial<RankingRules>) => checkDefinition(rankedBy(change)).map(({ code, path }) => `${code} ${path}`);

test('a ranking that names what is there is sound', () => {
  expect(checkDefinition(rankedAward)).toEqual([]);
});

test('a ranking is not adopted that names a panel, a criterion or a fact that is not there, or a quota without places', () => {
  expect(found({ scores: 'screening' })).toEqual(['unknown-field /stages/2/scores']);
  expect(found({ ties: { rule: 'criteria', criteria: ['effect', 'looks'] } })).toEqual([
    'unknown-field /stages/2/ties/criteria/1',
  ]);
  expect(found({ groups: 'form.colour' })).toEqual(['unknown-fact /stages/2/groups']);
  expect(found({ quotas: [{ each: 1 }, { by: 'institution.size', each: 1 }] })).toEqual(['unknown-fact /stages/2/quotas/1/by']);
  expect(found({ quotas: [{ by: 'form.kind' }] })).toEqual(['unknown-field /stages/2/quotas/0']);
  expect(found({ quotas: [{ each: 1, through: 'screening' }] })).toEqual([]);
  expect(found({ quotas: [{ each: 1 }, { each: 1, through: 'final' }] })).toEqual(['unknown-field /stages/2/quotas/1/through']);
});
