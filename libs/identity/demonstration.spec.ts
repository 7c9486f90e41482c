import { expect, test } from '@jest/globals';
import { InMemoryEventStore, States } from '#kernel';
import { type DemonstrationProof, DemonstrationSignIn, proofOfDemonstration } from './demonstration.js';

const states = new States(new InMemoryEventStore());

test('settings that describe no demonstration yield no proof of one', () => {
  expect(proofOfDemonstration({ demonstration: false, alliance: 'demonstration' })).toBeUndefined();
});

test('what looks like a proof is none: one-click sign-in cannot be switched on outside the demonstration', () => {
  const lookalike = { alliance: 'demonstration' } as DemonstrationProof;
  expect(() => new DemonstrationSignIn(lookalike, states)).toThrow('in the demonstration only');
  const genuine = proofOfDemonstration({ demonstration: true, alliance: 'demonstration' }) as DemonstrationProof;
  expect(() => new DemonstrationSignIn({ ...genuine }, states)).toThrow('in the demonstration only');
  expect(new DemonstrationSignIn(genuine, states).alliance).toBe('demonstration');
});
