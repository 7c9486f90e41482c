import type { VirtualClock } from '#kernel';
import { type Bell, Doorbell } from './doorbell.js';
import { inLogOrder } from './owed.js';

/**
 * A doorbell for virtual time: one bell after the other, in the order of their instants and then of the log, moving the clock along.
 */
export class VirtualDoorbell extends Doorbell {
  private readonly set_ = new Set<string>();
  /** The next one to ring comes last. */
  private readonly bells: Bell[] = [];
  private ring: (id: string) => Promise<void> = () => Promise.reject(new Error('nobody answers this doorbell'));

  constructor(private readonly clock: VirtualClock) {
    super();
  }

  override async set(bells: readonly Bell[]): Promise<void> {
    for (const bell of bells) {
      if (this.set_.has(bell.id)) continue;
      this.set_.add(bell.id);
      this.bells.splice(this.placeFor(bell), 0, bell);
    }
  }

  override answer(ring: (id: string) => Promise<void>): void {
    this.ring = ring;
  }

  /** Rings the next bell, at its instant. @returns whether one rang: none does after `untilMs` */
  async next(untilMs: number): Promise<boolean> {
    const bell = this.bells.at(-1);
    if (bell === undefined || bell.atMs > untilMs) return false;
    this.bells.pop();
    this.set_.delete(bell.id);
    this.clock.advanceTo(bell.atMs);
    await this.ring(bell.id);
    return true;
  }

  override async close(): Promise<void> {
    this.bells.length = 0;
    this.set_.clear();
  }

  private placeFor(bell: Bell): number {
    let low = 0;
    let high = this.bells.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isLater(this.bells[middle] as Bell, bell)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** At one instant, bells ring in the order of the log, whenever they were set. */
const isLater = (one: Bell, other: Bell): boolean =>
  one.atMs === other.atMs ? inLogOrder(one, other) > 0 : one.atMs > other.atMs;
