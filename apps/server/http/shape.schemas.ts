import { ValidationTypes } from 'class-validator';
import { personalFieldsOf, type Shape } from '#kernel';
import { partOf, type Rule, rulesOf, withParts } from './shape.rules.js';

export type Schema = Readonly<Record<string, unknown>>;

/** A schema of its own for what a custom constraint checks, by its name. */
export type CustomSchemas = Readonly<Record<string, Schema>>;

const patternOf = (expression: unknown): Schema => ({ type: 'string', pattern: (expression as RegExp).source });

/** What each constraint that this house uses says in JSON Schema. */
const constraintSchemas: Readonly<Record<string, (...constraints: readonly unknown[]) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isNotEmpty: () => ({ minLength: 1 }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isArray: () => ({ type: 'array' }),
  isObject: () => ({ type: 'object' }),
  isNotEmptyObject: () => ({ type: 'object', minProperties: 1 }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isDay: () => ({ type: 'string', format: 'date' }),
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isIn: (values) => ({ enum: values }),
  matches: patternOf,
  minLength: (minLength) => ({ minLength }),
  maxLength: (maxLength) => ({ maxLength }),
  isLength: (minLength, maxLength) => ({ minLength, ...(maxLength === undefined ? {} : { maxLength }) }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  arrayMinSize: (minItems) => ({ minItems }),
  arrayMaxSize: (maxItems) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/**
 * JSON Schemas of class-validator shapes, nested ones included.
 *
 * A class is called by its own name, or, where classes of two contexts have the same one, by its context's and its own.
 */
export class ShapeSchemas {
  private readonly names = new Map<Shape, string>();

  constructor(
    roots: readonly { readonly context: string; readonly shape: Shape }[],
    private readonly custom: CustomSchemas,
  ) {
    const owners = new Map<Shape, string>();
    for (const { context, shape } of roots) for (const one of withParts(shape)) if (!owners.has(one)) owners.set(one, context);
    for (const [shape, context] of owners) {
      const isAmbiguous = [...owners.keys()].some((other) => other !== shape && other.name === shape.name);
      this.names.set(shape, isAmbiguous ? `${capital(context)}${shape.name}` : shape.name);
    }
    if (new Set(this.names.values()).size < this.names.size) throw new Error('two shapes of one context have the same name');
  }

  /** @throws Error for a shape that is no part of the roots */
  refTo(shape: Shape): Schema {
    const name = this.names.get(shape);
    if (name === undefined) throw new Error(`${shape.name} is unknown`);
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Every schema, by its name. */
  all(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.names].map(([shape, name]) => [name, this.schemaOf(shape)]));
  }

  private schemaOf(shape: Shape): Schema {
    const byProperty = rulesByProperty(shape);
    const sealed = personalFieldsOf(shape);
    const properties = [...byProperty].map(([name, rules]) => [
      name,
      {
        ...this.propertySchema(shape, name, rules),
        ...(sealed.includes(name) ? { description: 'Personal: the log holds its seal, the vault its value.' } : {}),
      },
    ]);
    const required = [...byProperty].flatMap(([name, rules]) => (rules.some(isOptional) ? [] : [name]));
    return {
      type: 'object',
      additionalProperties: false,
      ...(required.length > 0 ? { required } : {}),
      ...(properties.length > 0 ? { properties: Object.fromEntries(properties) as Schema } : {}),
    };
  }

  private propertySchema(shape: Shape, name: string, rules: readonly Rule[]): Schema {
    const whole = rules.filter(({ each }) => each !== true).map((rule) => this.ruleSchema(shape, name, rule));
    const items = rules.filter(({ each }) => each === true).map((rule) => this.ruleSchema(shape, name, rule));
    const merged = Object.assign({}, ...whole) as Schema;
    // Beside a reference, "object" says nothing more.
    if ('$ref' in merged) return { $ref: merged['$ref'] };
    return items.length > 0 || merged['type'] === 'array' ? { ...merged, type: 'array', items: itemsOf(items) } : merged;
  }

  private ruleSchema(shape: Shape, property: string, { type, name = '', constraints = [] }: Rule): Schema {
    if (type === ValidationTypes.NESTED_VALIDATION) return this.refTo(partOf(shape, property));
    if (type === ValidationTypes.CONDITIONAL_VALIDATION) return {};
    const schema = this.custom[name] ?? constraintSchemas[name]?.(...constraints);
    if (schema === undefined) throw new Error(`no JSON Schema for ${name} of ${shape.name}.${property}`);
    return schema;
  }
}

const itemsOf = (items: readonly Schema[]): Schema => {
  const merged = Object.assign({}, ...items) as Schema;
  return '$ref' in merged ? { $ref: merged['$ref'] } : merged;
};

const isOptional = ({ type }: Rule): boolean => type === ValidationTypes.CONDITIONAL_VALIDATION;

function rulesByProperty(shape: Shape): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rulesOf(shape)) found.set(rule.propertyName, [...(found.get(rule.propertyName) ?? []), rule]);
  return found;
}

const capital = (words: string): string => words.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
