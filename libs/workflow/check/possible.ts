import { comparisonsIn, type Condition, type Facts, type FactValue, factsIn } from '../condition.js';
import { type Definition, type Field, isAlwaysAnswered } from '../definition.js';
import { languageOf } from '../facts.js';

const mostTried = 20_000;
const fewNumbers = 100;

/** What a set of conditions can come to: true of some form, false of some; undefined where there are too many forms to try. */
export interface Possible {
  readonly true: boolean;
  readonly false: boolean;
}

/**
 * Tries conditions, as one (`&&`), on every form that they can tell apart. They have no fault.
 *
 * Conditions on anything but choices, yes or no, whole numbers of the form, and names of the institution that are only compared may come
 * to anything.
 */
export function possible(definition: Definition, conditions: readonly Condition[]): Possible | undefined {
  const facts = [...new Set(conditions.flatMap(factsIn))];
  const values: [string, readonly (FactValue | undefined)[]][] = [];
  for (const fact of facts) {
    const field = definition.subject.fields.find(({ id }) => `form.${id}` === fact);
    const own = field === undefined ? wordsOf(fact, conditions) : valuesOf(field, conditions);
    if (own === undefined) return undefined;
    values.push([fact, own]);
  }
  if (values.reduce((count, [, { length }]) => count * length, 1) > mostTried) return undefined;
  const language = languageOf(definition);
  const outcomes = new Set<boolean>();
  for (const form of combined(values)) {
    outcomes.add(conditions.every((condition) => language.holds(condition, form)));
    if (outcomes.size === 2) break;
  }
  return { true: outcomes.has(true), false: outcomes.has(false) };
}

/** Every form that assigns one of its values to each fact. */
function* combined(values: readonly (readonly [string, readonly (FactValue | undefined)[]])[]): Generator<Facts> {
  const [first, ...others] = values;
  if (first === undefined) return yield {};
  const [fact, own] = first;
  for (const rest of combined(others))
    for (const value of own) yield value === undefined ? rest : Object.assign({ [fact]: value }, rest);
}

/** Values of a field of which each does something else to the conditions; undefined where that cannot be told. */
function valuesOf(field: Field, conditions: readonly Condition[]): readonly (FactValue | undefined)[] | undefined {
  const answered = answersOf(field, conditions);
  // A field that takes nothing is found by itself.
  if (answered === undefined || answered.length === 0) return undefined;
  return isAlwaysAnswered(field) ? answered : [...answered, undefined];
}

function answersOf(field: Field, conditions: readonly Condition[]): readonly FactValue[] | undefined {
  switch (field.type) {
    case 'choice':
      return field.choices.map(({ value }) => value);
    case 'boolean':
      return [true, false];
    case 'integer':
      return numbersOf(field, conditions);
    default:
      return undefined;
  }
}

/** What an institution is called where it is only compared with what the conditions say: each of that, something else, or nothing. */
function wordsOf(fact: string, conditions: readonly Condition[]): readonly (FactValue | undefined)[] | undefined {
  if (!fact.startsWith('institution.')) return undefined;
  const compared = conditions.flatMap(comparisonsIn).filter((one) => one.fact === fact);
  if (compared.some(({ op }) => op !== '==' && op !== '!=' && op !== 'in')) return undefined;
  const named = conditions.flatMap((condition) => condition.split(fact).slice(1));
  if (named.length !== compared.length) return undefined;
  return [...new Set(compared.flatMap(({ values }) => values)), 'something else', undefined];
}

/** All of a few; of many, those about the numbers that they are compared with, where they are only compared. */
function numbersOf(
  { id, min, max }: Extract<Field, { type: 'integer' }>,
  conditions: readonly Condition[],
): readonly number[] | undefined {
  if (max - min <= fewNumbers) return Array.from({ length: Math.max(0, max - min + 1) }, (_, index) => min + index);
  const compared = conditions.flatMap(comparisonsIn).filter(({ fact }) => fact === `form.${id}`);
  const named = conditions.flatMap((condition) => [...condition.matchAll(new RegExp(`\\bform\\.${id}\\b`, 'g'))]);
  if (named.length !== compared.length) return undefined;
  const about = compared.flatMap(({ values }) =>
    values.flatMap((value) => [Number(value) - 1, Number(value), Number(value) + 1]),
  );
  return [...new Set([min, max, ...about])].filter((number) => min <= number && number <= max);
}
