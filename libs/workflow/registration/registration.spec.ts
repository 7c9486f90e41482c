import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entitled, standingsOf } from '#workflow';
import { type EngineRoom, training } from '../../../test/support/engine-room.js';
import { given } from '../../../test/support/given.js';
import { registrationDecider } from './registration.decider.js';

const caseId = 'a.one.course-1';
const stage = 'registration';

/** Everyone to whom a place was confirmed, in that order. */
const confirmed = async (room: EngineRoom): Promise<readonly string[]> =>
  (await room.history(`places-${caseId}`)).flatMap(({ data }) =>
    (data as { places: readonly { person: string }[] }).places.map(({ person }) => person),
  );

const seated = async (room: EngineRoom) => entitled(standingsOf(caseId, await room.all())).map(({ person }) => person);

async function arrive(room: EngineRoom, ...people: readonly string[]): Promise<void> {
  for (const person of people) await room.register(person);
  await room.settle();
}

test('first come, first served, and never more than there are places', async () => {
  const room = await training(2);
  await arrive(room, 'ann', 'bao', 'cai', 'dai');
  expect(await confirmed(room)).toEqual(['ann', 'bao']);
  expect(await seated(room)).toEqual(['ann', 'bao']);
});

test('a rush is confirmed at one go', async () => {
  const room = await training(100);
  const people = Array.from({ length: 150 }, (_, index) => `person-${index}`);
  await Promise.all(people.map((person) => room.register(person)));
  await room.settle();
  expect(await room.history(`places-${caseId}`)).toHaveLength(1);
  expect(new Set(await confirmed(room)).size).toBe(100);
  expect(await confirmed(room)).toEqual(await seated(room));
});

test('nobody who registers writes to a stream that another writes to', async () => {
  const room = await training(5);
  const before = (await room.all()).length;
  await Promise.all(['ann', 'bao', 'cai'].map((person) => room.register(person)));
  const streams = (await room.all()).slice(before).map(({ stream }) => stream);
  expect(new Set(streams).size).toBe(3);
});

test('one person cancels while two claim the place: the head of the waiting list is promoted, once', async () => {
  const room = await training(1);
  await arrive(room, 'ann', 'bao', 'cai');
  await Promise.all([room.register('ann', 'CancelRegistration'), room.register('dai'), room.register('eva')]);
  room.restart();
  await room.settle();
  room.restart();
  await room.settle();
  expect(await confirmed(room)).toEqual(['ann', 'bao']);
  expect(await seated(room)).toEqual(['bao']);
});

test('who cancels and comes back waits at the end', async () => {
  const room = await training(1);
  await arrive(room, 'ann', 'bao');
  await room.register('ann', 'CancelRegistration');
  await arrive(room, 'ann');
  expect(await seated(room)).toEqual(['bao']);
  expect(await confirmed(room)).toEqual(['ann', 'bao']);
  await room.register('bao', 'CancelRegistration');
  await room.settle();
  expect(await confirmed(room)).toEqual(['ann', 'bao', 'ann']);
});

test('nobody registers twice, for another, or too late, and nobody cancels what was not registered', async () => {
  const room = await training(2);
  await arrive(room, 'ann');
  expect(await room.refusal(() => room.register('ann'))).toBe('registration.already-registered');
  const forAnother = () => room.send('bao', 'registration', `${caseId}.cai`, 'Register');
  expect(await room.refusal(forAnother)).toBe('registration.not-yours');
  expect(await room.refusal(() => room.register('bao', 'CancelRegistration'))).toBe('registration.not-registered');
  expect(await room.refusal(() => room.send('bao', 'registration', 'a.one.course-2.bao', 'Register'))).toBe(
    'registration.not-found',
  );
  room.clock.advanceTo(Date.parse('2026-03-09T15:59:59.999Z'));
  await room.register('bao');
  room.clock.advanceTo(Date.parse('2026-03-09T16:00:00.000Z'));
  expect(await room.refusal(() => room.register('cai'))).toBe('registration.too-late');
});

test('nobody registers for an event that stands still because the membership of whose it is has been suspended', async () => {
  const room = await training(2);
  const event = await room.state();
  const { state: definitions } = await room.states.fresh('definition-a.training');
  const registering = (state: object) =>
    given(registrationDecider).when(
      { type: 'Register', data: {} },
      { id: `${caseId}.ann`, actor: 'ann', consulted: { [`case-${caseId}`]: state, 'definition-a.training': definitions } },
    );
  registering({ ...event, frozen: { at: '2026-03-02T01:00:00.000Z' } }).expectRefusal('registration.none-taken');
  const { definition } = event;
  registering(event).expectEvents({ type: 'Registered', data: { case: caseId, person: 'ann', definition, places: 2 } });
});

