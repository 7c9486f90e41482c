import type { EventStore } from '#kernel';
import { Consequences } from './consequences.js';
import type { Bell } from './doorbell.js';
import { type DueEffect, inOrder, noteOf, Owed } from './owed.js';
import {
  type ComingUp,
  type Incident,
  type Outcome,
  OwedEffects,
  stillTrying,
  type Take,
  type Taken,
  worrying,
} from './owed-effects.js';
import type { OwingRules } from './rules.js';

interface Note {
  readonly attempts: number;
  readonly last: Outcome;
  readonly since: string;
}

/** What is owed, folded from the log in this process: for simulation, where one process does everything in turn. */
export class InMemoryOwedEffects extends OwedEffects {
  private readonly owed: Owed;
  private readonly consequences: Consequences;
  private readonly notes = new Map<string, Note>();
  /** Bells of effects that were taken in and not asked for yet. */
  private readonly unset: Bell[] = [];
  private taking: Promise<void> = Promise.resolve();
  private through = 0n;
  private nowMs = 0;

  constructor(
    rules: OwingRules,
    private readonly store: EventStore,
  ) {
    super();
    this.owed = new Owed(rules.settles);
    this.consequences = new Consequences(rules, store);
  }

  /** How much is owed. */
  get size(): number {
    return this.owed.size;
  }

  /** Everything owed, in the order in which it falls due. */
  get all(): readonly DueEffect[] {
    return [...this.owed.values()].sort(inOrder);
  }

  /** Takes in what is new in the log. @returns a bell for each effect that is new since the last time, in the order of the log */
  async follow(): Promise<readonly Bell[]> {
    await this.takeIn();
    return this.unset.splice(0).filter(({ id }) => this.owed.get(id) !== undefined);
  }

  /** One after the other: nothing is taken in twice. */
  private takeIn(): Promise<void> {
    this.taking = this.taking.then(() => this.takeInNews());
    return this.taking;
  }

  private async takeInNews(): Promise<void> {
    for (;;) {
      const { events, through } = await this.store.readAll(this.through, { limit: 1_000 });
      if (through === this.through) return;
      const effects = await this.consequences.of(events);
      for (const [index, event] of events.entries()) {
        const fresh = this.owed.take(event, effects[index] ?? []);
        this.unset.push(...fresh.map(({ id, dueAt }) => ({ id, atMs: Date.parse(dueAt) })));
        const again = event.type === 'EffectRetried' ? this.owed.concerned(event) : undefined;
        if (again !== undefined) this.unset.push({ id: again.id, atMs: Date.parse(event.meta.recordedAt) });
      }
      this.through = through;
    }
  }

  override async take(nowMs: number, { limit, ids }: Take): Promise<{ taken: readonly Taken[]; more: boolean }> {
    this.nowMs = nowMs;
    await this.takeIn();
    const named = ids?.map((id) => this.owed.get(id)).filter((effect) => effect !== undefined);
    const wanted = named ?? [...this.owed.values()].sort(inOrder);
    const due = wanted.filter((effect) => Date.parse(effect.dueAt) <= nowMs && this.isOpen(effect));
    const taken = due.slice(0, limit).map((effect) => ({ effect, attempts: this.notes.get(noteOf(effect))?.attempts ?? 0 }));
    return { taken, more: due.length > limit };
  }

  private isOpen(effect: DueEffect): boolean {
    const last = this.notes.get(noteOf(effect))?.last;
    return last === undefined || (last.kind === 'failed' && last.againAtMs <= this.nowMs);
  }

  override async comingUp(afterMs: number, untilMs: number, causedAfter: bigint): Promise<readonly ComingUp[]> {
    await this.takeIn();
    const bells = [...this.owed.values()].map(({ id, dueAt, cause }) => ({
      id,
      atMs: Date.parse(dueAt),
      position: cause.position,
    }));
    return bells.filter(({ atMs, position }) => atMs > afterMs && atMs <= untilMs && position > causedAfter);
  }

  override async note(effect: DueEffect, last: Outcome): Promise<void> {
    const before = this.notes.get(noteOf(effect));
    const since = before?.since ?? new Date(this.nowMs).toISOString();
    this.notes.set(noteOf(effect), { attempts: (before?.attempts ?? 0) + 1, last, since });
  }

  override async isOwed({ id }: DueEffect): Promise<boolean> {
    await this.takeIn();
    return this.owed.get(id) !== undefined;
  }

  override async incidents(): Promise<readonly Incident[]> {
    await this.takeIn();
    const incidents: Incident[] = [];
    for (const effect of this.all) {
      const note = this.notes.get(noteOf(effect));
      if (note === undefined) continue;
      const { attempts, last, since } = note;
      if (last.kind === 'refused') incidents.push({ effect, attempts, refusal: last.code, text: last.text, since });
      if (last.kind === 'failed' && attempts >= worrying)
        incidents.push({ effect, attempts, text: stillTrying, error: last.error, since });
    }
    return incidents;
  }

  override async keep(): Promise<void> {
    // Nobody else takes it.
  }
}
