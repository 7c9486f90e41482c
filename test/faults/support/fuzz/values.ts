import { stringMatching, sample } from 'fast-check';
import type { OpenApiDocument, Schema } from '../../../support/openapi.js';
import type { Random } from './random.js';

/** What somebody sends who wants to see a program fall over. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "'; drop table event; --",
  '$1',
  '%',
  '\\',
  '../../../etc/passwd',
  '${7*7}',
  '<script>alert(1)</script>',
  '\r\nSet-Cookie: a=b',
  '\u202eabc',
  '\ufeff',
  '🎓'.repeat(50),
  'ﷺ'.repeat(20),
  'a'.repeat(20_000),
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e309',
  '2026-W16-1',
  '2026-110',
  '2026-04-31',
  '2026-02-30T00:00:00Z',
  '20260420T100000Z',
  '2026-04-20T24:00:00Z',
  '2026-04-20T10',
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-12:00',
  '0001-01-01T00:00:00+14:00',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
  'gdmooc',
  'gdmooc.',
  'gdmooc..',
  '.',
  '-',
];

const hostileValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  {},
  [[[[[]]]]],
  [null],
  { toString: 1 },
  { length: 1e9 },
  { then: 1 },
  { __sealed__: true },
  { sealed: 'a', of: 'b' },
  { en: 'a' },
];

/** Values made from schemas: right ones, from what this installation knows where a name says what is meant, and wrong ones. */
export class Values {
  private readonly matching = new Map<string, readonly string[]>();

  constructor(
    private readonly document: OpenApiDocument,
    private readonly random: Random,
    /** By name of a field or parameter: what stands there in this installation. */
    private readonly known: Readonly<Record<string, readonly unknown[]>>,
  ) {}

  hostileText(): string {
    return this.random.oneOf(hostileTexts);
  }

  hostile(): unknown {
    return this.random.chance(0.5) ? this.hostileText() : this.random.oneOf(hostileValues);
  }

  /** A value of a schema. */
  of(schema: Schema, name = '', depth = 0): unknown {
    const { random } = this;
    const known = this.known[name];
    if (known !== undefined && random.chance(0.8)) return random.oneOf(known);
    if (typeof schema['$ref'] === 'string') return this.of(this.at(schema['$ref']), name, depth);
    const variants = schema['oneOf'] ?? schema['anyOf'];
    if (Array.isArray(variants)) return this.of(random.oneOf(variants as Schema[]), name, depth + 1);
    if ('const' in schema) return schema['const'];
    if (Array.isArray(schema['enum'])) return random.oneOf(schema['enum'] as unknown[]);
    const type = Array.isArray(schema['type']) ? random.oneOf(schema['type'] as string[]) : schema['type'];
    switch (type) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return this.array(schema, name, depth);
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'boolean':
        return random.chance(0.5);
      case 'null':
        return null;
      default:
        return this.text(schema);
    }
  }

  /** The same value with something wrong somewhere in it. */
  mutated(value: unknown): unknown {
    const { random } = this;
    if (typeof value !== 'object' || value === null || random.chance(0.1)) return this.hostile();
    const names = Object.keys(value);
    if (Array.isArray(value)) {
      if (value.length === 0 || random.chance(0.2)) return [...(value as unknown[]), this.hostile()];
      const place = random.below(value.length);
      return (value as unknown[]).map((item, index) => (index === place ? this.mutated(item) : item));
    }
    if (names.length === 0 || random.chance(0.15)) return { ...value, [this.hostileText()]: this.hostile() };
    const name = random.oneOf(names);
    if (random.chance(0.2)) return Object.fromEntries(Object.entries(value).filter(([one]) => one !== name));
    return { ...value, [name]: this.mutated((value as Record<string, unknown>)[name]) };
  }

  private at(pointer: string): Schema {
    const parts = pointer.replace(/^#\//, '').split('/');
    return parts.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], this.document) as Schema;
  }

  private object(schema: Schema, depth: number): unknown {
    const required = (schema['required'] ?? []) as readonly string[];
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
    const chosen = properties.filter(([name]) => required.includes(name) || (depth < 6 && this.random.chance(0.5)));
    return Object.fromEntries(chosen.map(([name, member]) => [name, this.of(member, name, depth + 1)]));
  }

  private array(schema: Schema, name: string, depth: number): unknown {
    const least = Number(schema['minItems'] ?? 0);
    const length = depth > 6 ? least : least + this.random.below(3);
    return Array.from({ length }, () => this.of((schema['items'] ?? {}) as Schema, name.replace(/s$/, ''), depth + 1));
  }

  private number({ minimum = 0, maximum, type }: Schema): number {
    const least = Number(minimum);
    const drawn = least + this.random.next() * (Math.min(Number(maximum ?? least + 100), least + 1_000) - least);
    return type === 'integer' ? Math.round(drawn) : Math.round(drawn * 100) / 100;
  }

  private text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): string {
    const { random } = this;
    if (format === 'date-time') return new Date(Date.UTC(2026, 3, 1) + random.below(10_000_000) * 1_000).toISOString();
    if (format === 'email') return `someone-${random.below(1_000)}@example.org`;
    if (typeof pattern === 'string') return random.oneOf(this.matches(pattern));
    const length = Math.min(Math.max(Number(minLength), 1 + random.below(30)), Number(maxLength));
    return Array.from({ length }, () => random.oneOf([...'abc 一流课程认定é1-'])).join('');
  }

  /** Drawn once for each pattern, with a seed of its own. */
  private matches(pattern: string): readonly string[] {
    const known = this.matching.get(pattern) ?? sample(stringMatching(new RegExp(pattern)), { seed: 7, numRuns: 50 });
    this.matching.set(pattern, known);
    return known;
  }
}
