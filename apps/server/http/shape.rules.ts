import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { Shape } from '#kernel';

/** One constraint that a shape puts on one of its fields. */
export interface Rule {
  /** `isString`, `matches`, …; absent for nested and conditional ones. */
  readonly name?: string;
  readonly type: string;
  readonly propertyName: string;
  /** Under which class-validator keeps what judges a value. */
  readonly constraintCls?: unknown;
  readonly constraints?: readonly unknown[];
  /** Whether it holds for each item of a list. */
  readonly each?: boolean;
}

/** Everything that a shape asks of its fields, inherited rules included. */
export const rulesOf = (shape: Shape): readonly Rule[] =>
  getMetadataStorage().getTargetValidationMetadatas(shape, '', true, false);

/** The shape of what lies in a nested field. @throws Error where no `@Type` says it */
export function partOf(shape: Shape, property: string): Shape {
  const part = defaultMetadataStorage.findTypeMetadata(shape, property)?.typeFunction();
  if (part === undefined) throw new Error(`${shape.name}.${property} is nested, and @Type does not say what it is`);
  return part as Shape;
}

/** A shape and all that it is made of. */
export function withParts(shape: Shape, seen = new Set<Shape>()): ReadonlySet<Shape> {
  if (seen.has(shape)) return seen;
  seen.add(shape);
  for (const { type, propertyName } of rulesOf(shape))
    if (type === ValidationTypes.NESTED_VALIDATION) withParts(partOf(shape, propertyName), seen);
  return seen;
}

/**
 * Keeps which rules a shape has, its own and those of the shapes that it extends: to learn that, class-validator goes through every class
 * there is, and again for each object that it validates.
 */
export function keepRules(): void {
  const storage = getMetadataStorage();
  const find = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<unknown, ReturnType<typeof find>>();
  storage.getTargetValidationMetadatas = (shape, schema, always, strictGroups, groups) => {
    if (always || strictGroups || groups !== undefined) return find(shape, schema, always, strictGroups, groups);
    const rules = known.get(shape) ?? find(shape, schema, always, strictGroups);
    known.set(shape, rules);
    return rules;
  };
}
