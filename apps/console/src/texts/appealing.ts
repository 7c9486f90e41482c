import type { Text } from '../api.js';

/** What people read where they appeal, are heard and rule. */
export const appealing = {
  'act.appeal': { en: 'Appeal against this decision', zh: '对该决定提出申诉' },
  'act.state': { en: 'State your case', zh: '陈述意见' },
  'act.give-ruling': { en: 'Hear and rule', zh: '审理并裁定' },
  'appeal.what': {
    en: 'Other people decide than those who decided first, on these grounds only. The first decision stays on record. There is one appeal.',
    zh: '由未参与原决定的人员、仅就下列理由审理；原决定保留在案。仅可申诉一次。',
  },
  'appeal.grounds': { en: 'Grounds', zh: '申诉理由' },
  'appeal.statement': { en: 'Statement', zh: '申诉陈述' },
  'appeal.do': { en: 'Lodge the appeal', zh: '提交申诉' },
  'appeal.done': { en: 'Your appeal has been lodged.', zh: '申诉已提交。' },
  'state.statement': { en: 'Your statement', zh: '陈述意见' },
  'state.do': { en: 'Submit the statement', zh: '提交陈述' },
  'state.done': { en: 'Your statement is on record.', zh: '陈述意见已登记在案。' },
  'ruling.sustained': { en: 'Sustained', zh: '成立' },
  'ruling.dismissed': { en: 'Dismissed', zh: '不成立' },
  'ruling.minutes': { en: 'Minutes of the hearing', zh: '听证笔录' },
  'ruling.do': { en: 'Give the ruling', zh: '作出裁定' },
  'ruling.done': { en: 'The ruling is on record.', zh: '裁定已登记在案。' },
  'subcase.of': { en: 'About {number}', zh: '所涉申报：{number}' },
  'subcase.plea': { en: 'What is brought forward', zh: '所提主张' },
  'subcase.reasons': { en: 'Reasons of the first decision', zh: '原决定的理由' },
  'subcase.withheld': { en: 'Withheld: it may name the applicant.', zh: '不予显示：可能透露申报单位。' },
  'subcase.open': { en: 'under way', zh: '审理中' },
  'subcase.upheld': { en: 'first decision upheld', zh: '维持原决定' },
  'subcase.superseded': { en: 'first decision superseded', zh: '原决定已变更' },
  'subcase.first-end': { en: 'first: {end}', zh: '原结果：{end}' },
} as const satisfies Readonly<Record<string, Text>>;
