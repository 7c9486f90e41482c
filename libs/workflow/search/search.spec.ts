import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import fc from 'fast-check';
import { Bound, conditionOf } from './compile.js';
import { stageKindNames } from './lexicon.js';
import { parseSearch } from './parse.js';
import { type Lexicon, searchTerms } from './terms.js';

const lexicon: Lexicon = {
  utcOffsetMinutes: 480,
  stages: [
    { code: 'formal-check', names: ['形式审查', 'Formal check'] },
    { code: 'expert-review', names: ['专家评审', 'Expert review'] },
    { code: 'second-review', names: ['二轮评审', 'Second review'] },
    ...stageKindNames,
  ],
  kinds: [{ code: 'online', names: ['线上课程', 'Online course'] }],
  rounds: [{ code: 'a.spring', names: ['春季轮次', 'Spring', 'spring'] }],
};

function compiled(text: string, named = lexicon): { readonly sql: string; readonly values: readonly unknown[] } {
  const bound = new Bound([]);
  const compiling = { bound, lexicon: named, schema: 'view_cases', now: new Date('2026-11-20T17:00:00.000Z') };
  const sql = parseSearch(text)
    .map((clause) => conditionOf(clause, compiling))
    .join(' and ');
  return { sql, values: bound.values };
}

const valuesOf = (text: string): readonly unknown[] => compiled(text).values;

/** @returns the refusal; undefined for what is understood */
function refusal(text: string): DomainError | undefined {
  try {
    compiled(text);
    return undefined;
  } catch (failure) {
    if (failure instanceof DomainError) return failure;
    throw failure;
  }
}

function refusalOf(text: string): object {
  const { code, details = {}, text: sentence } = refusal(text) ?? {};
  const { at, expected } = details;
  expect(sentence?.en).toContain(`character ${String(at)}`);
  expect(sentence?.zh).toContain(`第 ${String(at)} 个字符`);
  return { code, at, expected };
}

test('terms must all hold, values after one colon are alternatives, a minus turns a term round', () => {
  const [province, stage, word] = parseSearch('province:广东,湖南 -stage:publicity "数据结构"');
  expect(province).toMatchObject({ negated: false, term: { name: 'province' }, values: [{ text: '广东' }, { text: '湖南' }] });
  expect(stage).toMatchObject({ negated: true, term: { name: 'stage' } });
  expect(word).toEqual({ negated: false, word: { text: '数据结构', at: 33 } });
});

test('whoever writes Chinese writes names, full-width signs and Chinese quotation marks', () => {
  expect(valuesOf('省份：广东，湖南')).toEqual([['44', '43']]);
  expect(valuesOf('环节:形式审查')).toEqual([['formal-check']]);
  expect(valuesOf('－状态：办理中　“数据 结构”')).toEqual([['open'], '数据 结构']);
  expect(valuesOf('已评＜3 异议数≥1')).toEqual([3, 1]);
  expect(valuesOf('逾期:是')).toEqual([new Date('2026-11-20T17:00:00.000Z')]);
});

test('a name that is given in part means every value that is called so', () => {
  expect(valuesOf('stage:评审')).toEqual([['expert-review', 'second-review', 'panel']]);
  expect(valuesOf('round:spring')).toEqual([['a.spring']]);
});

test('a day is a day of Beijing, from its first instant to its last', () => {
  const start = new Date('2026-11-30T16:00:00.000Z');
  const end = new Date('2026-12-01T16:00:00.000Z');
  expect(valuesOf('due<2026-12-01')).toEqual([start]);
  expect(valuesOf('due<=2026-12-01')).toEqual([end]);
  expect(valuesOf('due:2026-12-01')).toEqual([start, end]);
  expect(valuesOf('due>2026-12-01')).toEqual([end]);
  // It is the 21st in Beijing by then.
  expect(valuesOf('due<today+10')).toEqual([start]);
  expect(valuesOf('期限<今天+10')).toEqual([start]);
});

test('what is not understood is refused with its place and with what was expected there', () => {
  expect(refusalOf('overdue:yes stge:panel')).toMatchObject({ code: 'search.unknown-term', at: 13 });
  expect(refusalOf('stage:expert-revue')).toEqual({
    code: 'search.unknown-value',
    at: 7,
    expected: ['formal-check', 'expert-review', 'second-review', ...stageKindNames.map(({ code }) => code)],
  });
  expect(refusalOf('stage<3')).toEqual({ code: 'search.operator', at: 6, expected: [':'] });
  expect(refusalOf('reviews<3,4')).toMatchObject({ code: 'search.operator', at: 11 });
  expect(refusalOf('reviews<many')).toMatchObject({ code: 'search.unknown-value', at: 9 });
  expect(refusalOf('reviews:-1')).toMatchObject({ code: 'search.unknown-value', at: 9 });
  expect(refusalOf('due<2026-02-30')).toMatchObject({ code: 'search.unknown-value', at: 5 });
  expect(refusalOf('overdue:maybe')).toMatchObject({ code: 'search.unknown-value', at: 9 });
  expect(refusalOf('province:')).toMatchObject({ code: 'search.unfinished', at: 10 });
  expect(refusalOf('province:广东,')).toMatchObject({ code: 'search.unfinished', at: 13 });
  expect(refusalOf('stage:formal-check -')).toMatchObject({ code: 'search.unfinished', at: 21 });
  expect(refusalOf('"数据')).toMatchObject({ code: 'search.unfinished' });
  expect(refusalOf('x '.repeat(31))).toMatchObject({ code: 'search.too-long', at: 61 });
  expect(refusalOf('x'.repeat(501))).toMatchObject({ code: 'search.too-long', at: 501 });
});

test('nothing that anyone types becomes part of the statement', () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom("'; drop table x; --", "') or true --", '$1', '$now', '$schema'),
  );
  const piece = fc.oneof(
    hostile,
    fc
      .tuple(fc.constantFrom(...searchTerms.map(({ name }) => name)), fc.constantFrom(':', '<', '>='), hostile)
      .map((parts) => parts.join('')),
    hostile.map((text) => `"${text}"`),
  );
  const shapes = new Set<string>();
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const text = pieces.join(' ');
      if (refusal(text) !== undefined) return;
      const { sql } = compiled(text);
      // Without its places for values, the statement is made of a few constant pieces: no text of the search is left in it.
      for (const part of sql.replace(/\$\d+/g, '$').split(' and ')) shapes.add(part);
    }),
    { numRuns: 2_000 },
  );
  expect(shapes.size).toBeLessThan(200);
  for (const shape of shapes) expect(shape).not.toMatch(/drop|--|\$now|\$schema/);
});

test('panels that are late with their reviews are found by the kind of the stage, whatever a workflow calls it', () => {
  const { sql, values } = compiled('stage:panel overdue:yes reviews<3 province:广东');
  expect(values).toEqual([['panel'], new Date('2026-11-20T17:00:00.000Z'), 3, ['44']]);
  expect(sql).toContain('c.stage_kinds');
  expect(sql).toContain('c.seen_due_at');
});

test('a day is the alliance’s own, wherever its clocks are', () => {
  const from = (utcOffsetMinutes: number) => compiled('due>=today', { ...lexicon, utcOffsetMinutes }).values;
  expect(from(480)).toEqual([new Date('2026-11-20T16:00:00.000Z')]);
  expect(from(420)).toEqual([new Date('2026-11-20T17:00:00.000Z')]);
  expect(from(330)).toEqual([new Date('2026-11-19T18:30:00.000Z')]);
});
