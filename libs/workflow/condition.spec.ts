import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comparisonsIn, conditionLanguage, factsIn, type Facts } from './condition.js';

const language = conditionLanguage({
  form: { cycles: 'int', start: 'date', missing: 'int', notDated: 'date', open: 'bool', title: 'string' },
  institution: { level: 'string' },
  round: { opensOn: 'date' },
});
const facts: Facts = {
  'form.cycles': 2,
  'form.start': '2021-01-31',
  'form.open': true,
  'form.title': '大学物理',
  'institution.level': 'undergraduate',
  'round.opensOn': '2026-03-02',
  'subject.credits': 2.5,
  'subject.hours': 48,
};
const holds = (condition: string): boolean => {
  expect(language.fault(condition)).toBeUndefined();
  return language.holds(condition, facts);
};
const fault = (condition: string) => language.fault(condition)?.what;

test('a comparison compares like with like', () => {
  expect(holds('form.cycles >= 2')).toBe(true);
  expect(holds('form.cycles > 2')).toBe(false);
  expect(holds('institution.level in ["vocational", "undergraduate"]')).toBe(true);
  expect(holds('subject.credits > 2 && subject.credits < 3')).toBe(true);
  expect(holds('subject.hours * 100 >= 20 * 240')).toBe(true);
  expect(holds('form.title.contains("物理")')).toBe(true);
});

test('days are days: compared as such, and moved by months and years', () => {
  expect(holds('form.start <= date("2021-01-31")')).toBe(true);
  expect(holds('form.start == date("2021-01-31")')).toBe(true);
  expect(holds('form.start != round.opensOn')).toBe(true);
  expect(holds('form.start.addMonths(1) == date("2021-02-28")')).toBe(true);
  expect(holds('form.start >= round.opensOn.addYears(-5)')).toBe(false);
  expect(holds('form.start in [date("2021-01-30"), date("2021-01-31")]')).toBe(true);
});

test('what is not stated satisfies nothing, whichever way it is asked', () => {
  for (const op of ['==', '!=', '<', '<=', '>', '>=']) expect(holds(`form.missing ${op} 1`)).toBe(false);
  expect(holds('!(form.missing == 1)')).toBe(false);
  expect(holds('form.missing in [1]')).toBe(false);
  expect(holds('subject.constructor == 1')).toBe(false);
  expect(holds('form.notDated < round.opensOn')).toBe(false);
});

test('a condition may ask whether something is stated, and then need not read it', () => {
  expect(holds('has(form.missing)')).toBe(false);
  expect(holds('!has(form.missing) || form.missing > 3')).toBe(true);
  expect(holds('has(form.cycles) && form.cycles > 1')).toBe(true);
});

test('what the types contradict is found before anybody applies', () => {
  expect(fault('form.cycles >= "two"')).toBe('type');
  expect(fault('form.start < "2021-01-31"')).toBe('type');
  expect(fault('form.cycles + 1')).toBe('not-boolean');
  expect(fault('form.cycles.contains("2")')).toBe('type');
  expect(fault('form.cycle >= 2')).toBe('unknown-fact');
  expect(fault('applicant.level == "x"')).toBe('unknown-fact');
  expect(fault('form.__proto__ == form')).toBe('unknown-fact');
  expect(fault('form.cycles >=')).toBe('syntax');
});

test('nothing that loops, matches patterns, reads a clock or a time zone is part of the language', () => {
  const beyond = [
    '[1, 2].all(n, n < form.cycles)',
    '[1].map(a, [1].map(b, a)).size() > 0',
    'form.title.matches("(a+)+$")',
    'timestamp("2026-01-01T00:00:00Z") < timestamp("2027-01-01T00:00:00Z")',
    'timestamp("2026-01-01T00:00:00Z").getHours("Asia/Shanghai") == 8',
    'duration("1h") == duration("60m")',
    'date(form.title) < form.start',
    'date("2021-02-29") < form.start',
    '{"a": 1}.a == 1',
    'dyn(1) == 1',
    'subject["credits"] > 1',
    'form.title in "大学物理"',
  ];
  expect(beyond.filter((condition) => fault(condition) !== 'not-allowed')).toEqual([]);
});

test('what is too long, too deep or too wide is not read at all', () => {
  expect(fault(Array.from({ length: 400 }, () => 'form.open').join(' && '))).toBe('syntax');
  expect(fault(`${'('.repeat(1000)}form.open${')'.repeat(1000)}`)).toBe('syntax');
  expect(fault(`form.cycles in [${Array.from({ length: 200 }, (_, n) => n).join(',')}]`)).toBe('syntax');
});

test('numbers that overflow satisfy nothing, and nothing breaks', () => {
  expect(holds('form.cycles * 9223372036854775807 > 0')).toBe(false);
  expect(holds('form.start.addYears(form.cycles * 100000) > form.start')).toBe(false);
  expect(holds('form.start.addMonths(9223372036854775807 - form.cycles) > form.start')).toBe(false);
});

test('a day that the condition itself puts beyond a thousand years is refused beforehand', () => {
  const far = ['addMonths(12001)', 'addMonths(-999999999999)', 'addYears(1001)', 'addMonths(1).addYears(-100000)'];
  for (const one of far) expect(fault(`form.start.${one} > form.start`)).toBe('beyond-calendar');
  expect(fault('form.start.addMonths(form.cycles) > form.start.addYears(-1000)')).toBeUndefined();
});

test('conditions combine as sentences do', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (parts) => {
      const is = parts.map((value) => `form.open == ${value}`);
      expect(holds(is.join(' && '))).toBe(parts.every(Boolean));
      expect(holds(is.join(' || '))).toBe(parts.some(Boolean));
      expect(holds(`!(${is.join(' && ')})`)).toBe(!parts.every(Boolean));
    }),
  );
});

test('whatever is typed, it is either refused beforehand or true or false of every application', () => {
  const piece = fc.constantFrom(
    ...['form.cycles', 'form.start', 'form.open', 'form.missing', 'subject.x', 'form', 'round.opensOn', 'has(form.missing)'],
    ...[
      '2',
      '-1',
      '1.5',
      '"x"',
      'true',
      'null',
      'date("2021-01-31")',
      '[1]',
      '==',
      '<',
      'in',
      '&&',
      '||',
      '!',
      '+',
      '-',
      '*',
      '(',
      ')',
      '? 1 :',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), (pieces) => {
      const condition = pieces.join(' ');
      if (language.fault(condition) !== undefined) return;
      expect(typeof language.holds(condition, facts)).toBe('boolean');
      expect(language.holds(condition, {})).toBe(language.holds(condition, {}));
    }),
    { numRuns: 2000 },
  );
});

test('a condition names the facts it reads, and what it compares them with', () => {
  expect(factsIn('form.cycles >= 2 && !(subject.credits == 1 || has(form.cycles))')).toEqual(['form.cycles', 'subject.credits']);
  expect(comparisonsIn('2 < form.cycles || institution.level in ["a", "b"]')).toEqual([
    { fact: 'form.cycles', op: '>', values: [2] },
    { fact: 'institution.level', op: 'in', values: ['a', 'b'] },
  ]);
});
