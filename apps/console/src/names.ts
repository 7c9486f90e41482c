import { useWords } from './language.js';
import type { Language } from './api.js';
import type { People } from './shapes.js';

export const peopleNames = (people: People, language: Language): ReadonlyMap<string, string> =>
  new Map(Object.entries(people).map(([person, name]) => [person, name[language]]));

/** Whom an id stands for, by the names that came with an answer: a person, the engine or the operator. */
export function useNames(people: People): (actor: string) => string {
  const { t, say, known } = useWords();
  return (actor) => {
    const name = people[actor];
    return name === undefined ? known(`actor.${actor}`, t('actor.erased')) : say(name);
  };
}
