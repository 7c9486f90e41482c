import { type ASTNode, Environment, EvaluationError, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { monthsLater } from './calendar/months.js';

/**
 * A rule over facts, in the Common Expression Language: `form.cycles >= 2 && institution.level in ['undergraduate']`.
 *
 * Of CEL only what has no loop and no clock: comparisons, `&& || ! ?: in`, `+ - *`, `has`, `size`, `contains`, `startsWith`, `endsWith`, and
 * days: `date('2026-01-31')`, `.addMonths(n)`, `.addYears(n)`. Its cost is bounded by its length.
 */
export type Condition = string;

export type FactValue = string | number | boolean;
/** By name: `form.terms`, `subject.credits`, `institution.level`, `round.closesOn`. Days are ISO dates. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

export type FactKind = 'string' | 'int' | 'bool' | 'date';

/** The facts that a language knows, by group. What a register says of a subject (`subject.*`) is its own affair. */
export type FactSchema = Readonly<Record<'form' | 'institution' | 'round', Readonly<Record<string, FactKind>>>>;

/** What a register says of a subject. Numbers may be whole or not. */
export type RegisterFacts = Readonly<Record<string, 'string' | 'int' | 'double' | 'bool'>>;

/** What keeps a condition from being decided, and where in its text (from 0). */
export interface ConditionFault {
  readonly what: 'syntax' | 'not-allowed' | 'beyond-calendar' | 'unknown-fact' | 'type' | 'not-boolean';
  /** What the language itself says of it, in English. */
  readonly detail?: string;
  readonly start: number;
  readonly end: number;
}

/** A fact compared with what the condition itself states. */
export interface Comparison {
  readonly fact: string;
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
  readonly values: readonly (string | number | boolean)[];
}

/** Conditions over one schema of facts. */
export interface ConditionLanguage {
  /** Undefined for a condition that is true or false of all facts of the schema. */
  fault(condition: Condition): ConditionFault | undefined;
  /** Whether it is true of the facts. What is not stated satisfies nothing; `has(form.x)` asks whether it is. */
  holds(condition: Condition, facts: Facts): boolean;
}

/** A day, compared as such. */
class Day {
  readonly iso: string;

  constructor(iso: string) {
    this.iso = iso;
  }
}

// Without the kernel: the console, in a browser, asks by the same file what a form wants to know.
const isDate = (text: string): boolean => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().slice(0, 10) === text;

/** A thousand years, as months. */
const mostMonths = 12_000n;

const isTooFar = (months: bigint): boolean => months < -mostMonths || months > mostMonths;

function later({ iso }: Day, months: bigint): Day {
  if (isTooFar(months)) throw new EvaluationError('that many months lead out of the calendar');
  const day = new Date(monthsLater(Date.parse(iso), Number(months), 0)).toISOString().slice(0, 10);
  if (!isDate(day)) throw new EvaluationError('that many months lead out of the calendar');
  return new Day(day);
}

const language = new Environment({
  limits: { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 1, maxCallArguments: 2 },
})
  .registerType('date', { ctor: Day, fields: {} })
  .registerOperator('date == date', (one: Day, other: Day) => one.iso === other.iso)
  .registerOperator('date < date', (one: Day, other: Day) => one.iso < other.iso)
  .registerOperator('date <= date', (one: Day, other: Day) => one.iso <= other.iso)
  .registerOperator('date > date', (one: Day, other: Day) => one.iso > other.iso)
  .registerOperator('date >= date', (one: Day, other: Day) => one.iso >= other.iso)
  .registerFunction('date(string): date', (iso: string) => new Day(iso))
  .registerFunction('date.addMonths(int): date', later)
  .registerFunction('date.addYears(int): date', (day: Day, years: bigint) => later(day, years * 12n));

const comparing: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const operators: ReadonlySet<string> = new Set([
  ...comparing,
  'value',
  'id',
  '.',
  'list',
  '!_',
  '-_',
  '?:',
  '||',
  '&&',
  '+',
  '-',
  '*',
]);
const functions: ReadonlySet<string> = new Set(['has', 'size', 'date']);
const methods: ReadonlySet<string> = new Set(['size', 'contains', 'startsWith', 'endsWith', 'addMonths', 'addYears']);

/** The language of one schema, and of one register where its facts are known. Parsed conditions are kept with it, as many as its definition has. */
export function conditionLanguage(schema: FactSchema, register?: RegisterFacts): ConditionLanguage {
  const typed = language.clone();
  if (register === undefined) typed.registerVariable('subject', 'map');
  else typed.registerVariable({ name: 'subject', schema: register });
  for (const [name, fields] of Object.entries(schema)) typed.registerVariable({ name, schema: fields });
  const parsed = new Map<Condition, ParseResult>();
  return {
    fault: (condition) => faultOf(typed, condition),
    holds(condition, facts) {
      const known = parsed.get(condition) ?? typed.parse(condition);
      parsed.set(condition, known);
      try {
        return known(valuesOf(facts, schema)) === true;
      } catch (failure) {
        if (failure instanceof EvaluationError) return false;
        throw failure;
      }
    },
  };
}

function faultOf(typed: Environment, condition: Condition): ConditionFault | undefined {
  let read: ParseResult;
  try {
    read = typed.parse(condition);
  } catch (failure) {
    if (!(failure instanceof ParseError)) throw failure;
    return { what: 'syntax', detail: failure.summary, ...(failure.range ?? { start: 0, end: condition.length }) };
  }
  const all = nodes(read.ast);
  const beyond = all.find((node) => !isAllowed(node));
  if (beyond !== undefined) return { what: 'not-allowed', ...beyond.range };
  const far = all.find(leavesCalendar);
  if (far !== undefined) return { what: 'beyond-calendar', ...far.range };
  const { valid, type, error } = read.check();
  if (valid && type === 'bool') return undefined;
  const whole = { start: 0, end: condition.length };
  if (error === undefined) return { what: 'not-boolean', ...whole };
  const isUnknown = error.code === 'no_such_key' || error.code === 'unknown_variable';
  return { what: isUnknown ? 'unknown-fact' : 'type', detail: error.summary, ...(error.range ?? whole) };
}

/** No macro that iterates, no regular expression, no clock, no time zone: what the list does not name is not there. */
function isAllowed({ op, args }: ASTNode): boolean {
  if (op === 'rcall') return methods.has(args[0]);
  if (op === 'in') return args[1].op === 'list';
  if (op !== 'call') return operators.has(op);
  const [name, [given]] = args;
  if (name === 'date') return given?.op === 'value' && typeof given.args === 'string' && isDate(given.args);
  return functions.has(name);
}

/** Months or years, as the condition itself states them, after which there is no day: it could never be true. */
function leavesCalendar({ op, args }: ASTNode): boolean {
  if (op !== 'rcall' || (args[0] !== 'addMonths' && args[0] !== 'addYears')) return false;
  const stated = args[2][0];
  const count = stated?.op === '-_' ? stated.args : stated;
  if (count?.op !== 'value' || typeof count.args !== 'bigint') return false;
  return isTooFar(args[0] === 'addYears' ? count.args * 12n : count.args);
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;

const nodes = (node: ASTNode): readonly ASTNode[] => {
  const parts = (Array.isArray(node.args) ? (node.args as readonly unknown[]).flat(2) : [node.args]).filter(isNode);
  return [node, ...parts.flatMap(nodes)];
};

const factAt = (node: ASTNode): string | undefined =>
  node.op === '.' && node.args[0].op === 'id' ? `${node.args[0].args}.${node.args[1]}` : undefined;

/** The names of the facts that a condition reads, each once. @throws ParseError for what no check lets through */
export const factsIn = (condition: Condition): readonly string[] => [
  ...new Set(nodes(language.parse(condition).ast).flatMap((node) => factAt(node) ?? [])),
];

/** The comparisons of a fact with literal values, the fact first. @throws ParseError for what no check lets through */
export const comparisonsIn = (condition: Condition): readonly Comparison[] =>
  nodes(language.parse(condition).ast).flatMap(({ op, args }) => {
    if (!comparing.has(op)) return [];
    const [left, right] = args as readonly [ASTNode, ASTNode];
    return [
      ...comparison(left, op as Comparison['op'], right),
      ...(op === 'in' ? [] : comparison(right, mirrored[op] ?? (op as Comparison['op']), left)),
    ];
  });

const mirrored: Readonly<Record<string, Comparison['op']>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function comparison(node: ASTNode, op: Comparison['op'], other: ASTNode): readonly Comparison[] {
  const fact = factAt(node);
  const literals = other.op === 'list' ? other.args.map(literal) : [literal(other)];
  const values = literals.filter((value) => value !== undefined);
  return fact === undefined || values.length < literals.length ? [] : [{ fact, op, values }];
}

function literal(node: ASTNode): FactValue | undefined {
  if (node.op !== 'value') return undefined;
  if (typeof node.args === 'bigint') return Number(node.args);
  return typeof node.args === 'string' || typeof node.args === 'boolean' || typeof node.args === 'number' ? node.args : undefined;
}

/** Facts as the language has them: whole numbers as such, days as days, in their groups. */
function valuesOf(facts: Facts, schema: FactSchema): Readonly<Record<string, object>> {
  const groups = { form: new Map<string, unknown>(), subject: new Map(), institution: new Map(), round: new Map() };
  for (const [fact, value] of Object.entries(facts)) {
    const dot = fact.indexOf('.');
    const group = fact.slice(0, dot) as keyof typeof groups;
    const name = fact.slice(dot + 1);
    const kinds = group === 'subject' ? {} : schema[group];
    if (value !== undefined)
      groups[group].set(name, Object.hasOwn(kinds, name) && kinds[name] === 'date' ? new Day(String(value)) : celValue(value));
  }
  return groups;
}

const celValue = (value: FactValue): unknown => (Number.isSafeInteger(value) ? BigInt(value as number) : value);
