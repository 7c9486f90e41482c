import type { Definition } from '../definition.js';
import { type Finding, finding } from './finding.js';

/** Texts that half of their readers cannot read, and strings with characters that no page and no drawing can show. */
export const textFindings = (definition: Definition): readonly Finding[] => findingsIn(definition, '');

function findingsIn(value: unknown, path: string): readonly Finding[] {
  if (typeof value === 'string') return unshowable.test(value) ? [controlCharacter(path)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const { en, zh } = value as { readonly en?: unknown; readonly zh?: unknown };
  const own = typeof en === 'string' && typeof zh === 'string' ? missingIn({ en, zh }, path) : [];
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => findingsIn(inner, `${path}/${name}`))];
}

/** What XML 1.0 does not take, and deletes. */
const unshowable = /[^\P{Cc}\t\n\r]|\p{Surrogate}|[\ufffe\uffff]/u;

function missingIn({ en, zh }: { readonly en: string; readonly zh: string }, path: string): readonly Finding[] {
  return [
    ...(en.trim() === '' || (isHan.test(en) && !/[A-Za-z]/.test(en)) ? [missingLanguage('en', `${path}/en`)] : []),
    ...(zh.trim() === '' ? [missingLanguage('zh', `${path}/zh`)] : []),
    ...(!isHan.test(zh) && isEnglish(zh) ? [englishForChinese(`${path}/zh`)] : []),
  ];
}

const isHan = /\p{Script=Han}/u;

/** Words in lower case after the first: a name, a mark or a formula has none, or small ones (“Moodle on Docker”). */
const isEnglish = (text: string): boolean =>
  /[A-Za-z]{2,}[,;:]?\s+(?:\S+\s+)*?[a-z]{2,}/.test(text.replaceAll(/\{[^}]*\}/g, '').replaceAll(smallWords, ' '));

const smallWords = /\s(?:and|at|by|de|for|from|in|of|on|or|the|to|with)(?=\s)/g;

/** A text that half of its readers cannot read. */
export const missingLanguage = (language: 'en' | 'zh', path: string): Finding =>
  finding(
    'missing-language',
    path,
    language === 'zh'
      ? ['This text is missing in Chinese.', '此处缺少中文。']
      : ['This text is missing in English.', '此处缺少英文。'],
    language === 'zh' ? ['Add zh: …', '请补充 zh: …'] : ['Add en: …', '请补充 en: …'],
  );

const englishForChinese = (path: string): Finding =>
  finding(
    'missing-language',
    path,
    ['This is English where Chinese is wanted.', '此处应为中文，所写却是英文。'],
    [
      'Write it in Chinese; a name may stay beside a Chinese word: “iPad mini 平台”.',
      '请译为中文；名称可保留，并加一个中文词：“iPad mini 平台”。',
    ],
  );

const controlCharacter = (path: string): Finding =>
  finding(
    'control-character',
    path,
    ['This holds a control character, which no page and no drawing can show.', '此处含有无法显示的控制字符。'],
    ['Write it without.', '请删除该字符。'],
  );
