import type { Language, Text } from '../api.js';
import type { Definition } from '../shapes.js';
import { deadline, instantInText } from '../time.js';

/** A sentence of the log for people: stages and ends by their titles, instants in the alliance's zone. */
export function readable(text: Text, definition: Definition, language: Language): string {
  const titles = new Map([
    ...definition.stages.map(({ id, title }) => [id, title[language]] as const),
    ...Object.entries(definition.ends).map(([id, title]) => [id, title[language]] as const),
  ]);
  const titled = (whole: string, open: string, id: string, close: string): string => {
    const title = titles.get(id);
    return title === undefined ? whole : `${open}${title}${close}`;
  };
  return text[language]
    .replace(instantInText, (at) => deadline(at, definition.zone, language))
    .replace(/(“|\(|（)([a-z][a-z0-9-]*)(”|\)|）)/g, titled);
}
