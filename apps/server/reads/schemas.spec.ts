import { expect, test } from '@jest/globals';
import type { Place, Stretch } from '#workflow';
import { cursorOf, keyOf, knownPage, placeAsked } from './schemas.js';

/** Places of one instant, by number, from 1; every third is hidden. */
const items: readonly Place[] = Array.from({ length: 1_000 }, (_, index) => ({
  at: '2026-03-02T01:00:00.000Z',
  id: String(index + 1).padStart(4, '0'),
}));
const isHidden = ({ id }: Place): boolean => Number(id) % 3 === 0;

const page = (query: { readonly cursor?: string; readonly limit?: number }, hidden = isHidden) =>
  knownPage<Place>(query, {
    place: (item) => item,
    read: async ({ after, limit }: Stretch) => items.filter(({ id }) => id > (after?.id ?? '')).slice(0, limit),
    known: async (found) => found.filter((item) => !hidden(item)),
  });

test.each([7, 66, 67, 199, 200])(
  'pages of %d of what is known are full, follow each other without gaps, and no cursor stands on what is hidden',
  async (limit) => {
    const pages: Awaited<ReturnType<typeof page>>[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; cursor = pages.at(-1)?.next)
      pages.push(await page({ limit, ...(cursor === '' ? {} : { cursor }) }));
    expect(pages.flatMap(({ items: some }) => some)).toEqual(items.filter((item) => !isHidden(item)));
    const before = pages.slice(0, -1);
    expect(before.map(({ items: some }) => some.length)).toEqual(before.map(() => limit));
    expect(before.map(({ next }) => next)).toEqual(before.map(({ items: some }) => cursorOf(keyOf(some.at(-1) as Place))));
  },
);

test('who may know of nothing gets an empty page, and no cursor', async () => {
  expect(await page({ limit: 1 }, () => true)).toEqual({ items: [] });
});

test('a cursor of another list is refused', () => {
  for (const key of ['a.round.course', '2026-02-30T01:00:00.000Z x', 'yesterday x'])
    expect(() => placeAsked({ cursor: cursorOf(key) })).toThrow(expect.objectContaining({ code: 'request.cursor' }));
  expect(placeAsked({ cursor: cursorOf('infinity a b c'), limit: 2 })).toEqual({
    after: { at: 'infinity', id: 'a b c' },
    limit: 3,
  });
});
