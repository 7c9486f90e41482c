import { FormatRegistry, type Static, type TSchema, Type } from '@sinclair/typebox';
import { isDay, isInstant, sha256 } from '#kernel';
import type { Place, Stretch } from '#workflow';
import { DoorRefusal } from '../http/problem.js';

export const TextSchema = Type.Object({ en: Type.String(), zh: Type.String() });

FormatRegistry.Set('date', isDay);
FormatRegistry.Set('date-time', isInstant);

export const Day = Type.String({ format: 'date' });
export const Instant = Type.String({ format: 'date-time' });
/** A day, which counts to its last instant, or an instant. */
export const AsOf = Type.Union([Day, Instant]);
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A page: the items, and what to ask for to get the next ones; absent on the last page. */
export const Page = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });

const standardLimit = 50;
const mostAtOnce = 200;

/** Query members of every list: a cursor that was handed out, and how many. */
export const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 1300 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostAtOnce })),
};

const Paging = Type.Object(paging);

const anyKey = /^[^\0]{1,400}$/su;

/** What leads to the items after a key. Its last letters follow from the key, so that what was not handed out is told from it. */
export const cursorOf = (key: string): string => `${Buffer.from(key, 'utf8').toString('base64url')}.${sha256(key).slice(0, 6)}`;

/**
 * One more than asked for is read, to know whether there is a next page.
 *
 * @param key - what the keys look like that cursors of this list are made of
 */
export function pageAsked(
  { cursor, limit = standardLimit }: Static<typeof Paging>,
  key = anyKey,
): { readonly after?: string; readonly limit: number } {
  if (cursor === undefined) return { limit: limit + 1 };
  const after = Buffer.from(cursor.split('.', 1)[0] ?? '', 'base64url').toString('utf8');
  if (cursor !== cursorOf(after) || !key.test(after)) throw foreignCursor();
  return { after, limit: limit + 1 };
}

/** Cuts what was read to a page whose cursor is the key of its last item. */
export function pageOf<T>(
  found: readonly T[],
  { limit = standardLimit }: Static<typeof Paging>,
  key: (item: T) => string,
): { items: T[]; next?: string } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length <= limit || last === undefined ? { items } : { items, next: cursorOf(key(last)) };
}

/** The key of an item of a list that is in the order of an instant. */
export const keyOf = ({ at, id }: Place): string => `${at} ${id}`;

/** As `pageAsked`, for a list whose keys are places. */
export function placeAsked(query: Static<typeof Paging>): Stretch {
  const { after, limit } = pageAsked(query);
  if (after === undefined) return { limit };
  const [at = '', ...id] = after.split(' ');
  if (at !== 'infinity' && !isInstant(at)) throw foreignCursor();
  return { after: { at, id: id.join(' ') }, limit };
}

/** How a list that hides some of what it reads is read. */
interface Knowing<T> {
  readonly place: (item: T) => Place;
  readonly read: (asked: Stretch) => Promise<readonly T[]>;
  /** Those that the reader may know of. */
  readonly known: (found: readonly T[]) => Promise<readonly T[]>;
}

/** A page of what the reader may know of: reading goes on until it is full, so that no cursor stands on what is hidden. */
export async function knownPage<T>(
  query: Static<typeof Paging>,
  { place, read, known }: Knowing<T>,
): Promise<{ items: T[]; next?: string }> {
  const asked = placeAsked(query);
  const limit = Math.max(asked.limit, mostAtOnce);
  const items: T[] = [];
  for (let { after } = asked; ;) {
    const found = await read({ ...(after === undefined ? {} : { after }), limit });
    items.push(...(await known(found)));
    const last = found.at(-1);
    if (last === undefined || found.length < limit || items.length >= asked.limit)
      return pageOf(items, query, (item) => keyOf(place(item)));
    after = place(last);
  }
}

export const foreignCursor = (): DoorRefusal =>
  new DoorRefusal(400, 'request.cursor', {
    en: 'This cursor was not handed out here. Start again without one.',
    zh: '该游标无效，请从第一页重新开始。',
  });
