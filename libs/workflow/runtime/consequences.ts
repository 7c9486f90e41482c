import { categoryOf, type EventStore, evolved, type RecordedEvent } from '#kernel';
import { type DueEffect, owedBy } from './owed.js';
import type { OwingRules } from './rules.js';

interface Folded {
  readonly state: unknown;
  readonly length: number;
  /** Id of the first event of the stream. */
  readonly opening: string;
}

/**
 * What each event of the log gives rise to, folding the streams of cases and rounds as it goes along.
 *
 * Events may come again (a batch that was rolled back, a view that is built anew): what is not at hand is read from the log.
 */
export class Consequences {
  private readonly folded = new Map<string, Folded>();

  /** @param capacity - how many streams to keep folded */
  constructor(
    private readonly rules: OwingRules,
    private readonly store: EventStore,
    private readonly capacity = 5_000,
  ) {}

  /** @returns for each event, in the same order, what it gives rise to */
  async of(events: readonly RecordedEvent[]): Promise<readonly (readonly DueEffect[])[]> {
    const running = await this.before(events);
    const results: (readonly DueEffect[])[] = [];
    for (const event of events) results.push(await this.next(event, running));
    for (const [stream, folded] of running) this.keep(stream, folded);
    return results;
  }

  private async next(event: RecordedEvent, running: Map<string, Folded | undefined>): Promise<readonly DueEffect[]> {
    const decider = this.deciderOf(event.stream);
    if (decider === undefined) return [];
    const before = running.get(event.stream);
    if ((before?.length ?? 0) !== event.revision) throw new Error(`${event.stream}: revision ${event.revision} is out of order`);
    const state = evolved(decider, before === undefined ? decider.initialState : before.state, event);
    const opening = before?.opening ?? event.id;
    running.set(event.stream, { state, length: event.revision + 1, opening });
    const effects = await this.rules.effectsOf(event, state);
    return effects.length === 0 ? [] : owedBy(event, effects, { workflow: this.rules.workflowOf(state), opening });
  }

  private deciderOf(stream: string) {
    const category = categoryOf(stream);
    return this.rules.deciders.find((decider) => decider.category === category);
  }

  /** The streams of a batch as they were just before their first event in it. */
  private async before(events: readonly RecordedEvent[]): Promise<Map<string, Folded | undefined>> {
    const first = new Map<string, number>();
    for (const { stream, revision } of events) if (!first.has(stream)) first.set(stream, revision);
    const owing = [...first].filter(([stream]) => this.deciderOf(stream) !== undefined);
    const states = owing.map(async ([stream, length]) => [stream, await this.foldedTo(stream, length)] as const);
    return new Map(await Promise.all(states));
  }

  private async foldedTo(stream: string, length: number): Promise<Folded | undefined> {
    if (length === 0) return undefined;
    const known = this.folded.get(stream);
    if (known?.length === length) return known;
    const start = known !== undefined && known.length < length ? known : undefined;
    const decider = this.deciderOf(stream);
    if (decider === undefined) throw new Error(`${stream} owes nothing`);
    const from = start?.length ?? 0;
    const events = await this.store.read(stream, { from, limit: length - from });
    const opening = start?.opening ?? events[0]?.id;
    if (opening === undefined || from + events.length < length) throw new Error(`${stream} holds fewer than ${length} events`);
    const state = events.reduce(
      (folded, event) => evolved(decider, folded, event),
      start === undefined ? decider.initialState : start.state,
    );
    return { state, length, opening };
  }

  private keep(stream: string, folded: Folded | undefined): void {
    if (folded === undefined) return;
    this.folded.delete(stream);
    this.folded.set(stream, folded);
    if (this.folded.size > this.capacity) this.folded.delete(this.folded.keys().next().value as string);
  }
}
