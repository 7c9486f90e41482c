import { readdirSync, readFileSync } from 'node:fs';
import { allContexts } from '../../apps/server/contexts.js';

const libs = new URL('../../libs/', import.meta.url);

/** The type of every `Message<'Type', …>` that the libraries declare and that is no command, sorted. */
export function declaredEvents(): readonly string[] {
  const commands = new Set(allContexts.flatMap(({ shapes }) => Object.keys(shapes)));
  const sources = readdirSync(libs, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(messages|events)\.ts$/.test(name),
  );
  const types = sources.flatMap((name) =>
    [...readFileSync(new URL(name, libs), 'utf8').matchAll(/\bMessage<\s*'(\w+)'/g)].map(([, type]) => type as string),
  );
  return [...new Set(types)].filter((type) => !commands.has(type)).sort();
}
