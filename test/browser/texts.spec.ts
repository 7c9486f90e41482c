import { expect, test } from '@jest/globals';
import { englishSentence } from './languages.js';
import { isTextKey, texts } from '../../apps/console/src/texts.js';
import type { StageKind } from '../../libs/workflow/stages/stage.js';
import { stageKinds } from '../../libs/workflow/stages/index.js';

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

test('whatever a stage or a case comes to has its word on the board', () => {
  const ofKinds = Object.values(stageKinds).flatMap(({ outcomes, further = [] }: StageKind) => [...outcomes, ...further]);
  const all = [...ofKinds, 'sent-back', 'closed', 'granted', 'refused', 'withdrawn'];
  expect(all.filter((outcome) => !isTextKey(`board.outcome.${outcome}`))).toEqual([]);
});
