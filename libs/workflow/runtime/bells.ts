import type { Clock } from '#kernel';
import type { Doorbell } from './doorbell.js';
import type { OwedEffects } from './owed-effects.js';

export interface BellParts {
  readonly owed: OwedEffects;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  /** Bells are set for what falls due within so long. */
  readonly horizonMs: number;
  readonly report: (failure: unknown) => void;
}

/** After so long every bell is set again: the queue may have been wiped meanwhile. */
const setAgainAfterMs = 15_000;

/** Keeps the bells of the near future set, and makes nobody wait for the queue. */
export class Bells {
  private readonly set = new Set<string>();
  private forgottenAt = 0;
  private seen = 0n;
  private setting: Promise<void> | undefined;

  constructor(private readonly parts: BellParts) {}

  /** Sets the bells of effects that are new since the last time. While some are being set, it leaves the rest to `setAll`. */
  setNew(): void {
    this.start(this.seen);
  }

  /** Sets every bell of the near future that is not known to be set. */
  setAll(): void {
    const now = this.parts.clock.now();
    if (now - this.forgottenAt >= setAgainAfterMs) {
      this.set.clear();
      this.forgottenAt = now;
    }
    this.start(0n);
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await this.setting;
  }

  private start(after: bigint): void {
    this.setting ??= this.run(after)
      .catch(this.parts.report)
      .finally(() => {
        this.setting = undefined;
      });
  }

  private async run(after: bigint): Promise<void> {
    const { owed, doorbell, clock, horizonMs } = this.parts;
    const now = clock.now();
    const coming = await owed.comingUp(now, now + horizonMs, after);
    const bells = coming.filter(({ id }) => !this.set.has(id));
    for (const { position } of coming) if (position > this.seen) this.seen = position;
    await doorbell.set(bells);
    for (const { id } of bells) this.set.add(id);
  }
}
