import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse, stringify } from 'yaml';
import { readFile } from 'node:fs/promises';
import { canonicalJson, sha256 } from '#kernel';
import { given } from '../../test/support/given.js';
import { type Definition, definitionSchema, faultsOf, loadDefinition } from '#workflow';
import { contextsKnown } from '../../apps/server/contexts.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { definitionDecider as deciderIn } from './definition.decider.js';
import { temporaryFolder } from '../../test/support/folders.js';

const definitionDecider = deciderIn(() => contextsKnown);
let definition: Definition;
let hash: string;
const here = { id: 'a.alliance-recognition', consulted: { 'charter-a': { version: 0 } } };
beforeAll(async () => {
  ({ definition, hash } = await loadDefinition('workflows/alliance-recognition.yaml'));
});

const adopt = (adopted: Definition) => ({ type: 'AdoptDefinition', data: { definition: adopted } }) as const;
const adopted = (version: number) => {
  const next = { ...definition, version };
  return {
    type: 'DefinitionAdopted',
    data: { version, hash: sha256(canonicalJson(next)), definition: next },
  } as const;
};
const changed = (change: (copy: { [key: string]: never } & Definition) => void): readonly string[] => {
  const copy = structuredClone(definition) as { [key: string]: never } & Definition;
  change(copy);
  return faultsOf(copy).map(({ code, path }) => `${path}: ${code}`);
};
const set = (target: object, name: string, value: unknown): void => {
  Object.assign(target, { [name]: value });
};

test('the schema of definitions is a schema', () => {
  expect(new Ajv2020().validateSchema(definitionSchema)).toBe(true);
});

test('a definition is adopted whole, under the hash of its canonical JSON', () => {
  given(definitionDecider).when(adopt(definition), here).expectEvents(adopted(1));
  expect(adopted(1).data.hash).toBe(hash);
});

test('what was adopted is adopted once', () => {
  given(definitionDecider, adopted(1)).when(adopt(definition), here).expectEvents();
});

test('a version that was adopted never changes', () => {
  const other = { ...definition, title: { en: 'Other', zh: '其他' } };
  given(definitionDecider, adopted(1)).when(adopt(other), here).expectRefusal('definition.version-taken');
});

test('versions grow', () => {
  given(definitionDecider, adopted(3))
    .when(adopt({ ...definition, version: 2 }), here)
    .expectRefusal('definition.version-too-low');
  given(definitionDecider, adopted(3))
    .when(adopt({ ...definition, version: 4 }), here)
    .expectEvents(adopted(4));
});

test('a definition that the charter in force gives no powers to cannot be adopted', () => {
  const charter = { version: 1, adoption: 'adoption', organs: {}, powers: {}, rules: {} };
  given(definitionDecider)
    .when(adopt(definition), { ...here, consulted: { 'charter-a': charter } })
    .expectRefusal('definition.unsound');
});

test('a definition by which a recognition comes about past the vote of the committee cannot be adopted', () => {
  const { organs, powers, rules } = modelCharter({ en: 'Alliance', zh: '联盟' });
  const charter = {
    ...{ version: 1, adoption: 'adoption' },
    organs: Object.fromEntries(organs.map(({ organ, ...clause }) => [organ, clause])),
    powers: Object.fromEntries(powers.map(({ power, ...clause }) => [power, clause])),
    rules: Object.fromEntries(rules.map(({ rule, ...clause }) => [rule, clause])),
  };
  const vacant = Object.fromEntries(organs.map(({ organ }) => [`organ-a.${organ}`, { seats: [] }]));
  const under = { ...here, consulted: { 'charter-a': charter, ...vacant } };
  given(definitionDecider).when(adopt(definition), under).expectEvents(adopted(1));
  const stages = definition.stages.map((stage) =>
    stage.id === 'formal-check' ? { ...stage, on: { ...stage.on, lapsed: 'publicity' } } : stage,
  );
  const past = { ...definition, stages };
  given(definitionDecider).when(adopt(past), under).expectRefusal('definition.unsound');
  const alone = powers.map(({ power, rule: _rule, ...clause }) => [power, clause] as const);
  const free = {
    ...charter,
    powers: { ...Object.fromEntries(alone), 'decide-recognition': charter.powers['decide-recognition'] },
  };
  given(definitionDecider)
    .when(adopt(past), { ...here, consulted: { ...under.consulted, 'charter-a': free } })
    .expectEvents({ type: 'DefinitionAdopted', data: { version: 1, hash: sha256(canonicalJson(past)), definition: past } });
});

