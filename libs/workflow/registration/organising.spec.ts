import { expect, test } from '@jest/globals';
import { applicant, obliged, training } from '../../../test/support/engine-room.js';
import { organised, type Viewer } from '#workflow';

const viewer = (person: string, power?: string, scope?: string): Viewer => ({
  person,
  institutions: [],
  powers: power === undefined ? [] : [{ power, ...(scope === undefined ? {} : { scope }) }],
});

test('whose event it is and who runs the procedure know who is registered; whoever is registered does not', async () => {
  const room = await training(2);
  await room.register('teacher');
  const state = await room.state();
  const event = { stage: 'registration', places: 2 };
  expect(organised(room.definition, state, viewer('dean', 'submit-application', applicant))).toEqual(event);
  expect(organised(room.definition, state, viewer('secretary', 'manage-event'))).toEqual(event);
  for (const other of [viewer('teacher'), viewer('teacher', 'register-for-event'), viewer('dean', 'submit-application', '44')])
    expect(organised(room.definition, state, other)).toBeUndefined();
});

test('nobody organises what takes no registrations', async () => {
  const room = await obliged('keeping');
  expect(organised(room.definition, await room.state(), viewer('dean', 'submit-application', applicant))).toBeUndefined();
});
