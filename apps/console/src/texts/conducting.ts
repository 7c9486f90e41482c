import type { Text } from '../api.js';

/** What the secretariat reads where it conducts rounds, and what a drawing says. */
export const conducting = {
  'open-round': { en: 'Open a round', zh: '启动轮次' },
  'open-round.definition': { en: 'Conducted by', zh: '依据办法' },
  'open-round.definition-hint': {
    en: 'A round keeps this version to its end, also where a later one is adopted.',
    zh: '本轮次自始至终适用该版本，之后通过的新版本不影响本轮次。',
  },
  'open-round.none-adopted': {
    en: 'The alliance has not adopted a workflow yet. Adopt one first.',
    zh: '联盟尚未通过任何办法流程，请先通过。',
  },
  'open-round.title-zh': { en: 'Title in Chinese', zh: '中文名称' },
  'open-round.title-en': { en: 'Title in English', zh: '英文名称' },
  'open-round.slug': { en: 'Address', zh: '标识' },
  'open-round.slug-wrong': {
    en: 'Only small letters, digits and dashes, with a letter or digit first.',
    zh: '仅限小写字母、数字和连字符，且以字母或数字开头。',
  },
  'open-round.slug-hint': {
    en: 'Part of every case number: 1 to 40 lower-case letters, digits and dashes, like spring-2026.',
    zh: '用于申报编号：1 至 40 个小写字母、数字或连字符，例如 spring-2026。',
  },
  'open-round.from': { en: 'Opens on', zh: '开始日期' },
  'open-round.from-hint': { en: 'At 00:00, {zone}; today means at once.', zh: '当日 00:00 起（{zone}）；选择今天则立即启动。' },
  'open-round.last-day': { en: 'Last day for applications', zh: '申报截止日' },
  'open-round.last-day-hint': {
    en: 'Until 24:00, {zone}. Leave it empty for {days} working days, as the workflow says.',
    zh: '至当日 24:00（{zone}）。留空则按办法规定为 {days} 个工作日。',
  },
  'open-round.seed': { en: 'Seed of the draws', zh: '抽签种子' },
  'open-round.seed-hint': {
    en: 'Every draw of reviewers in this round follows from these words, so anyone can check it. Take what nobody can choose or foresee, such as a public lottery result of today, and print it in the notice.',
    zh: '本轮次所有评审专家抽取均由此文字推算，人人可复核。请采用无人能挑选或预知的内容，例如当日公开的彩票开奖号码，并写入通知。',
  },
  'open-round.do': { en: 'Open the round', zh: '启动轮次' },
  'round.close': { en: 'Close the round', zh: '截止受理' },
  'round.close-from': {
    en: 'It can be closed from {at} on, when no application can arrive any more.',
    zh: '自 {at} 起可截止，届时不会再有申报提交。',
  },
  'round.extensions': { en: 'Extensions', zh: '延期' },
  'round.extensions-what': {
    en: 'Universities that may apply for longer, and why. Everyone who may read this round reads this.',
    zh: '准予延期的院校及理由，凡可查看本轮次者均可见。',
  },
  'extension.grant': { en: 'Grant an extension', zh: '准予延期' },
  'extension.institution': { en: 'University', zh: '院校' },
  'extension.search': { en: 'Type part of its name', zh: '输入校名的一部分' },
  'extension.last-day': { en: 'Last day', zh: '截止日' },
  'extension.last-day-hint': { en: 'Until 24:00, {zone}.', zh: '至当日 24:00（{zone}）。' },
  'extension.reason': { en: 'Reason', zh: '理由' },
  'extension.reason-hint': {
    en: 'It is disclosed on this page and cannot be changed. Name no person.',
    zh: '将在本页公开且不可更改，请勿涉及个人。',
  },
  'extension.until': { en: 'Until', zh: '延至' },
  'extension.granted': { en: 'Granted', zh: '准予时间' },
  drawing: { en: 'Workflow', zh: '流程图' },
  'drawing.of': {
    en: 'Drawing of the workflow, with a lane for each organ. Scroll sideways to see all of it.',
    zh: '工作流图示，每个机构一条泳道，可左右滚动查看全部。',
  },
  'drawing.done': { en: 'Done', zh: '已完成' },
  'drawing.ended': { en: 'Ended here', zh: '在此办结' },
  'drawing.current': { en: 'Here now', zh: '当前所在' },
} as const satisfies Readonly<Record<string, Text>>;
