import type { Definition } from '#workflow';

/** A shipped workflow under another name, which no charter lets grant anything. */
export const renamed = (definition: Definition, id: string): Definition => ({
  ...definition,
  id,
  version: 1,
  ends: Object.fromEntries(Object.entries(definition.ends).map(([name, { title, outcome }]) => [name, { title, outcome }])),
});
