import type { Course, Field, FieldValue } from './shapes.js';

export type Names = ReadonlyMap<string, string>;

/** Kept by the register of courses, and not for the form to say otherwise. */
export const isRegistered = ({ id }: Pick<Field, 'id'>): boolean => id === 'leader';

/** Those of a university whose names are on record, by id. */
export const leadersOf = (courses: readonly Pick<Course, 'leader' | 'leaderName'>[]): Names =>
  new Map(courses.flatMap(({ leader, leaderName }) => (leaderName === null ? [] : [[leader, leaderName] as const])));

/** Who may be named in a field, and whoever is named there already, by name or as `nameless`. */
export const choicesOf = (people: Names, value: FieldValue | undefined, nameless: string) =>
  [...(typeof value === 'string' && !people.has(value) ? [[value, nameless] as const] : []), ...people].map(
    ([person, label]) => ({
      value: person,
      label,
    }),
  );
