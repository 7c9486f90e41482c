import type { Text } from '../api.js';

/** What votes would have come to under another rule. */
export const supposing = {
  'round.what-if': { en: '{stage}: what if…', zh: '{stage}：假设推演' },
  'what-if': { en: 'What if the rule had been another?', zh: '假设议决规则不同' },
  'what-if.what': {
    en: 'The votes that were cast are counted again under the rule that you describe. Nothing is written, and nobody is told.',
    zh: '按您设定的规则对已投之票重新计票；不作任何更改，也不通知任何人。',
  },
  'what-if.quorum': { en: 'Quorum, at least', zh: '法定人数不少于' },
  'what-if.quorum-of': { en: 'Quorum, of', zh: '法定人数基数' },
  'what-if.majority': { en: 'Majority', zh: '多数' },
  'what-if.majority-hint': {
    en: 'Such as >1/2 (more than half), or >=2/3 (at least two thirds).',
    zh: '如 >1/2（过半数）或 >=2/3（三分之二以上）。',
  },
  'what-if.majority-of': { en: 'Majority, of', zh: '多数基数' },
  'what-if.share-hint': { en: 'Such as 2/3.', zh: '如 2/3。' },
  'what-if.tie': { en: 'Tie', zh: '票数相等' },
  'what-if.as-it-was': { en: 'as it was', zh: '不变' },
  'what-if.fault': { en: 'Give a share in this form.', zh: '请按此格式填写。' },
  'what-if.ask': { en: 'Count again', zh: '重新计票' },
  'what-if.found': {
    en: '{changed} of {decided} applications that were voted on would have come to something else.',
    zh: '已表决的 {decided} 项申报中，{changed} 项结果将不同。',
  },
  'what-if.was': { en: 'As it was', zh: '实际结果' },
  'what-if.would-be': { en: 'Under that rule', zh: '假设结果' },
  'what-if.is.carried': { en: 'carried', zh: '通过' },
  'what-if.is.not-carried': { en: 'not carried', zh: '未通过' },
  'what-if.is.inquorate': { en: 'ended without a quorum', zh: '未达法定人数，终结' },
  'what-if.is.reconvened': { en: 'no quorum, voted on again', zh: '未达法定人数，另行表决' },
  'what-if.is.tied': { en: 'tied, for the casting vote', zh: '票数相等，待决定票' },
} as const satisfies Readonly<Record<string, Text>>;
