import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { canonicalJson, envelopeOf, InMemoryEventStore, type RecordedEvent, sha256 } from '#kernel';
import { wholeLog } from '../faults/support/log-facts.js';
import { declaredEvents } from './declared-events.js';
import { story } from './story.js';

/**
 * Adds what is missing: an example of each event that has none yet, and the whole streams that the examples stand in; and streams in which
 * an event has a field that it has in none that is kept.
 * What is there is never touched. Run it when an event is new or has a new version:
 *
 *   node --conditions=entente-source --import ./test/support/typescript.mjs test/golden/record.ts
 */
const folder = new URL('.', import.meta.url);
const histories = new URL('histories/', folder);
mkdirSync(histories, { recursive: true });

const store = new InMemoryEventStore();
await story(store);
const events = await wholeLog(store);

const streams = new Map<string, RecordedEvent[]>();
for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
const fieldsOf = ({ type, version, data }: Pick<RecordedEvent, 'type' | 'version' | 'data'>): readonly string[] =>
  Object.keys(data as object).map((field) => `${type}.${version}.${field}`);
const linesIn = (name: string): readonly string[] => readFileSync(new URL(name, histories), 'utf8').split('\n').slice(0, -1);
const kept = new Set(
  readdirSync(histories).flatMap((name) => linesIn(name).flatMap((line) => fieldsOf(JSON.parse(line) as RecordedEvent))),
);
const fileOf = ({ type, version }: RecordedEvent): string => `${type}.${version}.json`;
const isMissing = (event: RecordedEvent): boolean => !existsSync(new URL(fileOf(event), folder));
const lineOf = (event: RecordedEvent): string => `${canonicalJson(envelopeOf(event))}\n`;
const gain = (stream: readonly RecordedEvent[]): number =>
  new Set([...stream.filter(isMissing).map(fileOf), ...stream.flatMap(fieldsOf).filter((field) => !kept.has(field))]).size;

/** A stream whose older events were kept before stands beside them. */
function unusedName(stream: string): URL {
  for (let part = 1; ; part += 1) {
    const name = new URL(part === 1 ? `${stream}.ndjson` : `${stream}.${part}.ndjson`, histories);
    if (!existsSync(name)) return name;
  }
}

for (;;) {
  const [best] = [...streams.values()].sort((one, other) => gain(other) - gain(one) || one.length - other.length);
  if (best === undefined || gain(best) === 0) break;
  const [first] = best as [RecordedEvent];
  writeFileSync(unusedName(first.stream), best.map(lineOf).join(''), { flag: 'wx' });
  for (const field of best.flatMap(fieldsOf)) kept.add(field);
  for (const event of best.filter(isMissing)) if (isMissing(event)) writeFileSync(new URL(fileOf(event), folder), lineOf(event));
}

const files = [
  ...readdirSync(folder).filter((name) => name.endsWith('.json')),
  ...readdirSync(histories).map((name) => `histories/${name}`),
].sort();
writeFileSync(
  new URL('SHA256SUMS', folder),
  files.map((name) => `${sha256(readFileSync(new URL(name, folder)), 'hex')}  ${name}\n`).join(''),
);

await import('./fold.js');

const without = declaredEvents().filter((type) => !files.some((name) => name.startsWith(`${type}.`)));
console.log(`${files.length} files; the story has no ${without.join(', ') || 'gap'}.`);
