import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { barredAmong, draw, type DrawInputs, exclusionOf } from './panel.draw.js';

const person = fc.integer({ min: 0, max: 30 }).map((number) => `person-${number}`);
const institution = fc.integer({ min: 0, max: 8 }).map((number) => `institution-${number}`);
const someInputs: fc.Arbitrary<DrawInputs> = fc.record({
  seats: fc.uniqueArray(fc.record({ person, institution }), { selector: (seat) => seat.person, maxLength: 30 }),
  wanted: fc.integer({ min: 1, max: 6 }),
  seed: fc.string(),
  applicant: institution,
  declared: fc.array(person, { maxLength: 5 }),
  served: fc.array(person, { maxLength: 5 }),
  taken: fc.array(institution, { maxLength: 2 }),
  loads: fc.dictionary(person, fc.nat(5)),
  maxLoad: fc.integer({ min: 1, max: 5 }),
  onePerInstitution: fc.boolean(),
});
const seatOf = ({ seats }: DrawInputs, one: string) => seats.find((seat) => seat.person === one) as DrawInputs['seats'][number];

test('all or nobody is drawn, each once, none of them barred, and none passed over for a greater load', () => {
  fc.assert(
    fc.property(someInputs, (inputs) => {
      const { reviewers, blocking } = draw(inputs);
      expect([0, inputs.wanted]).toContain(reviewers.length);
      expect(reviewers.length === 0).toBe(blocking.length > 0);
      expect(new Set(reviewers).size).toBe(reviewers.length);
      for (const one of reviewers) expect(exclusionOf(inputs, seatOf(inputs, one))).toBeUndefined();
      const institutions = new Set(reviewers.map((one) => seatOf(inputs, one).institution)).size;
      expect(institutions).toBeGreaterThanOrEqual(inputs.onePerInstitution ? reviewers.length : 0);
      const load = (one: string): number => inputs.loads[one] ?? 0;
      const passedOver = inputs.seats.filter(
        (seat) => exclusionOf(inputs, seat) === undefined && !reviewers.includes(seat.person),
      );
      // One per institution may pass over a free colleague of someone drawn.
      const comparable = inputs.onePerInstitution || reviewers.length === 0 ? [] : passedOver;
      for (const other of comparable) expect(load(other.person)).toBeGreaterThanOrEqual(Math.max(...reviewers.map(load)));
    }),
  );
});

const fewInputs: fc.Arbitrary<DrawInputs> = fc
  .uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 8 })
  .chain((numbers) => {
    const people = numbers.map((number) => `person-${number}`);
    const pair = fc.tuple(fc.constantFrom(...people), fc.constantFrom(...people)).filter(([one, other]) => one !== other);
    return fc.record({
      seats: fc.constant(people.map((one, index) => ({ person: one, institution: `institution-${index % 5}` }))),
      wanted: fc.integer({ min: 1, max: 4 }),
      seed: fc.string(),
      applicant: fc.constant('elsewhere'),
      declared: fc.constant([]),
      served: fc.constant([]),
      taken: fc.constant([]),
      loads: fc.constant({}),
      maxLoad: fc.constant(1),
      onePerInstitution: fc.boolean(),
      apart: people.length < 2 ? fc.constant([]) : fc.array(pair, { maxLength: 6 }),
    });
  });

/** Every way to choose so many, in their order. */
const choices = (people: readonly string[], wanted: number): readonly (readonly string[])[] =>
  wanted === 0
    ? [[]]
    : people.flatMap((one, index) => choices(people.slice(index + 1), wanted - 1).map((others) => [one, ...others]));

test('reviewers are drawn wherever so many may sit together, whoever is kept apart from whom', () => {
  fc.assert(
    fc.property(fewInputs, (inputs) => {
      const people = inputs.seats.map((seat) => seat.person);
      const isPossible = choices(people, inputs.wanted).some((chosen) => barredAmong(inputs, chosen).length === 0);
      const { reviewers, blocking } = draw(inputs);
      expect(reviewers.length > 0).toBe(isPossible);
      expect(barredAmong(inputs, reviewers)).toEqual([]);
      for (const pair of inputs.apart ?? []) expect(pair.every((one) => reviewers.includes(one))).toBe(false);
      expect(blocking.length > 0).toBe(!isPossible);
    }),
    { numRuns: 500 },
  );
});

test('the order in which the pool is listed does not choose', () => {
  fc.assert(
    fc.property(someInputs, (inputs) => {
      expect(draw({ ...inputs, seats: inputs.seats.toReversed() }).reviewers).toEqual(draw(inputs).reviewers);
    }),
  );
});

test('lifting the blocking set makes the draw possible, and lifting less does not', () => {
  const lift = (inputs: DrawInputs, lifted: readonly string[]): DrawInputs => ({
    ...inputs,
    ...(lifted.includes('load') ? { maxLoad: Number.MAX_SAFE_INTEGER } : {}),
    ...(lifted.includes('declared') ? { declared: [] } : {}),
    ...(lifted.includes('served') ? { served: [] } : {}),
    ...(lifted.includes('same-institution') ? { applicant: 'nobody' } : {}),
    ...(lifted.includes('institution-taken') ? { onePerInstitution: false } : {}),
  });
  fc.assert(
    fc.property(someInputs, (inputs) => {
      const blocking = draw(inputs).blocking.map(({ constraint }) => constraint);
      // A person may be barred twice over; only pools in which each is barred once tell which constraint it was.
      const simple = inputs.seats.every(
        (seat) =>
          [
            seat.institution === inputs.applicant,
            inputs.declared.includes(seat.person),
            inputs.served.includes(seat.person),
            inputs.onePerInstitution && inputs.taken.includes(seat.institution ?? ''),
            (inputs.loads[seat.person] ?? 0) >= inputs.maxLoad,
          ].filter(Boolean).length <= 1,
      );
      fc.pre(simple && blocking.length > 0 && !blocking.includes('pool'));
      expect(draw(lift(inputs, blocking)).reviewers).toHaveLength(inputs.wanted);
      for (const kept of blocking)
        expect(
          draw(
            lift(
              inputs,
              blocking.filter((one) => one !== kept),
            ),
          ).reviewers,
        ).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('another seed draws others', () => {
  const seats = Array.from({ length: 20 }, (_, index) => ({ person: `person-${index}`, institution: `institution-${index}` }));
  const inputs = {
    seats,
    wanted: 3,
    applicant: 'x',
    declared: [],
    served: [],
    taken: [],
    loads: {},
    maxLoad: 9,
    onePerInstitution: true,
  };
  const drawn = new Set(Array.from({ length: 50 }, (_, seed) => draw({ ...inputs, seed: String(seed) }).reviewers.join()));
  expect(drawn.size).toBeGreaterThan(40);
});
