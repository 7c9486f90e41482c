import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSource, sourceOf, yamlFile } from './source.js';

const bomb = ['a0: &a0 [x]', ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}x]`)].join(
  '\n',
);

test.each([
  ['an alias that stands for ever more of itself', bomb],
  ['an alias inside what it names', 'stages: &all [*all]'],
  ['two keys of one name', 'id: a\nid: b'],
])('%s is a finding, and nothing is read of it', (_what, text) => {
  const { value, faults } = yamlFile(text, 'hostile.yaml');
  expect(value).toBeUndefined();
  expect(faults).toMatchObject([{ code: 'not-yaml', file: 'hostile.yaml' }]);
});

test.each([
  ['a key that stands twice', 'id: a\nid: b', 2, 1],
  ['a bracket that is not closed', 'stages: [a, b', 1, 14],
  ['two keys in a line', 'id: a: b', 1, 5],
  ['a tab for an indent', 'round:\n\tid: a', 2, 1],
])(
  '%s is told in our words where it stands, in both languages, and what the parser says apart from them',
  (_what, text, ...at) => {
    const [fault] = yamlFile(text, 'slip.yaml').faults;
    expect([fault?.line, fault?.column]).toEqual(at);
    expect(fault?.text.en).toMatch(/^This is not YAML\. [A-Z].*\.$/);
    expect(fault?.text.zh.replaceAll(/YAML|[*&!]name/g, '')).not.toMatch(/[a-z]{3}/i);
    expect(fault?.detail).toMatch(/[a-z]{3}/);
    expect(fault?.text.en).not.toContain(fault?.detail);
  },
);

test('a key that stands twice is found among others, wherever it lies, and the same key of two maps is none', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `k${index}: { id: a }`);
  expect(yamlFile(many.join('\n'), 'many.yaml').faults).toEqual([]);
  const [fault] = yamlFile([...many, 'last: { id: a, b: 1, id: c }'].join('\n'), 'many.yaml').faults;
  expect(fault).toMatchObject({ code: 'not-yaml', line: 20_001, column: 22 });
});

test('a rubric that is a folder is missing as a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-source-'));
  const file = join(folder, 'workflow.yaml');
  await writeFile(file, 'stages:\n  - rubric: { file: . }\n');
  expect((await readSource(file)).faults).toMatchObject([{ code: 'file-missing', line: 2 }]);
  await rm(folder, { recursive: true });
});

test('a text takes in what it is given beside it, and says of whatever is not there on which line it is named', async () => {
  const text = 'stages:\n  - rubric: { file: rubrics/a.yaml }\n  - rubric: { file: rubrics/b.yaml }\n';
  const { value, faults } = await sourceOf('w.yaml', text, async (path) => (path === 'rubrics/a.yaml' ? 'id: a' : undefined));
  expect(value).toMatchObject({ stages: [{ rubric: { id: 'a' } }, {}] });
  expect(faults).toMatchObject([{ code: 'file-missing', file: 'w.yaml', line: 3 }]);
});
