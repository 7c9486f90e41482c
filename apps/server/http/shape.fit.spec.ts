import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Shape } from '#kernel';
import { Random } from '../../../test/faults/support/fuzz/random.js';
import { Values } from '../../../test/faults/support/fuzz/values.js';
import type { OpenApiDocument, Schema } from '../../../test/support/openapi.js';
import { allContexts } from '../contexts.js';
import { dashed } from './openapi.parts.js';
import { fitOf } from './shape.fit.js';
import { requireReadable, ShapePipe } from './shape.pipe.js';
import { rulesOf } from './shape.rules.js';

const published = new URL('../../../docs/generated/openapi.json', import.meta.url);
const document = JSON.parse(readFileSync(published, 'utf8')) as OpenApiDocument;
const random = new Random(7);
const values = new Values(document, random, {});

const bodySchemaOf = (context: string, type: string): Schema => {
  const operation = document.paths[`/v1/${context}/{id}/${dashed(type)}`]?.['post'];
  return operation?.requestBody?.content?.['application/json']?.schema as Schema;
};

const commands = allContexts.flatMap(({ name, shapes }) =>
  Object.entries<Shape>(shapes)
    .filter(([, shape]) => rulesOf(shape).length > 0)
    .map(([type, shape]) => ({ type, shape, schema: bodySchemaOf(name, type) })),
);

/** A right body, or one with up to two things wrong in it. */
function drawn(schema: Schema): object {
  let body = values.of(schema);
  for (let wrongs = random.below(3); wrongs > 0; wrongs -= 1) body = values.mutated(body);
  return typeof body === 'object' && body !== null && !Array.isArray(body) && isReadable(body) ? body : {};
}

/** What nobody can read is refused before anything looks at its fields. */
function isReadable(body: object): boolean {
  try {
    requireReadable(body, 0, '');
    return true;
  } catch {
    return false;
  }
}

test('the quick look at a body and class-validator agree on every command, for right bodies and wrong ones', () => {
  const seen = { fitting: 0, not: 0 };
  for (const { type, shape, schema } of commands) {
    const door = new ShapePipe(shape);
    const fits = fitOf(shape);
    for (let draw = 0; draw < 60; draw += 1) {
      const body = drawn(schema);
      const isRight = door.faults(body).length === 0;
      if (fits(body) !== isRight) throw new Error(`${type}: ${isRight ? 'right' : 'wrong'}, ${JSON.stringify(body)}`);
      seen[isRight ? 'fitting' : 'not'] += 1;
    }
  }
  expect(seen.fitting).toBeGreaterThan(1_000);
  expect(seen.not).toBeGreaterThan(1_000);
});
