import {
  getMetadataStorage,
  type ValidationArguments,
  ValidationTypes,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { Shape } from '#kernel';
import { partOf, type Rule, rulesOf } from './shape.rules.js';

/** Whether a body has a shape: true means that class-validator would find nothing, false that it has to look. */
export type Fit = (body: object) => boolean;

type Test = (value: unknown, within: object) => boolean;

interface Field {
  /** Where one of these says no, nothing else is asked of the field. */
  readonly conditions: readonly Test[];
  readonly tests: readonly Test[];
}

const known = new Map<Shape, Fit>();

/**
 * The rules of a shape as one function. It asks the constraints themselves, without the account that class-validator keeps of every answer:
 * most bodies are right, and of those nobody reads it.
 */
export function fitOf(shape: Shape): Fit {
  let fit = known.get(shape);
  if (fit === undefined) known.set(shape, (fit = made(shape)));
  return fit;
}

function made(shape: Shape): Fit {
  const fields = fieldsOf(shape);
  return (body) => {
    for (const name of Object.keys(body)) if (!fields.has(name)) return false;
    for (const [name, field] of fields) if (!holds(field, (body as Readonly<Record<string, unknown>>)[name], body)) return false;
    return fields.size > 0;
  };
}

function holds({ conditions, tests }: Field, value: unknown, within: object): boolean {
  for (const applies of conditions) if (!applies(value, within)) return true;
  for (const passes of tests) if (!passes(value, within)) return false;
  return true;
}

function fieldsOf(shape: Shape): ReadonlyMap<string, Field> {
  const fields = new Map<string, { conditions: Test[]; tests: Test[] }>();
  for (const rule of rulesOf(shape)) {
    const field = fields.get(rule.propertyName) ?? { conditions: [], tests: [] };
    fields.set(rule.propertyName, field);
    if (rule.type === ValidationTypes.CONDITIONAL_VALIDATION) field.conditions.push(conditionOf(rule));
    else field.tests.push(testOf(shape, rule));
  }
  return fields;
}

function conditionOf({ constraints = [] }: Rule): Test {
  const applies = constraints[0] as (within: object, value: unknown) => boolean;
  return (value, within) => applies(within, value);
}

function testOf(shape: Shape, rule: Rule): Test {
  if (rule.type === ValidationTypes.NESTED_VALIDATION) return nestedTest(partOf(shape, rule.propertyName));
  if (rule.type !== ValidationTypes.CUSTOM_VALIDATION) return never;
  const tests = constraintsOf(rule).map((constraint) => constraintTest(shape, rule, constraint));
  const passes: Test = (value, within) => tests.every((test) => test(value, within));
  if (rule.each !== true) return passes;
  return (value, within) => Array.isArray(value) && value.every((item) => passes(item, within));
}

/** A kind of rule that is not known here is class-validator's to judge. */
const never: Test = () => false;

function nestedTest(part: Shape): Test {
  const isPart = (value: unknown): boolean => typeof value === 'object' && value !== null && fitOf(part)(value);
  return (value) => value === undefined || (Array.isArray(value) ? value.every(isPart) : isPart(value));
}

const constraintsOf = ({ constraintCls }: Rule): readonly ValidatorConstraintInterface[] =>
  getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls as () => void)
    .map(({ instance }) => instance);

function constraintTest(
  { name: targetName }: Shape,
  { propertyName: property, constraints = [] }: Rule,
  constraint: ValidatorConstraintInterface,
): Test {
  return (value, object) => {
    const asked: ValidationArguments = { targetName, property, object, value, constraints: constraints as unknown[] };
    return constraint.validate(value, asked) === true;
  };
}
