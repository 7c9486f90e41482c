import { categoryOf, type Clock, type Happened } from '#kernel';
import type { Dispatcher } from './dispatcher.js';
import { type DueEffect, owedBy } from './owed.js';
import type { OwingRules } from './rules.js';

interface AheadParts {
  readonly rules: OwingRules;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Commands under way at once; what is beyond is left to the view of what is owed. */
  readonly atOnce: number;
}

/** Where the view is so far behind, it had better be waited for. */
const seenToAtMost = 5_000;

/**
 * Sends what an append of this process has just made due, without waiting for the view of what is owed to say so.
 *
 * Nothing rests on it: what it misses, and whatever goes wrong with what it sends, is found in the view. To send something twice would
 * change nothing either: a command of an effect has one id.
 */
export class Ahead {
  /** By id of the effect: under way, or sent at a position that the view has not come to. */
  private readonly sent = new Map<string, bigint | 'under way'>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly parts: AheadParts) {}

  hear({ steps }: Happened): void {
    for (const step of steps) void this.consider(step).catch(() => undefined);
  }

  /** Effects that nobody else need take now. */
  get seenTo(): readonly string[] {
    return [...this.sent.keys()];
  }

  get size(): number {
    return this.underWay.size;
  }

  /** The view has come to a position: what was sent up to there it owes no more. */
  forget(through: bigint): void {
    for (const [id, at] of this.sent) if (at !== 'under way' && at <= through) this.sent.delete(id);
  }

  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private async consider({ event, after: { state, opening } }: Happened['steps'][number]): Promise<void> {
    const { rules, clock, atOnce } = this.parts;
    const category = categoryOf(event.stream);
    if (opening === undefined || !rules.deciders.some((decider) => decider.category === category)) return;
    const effects = await rules.effectsOf(event, state);
    if (effects.length === 0) return;
    for (const effect of owedBy(event, effects, { workflow: rules.workflowOf(state), opening })) {
      if (this.underWay.size >= atOnce || this.sent.size >= seenToAtMost) return;
      if (effect.needs === undefined && Date.parse(effect.dueAt) <= clock.now()) this.begin(effect);
    }
  }

  private begin(effect: DueEffect): void {
    const sending = this.send(effect).finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  private async send(effect: DueEffect): Promise<void> {
    this.sent.set(effect.id, 'under way');
    const position = await this.parts.dispatcher.sendAhead(effect).catch(() => undefined);
    if (position === undefined) this.sent.delete(effect.id);
    else this.sent.set(effect.id, position);
  }
}
