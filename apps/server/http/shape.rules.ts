import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { Shape } from '#kernel';

/** One constraint that a shape puts on one of its fields. */
export interface Rule {
  /** `isString`, `matches`, …; absent for nested and conditional ones. */
  readonly name?: string;
  readonly type: string;
  readonly propertyName: string;
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
