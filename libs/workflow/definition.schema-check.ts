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

const detail = (params: Readonly<Record<string, unknown>>): string => {
  const what = params['additionalProperty'] ?? params['allowedValues'];
  if (what === undefined) return '';
  return ` (${Array.isArray(what) ? what.join(', ') : String(what)})`;
};
