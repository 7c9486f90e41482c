import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Fault } from './definition.check.js';
import { definitionSchema } from './definition.schema.js';

const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  discriminator: true,
}).compile(definitionSchema);

/** Every way in which a value is not shaped like a definition, with its path. */
export function definitionFaults(value: unknown): readonly Fault[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }: ErrorObject) => ({
    path: instancePath === '' ? '/' : instancePath,
    message: `${message ?? 'is wrong'}${detail(params as Readonly<Record<string, unknown>>)}`,
  }));
}

const detail = ({ additionalProperty, allowedValues }: Readonly<Record<string, unknown>>): string => {
  if (typeof additionalProperty === 'string') return ` (${additionalProperty})`;
  return Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : '';
};
