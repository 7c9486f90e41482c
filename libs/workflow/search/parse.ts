import type { DomainError } from '#kernel';
import { refused } from '../refusal.js';
import { type SearchTerm, searchTerms, termNamed } from './terms.js';

export type Operator = ':' | '<' | '<=' | '>' | '>=';

/** A piece of the text with where it begins, from 1. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

export type Clause =
  | { readonly negated: boolean; readonly word: Piece }
  | { readonly negated: boolean; readonly term: SearchTerm; readonly operator: Operator; readonly values: readonly Piece[] };

export const longestSearch = 500;
const mostClauses = 30;
const mostValues = 50;

const operators: Readonly<Record<string, Operator>> = {
  ':': ':',
  '：': ':',
  '=': ':',
  '＝': ':',
  '<': '<',
  '＜': '<',
  '>': '>',
  '＞': '>',
  '<=': '<=',
  '≤': '<=',
  '>=': '>=',
  '≥': '>=',
};
const operatorAt = /(?:<=|>=|[:：=＝<＜>＞≤≥])/uy;
const minus = /[-－]/uy;
const nameOrWord = /[^\s:：=＝<＜>＞≤≥"“”「」]+/uy;
const bareValue = /[^\s,，、"“”「」]+/uy;
const comma = /[,，、]/uy;
const opening = /["“「]/uy;
const quoted = /[^"”」]*/uy;
const closing = /["”」]/uy;

/** @throws DomainError search.… with the place in the text and what was expected there */
export const searchRefused = (
  reason: 'unknown-term' | 'unknown-value' | 'operator' | 'unfinished' | 'too-long',
  { at, text }: Piece,
  en: string,
  zh: string,
  expected: readonly string[] = [],
): DomainError =>
  refused(`search.${reason}`, `At character ${at} of the search: ${en}`, `搜索条件第 ${at} 个字符处：${zh}`, {
    at,
    text,
    expected,
  });

/**
 * Reads a search: terms that must all hold, separated by spaces; `,` means or, `-` before a term means not, anything else is text.
 *
 * @throws DomainError search.…
 */
export function parseSearch(text: string): readonly Clause[] {
  if (text.length > longestSearch)
    throw searchRefused(
      'too-long',
      { at: longestSearch + 1, text: '' },
      `it ends here, at most.`,
      `最多 ${longestSearch} 个字符。`,
    );
  return new Reader(text).clauses();
}

class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  clauses(): readonly Clause[] {
    const found: Clause[] = [];
    for (this.take(/\s*/uy); this.position < this.text.length; this.take(/\s*/uy)) {
      if (found.length === mostClauses)
        throw searchRefused('too-long', this.rest(), `${mostClauses} terms at most.`, `最多 ${mostClauses} 个条件。`);
      found.push(this.clause());
    }
    return found;
  }

  private clause(): Clause {
    const negated = this.take(minus) !== undefined;
    const at = this.position + 1;
    const phrase = this.quotation();
    if (phrase !== undefined) return { negated, word: phrase };
    const name = this.take(nameOrWord);
    const operatorPlace = this.position + 1;
    const operator = this.take(operatorAt);
    if (operator === undefined) {
      if (name === undefined) throw this.unfinished('a term or a word', '条件或文字');
      return { negated, word: { text: name, at } };
    }
    const term = termOf({ text: name ?? '', at });
    const meant = operators[operator] as Operator;
    mayCompare(term, { text: operator, at: operatorPlace }, meant);
    return { negated, term, operator: meant, values: this.values(meant) };
  }

  private values(operator: Operator): readonly Piece[] {
    const values = [this.value()];
    while (this.take(comma) !== undefined) {
      if (operator !== ':' || values.length === mostValues)
        throw searchRefused('operator', this.rest(), 'one value ends here.', '此处只能有一个值。');
      values.push(this.value());
    }
    return values;
  }

  private value(): Piece {
    const at = this.position + 1;
    const found = this.quotation() ?? { text: this.take(bareValue) ?? '', at };
    if (found.text === '') throw this.unfinished('a value', '一个值');
    return found;
  }

  private quotation(): Piece | undefined {
    const at = this.position + 1;
    if (this.take(opening) === undefined) return undefined;
    const text = this.take(quoted) ?? '';
    if (this.take(closing) === undefined) throw this.unfinished('a closing quotation mark', '后引号');
    if (text.trim() === '') throw searchRefused('unfinished', { at, text }, 'the quotation is empty.', '引号内为空。');
    return { text, at };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.position += found.length;
    return found;
  }

  private rest = (): Piece => ({ at: this.position + 1, text: this.text.slice(this.position) });

  private unfinished = (en: string, zh: string): DomainError =>
    searchRefused('unfinished', this.rest(), `${en} is missing.`, `缺少${zh}。`);
}

function termOf(name: Piece): SearchTerm {
  const term = termNamed(name.text);
  if (term !== undefined) return term;
  const known = searchTerms.map((one) => one.name);
  throw searchRefused(
    'unknown-term',
    name,
    `“${name.text}” is no term; use ${known.join(', ')}, or put text in quotation marks.`,
    `没有“${name.text}”这一条件，可用：${searchTerms.map(({ zh }) => zh[0]).join('、')}；若为文字请加引号。`,
    known,
  );
}

function mayCompare({ name, zh, kind }: SearchTerm, written: Piece, operator: Operator): void {
  if (operator === ':' || kind === 'number' || kind === 'day') return;
  throw searchRefused('operator', written, `“${name}” takes “:” only.`, `“${zh[0]}”只能使用“:”。`, [':']);
}