test('a definition is adopted under its own name', () => {
  given(definitionDecider)
    .when(adopt(definition), { ...here, id: 'a.other' })
    .expectRefusal('definition.wrong-address');
});

test('a definition that contradicts itself cannot be adopted', () => {
  const [first, ...rest] = definition.stages;
  const astray = { ...definition, stages: [{ ...first, on: { passed: 'nowhere' } }, ...rest] } as unknown as Definition;
  given(definitionDecider).when(adopt(astray), here).expectRefusal('definition.unsound');
});

test('a rubric becomes part of the definition, and of its hash', () => {
  expect(JSON.stringify(definition)).toContain('first-class-course');
});

test('every fault is listed with its path', async () => {
  const folder = await temporaryFolder();
  const value = parse(await readFile('workflows/alliance-recognition.yaml', 'utf8')) as Record<string, never>;
  Object.assign(value, { title: { en: 'Only English' }, version: 0, surprise: true });
  await writeFile(join(folder, 'broken.yaml'), stringify({ ...value, stages: [] }));
  await expect(loadDefinition(join(folder, 'broken.yaml'))).rejects.toMatchObject({
    code: 'definition.unsound',
    details: {
      faults: expect.arrayContaining([
        expect.objectContaining({
          code: 'shape',
          path: '/',
          text: expect.objectContaining({ en: expect.stringContaining('surprise') }),
        }),
        expect.objectContaining({ code: 'missing-language', path: '/title' }),
        expect.objectContaining({ code: 'shape', path: '/version' }),
        expect.objectContaining({ code: 'shape', path: '/stages' }),
      ]),
    },
  });
});

test('each text is there in both languages', () => {
  expect(changed(({ stages }) => set(stages[0] as object, 'title', { en: 'x' }))).toEqual(['/stages/0/title: missing-language']);
  expect(changed(({ ends }) => set(ends, 'declined', { title: { zh: '否' }, outcome: 'refused' }))).toEqual([
    '/ends/declined/title: missing-language',
  ]);
});

test('every outcome leads somewhere, and everything is reached', () => {
  expect(changed(({ stages }) => set(stages[0]?.on as object, 'passed', 'nowhere'))).toContain('/stages/0/on/passed: dead-end');
  expect(changed(({ stages }) => set(stages[1] as object, 'on', {}))[0]).toContain('/stages/1/on: dead-end');
  expect(changed(({ ends }) => set(ends, 'lost', { title: { en: 'x', zh: 'x' }, outcome: 'refused' }))).toEqual([
    '/ends/lost: unreachable-end',
  ]);
  expect(changed(({ ends }) => set(ends, 'withdrawn', { title: { en: 'x', zh: 'x' }, outcome: 'refused' }))).toEqual([
    '/ends: no-withdrawn-end',
  ]);
});

test('numbers that can never be met, and facts that nobody states, are faults', () => {
  expect(changed(({ stages }) => set(stages[3] as object, 'minimum', 4))).toEqual(['/stages/3/minimum: quorum-above-pool']);
  expect(changed(({ stages }) => set(stages[3] as object, 'late', { remind: 7, escalate: 7, replace: 13 }))).toEqual([
    '/stages/3/late: dates-out-of-order',
  ]);
  expect(changed(({ eligibility }) => set(eligibility[0] as object, 'require', 'form.cycle >= 2'))).toEqual([
    '/eligibility/0/require: unknown-fact',
  ]);
});
