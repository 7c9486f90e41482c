import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

interface HardCase {
  readonly given: string;
  readonly spec: string;
}

/** Rows of the tables, one for each file of tests that they name; without their heads. */
const hardCases = (await readFile('docs/hard-cases.md', 'utf8')).split('\n').flatMap((line): readonly HardCase[] => {
  const [, given = '', , specs = ''] = line.split('|').map((cell) => cell.trim());
  return /^(|-+|Tests)$/.test(specs) ? [] : specs.split(', ').map((spec) => ({ given, spec }));
});

const namesIn = async (spec: string): Promise<readonly string[]> =>
  [...(await readFile(`test/e2e/${spec}.spec.ts`, 'utf8')).matchAll(/^test\(\s*['`](.*)['`]/gm)].map(([, name = '']) => name);

test('every hard case has a test over HTTP whose name begins with it', async () => {
  const untested = [];
  for (const { given, spec } of hardCases) {
    const clauses = (await namesIn(spec)).flatMap((name) => name.split('; '));
    if (!clauses.some((clause) => clause.startsWith(given))) untested.push({ given, spec });
  }
  expect(untested).toEqual([]);
  expect(hardCases.length).toBeGreaterThan(30);
});
