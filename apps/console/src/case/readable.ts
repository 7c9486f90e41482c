import type { Language, Text } from '../api.js';
import type { Definition } from '../shapes.js';
import { deadline, instantInText } from '../time.js';

/** A sentence of the log for people: choices of the form, stages, ends and appeals by their titles, instants in the alliance's zone. */
export function readable(text: Text, definition: Definition, language: Language): string {
  const titles = new Map([
    ...definition.fields.flatMap(({ choices = [] }) => choices.map(({ value, label }) => [value, label[language]] as const)),
    ...definition.stages.map(({ id, title }) => [id, title[language]] as const),
    ...Object.entries(definition.ends).map(([id, title]) => [id, title[language]] as const),
    ...Object.entries(definition.subcases).flatMap(([id, { title, grounds }]) => [
      [id, title[language]] as const,
      ...grounds.map((ground) => [ground.id, ground.title[language]] as const),
    ]),
  ]);
  const titled = (whole: string, open: string, id: string, close: string): string => {
    const [, name = id, number = ''] = /^(.*)(-\d+)$/.exec(id) ?? [];
    const title = titles.get(id) ?? titles.get(name);
    return title === undefined ? whole : `${open}${title}${titles.has(id) ? '' : number.replace('-', ' ')}${close}`;
  };
  return text[language]
    .replace(instantInText, (at) => deadline(at, definition.zone, language))
    .replace(/(“|\(|（)([a-z][a-z0-9-]*)(”|\)|）)/g, titled);
}
