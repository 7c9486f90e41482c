import { categoryOf, type Clock, type Follower, type Sequels, type Step } from '#kernel';
import type { Dispatcher } from './dispatcher.js';
import { type Caused, causedBy, type DueEffect, placedAt } from './owed.js';
import type { OwingRules } from './rules.js';

interface AheadParts {
  readonly rules: OwingRules;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Commands under way at once; what is beyond is left to the view of what is owed. */
  readonly atOnce: number;
  /** Whether an effect was found in the view, and is being carried out already. */
  readonly isTaken: (id: string) => boolean;
  readonly report: (failure: unknown) => void;
}

/** Where the view is so far behind, it had better be waited for. */
const seenToAtMost = 5_000;

/**
 * Sends what an append of this process makes due, without waiting for the view of what is owed to say so: what goes to the same stream
 * is appended with what it follows from, the rest is sent as soon as that is durable.
 *
 * Nothing rests on it: what it misses, and whatever goes wrong with what it sends, is found in the view. To send something twice would
 * change nothing either: a command of an effect has one id.
 */
export class Ahead implements Follower {
  /** By id of the effect: under way, or sent at a position that the view has not come to. */
  private readonly sent = new Map<string, bigint | 'under way'>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly parts: AheadParts) {}

  follow(step: Step): Promise<Sequels | undefined> | undefined {
    const { opening } = step.after;
    const category = categoryOf(step.event.stream);
    const mayOwe = this.parts.rules.deciders.some((decider) => decider.category === category);
    return mayOwe && opening !== undefined ? this.following(step, opening) : undefined;
  }

  private async following(step: Step, opening: string): Promise<Sequels | undefined> {
    const effects = await this.effectsOf(step, opening).catch((failure: unknown) => {
      // The view stops at the same event, for the same reason: what is owed is late, and not lost.
      this.parts.report(failure);
      return [];
    });
    if (effects.length === 0) return undefined;
    return {
      commands: effects.flatMap((effect) => (this.isDue(effect) ? (this.parts.dispatcher.sequelOf(effect) ?? []) : [])),
      appended: (position, done) => this.sendRest(effects, position, done),
    };
  }

  /** Effects that nobody else need take now. */
  get seenTo(): ReadonlySet<string> {
    return new Set(this.sent.keys());
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

  private sendRest(effects: readonly Caused[], position: bigint, done: ReadonlySet<string>): void {
    for (const [place, effect] of effects.entries()) {
      if (done.has(effect.commandId)) this.parts.dispatcher.sentWithCause(position);
      else if (effect.needs === undefined && this.isDue(effect) && this.hasRoom) this.begin(placedAt(position, effect, place));
    }
  }

  private get hasRoom(): boolean {
    return this.underWay.size < this.parts.atOnce && this.sent.size < seenToAtMost;
  }

  private async effectsOf({ event, after: { state } }: Step, opening: string): Promise<readonly Caused[]> {
    const { rules } = this.parts;
    const effects = await rules.effectsOf(event, state);
    return effects.length === 0 ? [] : causedBy(event, effects, { workflow: rules.workflowOf(state), opening });
  }

  private isDue({ dueAt }: Caused): boolean {
    return Date.parse(dueAt) <= this.parts.clock.now();
  }

  private begin(effect: DueEffect): void {
    if (this.parts.isTaken(effect.id)) return;
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
