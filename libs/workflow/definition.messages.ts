import { registerDecorator } from 'class-validator';
import type { Message } from '#kernel';
import type { Definition } from './definition.js';
import { definitionFaults } from './definition.schema-check.js';

/** Checks a definition against the JSON Schema, at the door. */
const IsDefinition = (): PropertyDecorator => (target, propertyName) => {
  registerDecorator({
    name: 'isDefinition',
    target: target.constructor,
    propertyName: String(propertyName),
    validator: { validate: (value: unknown) => definitionFaults(value).length === 0 },
  });
};

export class AdoptDefinition {
  @IsDefinition() readonly definition!: Definition;
}

export const definitionShapes = { AdoptDefinition } as const;

export type DefinitionCommand = Message<'AdoptDefinition', AdoptDefinition>;

export interface DefinitionAdopted {
  readonly version: number;
  /** SHA-256 (base64url) of the canonical JSON of the definition. */
  readonly hash: string;
  /** Whole: a case must be readable from the log alone. */
  readonly definition: Definition;
}

export type DefinitionEvent = Message<'DefinitionAdopted', DefinitionAdopted>;
