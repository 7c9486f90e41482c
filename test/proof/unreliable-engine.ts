import { Dispatcher } from '../../libs/workflow/runtime/dispatcher.js';
import { InMemoryOwedEffects } from '../../libs/workflow/runtime/owed.memory.js';
import type { Taken } from '../../libs/workflow/runtime/owed-effects.js';
import type { DueEffect } from '../../libs/workflow/runtime/owed.js';
import type { AnyRoom } from '../support/any-room.js';
import type { Random } from '../faults/support/fuzz/random.js';

/** What becomes of a delivery: it is made; made twice; made too late, after others; never; or made, and the worker dies before it says so. */
const mishaps = ['none', 'none', 'none', 'twice', 'late', 'never', 'unsaid'] as const;

/** The engine on a bad day: deliveries come in any order, more than once, too late or not at all, and what it knows is lost at any moment. */
export class UnreliableEngine {
  private owed!: InMemoryOwedEffects;
  /** Delivered once more when nobody expects it any more. */
  private readonly late: Taken[] = [];

  constructor(
    private readonly room: AnyRoom,
    private readonly random: Random,
  ) {
    this.lose();
  }

  get owing(): Promise<readonly DueEffect[]> {
    return this.owed.follow().then(() => this.owed.all);
  }

  /** Queue, notes and every state are lost; what is owed is computed from the log. */
  lose(): void {
    this.room.restart();
    this.owed = this.ledger();
  }

  /** What is owed as the log alone tells it, to somebody who knows nothing yet. */
  ledger(): InMemoryOwedEffects {
    return new InMemoryOwedEffects(this.room.parts.rules, this.room.store);
  }

  /** Delivers what is due, badly. @returns whether anything was */
  async deliver(): Promise<boolean> {
    const { random } = this;
    const due = await this.due();
    const again = random.chance(0.3) ? this.late.splice(0) : [];
    const deliveries = [...due, ...again].toSorted(() => random.next() - 0.5);
    for (const one of deliveries) await this.attempt(one, random.oneOf(mishaps));
    return due.length > 0;
  }

  /** Delivers all that is due, and what follows from it, well. */
  async settle(): Promise<void> {
    for (let due = await this.due(); due.length > 0; due = await this.due())
      for (const one of due) await this.conclude(one, this.owed);
  }

  /** Lets time pass; at each instant at which something falls due, the engine tries, badly at first. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.room;
    const end = clock.now() + ms;
    for (;;) {
      for (let tries = 0; tries < 3 && (await this.deliver()); tries += 1);
      await this.settle();
      const times = (await this.owing).map(({ dueAt }) => Date.parse(dueAt)).filter((time) => time > clock.now());
      if (clock.now() >= end) return;
      clock.advanceTo(Math.min(...times, end));
    }
  }

  /** What is due and has not come to anything yet. */
  async due(): Promise<readonly Taken[]> {
    return (await this.owed.take(this.room.clock.now(), { limit: 1_000 })).taken;
  }

  private async attempt(taken: Taken, mishap: (typeof mishaps)[number]): Promise<void> {
    if (mishap === 'never') return;
    await this.conclude(taken, mishap === 'unsaid' ? this.ledger() : this.owed);
    if (mishap === 'twice') await this.conclude(taken, this.owed);
    if (mishap === 'late') this.late.push(taken);
  }

  private conclude({ effect, attempts }: Taken, owed: InMemoryOwedEffects): Promise<void> {
    return new Dispatcher({ ...this.room.parts, owed }).conclude(effect, attempts);
  }
}
