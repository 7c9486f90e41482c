import { expect, test } from '@jest/globals';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { given } from '../../test/support/given.js';
import { charterDecider, type Finding, lintCharter } from './charter.decider.js';
import type { CharterDocument, CharterEvent } from './charter.messages.js';

const sound = modelCharter({ zh: '试验联盟', en: 'An alliance on trial' });
const adoptionOf = (document: CharterDocument, version: number): CharterEvent => {
  const history = { ...charterDecider.initialState, version: version - 1 };
  const [event] = charterDecider.decide({ type: 'AdoptCharter', data: { document } }, history, {
    now: 0,
    alliance: 'a',
    id: 'a',
    actor: 'operator',
    grant: { power: 'found-alliance', charter: 0, organ: 'operator', proof: [] },
    lengthOf: () => 0,
    newId: (name) => name,
    consulted: () => {
      throw new Error('a charter consults nothing');
    },
  });
  return event as CharterEvent;
};
const adopted = adoptionOf(sound, 1);
const adopt = (document: CharterDocument) => ({ type: 'AdoptCharter', data: { document } }) as const;

const faults = (changes: Partial<CharterDocument>): readonly Finding['code'][] =>
  lintCharter({ ...sound, ...changes }).map(({ code }) => code);

test('an alliance is founded by adopting a sound charter, kept with the hash of its bytes', () => {
  given(charterDecider).when(adopt(sound)).expectEvents(adopted);
  expect(adopted.data.hash).toHaveLength(43);
});

test('the first charter is adopted by who founds the alliance, any later one by who may amend it', () => {
  const { AdoptCharter: permit } = charterDecider.permits;
  const asking = { alliance: 'a', id: 'a', actor: 'person-1', consulted: <T>() => undefined as T, loaded: () => false };
  const after = charterDecider.evolve(charterDecider.initialState, adopted, { id: 'e', revision: 0, recordedAt: '', actor: '' });
  if (typeof permit === 'string') throw new Error('the power depends on the state');
  expect(permit(adopt(sound), charterDecider.initialState, asking)).toEqual({ power: 'found-alliance' });
  expect(permit(adopt(sound), after, asking)).toEqual({ power: 'amend-charter' });
});

test('the same charter adopted again changes nothing', () => {
  given(charterDecider, adopted).when(adopt(sound)).expectEvents();
});

test('an amendment is the next version, and the one before is kept', () => {
  const amended = { ...sound, transition: 'move' as const };
  given(charterDecider, adopted).when(adopt(amended)).expectEvents(adoptionOf(amended, 2));
  const history = [adopted, adoptionOf(amended, 2)].reduce(
    (state, event, revision) => charterDecider.evolve(state, event, { id: `e${revision}`, revision, recordedAt: '', actor: '' }),
    charterDecider.initialState,
  );
  expect(history.version).toBe(2);
  expect(history.adoption).toBe('e1');
  expect(history.versions[1]?.adoption).toBe('e0');
});

test('one member of the assembly cannot amend the charter alone', () => {
  const rule = {
    quorum: { atLeast: [2, 3], of: 'all-seats' },
    majority: { over: [1, 2], of: 'present' },
    tie: 'not-carried',
  } as const;
  given(charterDecider, adopted)
    .when(adopt({ ...sound, transition: 'move' }), { grant: { rule } })
    .expectRefusal('authority.decided-together');
});

test('an unsound charter is not adopted', () => {
  given(charterDecider)
    .when(adopt({ ...sound, powers: [] }))
    .expectRefusal('charter.unsound');
});

test('the model charter has no fault', () => {
  expect(lintCharter(sound)).toEqual([]);
});

test('a power goes to an organ that the charter sets up', () => {
  expect(faults({ powers: [...sound.powers, { power: 'rest', organ: 'garden' }] })).toEqual(['unknown-organ']);
});

test('a power is given once', () => {
  expect(faults({ powers: [...sound.powers, { power: 'open-round', organ: 'council' }] })).toEqual(['power-twice']);
});

test('an organ is set up once, a rule is laid down once', () => {
  expect(faults({ organs: [...sound.organs, ...sound.organs.slice(0, 1)] })).toEqual(['organ-twice']);
  expect(faults({ rules: [...sound.rules, ...sound.rules.slice(0, 1)] })).toEqual(['rule-twice']);
});

test('a power is decided by a rule that the charter lays down', () => {
  expect(faults({ powers: [...sound.powers, { power: 'rest', organ: 'council', rule: 'by-lot' }] })).toEqual(['unknown-rule']);
});

test('appeals go to a power that somebody holds', () => {
  const appealed = (appeal: string) => ({ powers: [...sound.powers, { power: 'rest', organ: 'council', appeal }] });
  expect(faults(appealed('nowhere'))).toEqual(['unknown-power']);
  expect(faults(appealed('decide-appeal'))).toEqual([]);
});

test('a rule names the base of its quorum and what a tie means, and does not ask for more than everyone', () => {
  const majority = { over: [1, 2], of: 'present' } as const;
  expect(faults({ rules: [...sound.rules, { rule: 'r', quorum: { atLeast: [1, 2] }, majority }] })).toEqual([
    'no-quorum-base',
    'no-tie-rule',
  ]);
  expect(
    faults({
      rules: [...sound.rules, { rule: 'r', quorum: { atLeast: [3, 2], of: 'all-seats' }, majority, tie: 'not-carried' }],
    }),
  ).toEqual(['quorum-above-all']);
});

test('every article stands in Chinese and in English', () => {
  expect(faults({ parts: { ...sound.parts, functions: { zh: ['一', '二'], en: ['one'] } } })).toEqual(['languages-differ']);
});

test('an organ that nobody can fill is a fault, also where two organs wait for each other', () => {
  const seats = (filledBy: string) => ({ filledBy, termYears: 1 });
  const name = { zh: '甲', en: 'A' };
  const organs = [
    { organ: 'left', name, scope: 'alliance' as const, seats: seats('seat-left') },
    { organ: 'right', name, scope: 'alliance' as const, seats: seats('seat-right') },
  ];
  const powers = [
    { power: 'seat-left', organ: 'right' },
    { power: 'seat-right', organ: 'left' },
  ];
  expect(faults({ organs: [...sound.organs, ...organs], powers: [...sound.powers, ...powers] })).toEqual([
    'nobody-can-fill',
    'nobody-can-fill',
  ]);
  expect(
    faults({
      organs: [...sound.organs, ...organs],
      powers: [...sound.powers, ...powers.map((clause) => ({ ...clause, operator: true }))],
    }),
  ).toEqual([]);
});

test('a charter can be amended', () => {
  expect(faults({ powers: sound.powers.filter(({ power }) => power !== 'amend-charter') })).toEqual(['cannot-be-amended']);
});
