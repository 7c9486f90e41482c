import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../test/support/folders.js';
import { modelCharter } from '../server/demonstration.charter.js';
import { entente } from './cli.js';

const definition = 'workflows/course-accreditation.yaml';

async function run(...words: readonly string[]) {
  const said: string[] = [];
  const told: string[] = [];
  const code = await entente(words, { environment: {}, say: (text) => said.push(text), tell: (text) => told.push(text) });
  return { code, said: said.join('\n'), told: told.join('\n') };
}

async function inFolder(name: string, contents: string): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, contents);
  return file;
}

const charterFile = () => inFolder('charter.json', JSON.stringify(modelCharter({ zh: '示范联盟', en: 'Model alliance' })));

test('the shipped workflow is sound, under the model charter too', async () => {
  const { told, ...rest } = await run('workflow', 'check', definition);
  expect(rest).toEqual({ code: 0, said: '' });
  expect(told.split('\n')[0]).toBe(`${definition} is sound.`);
  expect(await run('workflow', 'check', definition, '--charter', await charterFile())).toMatchObject({ code: 0 });
});

test('a finding is told as compilers tell theirs, in both languages, and ends with 1', async () => {
  const file = 'test/workflow-check/broken/dead-end.yaml';
  const english = await run('workflow', 'check', file);
  expect(english.code).toBe(1);
  expect(english.said).toMatch(
    /^test\/workflow-check\/broken\/dead-end\.yaml:\d+:\d+: dead-end: "nowhere" is neither a stage nor an end/,
  );
  expect((await run('workflow', 'check', file, '--lang', 'zh')).said).toContain('请写明唯一的环节或终点');
});

test('a slip of syntax is told in the language that was asked for; what the library says of it stands on a line of its own', async () => {
  const { said } = await run('workflow', 'check', 'test/workflow-check/broken/condition-syntax.yaml', '--lang', 'zh');
  const [first, second] = said.split('\n');
  expect(first).toMatch(/:\d+:\d+: condition-syntax: 条件自第 \d+ 个字符起写法有误/);
  expect(first).not.toMatch(/token/i);
  expect(second).toMatch(/^ {4}Unexpected token/);
});

test('a charter without the power that a stage needs is told', async () => {
  const model = modelCharter({ zh: '联盟', en: 'Alliance' });
  const powers = model.powers.filter(({ power }) => power !== 'publicise');
  const file = await inFolder('charter.json', JSON.stringify({ ...model, powers }));
  const { code, said } = await run('workflow', 'check', definition, '--charter', file);
  expect(code).toBe(1);
  expect(said).toContain('power-held-by-nobody');
});

test('a file that is not there ends with 1, a question that is none with 2', async () => {
  expect(await run('workflow', 'check', 'no/such.yaml')).toMatchObject({
    code: 1,
    told: expect.stringContaining('no/such.yaml'),
  });
  expect(await run('workflow', 'draw', 'no/such.yaml')).toMatchObject({ code: 1 });
  expect(await run('workflow', 'test', 'no/such.yaml')).toMatchObject({ code: 1 });
  expect(await run('workflow', 'check', definition, '--charter', 'a', '--alliance', 'b')).toMatchObject({ code: 2 });
  expect(await run('workflow', 'check')).toMatchObject({ code: 2 });
});

test('scenarios are played, and counted', async () => {
  const { code, said, told } = await run('workflow', 'test', 'workflows/alliance-recognition.test.yaml');
  expect(code).toBe(0);
  expect(said).toContain('nobody applies twice');
  expect(told).toMatch(/^\d+ scenarios, 0 failed\.$/);
});

test('a drawing is written in the language asked for, with a lane for each organ of the charter', async () => {
  const out = await inFolder('x.bpmn', '');
  expect(await run('workflow', 'draw', definition, '--out', out, '--lang', 'zh', '--charter', await charterFile())).toMatchObject(
    { code: 0 },
  );
  const xml = await readFile(out, 'utf8');
  for (const words of ['网络评审', '课程认定委员会', '<bpmn:lane ', 'bpmndi:BPMNShape']) expect(xml).toContain(words);
  const svg = await inFolder('x.svg', '');
  expect(await run('workflow', 'draw', definition, '--out', svg, '--lang', 'en')).toMatchObject({ code: 0 });
  expect(await readFile(svg, 'utf8')).toContain('Formal check');
});

test('a transition clause is proved against the version that it leads away from', async () => {
  const older = 'test/support/workflows/training.yaml';
  const text = (await readFile(older, 'utf8')).replace('version: 1', 'version: 2');
  const clause = (stages: string) =>
    inFolder(
      'training.yaml',
      `${text}\ntransition: { appliesTo: open-rounds, from: 1, text: { en: New rules, zh: 新办法 }, stages: ${stages} }\n`,
    );
  const sound = await clause('{ registration: { then: carried, to: registration } }');
  expect(await run('workflow', 'check', sound, '--against', older)).toMatchObject({ code: 0, said: '' });
  const unsound = await clause('{ registration: { then: carried, to: nowhere } }');
  const { code, said } = await run('workflow', 'check', unsound, '--against', older);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('/transition/stages/registration: mapped-nowhere') });
  expect((await run('workflow', 'check', older, '--against', older)).told).toContain('no transition clause');
});
