import type { Condition } from './condition.js';
import type { DefinitionAdopted } from './definition.messages.js';

/** A condition as definitions had it before they were written in CEL. */
type Structured =
  | { readonly fact: string; readonly op: string; readonly value: unknown }
  | { readonly all: readonly Structured[] }
  | { readonly any: readonly Structured[] }
  | { readonly not: Structured };

/** `DefinitionAdopted` version 1 as version 2: the same conditions in CEL, under the hash that it was adopted by. */
export function inCel(data: DefinitionAdopted): DefinitionAdopted {
  const { eligibility, subject } = data.definition;
  const days = new Set(subject.fields.filter(({ type }) => type === 'date').map(({ id }) => `form.${id}`));
  const rules = eligibility.map((rule) => ({ ...rule, require: celOf(rule.require as unknown as Structured, days) }));
  return { ...data, definition: { ...data.definition, eligibility: rules } };
}

/** What is not stated made a comparison false, and so its negation true: hence `has`. */
function celOf(condition: Structured, days: ReadonlySet<string>): Condition {
  if ('all' in condition) return condition.all.map((part) => celOf(part, days)).join(' && ');
  if ('any' in condition) return `(${condition.any.map((part) => celOf(part, days)).join(' || ')})`;
  if ('not' in condition) return `!(${celOf(condition.not, days)})`;
  const { fact, op, value } = condition;
  const literal = days.has(fact) ? JSON.stringify(value).replaceAll(/"[^"]*"/g, 'date($&)') : JSON.stringify(value);
  return `has(${fact}) && ${fact} ${op === '=' ? '==' : op} ${literal}`;
}
