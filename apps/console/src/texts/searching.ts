import type { Text } from '../api.js';

/** What people read where they search cases. */
export const searching = {
  search: { en: 'Search applications', zh: '检索申报项目' },
  'search.placeholder': { en: 'Words, or terms like overdue:yes province:44', zh: '文字，或条件，例如 逾期:是 省份:广东' },
  'search.help': { en: 'How to search', zh: '检索说明' },
  'search.rules': {
    en: 'Terms are separated by spaces and must all hold. Values after a colon are separated by commas; one of them must hold. A minus before a term turns it round. Anything else is text, in quotation marks where it holds spaces.',
    zh: '条件以空格分隔，须同时成立；冒号后的多个值以逗号分隔，符合其一即可；条件前加减号表示排除。其余按文字查找，含空格时加引号。',
  },
  'search.term': { en: 'Term', zh: '条件' },
  'search.means': { en: 'Finds by', zh: '含义' },
  'search.example': { en: 'Example', zh: '示例' },
  'search.add': { en: 'Add {example} to the search', zh: '将 {example} 加入检索' },
} as const satisfies Readonly<Record<string, Text>>;
