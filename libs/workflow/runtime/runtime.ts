import type { Pool } from 'pg';
import { type EventStore, UnavailableError, type View, type Views } from '#kernel';
import { Dispatcher, type Sending, type Tally } from './dispatcher.js';
import type { Doorbell } from './doorbell.js';
import { Ahead } from './ahead.js';
import { Bells } from './bells.js';
import { BullDoorbell, type QueueAddress } from './doorbell.bullmq.js';
import { PostgresOwedEffects } from './owed.postgres.js';
import type { DueEffect } from './owed.js';
import type { Incident, Taken } from './owed-effects.js';
import type { OwingRules } from './rules.js';

/** Views that tell when they have moved: what is newly owed is carried out at once. */
export interface MovingViews extends Views {
  onMoved(listener: (move: { readonly view: string; readonly position: bigint }) => void): () => void;
}

export interface RuntimeParts extends Omit<Sending, 'owed'> {
  readonly store: EventStore;
  readonly rules: OwingRules;
  /** The view that `owedView` made: the very one that runs in this installation, here or in another process. */
  readonly view: View;
  readonly views: MovingViews;
  /** To the database of the views. */
  readonly pool: Pool;
  readonly queue: QueueAddress;
  /** Hears of everything that went wrong and is being tried again. */
  readonly report: (failure: unknown) => void;
  readonly pace?: Partial<Pace>;
}

/** How often, how far, how much. */
export interface Pace {
  /** At the latest after so long, what is owed is looked through again, whatever was missed. */
  readonly everyMs: number;
  /** Bells are set for what falls due within so long. */
  readonly horizonMs: number;
  /** Commands under way at once; where it is one, all is carried out in the order of the log. */
  readonly atOnce: number;
}

const usualPace: Pace = { everyMs: 5_000, horizonMs: 60_000, atOnce: 32 };
const sweepEveryMs = 60_000;
const pauseAfterFailureMs = 1_000;
/** Well within the time for which an effect is held. */
const renewEveryMs = 300;

export interface RuntimeStatus extends Tally {
  /** Commands under way. */
  readonly underWay: number;
  /** When everything owed was last looked through, in milliseconds since 1970 UTC; 0 before the first time. */
  readonly lookedThroughAt: number;
}

export interface WorkflowRuntime {
  status(): RuntimeStatus;
  /** Effects that were refused, or fail again and again. */
  incidents(): Promise<readonly Incident[]>;
  /**
   * Waits until nothing is owed that is due by the clock, what follows from it included. For whoever moves the clock.
   *
   * @returns when the next effect falls due, in milliseconds since 1970 UTC; undefined where nothing is owed
   * @throws UnavailableError where the runtime is stopped before
   */
  settle(): Promise<number | undefined>;
  /** Waits for commands under way, and lets go of the queue. */
  stop(): Promise<void>;
}

/**
 * Sees to it that everything owed happens once: what is due now at once, the rest at its instant.
 *
 * Any number of processes may run it on the same database. It starts whether or not the queue answers.
 *
 * @throws TypeError where effects may send commands to streams that the view does not follow: they would never be seen to have happened
 */
export function startWorkflowRuntime(parts: RuntimeParts): WorkflowRuntime {
  const unseen = Object.keys(parts.contexts).filter((category) => !parts.view.categories.includes(category));
  if (unseen.length > 0) throw new TypeError(`the view of what is owed does not follow ${unseen.join(', ')}`);
  const runtime = new Runtime(parts);
  runtime.start();
  return runtime;
}

class Runtime implements WorkflowRuntime {
  private readonly pace: Pace;
  private readonly owed: PostgresOwedEffects;
  private readonly dispatcher: Dispatcher;
  private readonly ahead: Ahead;
  private readonly doorbell: Doorbell;
  private readonly bells: Bells;
  private readonly stopping = new AbortController();
  /** By id of the effect. */
  private readonly underWay = new Map<string, Promise<void>>();
  /** Effects whose bells have rung and that nobody has looked at yet. */
  private readonly rung = new Set<string>();
  private looking: Promise<void> | undefined;
  /** The last effect of each lane: one after the other, they do not get into each other's way. */
  private readonly lanes = new Map<string, Promise<void>>();
  /** Those of them that this process holds. */
  private readonly holding = new Map<string, DueEffect>();
  private renewing: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private deaf: (() => void)[] = [];
  private nudge = new AbortController();
  private retryAtMs = Infinity;
  private headAtStart: bigint | undefined;
  private lookedThroughAt = 0;
  /** How far the view of what is owed has come, as far as is known here. */
  private viewAt = 0n;
  private sweptAt: number;

  constructor(private readonly parts: RuntimeParts) {
    const { view, views, pool, queue, clock, report, rules } = parts;
    this.pace = { ...usualPace, ...parts.pace };
    this.owed = new PostgresOwedEffects(view, views, pool);
    this.dispatcher = new Dispatcher({ ...parts, owed: this.owed, stopping: this.stopping.signal });
    const isTaken = (id: string): boolean => this.underWay.has(id);
    this.ahead = new Ahead({ rules, dispatcher: this.dispatcher, clock, atOnce: this.pace.atOnce, isTaken, report });
    this.doorbell = new BullDoorbell(queue, { concurrency: this.pace.atOnce, report });
    this.bells = new Bells({ owed: this.owed, doorbell: this.doorbell, clock, horizonMs: this.pace.horizonMs, report });
    this.sweptAt = clock.now();
  }

