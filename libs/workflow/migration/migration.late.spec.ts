import { expect, test } from '@jest/globals';
import { type Definition, loadDefinition, type Stage } from '#workflow';
import { AnyRoom, applicant } from '../../../test/support/any-room.js';
import { Dispatcher } from '../runtime/dispatcher.js';
import { InMemoryOwedEffects } from '../runtime/owed.memory.js';
import type { Taken } from '../runtime/owed-effects.js';

const { definition: appealed } = await loadDefinition('test/support/workflows/appealed.yaml');
const first: Definition = {
  ...appealed,
  stages: appealed.stages.map((stage) =>
    stage.kind === 'panel' ? ({ ...stage, assignedBy: 'assignment', assignWithin: 20 } as Stage) : stage,
  ),
};
const anew = { appliesTo: 'open-rounds', from: 1, text: { en: 'Reviews begin anew.', zh: '评审重新开始。' } };
const stages = Object.fromEntries(first.stages.map(({ id }) => [id, { then: 'anew', to: id }]));
const entryIn = async (room: AnyRoom): Promise<string> => (await room.addressOf('a.one.course-1')).slice('a.one.'.length);

test('reviewers who were assigned to a panel that begins anew before they are told are not assigned, and nobody need see to that', async () => {
  const room = await AnyRoom.open(first);
  const keep = (type: string, data: object = {}) => room.send('manage-panel-1', 'assignment', 'a.one.review', type, data);
  const paper = { institution: applicant, form: { title: '大学物理', summary: '特色' }, files: [] };
  await room.act('submit-application-1', 'SubmitApplication', paper);
  await keep('RequestAssignment');
  await room.settle();
  await room.adopt({ ...first, version: 2 });
  await keep('AdoptAssignment', { request: 1 });
  const resolution = { to: 2, cases: [await entryIn(room)], transition: { ...anew, stages } };
  await room.send('secretariat-1', 'round', 'a.one', 'MigrateCases', resolution);

  // The later of the two effects is carried out first.
  const owed = new InMemoryOwedEffects(room.parts.rules, room.store);
  const { taken } = await owed.take(room.clock.now(), { limit: 10 });
  expect(taken.map(({ effect }) => effect.command.type)).toEqual(['AssignReviewers', 'MigrateCase']);
  for (const { effect } of taken.toReversed()) await new Dispatcher({ ...room.parts, owed }).conclude(effect);

  expect((await room.state()).visits).toMatchObject([
    { visit: 1, left: {} },
    { visit: 2, assignments: [] },
  ]);
  expect(await owed.incidents()).toEqual([]);
});

test('a notice that is numbered for a stage which begins anew meanwhile is not recorded there, and the next one is', async () => {
  const { definition } = await loadDefinition('test/support/workflows/obligation.yaml');
  const room = await AnyRoom.open(definition);
  await room.act('submit-application-1', 'SubmitApplication', { institution: applicant, form: { title: '大学物理' }, files: [] });
  await room.act('confirm-application-1', 'ConfirmAsParty', { stage: 'consent', party: 'institution' });
  await room.send('confirm-platform-1', 'case', 'a.one.course-1', 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
  const owed = new InMemoryOwedEffects(room.parts.rules, room.store);
  const deliver = async (type: string): Promise<void> => {
    const { taken } = await owed.take(room.clock.now(), { limit: 10 });
    const [{ effect }] = taken.filter((one) => one.effect.command.type === type) as [Taken];
    await new Dispatcher({ ...room.parts, owed }).conclude(effect);
  };
  await deliver('IssueNotice');
  await room.adopt({ ...definition, version: 2 });
  const fates = Object.fromEntries(definition.stages.map(({ id }) => [id, { then: 'anew', to: id }]));
  const resolution = { to: 2, cases: [await entryIn(room)], transition: { ...anew, stages: fates } };
  await room.send('secretariat-1', 'round', 'a.one', 'MigrateCases', resolution);
  await deliver('MigrateCase');
  await deliver('RecordNotice');
  expect((await room.state()).visits.at(-1)).toMatchObject({ stage: 'announcement', visit: 2 });
  expect(await owed.incidents()).toEqual([]);

  await deliver('IssueNotice');
  await deliver('RecordNotice');
  expect((await room.state()).visits.at(-2)).toMatchObject({ visit: 2, notice: { number: 2 }, left: {} });
});
