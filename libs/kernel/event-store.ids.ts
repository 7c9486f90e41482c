/** Where each event id of a stream stands, as far as its first `length` events are known. */
export class KnownIds {
  private readonly revisions = new Map<string, number>();
  length = 0;

  constructor(private readonly grown: () => void) {}

  revisionOf(id: string): number | undefined {
    return this.revisions.get(id);
  }

  /** Takes note of an event. One that is known already, or that would leave a gap, changes nothing. */
  note(revision: number, id: string): void {
    if (revision !== this.length) return;
    this.revisions.set(id, revision);
    this.length += 1;
    this.grown();
  }
}

/**
 * The event ids of the most recently used streams.
 *
 * What is known of a stream never becomes wrong, because streams only grow; it may be behind, or forgotten.
 */
export class StreamIds {
  private readonly streams = new Map<string, KnownIds>();
  private total = 0;

  /** @param capacity - ids kept over all streams, but for the stream in use; about 100 bytes each */
  constructor(private readonly capacity = 200_000) {}

  of(stream: string): KnownIds {
    const known = this.streams.get(stream) ?? this.unknown(stream);
    this.streams.delete(stream);
    this.streams.set(stream, known);
    return known;
  }

  private unknown(stream: string): KnownIds {
    const known: KnownIds = new KnownIds(() => {
      if (this.streams.get(stream) !== known) return;
      this.total += 1;
      if (this.total > this.capacity) this.forgetOthers(known);
    });
    return known;
  }

  private forgetOthers(inUse: KnownIds): void {
    for (const [stream, known] of this.streams) {
      if (this.total <= this.capacity) return;
      if (known === inUse) continue;
      this.streams.delete(stream);
      this.total -= known.length;
    }
  }
}
