import type { EventStore, RecordedEvent } from '#kernel';
import { type DueEffect, type OwingRules, type Settlement } from '#workflow';
import { Consequences } from '../../../libs/workflow/runtime/consequences.js';
import { grouped } from './log-facts.js';

const happensWithinMs = 60_000;
/** What is being carried out while something else makes it needless may still happen: its rule decides. */
const underWayMs = 10_000;

/** How an effect ended where no event tells, by its id: the notes of the runtime. */
export type Notes = ReadonlyMap<string, string | null>;

export interface EffectsAsked {
  readonly log: readonly RecordedEvent[];
  readonly store: EventStore;
  readonly rules: OwingRules;
  readonly notes: Notes;
  readonly nowMs: number;
  /** Instants at which what was broken was whole again, in milliseconds since 1970 UTC. */
  readonly recoveredAt: readonly number[];
}

/**
 * I6: every effect that fell due has happened, once, not before its instant and within a minute of it or of the recovery; or it was
 * no longer owed. Told by what `effectsOf` and `settles` say of the log, without the view of what is owed.
 */
export async function effectsOnce(asked: EffectsAsked): Promise<readonly string[]> {
  const { log, store, rules } = asked;
  const owed = await new Consequences(rules, store, Number.POSITIVE_INFINITY).of(log);
  const byCommand = grouped(log, ({ meta }) => meta.command);
  const byStream = grouped(log, ({ stream }) => stream);
  return owed.flat().flatMap((effect) => {
    const done = byCommand.get(effect.commandId)?.find(({ meta }) => meta.causation === effect.cause.id);
    const own = byStream.get(effect.cause.stream) ?? [];
    const over = own.find(
      (event) => event.position > effect.cause.position && isOver(effect, rules.settles(event)) && event !== done,
    );
    return (done === undefined ? whyNot(effect, over, asked) : wrongly(effect, done, over, asked)).map(
      (what) => `I6 ${effect.name} of ${effect.cause.stream}, ${effect.id}, due ${effect.dueAt}: ${what}`,
    );
  });
}

function isOver({ during }: DueEffect, { during: over, allStages }: Settlement): boolean {
  if (during === undefined) return false;
  if (allStages === true) return true;
  if (over?.stage !== during.stage || over.visit !== during.visit) return false;
  return over.of === undefined || over.of === during.of;
}

function whyNot(effect: DueEffect, over: RecordedEvent | undefined, { nowMs, notes }: EffectsAsked): readonly string[] {
  if (over !== undefined || Date.parse(effect.dueAt) > nowMs) return [];
  const outcome = notes.get(effect.id);
  if (outcome === 'nothing-to-do') return [];
  return [outcome == null ? 'is still owed' : `was refused: ${outcome}`];
}

function wrongly(
  effect: DueEffect,
  done: RecordedEvent,
  over: RecordedEvent | undefined,
  { recoveredAt }: EffectsAsked,
): readonly string[] {
  const at = Date.parse(done.meta.recordedAt);
  const from = Math.max(Date.parse(effect.dueAt), ...recoveredAt.filter((instant) => instant <= at));
  return [
    ...(at < Date.parse(effect.dueAt) ? [`happened early, at ${done.meta.recordedAt}`] : []),
    ...(at > from + happensWithinMs ? [`happened late, at ${done.meta.recordedAt}`] : []),
    ...(over !== undefined && Date.parse(over.meta.recordedAt) + underWayMs < at
      ? [`happened at ${done.position}, though over since ${over.position}`]
      : []),
  ];
}
