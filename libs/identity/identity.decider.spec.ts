import { expect, test } from '@jest/globals';
import { given } from '../../test/support/given.js';
import { personDecider } from './identity.decider.js';

const id = '01963f0e-0000-7000-8000-000000000001';
const person = `person-${id}`;
const sealedAs = (digest: string) => ({ sealed: digest, of: person });
const name = sealedAs('name');
const reason = sealedAs('reason');
const registered = { type: 'PersonRegistered', data: { alliance: 'a', name } } as const;
const registeredElsewhere = { type: 'PersonRegistered', data: { alliance: 'b', name } } as const;
const disabled = { type: 'PersonDisabled', data: { reason } } as const;
const erased = { type: 'PersonErased', data: {} } as const;
const here = { id };

test('a person is registered with sealed data only', () => {
  given(personDecider)
    .when({ type: 'RegisterPerson', data: { person, name, email: sealedAs('email') } }, here)
    .expectEvents({ type: 'PersonRegistered', data: { alliance: 'a', name, email: sealedAs('email') } });
});

test('a name in clear never becomes an event', () => {
  const run = () =>
    given(personDecider)
      .when({ type: 'RegisterPerson', data: { person, name: { zh: '李华', en: 'Li Hua' } } }, here)
      .expectEvents();
  expect(run).toThrow('personal data must be sealed');
});

test('nobody is registered twice', () => {
  given(personDecider, registered)
    .when({ type: 'RegisterPerson', data: { person, name } }, here)
    .expectRefusal('person.already-registered');
});

test('a person is registered under a UUID only', () => {
  given(personDecider)
    .when({ type: 'RegisterPerson', data: { person: 'person-1', name } }, { id: '1' })
    .expectRefusal('person.not-found');
});

test("one alliance reaches no other alliance's people, as if there were nobody", () => {
  const commands = [
    { type: 'RegisterPerson', data: { person, name } },
    { type: 'CorrectPerson', data: { person, name } },
    { type: 'DisablePerson', data: { person, reason } },
    { type: 'EnablePerson', data: { person, reason } },
    { type: 'InvitePerson', data: {} },
    { type: 'ErasePerson', data: {} },
  ] as const;
  for (const command of commands) {
    given(personDecider, registeredElsewhere).when(command, here).expectRefusal('person.not-found');
  }
  for (const command of commands.slice(1)) given(personDecider).when(command, here).expectRefusal('person.not-found');
});

test('nothing is sealed under the key of another person', () => {
  const other = 'person-01963f0e-0000-7000-8000-000000000002';
  given(personDecider, registered)
    .when({ type: 'CorrectPerson', data: { person: other, name } }, here)
    .expectRefusal('person.another-person');
});

test('a correction that corrects nothing changes nothing', () => {
  given(personDecider, registered).when({ type: 'CorrectPerson', data: { person } }, here).expectEvents();
});

test('a correction holds only what was corrected', () => {
  given(personDecider, registered)
    .when({ type: 'CorrectPerson', data: { person, institution: sealedAs('10001') } }, here)
    .expectEvents({ type: 'PersonCorrected', data: { institution: sealedAs('10001') } });
});

test('disabling twice is disabling once, and a disabled person may be enabled', () => {
  given(personDecider, registered).when({ type: 'DisablePerson', data: { person, reason } }, here).expectEvents(disabled);
  given(personDecider, registered, disabled).when({ type: 'DisablePerson', data: { person, reason } }, here).expectEvents();
  given(personDecider, registered, disabled)
    .when({ type: 'EnablePerson', data: { person, reason } }, here)
    .expectEvents({ type: 'PersonEnabled', data: { reason } });
});

test('a disabled person is not invited', () => {
  given(personDecider, registered, disabled).when({ type: 'InvitePerson', data: {} }, here).expectRefusal('person.disabled');
});

test('an erased person is erased once and never comes back', () => {
  given(personDecider, registered).when({ type: 'ErasePerson', data: {} }, here).expectEvents(erased);
  given(personDecider, registered, erased).when({ type: 'ErasePerson', data: {} }, here).expectEvents();
  given(personDecider, registered, erased)
    .when({ type: 'EnablePerson', data: { person, reason } }, here)
    .expectRefusal('person.erased');
  given(personDecider, registered, erased)
    .when({ type: 'RegisterPerson', data: { person, name } }, here)
    .expectRefusal('person.erased');
});
