import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Comparison, factsIn, holds } from './condition.js';

const facts = { 'form.cycles': 2, 'form.start': '2021-01-31', 'institution.level': 'undergraduate', 'form.open': true };

test('a comparison compares like with like', () => {
  expect(holds({ fact: 'form.cycles', op: '>=', value: 2 }, facts)).toBe(true);
  expect(holds({ fact: 'form.cycles', op: '>', value: 2 }, facts)).toBe(false);
  expect(holds({ fact: 'form.start', op: '<=', value: '2021-01-31' }, facts)).toBe(true);
  expect(holds({ fact: 'form.cycles', op: '<', value: '9' }, facts)).toBe(false);
  expect(holds({ fact: 'institution.level', op: 'in', value: ['vocational', 'undergraduate'] }, facts)).toBe(true);
});

test('what is not stated satisfies no comparison, not even "different from"', () => {
  for (const op of ['=', '!=', '<', '<=', '>', '>=', 'in'] as const)
    expect(holds({ fact: 'form.missing', op, value: op === 'in' ? [1] : 1 }, facts)).toBe(false);
  expect(holds({ fact: 'constructor', op: '!=', value: 1 }, facts)).toBe(false);
});

test('conditions combine as sentences do', () => {
  const is = (value: boolean) => ({ fact: 'form.open', op: '=', value }) as const;
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (parts) => {
      expect(holds({ all: parts.map(is) }, facts)).toBe(parts.every(Boolean));
      expect(holds({ any: parts.map(is) }, facts)).toBe(parts.some(Boolean));
      expect(holds({ not: { all: parts.map(is) } }, facts)).toBe(!parts.every(Boolean));
    }),
  );
});

test('order is what numbers say', () => {
  const operators: Record<string, (a: number, b: number) => boolean> = {
    '<': (a, b) => a < b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '>=': (a, b) => a >= b,
    '=': (a, b) => a === b,
    '!=': (a, b) => a !== b,
  };
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.constantFrom(...Object.keys(operators)), (a, b, op) => {
      expect(holds({ fact: 'n', op: op as Comparison, value: b }, { n: a })).toBe(operators[op]?.(a, b));
    }),
  );
});

test('a condition names the facts it reads', () => {
  expect(factsIn({ all: [{ fact: 'a', op: '=', value: 1 }, { not: { any: [{ fact: 'b', op: '=', value: 1 }] } }] })).toEqual([
    'a',
    'b',
  ]);
});
