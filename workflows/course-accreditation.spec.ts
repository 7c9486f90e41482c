import { expect, test } from '@jest/globals';
import { drawingOf, languageOf, loadDefinition, stageFor } from '#workflow';

const { definition, hash } = await loadDefinition('workflows/course-accreditation.yaml');

test('the accreditation of first-class courses can be adopted as it stands, two channels, two reviews, five years', () => {
  expect(definition.stages.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    'endorsement: check',
    'channel: choice',
    'recommendation: check',
    'formal-check: check',
    'online-review: panel',
    'quota: ranking',
    'meeting-review: ballot',
    'publicity: publicity',
    'undertaking: confirmation',
    'announcement: notice',
    'duty: duty',
  ]);
  expect(hash).toMatch(/^[\w-]{43}$/);
  expect(drawingOf(definition)).toHaveLength(definition.stages.length);
});

const kinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'];

test.each(kinds)('%s courses are scored by a rubric of their own, of a hundred, with the negative list', (kind) => {
  const applicant = { institution: '4144010558', province: '44', name: '某大学', level: 'undergraduate' };
  const stage = stageFor(definition, 'online-review', { form: { kind }, about: {}, applicant });
  if (stage.kind !== 'panel') throw new Error('no panel');
  expect(stage.rubric.id).toBe(`${kind}-course`);
  expect(stage.rubric.criteria.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  expect(stage.rubric.vetoes.map(({ id }) => id)).toEqual([
    'political',
    'ethics',
    'intellectual-property',
    'not-two-cycles',
    'wrong-team',
    'false-data',
    'wrong-kind',
  ]);
});

test.each([
  ['教育部', true],
  ['工业和信息化部', true],
  ['广东省', false],
  ['广东省教育厅', false],
])('a university under %s recommends by itself: %s', (supervisor, isDirect) => {
  const channel = definition.stages.find(({ kind }) => kind === 'choice');
  if (channel?.kind !== 'choice') throw new Error('no choice');
  expect(languageOf(definition).holds(channel.condition, { 'institution.supervisor': supervisor })).toBe(isDirect);
});
