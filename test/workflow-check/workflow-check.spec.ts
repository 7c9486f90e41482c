import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type CharterGiven, checkFile, type FindingCode, isRemark } from '#workflow';
import { contextsKnown } from '../../apps/server/contexts.js';

const here = 'test/workflow-check';
const broken = readdirSync(join(here, 'broken'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.yaml'));

const charterNamed = (name: string): CharterGiven =>
  parse(readFileSync(join(here, 'charters', `${name}.yaml`), 'utf8')) as CharterGiven;

/** What a file says of itself: `# charter: name` at its head, `# finding: code` at the end of a line. */
function announced(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const code = /# finding: ([a-z-]+)$/.exec(text)?.[1];
      return code === undefined ? [] : [`${file}:${index + 1} ${code}`];
    });
}

const files = (path: string): readonly string[] => {
  const rubric = /rubric: \{ file: (rubrics\/.*) \}/.exec(readFileSync(path, 'utf8'))?.[1];
  return rubric === undefined ? [path] : [path, join(here, 'broken', rubric)];
};

test.each(broken.filter((file) => !file.startsWith('rubric')))(
  '%s is refused for that reason, at that line, and for no other',
  async (name) => {
    const path = join(here, 'broken', name);
    const charter = /^# charter: ([a-z-]+)/.exec(readFileSync(path, 'utf8'))?.[1];
    const { findings } = await checkFile(path, charter === undefined ? undefined : charterNamed(charter), contextsKnown);
    expect(findings.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual(files(path).flatMap(announced));
    for (const { text, remedy, column } of findings) {
      for (const said of [text, remedy]) {
        expect(said.en).toMatch(/^[A-Z"\d].*[.…]$/);
        expect(said.zh).toMatch(/[一-鿿].*[。…]$/);
      }
      expect(column).toBeGreaterThan(0);
    }
  },
);

test('a sound definition passes, alone and under its charter', async () => {
  const path = join(here, 'sound.yaml');
  expect((await checkFile(path, undefined, contextsKnown)).findings).toEqual([]);
  expect((await checkFile(path, charterNamed('sound'), contextsKnown)).findings).toEqual([]);
});

test('appeals and hearings are proved with the definition that they belong to', async () => {
  const path = join(here, 'sound-subcases.yaml');
  expect((await checkFile(path)).findings).toEqual([]);
  expect((await checkFile(path, charterNamed('appeals'))).findings).toEqual([]);
  const { findings } = await checkFile(path, charterNamed('sound'));
  expect(findings.map(({ code, path: at }) => [code, at])).toEqual([['power-held-by-nobody', '/subcases/appeal/stages/0/power']]);
});

test('every finding that a file can show is shown by one', () => {
  const shown = new Set(broken.flatMap((file) => announced(join(here, 'broken', file)).map((line) => line.split(' ')[1])));
  // A file of a hundred thousand states would be read by nobody: a net shows it.
  const shownByNets: readonly FindingCode[] = ['too-many-states'];
  const known = [...readFileSync('libs/workflow/check/finding.ts', 'utf8').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(
    ([, code]) => code,
  );
  expect(known.length).toBeGreaterThan(25);
  expect(new Set([...shown, ...shownByNets])).toEqual(new Set(known));
});

test('reconsidering one’s own decision is a remark; everything else keeps a definition from being adopted', () => {
  expect(isRemark({ code: 'rules-on-own-decision' })).toBe(true);
  expect(isRemark({ code: 'judges-own-act' })).toBe(false);
});
