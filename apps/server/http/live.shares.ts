import { type ShareDone, sharesDone } from '#workflow';
import type { Doors } from '../reads/doors.js';

const everyMs = 500;

/** Tells those who listen how far steps are that take long: one look at the database for all of them, and none where nobody listens. */
export class Shares {
  private readonly listeners = new Set<(done: ShareDone) => void>();
  private looking: NodeJS.Timeout | undefined;
  private known: ReadonlyMap<string, number> = new Map();

  constructor(private readonly doors: Doors) {}

  /** @returns what ends it */
  listen(listener: (done: ShareDone) => void): () => void {
    this.listeners.add(listener);
    for (const [stream, share] of this.known) listener({ stream, share });
    this.looking ??= setInterval(() => void this.look().catch(() => undefined), everyMs).unref();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.looking);
      this.looking = undefined;
    };
  }

  private async look(): Promise<void> {
    const found = await sharesDone(this.doors.owed, this.doors.runner);
    const before = this.known;
    this.known = new Map(found.map(({ stream, share }) => [stream, share]));
    for (const done of found) if (before.get(done.stream) !== done.share) for (const listener of this.listeners) listener(done);
  }
}
