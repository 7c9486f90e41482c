import fc from 'fast-check';
import type { Shape } from '#kernel';
import { type Schema, ShapeSchemas } from '../../apps/server/http/shape.schemas.js';
import { contexts } from '../support/any-room.js';
import type { Random } from '../faults/support/fuzz/random.js';

/** Texts that fill patterns; a pattern that none of them fills is filled by chance. */
const patterned = ['a', 'one', 'e'.repeat(64), 'application/pdf', '4111010001', '2026-03-02T01:00:00.000Z'];

/** What may be said under a name, or by a command as a whole under its own: one of these. */
export type Facts = Readonly<Record<string, readonly unknown[]>>;

const roots = Object.values(contexts).flatMap(({ name, shapes }) =>
  Object.values(shapes).map((shape) => ({ context: name, shape })),
);
const schemas = new ShapeSchemas(roots, { isMapping: { type: 'object' }, isDefinition: { type: 'object' } });
const named = schemas.all();

/** The commands that streams of a category take. */
export const typesOf = (category: string): readonly string[] => Object.keys(contexts[category]?.shapes ?? {});

/**
 * Makes up data for any command, from its shape and from what is known.
 *
 * Every command that there is can be made up, or making it up fails: a new one is never left out in silence.
 */
export class Maker {
  constructor(private readonly random: Random) {}

  /** @throws Error for a shape that it does not understand */
  data(category: string, type: string, facts: Facts): Record<string, unknown> {
    const shape = contexts[category]?.shapes[type];
    if (shape === undefined) throw new Error(`${category} takes no ${type}`);
    return this.value(schemas.refTo(shape as Shape), type, facts) as Record<string, unknown>;
  }

  private object({ properties = {}, required = [] }: Schema, facts: Facts): Record<string, unknown> {
    const names = Object.keys(properties as object).filter(
      (name) => (required as readonly string[]).includes(name) || (facts[name] !== undefined && this.random.chance(0.7)),
    );
    return Object.fromEntries(
      names.map((name) => [name, this.value((properties as Record<string, Schema>)[name] ?? {}, name, facts)]),
    );
  }

  private value(schema: Schema, name: string, facts: Facts): unknown {
    const known = facts[name];
    if (known !== undefined && known.length > 0) return this.random.oneOf(known);
    if (typeof schema['$ref'] === 'string') return this.object(named[schema['$ref'].split('/').at(-1) ?? ''] ?? {}, facts);
    if (Array.isArray(schema['enum'])) return this.random.oneOf(schema['enum']);
    switch (schema['type']) {
      case 'string':
        return this.text(schema, name);
      case undefined:
        if (!('maxLength' in schema)) break;
        return this.text(schema, name);
      case 'integer':
        return Math.min(Number(schema['minimum'] ?? 0) + this.random.below(3), Number(schema['maximum'] ?? Infinity));
      case 'boolean':
        return this.random.chance(0.5);
      case 'array':
        return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 0)) }, () =>
          this.value((schema['items'] ?? {}) as Schema, name, facts),
        );
      case 'object':
        return this.object(schema, facts);
    }
    throw new Error(`cannot make up "${name}" of ${JSON.stringify(schema)}: teach the maker`);
  }

  private text({ pattern, format, minLength = 0, maxLength = 100 }: Schema, name: string): string {
    if (format === 'date-time') return '2026-06-01T00:00:00.000Z';
    if (format === 'date') return '2026-06-01';
    if (typeof pattern !== 'string') return `${name} 据实记录`.padEnd(Number(minLength), '。').slice(0, Number(maxLength));
    return filling(pattern);
  }
}

const fillings = new Map<string, string>();

function filling(pattern: string): string {
  const known = fillings.get(pattern) ?? patterned.find((text) => new RegExp(pattern).test(text));
  const found = known ?? (fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 7, numRuns: 1 })[0] as string);
  fillings.set(pattern, found);
  return found;
}
