import type { EventStore, VirtualClock } from '#kernel';
import { Dispatcher, type Sending, type Tally } from './dispatcher.js';
import { VirtualDoorbell } from './doorbell.memory.js';
import { InMemoryOwedEffects } from './owed.memory.js';
import type { DueEffect } from './owed.js';
import type { Incident } from './owed-effects.js';
import type { OwingRules } from './rules.js';

export interface SimulationParts extends Omit<Sending, 'owed' | 'clock'> {
  readonly rules: OwingRules;
  readonly store: EventStore;
  readonly clock: VirtualClock;
}

/**
 * The workflow runtime in virtual time: everything owed happens in one order, one after the other, at the instant at which it is due.
 *
 * The same log and the same commands in between always lead to the same log.
 */
export class SimulatedRuntime {
  private readonly owed: InMemoryOwedEffects;
  private readonly doorbell: VirtualDoorbell;
  private readonly dispatcher: Dispatcher;

  constructor(private readonly parts: SimulationParts) {
    this.owed = new InMemoryOwedEffects(parts.rules, parts.store);
    this.doorbell = new VirtualDoorbell(parts.clock);
    this.dispatcher = new Dispatcher({ ...parts, owed: this.owed });
    this.doorbell.answer((id) => this.answer(id));
  }

  /** Counts since the beginning. */
  get tally(): Readonly<Tally> {
    return this.dispatcher.tally;
  }

  /** Effects that wait for their instant. */
  get waiting(): number {
    return this.owed.size;
  }

  /** What it is that waits, in the order in which it falls due. */
  get owing(): readonly DueEffect[] {
    return this.owed.all;
  }

  /**
   * Carries out everything that is or falls due up to `untilMs`, what follows from it included, and leaves the clock there.
   *
   * @throws whatever a command throws that is no refusal: a simulation does not go on over a bug
   */
  async drain(untilMs: number): Promise<void> {
    do await this.doorbell.set(await this.owed.follow());
    while (await this.doorbell.next(untilMs));
    this.parts.clock.advanceTo(untilMs);
  }

  /** Effects that were refused. */
  incidents(): Promise<readonly Incident[]> {
    return this.owed.incidents();
  }

  private async answer(id: string): Promise<void> {
    const { taken } = await this.owed.take(this.parts.clock.now(), { limit: 1, ids: [id] });
    for (const { effect, attempts } of taken) await this.dispatcher.conclude(effect, attempts);
  }
}