test('only who has a place signs in, while the session is open; who was there does not cancel', async () => {
  const room = await training(1);
  await arrive(room, 'ann', 'bao');
  const signIn = (person: string, session = 'morning') => room.register(person, 'SignIn', { session });
  expect(await room.refusal(() => signIn('ann'))).toBe('registration.no-session');
  await room.until('2026-03-10T01:00:00.000Z');
  await room.act('secretary', 'OpenSession', { stage, session: 'morning', minutes: 30 });
  expect(await room.refusal(() => room.act('secretary', 'OpenSession', { stage, session: 'morning', minutes: 30 }))).toBe(
    'case.session-opened',
  );
  expect(await room.refusal(() => signIn('bao'))).toBe('registration.waiting');
  await signIn('ann');
  await signIn('ann');
  expect(await room.types(`registration-${caseId}.ann`)).toEqual(['Registered', 'SignedIn']);
  expect(await room.refusal(() => room.register('ann', 'CancelRegistration'))).toBe('registration.signed-in');
  room.clock.advanceTo(Date.parse('2026-03-10T01:30:00.000Z'));
  expect(await room.refusal(() => signIn('bao'))).toBe('registration.no-session');
});

test('a place that is given up after the registrations closed is given to the next who waits', async () => {
  const room = await training(1);
  await arrive(room, 'ann', 'bao');
  await room.until('2026-03-12T00:00:00.000Z');
  await room.register('ann', 'CancelRegistration');
  await room.settle();
  expect(await confirmed(room)).toEqual(['ann', 'bao']);
});

test('registrations close once and the event ends once, on their days', async () => {
  const room = await training(1);
  await room.until('2026-05-01T00:00:00.000Z');
  const dated = (await room.history()).map(({ type, meta }) => [type, meta.recordedAt]);
  expect(dated.slice(2)).toEqual([
    ['RegistrationClosed', '2026-03-09T16:00:00.000Z'],
    ['StageLeft', '2026-03-23T16:00:00.000Z'],
    ['CaseEnded', '2026-03-23T16:00:00.000Z'],
  ]);
  expect(await room.refusal(() => room.register('ann'))).toBe('registration.none-taken');
});

test('only the engine confirms places', async () => {
  const room = await training(1);
  const claim = { through: '1', entitled: [{ person: 'ann', registration: 'x' }] };
  expect(await room.refusal(() => room.send('ann', 'places', caseId, 'SettlePlaces', claim))).toBe('authority.no-seat');
});

const people = ['ann', 'bao', 'cai', 'dai', 'eva', 'fei', 'gao'] as const;
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constantFrom('Register', 'CancelRegistration'), person: fc.constantFrom(...people) }),
  },
  { weight: 2, arbitrary: fc.constant('settle' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

test('whatever people do in whatever order, nobody is overtaken and no place is given twice', async () => {
  let promotions = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { minLength: 15, maxLength: 40 }), async (places, steps) => {
      const room = await training(places);
      for (const one of steps) {
        if (one === 'settle') await room.settle();
        else if (one === 'restart') room.restart();
        else await room.register(one.person, one.act).catch(refusedOnly);
      }
      await room.settle();
      const log = await room.all();
      // At every position of the log, as many places are taken as there are, and by those who came first.
      const given = new Set<string>();
      let before: ReadonlySet<string> = new Set();
      for (const [index, event] of log.entries()) {
        const standings = standingsOf(caseId, log.slice(0, index + 1));
        const now = entitled(standings).map(({ registration }) => registration);
        expect(now.length).toBe(Math.min(places, standings.length));
        const standing = new Set(standings.map(({ registration }) => registration));
        expect(now).toEqual(expect.arrayContaining([...before].filter((held) => standing.has(held))));
        before = new Set(now);
        if (event.type !== 'PlacesGiven') continue;
        for (const { registration } of (event.data as { places: readonly { registration: string }[] }).places) {
          expect(given.has(registration)).toBe(false);
          given.add(registration);
        }
        if (given.size > places) promotions += 1;
        expect([...given].filter((one) => standing.has(one)).length).toBeLessThanOrEqual(places);
      }
      // In the end everyone who is entitled has it on record.
      for (const { registration } of entitled(standingsOf(caseId, log))) expect(given).toContain(registration);
      expect(await room.runtime.incidents()).toEqual([]);
    }),
    { numRuns: 40 },
  );
  expect(promotions).toBeGreaterThan(0);
});

function refusedOnly(failure: unknown): void {
  if ((failure as Error).name !== 'DomainError') throw failure;
}
