import type { Seat } from '#kernel';
import { monthsLater } from '../calendar/months.js';
import type { Case } from '../case.state.js';
import type { Definition } from '../definition.js';
import { namedIn } from '../named.js';
import type { AssigningState } from './assigning.state.js';
import type { RelationDeclared } from './assigning.messages.js';

/** How long having worked somewhere is a conflict of interest. */
const monthsAfter = 36;

/** What was declared in a round; nothing where nobody has declared anything. */
export const relationsOf = (state: AssigningState): readonly RelationDeclared[] =>
  state.status === 'none' ? [] : state.relations;

type Places = ReadonlyMap<string, readonly string[]>;

/** Where people were within the last three years, by person: by seats that have ended, and as declared. */
export function formerPlaces(seats: readonly Seat[], relations: readonly RelationDeclared[], now: number): Places {
  const places = new Map<string, string[]>();
  const note = (person: string, institution: string): void => {
    const known = places.get(person) ?? [];
    if (!known.includes(institution)) places.set(person, [...known, institution]);
  };
  for (const { person, institution, until } of seats) {
    const at = Date.parse(until);
    if (institution !== undefined && at <= now && now < monthsLater(at, monthsAfter, 0)) note(person, institution);
  }
  for (const { person, institution, until } of relations)
    if (institution !== undefined && until !== undefined && now < monthsLater(Date.parse(until), monthsAfter, 0))
      note(person, institution);
  return places;
}

type Ties = ReadonlyMap<string, 'co-author' | 'supervised'>;

/** What ties people to those whom an application names, by person. */
export function tiesTo(
  definition: Definition,
  state: Pick<Case, 'form' | 'about' | 'submittedBy'>,
  relations: readonly RelationDeclared[],
): Ties {
  const named = new Set(namedIn(definition, state));
  const ties = new Map<string, 'co-author' | 'supervised'>();
  for (const { person, relation, with: other } of relations)
    if (relation !== 'formerly-at' && other !== undefined && named.has(other) && !ties.has(person)) ties.set(person, relation);
  return ties;
}
