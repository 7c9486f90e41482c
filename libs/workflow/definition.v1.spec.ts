import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { DefinitionAdopted } from './definition.messages.js';
import { inCel } from './definition.v1.js';
import { languageOf } from './facts.js';

const old = (JSON.parse(readFileSync('test/golden/DefinitionAdopted.1.json', 'utf8')) as { readonly data: DefinitionAdopted })
  .data;
const withRule = (require: unknown, type = 'integer'): DefinitionAdopted => ({
  ...old,
  definition: {
    ...old.definition,
    subject: { ...old.definition.subject, fields: [{ id: 'n', type, min: 0, max: 9, label: { en: 'N', zh: 'N' } } as never] },
    eligibility: [{ id: 'r', clause: { en: 'C', zh: 'C' }, text: { en: 'T', zh: 'T' }, require: require as string }],
  },
});
const decided = (require: unknown, facts: Readonly<Record<string, string | number>>, type?: string): boolean => {
  const { definition } = inCel(withRule(require, type));
  const condition = definition.eligibility[0]?.require as string;
  expect(languageOf(definition).fault(condition)).toBeUndefined();
  return languageOf(definition).holds(condition, facts);
};
const atLeast = (value: unknown) => ({ fact: 'form.n', op: '>=', value });

test('a definition that was adopted before conditions were written in CEL says the same, under its own hash', () => {
  const { definition, hash, version } = inCel(old);
  expect({ hash, version }).toEqual({ hash: old.hash, version: old.version });
  expect(definition.eligibility.map(({ require }) => languageOf(definition).fault(require))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(definition.eligibility[2]?.require).toBe(
    'has(institution.level) && institution.level in ["undergraduate","vocational"]',
  );
});

test('what was not stated made a comparison false and its negation true, and does so still', () => {
  expect([decided(atLeast(2), { 'form.n': 2 }), decided(atLeast(2), { 'form.n': 1 }), decided(atLeast(2), {})]).toEqual([
    true,
    false,
    false,
  ]);
  expect([decided({ not: atLeast(2) }, { 'form.n': 2 }), decided({ not: atLeast(2) }, {})]).toEqual([false, true]);
  expect(decided({ all: [{ any: [atLeast(9), atLeast(1)] }, { not: atLeast(5) }] }, { 'form.n': 3 })).toBe(true);
});

test('days that were compared as texts are compared as days', () => {
  expect(decided({ fact: 'form.n', op: '<=', value: '2026-01-31' }, { 'form.n': '2026-01-31' }, 'date')).toBe(true);
  expect(decided({ fact: 'form.n', op: 'in', value: ['2026-01-30', '2026-01-31'] }, { 'form.n': '2026-01-29' }, 'date')).toBe(
    false,
  );
});
