/** A title as far as it tells one course from another: no width, case, space, punctuation or bracketed edition. */
const essence = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}\s]/gu, '');

/** Pairs of neighbouring characters, each with how often it stands there. A title of one character is its own pair. */
function pairsOf(title: string): Map<string, number> {
  const characters = [...essence(title)];
  const pairs = new Map<string, number>();
  for (let at = 0; at < Math.max(1, characters.length - 1); at += 1) {
    const pair = characters.slice(at, at + 2).join('');
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/**
 * How alike two titles are, Chinese or not: from 0 to 1, which says the same (Dice's coefficient over pairs of characters).
 *
 * 《大学物理》 and “大学物理（一）” share three of four pairs each way: 0.75 and more is worth a look.
 */
export function likeness(one: string, other: string): number {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  const count = (pairs: ReadonlyMap<string, number>) => [...pairs.values()].reduce((sum, n) => sum + n, 0);
  const shared = [...a].reduce((sum, [pair, n]) => sum + Math.min(n, b.get(pair) ?? 0), 0);
  const all = count(a) + count(b);
  return essence(one) === '' || essence(other) === '' ? 0 : (2 * shared) / all;
}

/** From here on two titles of one institution are shown to a person, who tells whether they are one course. */
export const worthALook = 0.6;
