import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type AnyDecider, canonicalJson, type Envelope, personOf, sha256 } from '#kernel';
import { allContexts } from '../../apps/server/contexts.js';
import { declaredEvents } from './declared-events.js';
import { foldedSum } from './folded.js';

/**
 * One example of every version of every event that was ever stored, as `<EventType>.<version>.json`: the canonical bytes of its envelope;
 * in `histories/` the whole streams that they stand in. Both are added to by `record.ts`, and never edited: SHA256SUMS has their hashes.
 * FOLDED has the hashes of what each history folds to: `fold.ts` adds to it.
 */
const folder = new URL('.', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const examples = files.map((file) => ({ file, event: JSON.parse(read(file)) as Envelope }));
const histories = readdirSync(new URL('histories/', folder))
  .toSorted()
  .map((name) => ({
    name: `histories/${name}`,
    lines: read(`histories/${name}`).split('\n').slice(0, -1),
  }));

const deciders = new Map<string, AnyDecider>(allContexts.map(({ decider }) => [decider.category, decider]));

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

test('an example is the canonical bytes of its event, and stands in a history', () => {
  const lines = new Set(histories.flatMap((history) => history.lines));
  for (const { file, event } of examples) {
    expect(`${canonicalJson(event)}\n`).toBe(read(file));
    expect(lines).toContain(canonicalJson(event));
  }
});

test('days that are counted elsewhere than in Beijing stand there with their zone', () => {
  const zones = histories
    .flatMap(({ lines }) => lines.map((line) => JSON.parse(line) as Envelope))
    .flatMap(({ type, data }) => (type.startsWith('Recognition') ? [[type, (data as { zone?: string }).zone]] : []));
  for (const type of ['RecognitionGranted', 'RecognitionWithdrawn']) {
    expect(zones).toContainEqual([type, undefined]);
    expect(zones).toContainEqual([type, 'Asia/Urumqi']);
  }
});

test('nothing that was kept has been edited', () => {
  const sums = read('SHA256SUMS').trim().split('\n');
  const kept = [...files, ...histories.map(({ name }) => name)].sort();
  expect(sums).toEqual(kept.map((name) => `${sha256(read(name), 'hex')}  ${name}`));
});

test('what was sent with a machine key is on record with its person, and is their act', () => {
  const sent = histories.flatMap(({ lines }) =>
    lines.map((line) => (JSON.parse(line) as Envelope).meta).filter(({ principal }) => principal !== undefined),
  );
  expect(sent.length).toBeGreaterThan(0);
  for (const meta of sent) {
    expect(meta.actor).toMatch(/^machine-/);
    expect(personOf(meta)).toMatch(/^person-/);
  }
});

test('every history still folds to what it folded to', () => {
  const sums = read('FOLDED').trim().split('\n');
  expect(sums).toEqual(histories.map(({ name, lines }) => `${foldedSum(lines)}  ${name}`));
});
