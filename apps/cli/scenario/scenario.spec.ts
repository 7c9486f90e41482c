import { readFile, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { modelCharter } from '../../server/demonstration.charter.js';
import { runScenarios } from './scenario.run.js';
import { LocalTime } from './scenario.time.js';
import { temporaryFolder } from '../../../test/support/folders.js';

const charter = modelCharter({ zh: '示范联盟', en: 'Model alliance' });
const shipped = readdirSync('workflows').filter((file) => file.endsWith('.test.yaml'));

test.each(shipped)('every scenario of %s comes out as it says', async (file) => {
  const ran = await runScenarios(join('workflows', file), charter);
  expect(ran.flatMap(({ name, failed }) => (failed === undefined ? [] : [{ name, ...failed }]))).toEqual([]);
  expect(ran.length).toBeGreaterThan(5);
});

test('scenarios tell of several open stages, and of cases that are sent back', async () => {
  const ran = await runScenarios('test/support/workflows/two-channels.test.yaml', charter);
  expect(ran.map(({ failed }) => failed)).toEqual(ran.map(() => undefined));
  expect(ran).toHaveLength(4);
});

/** The model charter with whoever decides appeals and hears objections. */
const withAppeals: typeof charter = {
  ...charter,
  powers: [
    ...charter.powers.map((clause) =>
      clause.power === 'recognise-course' ? { ...clause, workflows: [...(clause.workflows ?? []), 'appealed'] } : clause,
    ),
    ...['decide-appeal', 'hear-objection']
      .filter((power) => !charter.powers.some((clause) => clause.power === power))
      .map((power) => ({ power, organ: 'council' })),
  ],
};

test('scenarios tell of appeals, with their dates', async () => {
  const ran = await runScenarios('test/support/workflows/appealed.test.yaml', withAppeals);
  expect(ran.map(({ failed }) => failed)).toEqual([undefined, undefined]);
});

/** The scenario of the shipped file that a line stands in, with that line changed, and the line's number. */
async function changed(from: string, to: string) {
  const lines = (await readFile('workflows/alliance-recognition.test.yaml', 'utf8')).split('\n');
  const index = lines.findIndex((line) => line.includes(from));
  expect(index).toBeGreaterThan(0);
  lines[index] = (lines[index] as string).replace(from, to);
  const isName = (line: string): boolean => line.startsWith('  - name:');
  const [begins, ends] = [
    lines.findLastIndex((line, at) => at <= index && isName(line)),
    lines.findIndex((line, at) => at > index && isName(line)),
  ];
  const all = lines.findIndex(isName);
  for (let at = all; at < lines.length; at += 1) if (at < begins || (ends > 0 && at >= ends)) lines[at] = '';
  const file = join(await temporaryFolder(), 'changed.test.yaml');
  await writeFile(file, lines.join('\n').replace('definition: alliance', `definition: ${resolve('workflows')}/alliance`));
  const failed = (await runScenarios(file, charter)).flatMap((ran) => (ran.failed === undefined ? [] : [ran.failed]));
  return {
    failed: failed.map(({ line, expected, actual }) => ({ line, expected: expected.en, actual: actual.en })),
    line: index + 1,
  };
}

test.each([
  ['end: not-admitted', 'end: not-recommended', 'not-recommended', 'not-admitted'],
  ['due: 2026-05-09 24:00', 'due: 2026-05-08 24:00', '2026-05-09 00:00', '2026-05-10 00:00'],
  ['refused: case.no-more-corrections', 'refused: case.ended', 'case.ended', 'case.no-more-corrections'],
  ['refused: case.already-submitted', 'with: {}', 'accepted', 'case.already-submitted'],
  ['effects: [CloseBallot at 2026-03-27 00:00]', 'effects: []', 'nothing', 'CloseBallot at 2026-03-27 00:00'],
  ['never: [ObjectionRaised, StageOverdue]', 'never: [VoteCast]', 'no VoteCast', 'VoteCast'],
  ['elsewhere: [], effects: []', 'elsewhere: [RecognitionGranted]', 'RecognitionGranted', 'nothing'],
  ['events: [VotesTied]', 'events: [TieBroken]', 'TieBroken', 'VotesTied'],
  ['by: presiding', 'by: nobody', 'somebody', 'nobody'],
])('where it says "%s" and not what happens, the line is told, with what was', async (from, to, expected, actual) => {
  const { failed, line } = await changed(from, to);
  expect(failed).toEqual([{ line, expected: expect.stringContaining(expected), actual: expect.stringContaining(actual) }]);
});

test('a word that scenarios do not know is told, not passed over', async () => {
  const { failed } = await changed('stage: publicity, due: 2026-05-09 24:00', 'stage: publicity, until: 2026-05-09 24:00');
  expect(failed).toEqual([
    { line: expect.any(Number), expected: 'a file of scenarios', actual: expect.stringContaining('until') },
  ]);
});

test('times are those of the zone, and 24:00 is the end of the day', () => {
  const time = new LocalTime(480);
  expect(new Date(time.parse('2026-03-31 24:00')).toISOString()).toBe('2026-03-31T16:00:00.000Z');
  expect(time.format(time.parse('2026-03-31 24:00'))).toBe('2026-04-01 00:00');
  expect(time.format(time.parse('2026-03-31 09:30:15.250'))).toBe('2026-03-31 09:30:15.250');
  expect(() => time.parse('2026-03-32 10:00')).toThrow('not a time');
});
