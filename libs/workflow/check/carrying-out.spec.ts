import { expect, test } from '@jest/globals';
import { type Definition, loadDefinition, type Stage } from '#workflow';
import { checkDefinition } from './definition.check.js';

type Kind = Stage['kind'];

/** What is found in a small definition once one of its stages is broken. */
async function found(workflow: string, kind: Kind, broken: object, fields: readonly object[] = []): Promise<readonly string[]> {
  const { definition } = await loadDefinition(`test/support/workflows/${workflow}.yaml`);
  const { subject, stages } = definition;
  const changed = {
    ...definition,
    subject: { ...subject, fields: [...subject.fields, ...fields] },
    stages: stages.map((stage) => (stage.kind === kind ? { ...stage, ...broken } : stage)),
  } as Definition;
  return checkDefinition(changed).map(({ code, path }) => `${code} ${path}`);
}

const title = { en: 'Party', zh: '一方' };
const party = { id: 'one', title, power: 'confirm-platform' };
const leader = { id: 'leader', type: 'person', label: title };

test.each([
  ['more must confirm than are surely asked', { needed: 3 }, 'quorum-above-pool /stages/0/needed'],
  ['a reminder comes when the time is over', { remind: 10 }, 'dates-out-of-order /stages/0/remind'],
  ['two parties have one name', { parties: [party, party] }, 'named-twice /stages/0/parties/1/id'],
  [
    'a party is named by a field that names no institution',
    { parties: [party, { ...party, id: 'two', scope: 'form.title' }] },
    'unknown-field /stages/0/parties/1/scope',
  ],
])('a confirmation is not adopted where %s', async (_name, broken, finding) => {
  expect(await found('obligation', 'confirmation', broken)).toEqual([finding]);
});

test('a notice names nothing that the case does not have, and nobody', async () => {
  const body = { en: '{form.title} {nothing}', zh: '{form.leader}' };
  expect(await found('obligation', 'notice', { body }, [leader])).toEqual([
    'unknown-field /stages/1/body/en',
    'unknown-field /stages/1/body/zh',
  ]);
});

test('an obligation grants nothing that the form does not hold, and is remedied by an institution', async () => {
  const grants = [{ context: 'recognition', type: 'GrantRecognition', data: { case: { from: 'form.nothing' } } }];
  const remedy = { power: 'submit-application', scope: 'form.title', workingDays: 30 };
  expect(await found('obligation', 'duty', { grants, remedy })).toEqual([
    'unknown-field /stages/2/remedy/scope',
    'unknown-field /stages/2/grants/0/data/case',
  ]);
});

test('an event has its places in a number that every form holds', async () => {
  expect(await found('training', 'registration', { places: { from: 'form.title' } })).toEqual([
    'unknown-field /stages/0/places/from',
  ]);
});

test('the small definitions are sound', async () => {
  expect(await found('obligation', 'check', {})).toEqual([]);
  expect(await found('training', 'check', {})).toEqual([]);
});
