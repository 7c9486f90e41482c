import { type Clause, type Operator, type Piece, searchRefused } from './parse.js';
import type { Lexicon, Named, SearchTerm } from './terms.js';

/** Collects the values that a statement is bound to. */
export class Bound {
  constructor(readonly values: unknown[]) {}

  /** @returns the place of the value in the statement: `$7` */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export interface Compiling {
  readonly bound: Bound;
  readonly lexicon: Lexicon;
  readonly schema: string;
  readonly now: Date;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * A clause as a condition on the row `c`. Whatever may not be known of a case is unknown to the clause, negated or not: neither matches.
 *
 * @throws DomainError search.… for a value that the term does not take
 */
export function conditionOf(clause: Clause, compiling: Compiling): string {
  const not = clause.negated ? 'not ' : '';
  if ('word' in clause) {
    const text = compiling.bound.bind(clause.word.text);
    return `${not}(position(lower(${text}::text) in lower(c.title || ' ' || c.number || ' ' || c.seen_name)) > 0)`;
  }
  const holds = `coalesce(${comparison(clause, compiling)}, false)`;
  return `${not}(${forWhoSees[clause.term.seenBy](holds)})`;
}

const forWhoSees: Readonly<Record<SearchTerm['seenBy'], (condition: string) => string>> = {
  all: (condition) => condition,
  'not-blind': (condition) => `case when c.knows then ${condition} end`,
  keeper: (condition) => `case when c.keeps then ${condition} end`,
};

type TermClause = Extract<Clause, { readonly term: SearchTerm }>;

function comparison({ term, operator, values }: TermClause, compiling: Compiling): string {
  const { bound } = compiling;
  const sql = term.sql.replaceAll('$schema', compiling.schema);
  switch (term.kind) {
    case 'choice':
      return `${sql} = any(${bound.bind(codesOf(term, values, compiling.lexicon))}::text[])`;
    case 'choices':
      return `${sql} && ${bound.bind(codesOf(term, values, compiling.lexicon))}::text[]`;
    case 'institution':
      return institutionIs(sql, bound.bind(values.map(({ text }) => text)));
    case 'number': {
      const numbers = values.map(numberOf);
      return operator === ':'
        ? `${sql} = any(${bound.bind(numbers)}::int[])`
        : `${sql} ${operator} ${bound.bind(numbers[0])}::int`;
    }
    case 'day':
      return `(${values.map((value) => onDay(sql, operator, dayOf(value, compiling), compiling)).join(' or ')})`;
    case 'yes-no': {
      const asked = new Set(values.map(yesOf));
      const holds = `coalesce(${sql.replaceAll('$now', () => `${bound.bind(compiling.now)}::timestamptz`)}, false)`;
      return asked.size === 2 ? 'true' : `${holds} = ${asked.has(true)}`;
    }
  }
}

const institutionIs = (sql: string, asked: string): string =>
  `(${sql} = any(${asked}::text[]) or right(${sql}, 5) = any(${asked}::text[])
    or exists (select 1 from unnest(${asked}::text[]) as part where position(lower(part) in lower(c.institution_name)) > 0))`;

/** A day is all of its instants: before it is before its first, after it is after its last. */
function onDay(sql: string, operator: Operator, day: number, { bound, lexicon }: Compiling): string {
  const instant = (from: number): string =>
    `${bound.bind(new Date(from * dayMs - lexicon.utcOffsetMinutes * minuteMs))}::timestamptz`;
  switch (operator) {
    case ':':
      return `(${sql} >= ${instant(day)} and ${sql} < ${instant(day + 1)})`;
    case '<':
      return `${sql} < ${instant(day)}`;
    case '<=':
      return `${sql} < ${instant(day + 1)}`;
    case '>':
      return `${sql} >= ${instant(day + 1)}`;
    case '>=':
      return `${sql} >= ${instant(day)}`;
  }
}

const noLexicon: readonly Named[] = [];

/** The codes of everything that the values name: exactly, or else as part of a name. */
function codesOf(term: SearchTerm, values: readonly Piece[], lexicon: Lexicon): readonly string[] {
  const { values: taken = noLexicon } = term;
  const known = typeof taken === 'string' ? lexicon[taken] : taken;
  return values.flatMap((value) => {
    const text = value.text.toLowerCase();
    const named = ({ code, names }: Named): readonly string[] => [code, ...names].map((name) => name.toLowerCase());
    const exact = known.filter((one) => named(one).includes(text));
    const found = exact.length > 0 ? exact : known.filter((one) => named(one).some((name) => name.includes(text)));
    if (found.length === 0) throw unknownValue(term, value, known);
    return found.map(({ code }) => code);
  });
}

const shownAtMost = 40;

function unknownValue({ name, zh }: SearchTerm, value: Piece, known: readonly Named[]) {
  const shown = known.slice(0, shownAtMost);
  return searchRefused(
    'unknown-value',
    value,
    `“${value.text}” is none of the values of “${name}”: ${shown.map(({ code }) => code).join(', ')}.`,
    `“${value.text}”不是“${zh[0]}”的取值，可用：${shown.map(({ code, names }) => names[0] ?? code).join('、')}。`,
    shown.map(({ code }) => code),
  );
}

function numberOf(value: Piece): number {
  if (/^\d{1,6}$/.test(value.text)) return Number(value.text);
  throw searchRefused('unknown-value', value, 'a whole number is expected, such as 3.', '应为整数，例如 3。', ['3']);
}

const yes: ReadonlySet<string> = new Set(['yes', 'true', '是', '有']);
const no: ReadonlySet<string> = new Set(['no', 'false', '否', '无']);

function yesOf(value: Piece): boolean {
  const text = value.text.toLowerCase();
  if (yes.has(text)) return true;
  if (no.has(text)) return false;
  throw searchRefused('unknown-value', value, 'yes or no is expected.', '应为“是”或“否”。', ['yes', 'no']);
}

/** Days since 1970-01-01 of a date, or of so many days from today. */
function dayOf(value: Piece, { now, lexicon }: Compiling): number {
  const relative = /^(?:today|今天)(?:([+-])(\d{1,4}))?$/u.exec(value.text.toLowerCase());
  if (relative !== null) {
    const [, sign, days = '0'] = relative;
    return Math.floor((now.getTime() + lexicon.utcOffsetMinutes * minuteMs) / dayMs) + (sign === '-' ? -1 : 1) * Number(days);
  }
  const at = /^(?:19|2\d)\d{2}-\d{2}-\d{2}$/.test(value.text) ? Date.parse(`${value.text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(value.text)) return at / dayMs;
  throw searchRefused(
    'unknown-value',
    value,
    'a day is expected: 2026-12-01, today or today+7.',
    '应为日期：2026-12-01、今天 或 今天+7。',
    ['2026-12-01', 'today', 'today+7'],
  );
}
