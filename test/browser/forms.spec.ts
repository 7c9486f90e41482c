import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDefinition } from '#workflow';
import { differences, written as lines } from '../../apps/console/src/charter/differences.js';
import { askedOf, concerns, rubricOf } from '../../apps/console/src/conditions.js';
import { choicesOf, isRegistered, leadersOf } from '../../apps/console/src/persons.js';
import { readQuotas, written } from '../../apps/console/src/quotas.js';
import type { Definition, Quota, Stage } from '../../apps/console/src/shapes.js';

const { definition } = await loadDefinition('workflows/course-accreditation.yaml');
const shown = { fields: definition.subject.fields, dates: definition.round.dates ?? [] } as unknown as Definition;

test('a form asks what the kind applied for is asked, and drops what it is no longer asked', () => {
  const asked = (kind: string): readonly string[] =>
    shown.fields.filter(({ when }) => when !== undefined && concerns(shown, when, { kind })).map(({ id }) => id);
  expect(asked('online')).toEqual(['platform', 'runs', 'openToPublic', 'platformRegistered']);
  expect(asked('offline')).toEqual(['taughtInClass']);
  expect(asked('social-practice')).toEqual(['stableBase', 'notInternship']);
  expect(askedOf(shown, { kind: 'offline', runs: 3, title: '物理' })).toEqual({ kind: 'offline', title: '物理' });
});

test('a person of the form is one who leads a course of the university, or stands there already; the leader is as registered', () => {
  const leaders = leadersOf([
    { leader: 'person-1', leaderName: '宋知微' },
    { leader: 'person-1', leaderName: '宋知微' },
    { leader: 'person-2', leaderName: null },
  ]);
  expect(choicesOf(leaders, undefined, 'On record')).toEqual([{ value: 'person-1', label: '宋知微' }]);
  expect(choicesOf(leaders, 'person-3', 'On record').map(({ label }) => label)).toEqual(['On record', '宋知微']);
  expect([isRegistered({ id: 'leader' }), isRegistered({ id: 'author' })]).toEqual([true, false]);
});

test('a reviewer is shown the rubric of the kind that was applied for', () => {
  const stage = definition.stages.find(({ id }) => id === 'online-review') as unknown as Stage;
  expect(rubricOf(stage, { kind: 'blended' })?.criteria.map(({ id }) => id)).toContain('blend');
  expect(rubricOf(stage, {})).toBe(stage.rubric);
});

const quotas: fc.Arbitrary<Quota> = fc
  .record({
    by: fc.constantFrom(undefined, 'form.kind', 'institution.province'),
    each: fc.option(fc.nat(999), { nil: undefined }),
    places: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,8}$/), fc.nat(999), { minKeys: 1, maxKeys: 4 }),
    through: fc.constantFrom(undefined, 'recommendation'),
  })
  .map(({ by, each, places, through }) => {
    const { each: _each, ...named } = places;
    const way = through === undefined ? {} : { through };
    if (by === undefined || Object.keys(named).length === 0)
      return { ...(by === undefined ? {} : { by }), each: each ?? 7, ...way };
    return { by, ...(each === undefined ? {} : { each }), places: named, ...way };
  });

test('quotas are read as they are written', () => {
  fc.assert(
    fc.property(fc.array(quotas, { minLength: 1, maxLength: 5 }), (given) => {
      expect(readQuotas(written(given))).toEqual(given);
    }),
  );
  expect(readQuotas('form.kind：online 40，each 5')).toEqual([{ by: 'form.kind', each: 5, places: { online: 40 } }]);
  expect(['', 'form.kind', 'kind: online 4', 'all: online 4', 'form.kind: online many'].map(readQuotas)).toEqual([1, 1, 1, 1, 1]);
  expect(readQuotas('all: each 9\nform.kind: online -4')).toBe(2);
});

test('what would change in a charter leads from the one text to the other, and nothing of what stays is shown as changed', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((some) => some.join('\n'));
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const runs = differences(before, after);
      const side = (of: string): string =>
        runs.flatMap((run) => (run.of === of || run.of === 'both' ? run.lines : [])).join('\n');
      expect([side('before'), side('after')]).toEqual([before, after]);
      expect(runs.every(({ of }, index) => of !== runs[index - 1]?.of)).toBe(true);
    }),
  );
  const kept = differences('1\n2\n3\n4', '1\n3\n4\n5').map(({ of, lines: some }) => [of, ...some]);
  expect(kept).toEqual([
    ['both', '1'],
    ['before', '2'],
    ['both', '3', '4'],
    ['after', '5'],
  ]);
  expect(lines({ b: [{ d: 1, c: 2 }], a: null })).toBe(lines({ a: null, b: [{ c: 2, d: 1 }] }));
});
