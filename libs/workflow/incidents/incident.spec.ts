import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import type { Definition, Stage } from '#workflow';
import type { End } from '../definition.js';
import { anyReview, text } from '../../../test/support/any-review.js';
import { AnyRoom, applicant } from '../../../test/support/any-room.js';

const stages: readonly Stage[] = [
  {
    id: 'look',
    kind: 'check',
    title: text('Look'),
    power: 'check',
    workingDays: 10,
    on: { passed: 'vote', failed: 'declined', lapsed: 'declined' },
  },
  {
    id: 'vote',
    kind: 'ballot',
    title: text('Vote'),
    power: 'decide',
    manage: 'manage',
    workingDays: 5,
    sittings: 2,
    castingVote: { workingDays: 3 },
    on: { carried: 'granted', 'not-carried': 'declined', inquorate: 'declined' },
  },
];
const review = anyReview(stages);
const granted: End = {
  title: text('Granted'),
  outcome: 'granted',
  commands: [{ context: 'recognition', type: 'GrantRecognition', data: { case: { from: 'case' }, years: 5 } }],
};
const definition: Definition = { ...review, ends: { ...review.ends, granted } };

const subject = 'course-1';
const day = 86_400_000;

/** A case that was granted, whose recognition the charter does not let the workflow enter. */
async function stuck(): Promise<AnyRoom> {
  const room = await AnyRoom.open(definition);
  await charterWith(room, []);
  await room.act('submit-1', 'SubmitApplication', { institution: applicant, form: { title: '一' }, files: [] });
  await room.act('check-1', 'PassCheck', { stage: 'look' });
  for (const number of [1, 2, 3, 4, 5, 6]) await room.act(`decide-${number}`, 'CastVote', { stage: 'vote', choice: 'for' });
  return room;
}

async function charterWith(room: AnyRoom, workflows: readonly string[]): Promise<void> {
  const { charter } = room;
  const recognise = { ...charter.powers['recognise-course'], workflows };
  await room.place('charter-a', { ...charter, powers: { ...charter.powers, 'recognise-course': recognise } });
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const failure: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof DomainError) return failure.code;
  throw failure ?? new Error('it was accepted');
}

const addressOf = async (room: AnyRoom): Promise<string> => {
  const [incident] = await room.runtime.incidents();
  return `a.${incident?.effect.commandId}`;
};

const recognised = async (room: AnyRoom): Promise<readonly string[]> =>
  (await room.history(`recognition-a.${subject}`)).map(({ type }) => type);

test('a step that is refused is on record with its cause, its case and how often it was tried', async () => {
  const room = await stuck();
  const [incident, ...others] = await room.runtime.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({
    refusal: 'authority.not-for-workflows',
    attempts: 1,
    effect: { name: 'conclude', cause: { stream: `case-a.one.${subject}` } },
  });
  const history = await room.history(`incident-${await addressOf(room)}`);
  expect(history.map(({ type, meta }) => [type, meta.actor])).toEqual([['IncidentRaised', 'engine']]);
  expect(history[0]?.data).toMatchObject({ code: 'authority.not-for-workflows', stream: `case-a.one.${subject}`, attempts: 1 });
});

test('a step is tried again once its cause has been mended, and happens once', async () => {
  const room = await stuck();
  const address = await addressOf(room);
  await room.send('secretariat-1', 'incident', address, 'RetryEffect');
  await room.settle();
  expect(await recognised(room)).toEqual([]);
  expect(await room.runtime.incidents()).toHaveLength(1);
  expect(room.runtime.tally.refused).toBe(2);
  await charterWith(room, [definition.id]);
  await room.send('secretariat-1', 'incident', address, 'RetryEffect');
  room.restart();
  await room.settle();
  room.restart();
  await room.settle();
  expect(await recognised(room)).toEqual(['RecognitionGranted']);
  expect(await room.runtime.incidents()).toEqual([]);
  const types = (await room.history(`incident-${address}`)).map(({ type }) => type);
  expect(types).toEqual(['IncidentRaised', 'EffectRetried', 'IncidentRaised', 'EffectRetried', 'IncidentSettled']);
  expect(await refusal(room.send('secretariat-1', 'incident', address, 'SkipEffect', { reason: '太晚' }))).toBe(
    'incident.not-open',
  );
});

test('a step that was skipped is never owed again, and no other is touched', async () => {
  const room = await stuck();
  await room.act('submit-1', 'SubmitApplication', { institution: applicant, form: { title: '二' }, files: [] }, 'course-2');
  const others = room.runtime.owing.filter(({ name }) => name !== 'conclude').map(({ id }) => id);
  const address = await addressOf(room);
  await room.send('secretariat-1', 'incident', address, 'SkipEffect', { reason: '由理事会另行登记。' });
  for (const restart of [false, true]) {
    if (restart) room.restart();
    await room.settle();
    expect(room.runtime.owing.map(({ id }) => id)).toEqual(others);
    expect(await room.runtime.incidents()).toEqual([]);
  }
  await charterWith(room, [definition.id]);
  await room.runtime.drain(room.clock.now() + 100 * day);
  expect(await recognised(room)).toEqual([]);
  expect(await refusal(room.send('secretariat-1', 'incident', address, 'RetryEffect'))).toBe('incident.not-open');
});

test('only the organ that the charter names resolves an incident, and nobody skips what is none', async () => {
  const room = await stuck();
  const address = await addressOf(room);
  expect(await refusal(room.send('check-1', 'incident', address, 'SkipEffect', { reason: '不' }))).toBe('authority.no-seat');
  const [effect] = room.runtime.owing;
  expect(effect?.name).toBe('conclude');
  expect(await refusal(room.send('secretariat-1', 'incident', 'a.none', 'SkipEffect', { reason: '不' }))).toBe(
    'incident.not-found',
  );
  const raise = {
    effect: 'x',
    command: { context: 'case', id: 'x', type: 'X' },
    stream: 'x',
    workflow: 'x',
    code: 'x.x',
    attempts: 1,
  };
  expect(await refusal(room.send('secretariat-1', 'incident', 'a.none', 'RaiseIncident', raise))).toBe('authority.no-seat');
});

test('an incident of a case is kept from whoever must not know of the case', async () => {
  const room = await stuck();
  const address = await addressOf(room);
  const seat = { role: 'member', from: '2020-01-01T00:00:00.000Z', until: '2120-01-01T00:00:00.000Z', granted: 'seat' };
  const both = { ...seat, person: 'both', institution: applicant };
  await room.place('organ-a.secretariat', { seats: [both] });
  await room.place('organ-a.decide', { seats: [both] });
  expect(await refusal(room.send('both', 'incident', address, 'RetryEffect'))).toBe('incident.not-found');
  const opening = { context: 'case', id: `a.one.${subject}`, type: 'OpenBallot' };
  const step = {
    effect: 'open',
    command: opening,
    stream: 'meeting-a.may',
    workflow: definition.id,
    code: 'case.no',
    attempts: 1,
  };
  await room.place('incident-a.of-a-meeting', step, 'IncidentRaised');
  expect(await refusal(room.send('both', 'incident', 'a.of-a-meeting', 'RetryEffect'))).toBe('incident.not-found');
  await room.place('organ-a.secretariat', { seats: [{ ...seat, person: 'secretariat-1', institution: 'elsewhere' }] });
  await room.send('secretariat-1', 'incident', 'a.of-a-meeting', 'RetryEffect');
});
