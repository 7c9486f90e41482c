import { type CommandHandling, DomainError, UnavailableError } from '#kernel';
import { Dispatcher } from '../../libs/workflow/runtime/dispatcher.js';
import { InMemoryOwedEffects } from '../../libs/workflow/runtime/owed.memory.js';
import type { Taken } from '../../libs/workflow/runtime/owed-effects.js';
import type { DueEffect } from '../../libs/workflow/runtime/owed.js';
import type { AnyRoom } from '../support/any-room.js';
import type { Random } from '../faults/support/fuzz/random.js';
import type { Coverage } from './coverage.js';

/**
 * What becomes of a delivery: it is made; made twice, one after the other or at once; made too late, after others; never; or made, and
 * the worker dies before it says so.
 */
const mishaps = ['none', 'none', 'none', 'twice', 'at once', 'late', 'never', 'unsaid'] as const;

/** Why an effect comes to nothing, again and again: something is broken, or something says no that will say yes. */
const hindrances = ['broken', 'refused'] as const;

export const outOfOrder = 'proof.out-of-order';

/** The engine on a bad day: deliveries come in any order, more than once, too late or not at all, and what it knows is lost at any moment. */
export class UnreliableEngine {
  private owed!: InMemoryOwedEffects;
  /** Delivered once more when nobody expects it any more. */
  private readonly late: Taken[] = [];
  /** By the id of the effect's command. */
  private readonly hindered = new Map<string, (typeof hindrances)[number]>();

  constructor(
    private readonly room: AnyRoom,
    private readonly random: Random,
    private readonly reached: Coverage,
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
    if (random.chance(0.1)) this.hindered.clear();
    const due = await this.due();
    const again = random.chance(0.3) ? this.late.splice(0) : [];
    const deliveries = [...due, ...again].toSorted(() => random.next() - 0.5);
    for (const one of deliveries) {
      if (random.chance(0.03)) this.hindered.set(one.effect.commandId, random.oneOf(hindrances));
      await this.attempt(one, random.oneOf(mishaps));
    }
    return due.length > 0;
  }

  /** Delivers all that is due, and what follows from it, as well as may be. */
  async settle(): Promise<void> {
    for (let due = await this.due(); due.length > 0; due = await this.due())
      for (const one of due) await this.conclude(one, this.owed);
  }

  /** Whatever was broken has been put right. */
  mend(): void {
    this.hindered.clear();
  }

  /** Lets time pass; at each instant at which something falls due, the engine tries, badly at first. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.room;
    const end = clock.now() + ms;
    for (;;) {
      for (let tries = 0; tries < 3 && (await this.deliver()); tries += 1);
      await this.settle();
      if (clock.now() >= end) return;
      clock.advanceTo(Math.min(await this.next(), end));
    }
  }

  /** Lets time pass to the next instant for which anything waits. */
  async passToNext(): Promise<void> {
    const next = await this.next();
    if (Number.isFinite(next)) await this.pass(next - this.room.clock.now());
  }

  /** Time is at the next instant for which anything waits, and nothing has gone wrong. */
  async skipToNext(): Promise<void> {
    const next = await this.next();
    if (Number.isFinite(next)) this.room.clock.advanceTo(next);
    await this.settle();
  }

  private async next(): Promise<number> {
    const now = this.room.clock.now();
    const times = (await this.owing).map(({ dueAt }) => Date.parse(dueAt)).filter((time) => time > now && time < afterAll);
    return Math.min(...times);
  }

  /** What is due and has not come to anything yet. */
  async due(): Promise<readonly Taken[]> {
    return (await this.owed.take(this.room.clock.now(), { limit: 1_000 })).taken;
  }

  private async attempt(taken: Taken, mishap: (typeof mishaps)[number]): Promise<void> {
    if (mishap === 'never') return;
    const owed = mishap === 'unsaid' ? this.ledger() : this.owed;
    await Promise.all([this.conclude(taken, owed), ...(mishap === 'at once' ? [this.conclude(taken, this.ledger())] : [])]);
    if (mishap === 'twice') await this.conclude(taken, this.owed);
    if (mishap === 'late') this.late.push(taken);
  }

  /** Only what is hindered may fail: anything else that is thrown is a fault of the engine. */
  private async conclude(taken: Taken, owed: InMemoryOwedEffects): Promise<void> {
    const { parts } = this.room;
    const dispatcher = new Dispatcher({ ...parts, owed, handling: this.hindering(parts.handling) });
    if (this.hindered.get(taken.effect.commandId) === 'broken') await dispatcher.carryOut(taken);
    else await dispatcher.conclude(taken.effect, taken.attempts);
  }

  private hindering(handling: CommandHandling): CommandHandling {
    const handle: CommandHandling['handle'] = async (...asked) => {
      const hindrance = this.hindered.get(asked[3].commandId);
      if (hindrance === 'broken') throw new UnavailableError('broken');
      if (hindrance === 'refused') throw new DomainError(outOfOrder, { en: 'Out of order.', zh: '暂停服务。' });
      const receipt = await handling.handle(...asked);
      if (receipt.events.length > 0) this.reached.note(`${asked[0].name} ${asked[2].type}`);
      return receipt;
    };
    return Object.assign(Object.create(handling) as CommandHandling, { handle });
  }
}

/** What is held back falls due later than anything. */
const afterAll = Date.parse('9999-01-01T00:00:00.000Z');
