import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { definitionSchema, drawingOf, loadDefinition } from '#workflow';

test('the accreditation of courses can be adopted as it stands', async () => {
  const { definition, hash } = await loadDefinition('workflows/alliance-recognition.yaml');
  expect(definition.stages.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    'endorsement: check',
    'recommendation: check',
    'formal-check: check',
    'expert-review: panel',
    'committee: ballot',
    'publicity: publicity',
  ]);
  expect(hash).toMatch(/^[\w-]{43}$/);
  expect(drawingOf(definition)).toHaveLength(6);
});

test('recognition lasts five years', async () => {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  expect(definition.ends['recognised']?.commands).toEqual([
    { context: 'recognition', type: 'GrantRecognition', data: { case: { from: 'case' }, years: 5 } },
  ]);
});

test('the schema that editors read is the schema that is enforced', async () => {
  const kept: unknown = JSON.parse(await readFile('workflows/workflow.schema.json', 'utf8'));
  expect(kept).toEqual(JSON.parse(JSON.stringify(definitionSchema)));
});
