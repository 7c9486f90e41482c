import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type AnyDecider, canonicalJson, categoryOf, type Envelope, evolved, sha256 } from '#kernel';
import { contextModules } from '../../apps/server/contexts.js';

/**
 * One example of every version of every event that was ever stored, as `<EventType>.<version>.json`: the canonical bytes of its envelope.
 * Examples are added, never edited: SHA256SUMS has their hashes. Those of one stream belong together, in the order of their revisions.
 */
const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const bytesOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const examples = files.map((file) => ({ file, event: JSON.parse(bytesOf(file)) as Envelope }));

const deciders = new Map<string, AnyDecider>(contextModules.map(({ context }) => [context.decider.category, context.decider]));
const shapes = new Set(contextModules.flatMap(({ context }) => Object.keys(context.shapes)));

/** Every `Message<'Type', …>` that the libraries declare and that is no command. */
function declaredEvents(): readonly string[] {
  const libs = new URL('../../libs/', folder);
  const sources = readdirSync(libs, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(messages|events)\.ts$/.test(name),
  );
  const types = sources.flatMap((name) =>
    [...readFileSync(new URL(name, libs), 'utf8').matchAll(/\bMessage<\s*'(\w+)'/g)].map(([, type]) => type as string),
  );
  return [...new Set(types)].filter((type) => !shapes.has(type)).sort();
}

const versionOf = (type: string): number =>
  Math.max(
    1,
    ...[...deciders.values()].map(({ versions }) => (versions as Readonly<Record<string, number>> | undefined)?.[type] ?? 1),
  );

test('every version of every event has an example', () => {
  const wanted = declaredEvents().flatMap((type) =>
    Array.from({ length: versionOf(type) }, (_, index) => `${type}.${index + 1}.json`),
  );
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
});

test('an example is named after its event', () => {
  for (const { file, event } of examples) expect(file).toBe(`${event.type}.${event.version}.json`);
});

test('the canonical bytes of an example are what they were', () => {
  for (const { file, event } of examples) expect(`${canonicalJson(event)}\n`).toBe(bytesOf(file));
});

test('no example was edited', () => {
  const sums = new Map(
    readFileSync(new URL('SHA256SUMS', folder), 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  expect([...sums.keys()].sort()).toEqual([...files].sort());
  for (const file of files) expect({ file, sum: sha256(bytesOf(file), 'hex') }).toEqual({ file, sum: sums.get(file) });
});

test('every example still folds', () => {
  for (const stream of new Set(examples.map(({ event }) => event.stream))) {
    const own = examples.filter(({ event }) => event.stream === stream);
    const decider = deciders.get(categoryOf(stream));
    if (decider === undefined) throw new Error(`no decider for ${stream}`);
    const history = own.map(({ event }) => ({ ...event, position: 1n })).toSorted((one, other) => one.revision - other.revision);
    let state = decider.initialState;
    for (const event of history) {
      const next = evolved(decider, state, event);
      expect(next).toBeDefined();
      state = next;
    }
    expect(state).not.toEqual(decider.initialState);
  }
});
