import type { Clock } from '#kernel';

interface Entry<V> {
  readonly since: number;
  readonly found: Promise<V | undefined>;
  value?: V;
}

/**
 * Answers that may be up to two seconds old, so that a page of requests costs one query.
 *
 * Many askers at once share one load; what was not found is asked for again each time.
 */
export class ShortCache<V> {
  private readonly entries = new Map<string, Entry<V>>();

  constructor(
    private readonly clock: Clock,
    private readonly lifetimeMs = 2000,
    private readonly capacity = 10_000,
  ) {}

  get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const now = this.clock.now();
    const known = this.entries.get(key);
    // A clock that was set back must not keep an answer alive.
    if (known !== undefined && known.since <= now && now < known.since + this.lifetimeMs) return known.found;
    const entry: Entry<V> = { since: now, found: load() };
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value as string);
    const forget = () => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    entry.found.then((value) => {
      if (value === undefined) forget();
      else entry.value = value;
    }, forget);
    return entry.found;
  }

  /** Forgets every answer of which `which` is true, and every one that is still being fetched. */
  drop(which: (value: V) => boolean): void {
    for (const [key, { value }] of this.entries) if (value === undefined || which(value)) this.entries.delete(key);
  }
}