  start(): void {
    const { view, views, handling } = this.parts;
    this.deaf = [
      views.onMoved((move) => {
        if (move.view !== view.name) return;
        this.viewAt = move.position;
        this.nudge.abort();
      }),
    ];
    if (!this.isInOrder) this.deaf.push(handling.follow(this.ahead));
    this.doorbell.answer((id) => this.answer(id));
    this.renewing = setInterval(() => {
      this.owed.renew(this.holding.values(), this.parts.clock.now()).catch(this.parts.report);
    }, renewEveryMs);
    this.running = this.run();
  }

  /** One after the other: what follows from one comes before what is next, and no bell jumps the queue. */
  private get isInOrder(): boolean {
    return this.pace.atOnce === 1;
  }

  status(): RuntimeStatus {
    return { ...this.dispatcher.tally, underWay: this.underWay.size + this.ahead.size, lookedThroughAt: this.lookedThroughAt };
  }

  incidents(): Promise<readonly Incident[]> {
    return this.owed.incidents();
  }

  async settle(): Promise<number | undefined> {
    const { store, clock } = this.parts;
    while (!this.stopping.signal.aborted) {
      this.nudge.abort();
      await Promise.all([...this.underWay.values(), this.ahead.settled()]);
      const next = await this.owed.nextDueAt(await store.head());
      if (this.underWay.size + this.ahead.size === 0 && (next === undefined || next > clock.now())) return next;
    }
    throw new UnavailableError('the workflow runtime has been stopped');
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const stop of this.deaf) stop();
    this.nudge.abort();
    await this.running;
    await Promise.all([...this.underWay.values(), this.ahead.settled()]);
    clearInterval(this.renewing);
    await this.bells.settled();
    await this.doorbell.close();
  }

  private async run(): Promise<void> {
    const { clock, report } = this.parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // Whatever is heard from here on ends the wait below.
      this.nudge = new AbortController();
      try {
        await this.pass();
      } catch (failure) {
        report(failure);
        await clock.waitUntil(clock.now() + pauseAfterFailureMs, signal);
        continue;
      }
      const until = Math.min(this.lookedThroughAt + this.pace.everyMs, this.retryAtMs);
      if (!signal.aborted) await clock.waitUntil(until, this.nudge.signal);
    }
  }

  private async pass(): Promise<void> {
    const now = this.parts.clock.now();
    if (this.retryAtMs <= now) this.retryAtMs = Infinity;
    if (now < this.lookedThroughAt + this.pace.everyMs) {
      await this.takeDue();
      this.bells.setNew();
      return;
    }
    // Until the view has caught up once, it may hold what was settled long ago.
    if (this.lookedThroughAt === 0) await this.takeDue((this.headAtStart ??= await this.parts.store.head()));
    else await this.takeDue();
    this.lookedThroughAt = now;
    // Whoever took them may have died with them.
    this.remember(await this.owed.nextReleaseAt(now));
    this.bells.setAll();
    if (now >= this.sweptAt + sweepEveryMs) {
      await this.owed.sweep(now);
      this.sweptAt = now;
    }
  }

  private async takeDue(atLeast?: bigint): Promise<void> {
    for (;;) {
      // Half of them free: to ask for one at a time would be dear.
      while (this.underWay.size > this.pace.atOnce / 2) await Promise.race(this.underWay.values());
      if (this.stopping.signal.aborted) return;
      const limit = this.pace.atOnce - this.underWay.size;
      // Not sooner: what the view forgets while it is being read may still be in what was read.
      this.ahead.forget(this.viewAt);
      const seen = this.isInOrder ? await this.parts.store.head() : atLeast;
      const { taken, more } = await this.owed.take(this.parts.clock.now(), {
        limit,
        except: [...this.ahead.seenTo],
        ...(seen === undefined ? {} : { atLeast: seen }),
      });
      // What was sent ahead while they were being looked up is not sent again.
      const seenTo = this.ahead.seenTo;
      for (const one of taken) if (!seenTo.has(one.effect.id)) this.begin(one);
      if (!more) return;
    }
  }

  private begin(taken: Taken): void {
    const { id: effect } = taken.effect;
    const lane = laneOf(taken.effect);
    const done = (this.lanes.get(lane) ?? Promise.resolve())
      .then(() => this.dispatcher.carryOut(taken))
      .then((againAtMs) => this.remember(againAtMs))
      .catch(this.parts.report)
      .finally(() => {
        this.underWay.delete(effect);
        this.holding.delete(effect);
        if (this.lanes.get(lane) === done) this.lanes.delete(lane);
      });
    this.underWay.set(effect, done);
    this.holding.set(effect, taken.effect);
    this.lanes.set(lane, done);
  }

  private remember(againAtMs: number | undefined): void {
    if (againAtMs === undefined || againAtMs >= this.retryAtMs) return;
    this.retryAtMs = againAtMs;
    this.nudge.abort();
  }

  /** A bell is only a hint: what is missed here is found when everything is looked through. */
  private async answer(id: string): Promise<void> {
    if (this.lookedThroughAt === 0 || this.stopping.signal.aborted) return;
    if (this.isInOrder) {
      this.nudge.abort();
      return;
    }
    this.rung.add(id);
    await (this.looking ??= this.takeRung());
    await this.underWay.get(id);
  }

  /** Those that ring while others are being looked up are looked up together. */
  private async takeRung(): Promise<void> {
    try {
      while (this.rung.size > 0) {
        const ids = [...this.rung];
        this.rung.clear();
        const { taken } = await this.owed.take(this.parts.clock.now(), { limit: ids.length, ids });
        for (const one of taken) this.begin(one);
      }
    } finally {
      this.looking = undefined;
    }
  }
}

/** By target stream; what counts loads waits for each other, or two would give the same free hands away. */
const laneOf = ({ command: { context, id }, needs, alliance }: DueEffect): string =>
  needs === 'loads' ? `loads ${alliance}` : `${context}-${id}`;
