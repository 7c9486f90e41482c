import type { RankingStage } from '#workflow';

/** Three of each round, by their mean; ties are the secretariat's to break; two wait for who withdraws. */
export const threeOfAll: Omit<RankingStage, 'on'> = {
  id: 'ranking',
  kind: 'ranking',
  title: { en: 'Ranking', zh: '排序' },
  power: 'manage-panel',
  scores: 'expert-review',
  by: 'raw',
  normalisation: { shrinkage: 4, outlier: 25 },
  quotas: [{ each: 3 }],
  ties: { rule: 'organ', power: 'rule-on-objection', workingDays: 10 },
  reserve: { length: 2, workingDays: 30 },
};
