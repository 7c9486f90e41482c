import type { CharterHistory } from '#kernel';

const powers = {
  'submit-application': { organ: 'deans-office' },
  'withdraw-application': { organ: 'deans-office' },
  'endorse-application': { organ: 'deans-office' },
  'recommend-application': { organ: 'provincial-department' },
  'check-application': { organ: 'secretariat' },
  'advise-on-application': { organ: 'ministry' },
  'review-application': { organ: 'expert-panel' },
  'manage-panel': { organ: 'secretariat' },
  'decide-recognition': { organ: 'committee', rule: 'recognition' },
  publicise: { organ: 'secretariat' },
  'raise-objection': { organ: 'public' },
  'rule-on-objection': { organ: 'committee' },
  'adopt-workflow': { organ: 'secretariat' },
  'open-round': { organ: 'secretariat' },
  'operate-workflow': { organ: 'engine' },
  'recognise-course': { organ: 'committee', workflows: ['alliance-recognition'] },
} as const;

export type Rule = CharterHistory['rules'][string];
export const usualRule: Rule = {
  quorum: { atLeast: [2, 3], of: 'all-seats' },
  majority: { over: [1, 2], of: 'votes-cast' },
  tie: 'chair-decides',
};

/** Of the alliance that rounds are held in. */
export const charterOf = (rule: Rule) => ({
  version: 1,
  adoption: 'adoption',
  organs: {
    secretariat: { scope: 'alliance' },
    ministry: { scope: 'alliance' },
    'expert-panel': { scope: 'alliance' },
    committee: { scope: 'alliance' },
    'deans-office': { scope: 'institution' },
    'provincial-department': { scope: 'province' },
  } as const,
  powers,
  rules: { recognition: rule },
});
