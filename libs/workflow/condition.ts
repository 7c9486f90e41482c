/**
 * A rule over the facts of an application, as data: `{ fact: subject.credits, op: '>=', value: 1 }`, and combinations.
 *
 * Facts are `form.<field>`, `subject.<fact>` and `institution.<fact>`. An expression language may stand beside it later: whoever holds a condition
 * only asks `holds` and `factsIn`.
 */
export type Condition =
  | { readonly fact: string; readonly op: Comparison; readonly value: FactValue | readonly FactValue[] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
export type FactValue = string | number | boolean;
export type Facts = Readonly<Record<string, FactValue | undefined>>;

/** Whether a condition is true of the facts. A fact that is not there makes its comparison false. */
export function holds(condition: Condition, facts: Facts): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts));
  if ('any' in condition) return condition.any.some((part) => holds(part, facts));
  if ('not' in condition) return !holds(condition.not, facts);
  const actual = Object.hasOwn(facts, condition.fact) ? facts[condition.fact] : undefined;
  return actual !== undefined && compares(actual, condition.op, condition.value);
}

function compares(actual: FactValue, op: Comparison, value: FactValue | readonly FactValue[]): boolean {
  switch (op) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '<':
      return ordered(actual, value) && actual < value;
    case '<=':
      return ordered(actual, value) && actual <= value;
    case '>':
      return ordered(actual, value) && actual > value;
    case '>=':
      return ordered(actual, value) && actual >= value;
    case 'in':
      return Array.isArray(value) && value.includes(actual);
  }
}

/** Only like can be ordered; ISO dates are ordered as texts. */
const ordered = (actual: FactValue, value: FactValue | readonly FactValue[]): value is FactValue =>
  typeof actual === typeof value && typeof actual !== 'boolean';

/** The names of the facts that a condition reads. */
export function factsIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(factsIn);
  if ('any' in condition) return condition.any.flatMap(factsIn);
  if ('not' in condition) return factsIn(condition.not);
  return [condition.fact];
}

/** Facts under the names that conditions use: `form.terms`, `subject.credits`, `institution.level`. */
export const factsOf = (groups: Readonly<Record<'form' | 'subject' | 'institution', object>>): Facts =>
  Object.fromEntries(
    Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => [`${group}.${name}`, value as FactValue]),
    ),
  );
