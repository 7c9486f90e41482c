import { sha256 } from '#kernel';

/** Draws that depend on a seed and a name alone, not on how many were made before. */
export class Chance {
  constructor(private readonly seed: string) {}

  /** From 0 up to, not including, 1. */
  of(name: string): number {
    return Number.parseInt(sha256(`${this.seed}\n${name}`, 'hex').slice(0, 12), 16) / 2 ** 48;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number, name: string): number {
    return least + Math.floor(this.of(name) * (most - least + 1));
  }

  oneOf<T>(items: readonly T[], name: string): T {
    const item = items[Math.floor(this.of(name) * items.length)];
    if (item === undefined) throw new Error(`nothing to choose from for ${name}`);
    return item;
  }

  /** The same items in an order that the seed decides. */
  shuffled<T>(items: readonly T[], name: string): readonly T[] {
    return items
      .map((item, index) => ({ item, place: this.of(`${name}.${index}`) }))
      .sort((one, other) => one.place - other.place)
      .map(({ item }) => item);
  }
}
