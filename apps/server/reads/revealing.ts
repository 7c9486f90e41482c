import { isSealed, type Text } from '#kernel';
import { type Doors, namesOf } from './doors.js';

/** Whatever stands in a value: sealed fields as the vault still has them (null once erased). */
export async function revealed<T>(doors: Doors, value: T): Promise<T> {
  const digests = new Set<string>();
  walk(value, (found) => {
    if (isSealed(found)) digests.add(found.sealed);
  });
  const opened = await doors.vault.open([...digests]);
  return replaced(value, opened) as T;
}

/** The names of all people whose ids stand in a value that the reader may see. */
export async function peopleIn(doors: Doors, value: unknown): Promise<Record<string, Text>> {
  const people = new Set<string>();
  walk(value, (found) => {
    if (typeof found === 'string' && found.startsWith('person-')) people.add(found);
  });
  return Object.fromEntries(await namesOf(doors, people));
}

function walk(value: unknown, meet: (value: unknown) => void): void {
  meet(value);
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) walk(member, meet);
}

function replaced(value: unknown, opened: ReadonlyMap<string, unknown>): unknown {
  if (isSealed(value)) return opened.get(value.sealed) ?? null;
  if (Array.isArray(value)) return value.map((member) => replaced(member, opened));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, opened)]));
}
