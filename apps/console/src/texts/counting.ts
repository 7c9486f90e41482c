import type { Text } from '../api.js';

/** Public holidays, and what is counted by them. */
export const counting = {
  calendar: { en: 'Public holidays', zh: '放假安排' },
  'calendar.what': {
    en: 'Working days are counted by these: weekends and holidays are free, make-up days are worked.',
    zh: '工作日按下列安排计算：周末和假期不计，调休上班日计入。',
  },
  'calendar.from-to': { en: '{first} to {last}', zh: '{first} 至 {last}' },
  'calendar.make-up-days': { en: 'Worked instead:', zh: '调休上班：' },
  'calendar.announce': { en: 'Announce a year ({year} comes next)', zh: '登记年度放假安排（下一年度：{year}）' },
  'calendar.announce-what': {
    en: 'Deadlines counted over that year while it was not known are counted again, on the record of each application. Those that have passed stay, and none becomes earlier. What a notice says of another year is announced for that year.',
    zh: '此前未知该年安排而计算的期限将重新计算，并记入各申报的办理记录；已届满的不变，任何期限不会提前。通知涉及其他年份的，在该年份另行登记。',
  },
  'calendar.notice': { en: 'Announced by', zh: '依据文件' },
  'calendar.notice-hint': { en: 'Title and number of the document.', zh: '文件名称及文号。' },
  'calendar.first': { en: 'First day off', zh: '放假首日' },
  'calendar.last': { en: 'Last day off', zh: '放假末日' },
  'calendar.add-holiday': { en: 'Another holiday', zh: '再加一个假期' },
  'calendar.make-up-day': { en: 'Make-up day', zh: '调休上班日' },
  'calendar.add-make-up-day': { en: 'Add a make-up day', zh: '添加调休上班日' },
  'calendar.put-on-record': { en: 'Put on record', zh: '登记' },
} as const satisfies Readonly<Record<string, Text>>;
