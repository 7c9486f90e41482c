import type { Language } from '../api.js';
import type { People } from '../shapes.js';

export const peopleNames = (people: People, language: Language): ReadonlyMap<string, string> =>
  new Map(Object.entries(people).map(([person, name]) => [person, name[language]]));
