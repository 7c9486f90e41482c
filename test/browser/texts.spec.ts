import { expect, test } from '@jest/globals';
import { englishSentence } from './languages.js';
import { texts } from '../../apps/console/src/texts.js';

const entries = Object.entries(texts);
const han = /\p{Script=Han}/u;
const blanks = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('every text of the console is said in both languages', () => {
  const unsaid = entries.filter(([, { en, zh }]) => en.trim() === '' || zh.trim() === '').map(([key]) => key);
  expect(unsaid).toEqual([]);
  const swapped = entries.filter(([key, { en, zh }]) => key !== 'language.other' && (han.test(en) || englishSentence.test(zh)));
  expect(swapped.map(([key]) => key)).toEqual([]);
});

test('a text leaves the same blanks in both languages', () => {
  expect(entries.filter(([, { en, zh }]) => blanks(en).join() !== blanks(zh).join()).map(([key]) => key)).toEqual([]);
});
