import { expect, test } from '@jest/globals';
import { canonicalJson, sha256 } from '#kernel';
import { type Definition, mayKnow } from '#workflow';
import { type EngineRoom, obliged } from '../../../test/support/engine-room.js';
import { caseRow } from '../case-row.js';

const stage = 'consent';
const confirm = (room: EngineRoom, person: string, party: string) => room.act(person, 'ConfirmAsParty', { stage, party });
const refuse = (room: EngineRoom, person: string, party: string) =>
  room.act(person, 'RefuseAsParty', { stage, party, reason: '未经协商' });

const needing =
  (needed: 'any' | number) =>
  (definition: Definition): Definition => ({
    ...definition,
    stages: definition.stages.map((one) => (one.kind === 'confirmation' ? { ...one, needed } : one)),
  });

const left = async (room: EngineRoom) => (await room.state()).visits[0]?.left;

test('the parties are asked at once, each through its own organ', async () => {
  const room = await obliged(stage);
  expect((await room.history()).at(-1)?.data).toMatchObject({
    parties: [
      { party: 'institution', power: 'confirm-application', scope: '4111010001' },
      { party: 'platform', power: 'confirm-platform' },
      { party: 'partner', power: 'confirm-application', scope: '4144010559' },
    ],
    needed: 3,
  });
  const { tasks } = caseRow(room.definition, await room.state());
  expect(tasks.map(({ act, holder }) => `${act} ${holder}`)).toEqual([
    'confirm power:confirm-application:4111010001',
    'confirm power:confirm-platform',
    'confirm power:confirm-application:4144010559',
  ]);
});

test('a party that the form does not name is not asked', async () => {
  const room = await obliged(stage, undefined, { title: '大学物理' });
  expect((await room.history()).at(-1)?.data).toMatchObject({ parties: [{}, {}], needed: 2 });
  expect(await room.refusal(() => confirm(room, 'partner', 'partner'))).toBe('case.not-found');
});

test('all must confirm, and what they sign is kept by its hash', async () => {
  const room = await obliged(stage);
  await confirm(room, 'dean', 'institution');
  await confirm(room, 'platform', 'platform');
  expect(await left(room)).toBeUndefined();
  await confirm(room, 'partner', 'partner');
  expect(await left(room)).toMatchObject({ outcome: 'confirmed', to: 'announcement' });
  const { form, files } = await room.state();
  const signed = (await room.history()).find(({ type }) => type === 'PartyConfirmed');
  expect(signed?.data).toMatchObject({ version: 1, sha256: sha256(canonicalJson({ form, files }), 'hex') });
});

test('one refusal with its reason ends what all must confirm', async () => {
  const room = await obliged(stage);
  await refuse(room, 'partner', 'partner');
  expect(await left(room)).toMatchObject({ outcome: 'refused', to: 'not-confirmed' });
  expect((await left(room))?.explanation.text.zh).toContain('未经协商');
  expect((await room.state()).end).toMatchObject({ id: 'not-confirmed', outcome: 'refused' });
});

test('where any suffices, the first confirmation decides and a refusal does not', async () => {
  const room = await obliged(stage, needing('any'));
  await refuse(room, 'dean', 'institution');
  expect(await left(room)).toBeUndefined();
  await confirm(room, 'platform', 'platform');
  expect(await left(room)).toMatchObject({ outcome: 'confirmed' });
});

test('where two of three suffice, the second refusal decides', async () => {
  const room = await obliged(stage, needing(2));
  await refuse(room, 'dean', 'institution');
  await confirm(room, 'platform', 'platform');
  expect(await left(room)).toBeUndefined();
  await refuse(room, 'partner', 'partner');
  const over = await left(room);
  expect(over).toMatchObject({ outcome: 'refused' });
  expect(over?.explanation.arithmetic).toEqual([
    { what: 'confirmed', actual: [1, 3], relation: '>=', required: [2, 3], holds: false },
  ]);
});

test('nobody confirms for another party, and nobody answers twice', async () => {
  const room = await obliged(stage);
  expect(await room.refusal(() => confirm(room, 'dean', 'partner'))).toBe('authority.no-seat');
  expect(await room.refusal(() => confirm(room, 'dean', 'nobody'))).toBe('case.no-such-party');
  await confirm(room, 'dean', 'institution');
  expect(await room.refusal(() => refuse(room, 'dean', 'institution'))).toBe('case.already-answered');
});

test('who has not answered is reminded once, and the deadline lapses once, to the millisecond', async () => {
  const room = await obliged(stage);
  await confirm(room, 'dean', 'institution');
  await room.until('2026-03-16T15:59:59.999Z');
  expect(await room.types()).toEqual(['CaseOpened', 'StageEntered', 'PartiesAsked', 'PartyConfirmed', 'PartiesReminded']);
  expect((await room.history()).at(-1)).toMatchObject({
    data: { parties: ['platform', 'partner'] },
    meta: { recordedAt: '2026-03-09T16:00:00.000Z' },
  });
  room.restart();
  await room.until('2026-06-01T00:00:00.000Z');
  expect((await room.types()).slice(5)).toEqual(['ConfirmationLapsed', 'StageLeft', 'CaseEnded']);
  expect((await room.state()).end).toMatchObject({ id: 'not-confirmed', at: '2026-03-16T16:00:00.000Z' });
});

test('a confirmation that arrives after the deadline is refused, also before anybody has noted the lapse', async () => {
  const room = await obliged(stage);
  room.clock.advanceTo(Date.parse('2026-03-16T16:00:00.000Z'));
  const late = room.send('dean', 'case', 'a.one.course-1', 'ConfirmAsParty', { stage, party: 'institution' });
  expect(await room.refusal(() => late)).toBe('case.confirmation-too-late');
});

test('a partner that is asked may read the application, and a stranger may not', async () => {
  const room = await obliged(stage);
  const viewer = (institution: string) => ({
    person: 'someone',
    institutions: [institution],
    powers: [{ power: 'confirm-application', scope: institution }],
  });
  const state = await room.state();
  expect(mayKnow(room.definition, state, viewer('4144010559'))).toBe(true);
  expect(mayKnow(room.definition, state, viewer('4199999999'))).toBe(false);
});
