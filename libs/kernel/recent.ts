/**
 * What was used most recently, at least half of `capacity` entries and at most all of it.
 *
 * Two generations: the older one is dropped whole when the younger is full. A Map that is reordered at every use instead leaves its
 * deleted entries to be walked over, which costs more than what it keeps is worth.
 */
export class Recent<V> {
  private young = new Map<string, V>();
  private old = new Map<string, V>();

  constructor(private readonly capacity: number) {}

  get(key: string): V | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const old = this.old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    this.young.set(key, value);
    if (this.young.size * 2 < this.capacity) return;
    this.old = this.young;
    this.young = new Map();
  }
}
