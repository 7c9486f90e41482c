import { categoryOf, derivedUuid, type Envelope, type RecordedEvent } from '#kernel';
import type { Effect, OwedEffect, Settlement } from '../effect.js';
import type { OwingRules } from './rules.js';

/** An effect whose instant is filled in: what is owed at once is due when its cause was recorded. */
export type DueEffect = OwedEffect & {
  readonly dueAt: string;
  /** How often somebody has had it tried again. */
  readonly retried?: number;
  /** Whether an incident of it stands in the log. */
  readonly raised?: true;
  /** When it was due before it was held. */
  readonly heldDueAt?: string;
};

/** Under what is noted how trying an effect went: what was noted before it was to be tried again no longer counts. */
export const noteOf = ({ id, retried }: DueEffect): string => (retried === undefined ? id : `${id}.${retried}`);

/** The stream of an effect's incident: `incident-<alliance>.<id of its command>`. */
export const incidentOf = ({ alliance, commandId }: Pick<DueEffect, 'alliance' | 'commandId'>): string =>
  `${alliance}.${commandId}`;

/** The id of the command of the effect that an event of an incident is about; undefined for any other event. */
export const effectConcerned = ({ stream, meta }: Pick<RecordedEvent, 'stream' | 'meta'>): string | undefined =>
  categoryOf(stream) === 'incident' ? stream.slice(`incident-${meta.alliance}.`.length) : undefined;

/** Whether an event can change what is owed: it stands in a stream that owes, was sent for an effect, or is about an incident. */
export function concernsOwed({ deciders }: Pick<OwingRules, 'deciders'>): (event: RecordedEvent) => boolean {
  const owing = new Set(deciders.map(({ category }) => category));
  return (event) =>
    owing.has(categoryOf(event.stream)) || event.meta.causation !== undefined || effectConcerned(event) !== undefined;
}

/** Later than anything: what is held is not forgotten, and does not fall due. */
const never = '9999-12-31T00:00:00.000Z';

const heldBack = <E extends Caused>(effect: E): E => ({ ...effect, dueAt: never, heldDueAt: effect.heldDueAt ?? effect.dueAt });

/** What the engine knows of a stream beside its events. */
interface Known {
  readonly workflow: string;
  /** Id of the first event of the stream. */
  readonly opening: string;
}

/** What an event gives rise to, with ids that are the same whenever they are computed. */
export const owedBy = (event: RecordedEvent, effects: readonly Effect[], known: Known): readonly DueEffect[] =>
  causedBy(event, effects, known).map((effect, place) => placedAt(event.position, effect, place));

/** An effect of an event whose position nobody may know yet. */
export type Caused = Omit<DueEffect, 'id' | 'cause'> & { readonly cause: Pick<RecordedEvent, 'id' | 'stream'> };

/** As `owedBy`, before the log has given the event its position. */
export function causedBy(event: Envelope, effects: readonly Effect[], { workflow, opening }: Known): readonly Caused[] {
  const { id, stream, meta } = event;
  return effects.map((effect, place) =>
    withHold({
      dueAt: meta.recordedAt,
      commandId: derivedUuid(id, `effect.${place}`),
      cause: { id, stream },
      alliance: meta.alliance,
      correlation: meta.correlation,
      workflow,
      proof: opening === id ? [id] : [opening, id],
      ...effect,
    }),
  );
}

/** @param place - among the effects of the event */
export const placedAt = (position: bigint, effect: Caused, place: number): DueEffect => ({
  id: `effect.${position}.${place}`,
  ...effect,
  cause: { position, ...effect.cause },
});

const withHold = (effect: Caused): Caused => (effect.held === true ? heldBack(effect) : effect);

/**
 * What is owed: a fold over the log. Both the view in PostgreSQL and the simulation in memory are this.
 */
export class Owed {
  private readonly effects = new Map<string, DueEffect>();
  private readonly byCommand = new Map<string, DueEffect>();
  private readonly byStream = new Map<string, Set<DueEffect>>();

  constructor(private readonly settles: OwingRules['settles']) {}

  get size(): number {
    return this.effects.size;
  }

  get(id: string): DueEffect | undefined {
    return this.effects.get(id);
  }

  values(): Iterable<DueEffect> {
    return this.effects.values();
  }

  /** The effect that an event of an incident is about. */
  concerned(event: RecordedEvent): DueEffect | undefined {
    return this.byCommand.get(effectConcerned(event) ?? '');
  }

  /**
   * Takes in the next event of the log: what it settles goes, what it gives rise to comes.
   *
   * @returns what is owed under ids that were not there before
   */
  take(event: RecordedEvent, effects: readonly DueEffect[]): readonly DueEffect[] {
    const moved: DueEffect[] = [];
    const concerned = this.concerned(event);
    if (concerned !== undefined) this.resolve(concerned, event);
    const settlement = this.settles(event);
    // Anyone can compute the id of an effect's command; only what the engine sends says which event led to it.
    const done = this.byCommand.get(settlement.commandId);
    if (done !== undefined && event.meta.causation === done.cause.id) this.remove(done);
    for (const effect of [...(this.byStream.get(event.stream) ?? [])]) if (isMoot(effect, settlement)) this.remove(effect);
    for (const effect of [...(this.byStream.get(event.stream) ?? [])]) this.readdress(effect, settlement);
    for (const effect of [...(this.byStream.get(event.stream) ?? [])]) {
      const changed = changedBy(effect, settlement, event.position);
      if (changed === undefined) continue;
      this.remove(effect);
      this.add(changed);
      if (changed.heldDueAt === undefined) moved.push(changed);
    }
    for (const effect of effects) this.add(effect);
    return [...moved, ...effects];
  }

  /** In place of one with the same id. */
  add(effect: DueEffect): void {
    const before = this.effects.get(effect.id);
    if (before !== undefined) this.remove(before);
    this.effects.set(effect.id, effect);
    this.byCommand.set(effect.commandId, effect);
    const { stream } = effect.cause;
    this.byStream.set(stream, (this.byStream.get(stream) ?? new Set()).add(effect));
  }

  /** What has been skipped is owed no more, whenever that is computed. */
  private resolve(effect: DueEffect, { type }: RecordedEvent): void {
    if (type === 'EffectSkipped') this.remove(effect);
    if (type === 'IncidentRaised') this.add({ ...effect, raised: true });
    if (type === 'EffectRetried') this.add({ ...effect, retried: (effect.retried ?? 0) + 1 });
  }

  /** The same effect under the same ids, for the visit that has taken over the one it was for. */
  private readdress(effect: DueEffect, { readdressed = [] }: Settlement): void {
    const { during, command } = effect;
    const to = readdressed.find(({ from }) => from.stage === during?.stage && from.visit === during.visit)?.to;
    if (to === undefined || (to.stage === during?.stage && to.visit === during.visit)) return;
    const isOwn = `${command.context}-${command.id}` === effect.cause.stream;
    this.add({
      ...effect,
      during: { ...during, ...to },
      ...(isOwn ? { command: { ...command, data: { ...command.data, ...to } } } : {}),
    });
  }

  private remove(effect: DueEffect): void {
    const { stream } = effect.cause;
    this.effects.delete(effect.id);
    this.byCommand.delete(effect.commandId);
    const others = this.byStream.get(stream);
    others?.delete(effect);
    if (others?.size === 0) this.byStream.delete(stream);
  }
}

/** What is due at another instant goes on under another id: an attempt that came too late must not count as its own. */
const dueThen = ({ heldDueAt: _was, held: _held, ...rest }: DueEffect, dueAt: string, at: bigint): DueEffect => ({
  ...rest,
  id: `effect.${rest.cause.position}.${at}.${placeOf(rest)}`,
  dueAt,
});

function changedBy(effect: DueEffect, { holds, resumes, moves }: Settlement, at: bigint): DueEffect | undefined {
  if (holds === true) return effect.during === undefined ? undefined : heldBack(effect);
  const { heldDueAt, dueAt } = effect;
  if (moves !== undefined) {
    const is = moves.find(({ was }) => was === (heldDueAt ?? dueAt))?.is;
    if (is === undefined || is === dueAt) return undefined;
    return heldDueAt === undefined ? dueThen(effect, is, at) : { ...effect, heldDueAt: is };
  }
  if (resumes === undefined || heldDueAt === undefined) return undefined;
  const moved = resumes.deadlines.find(({ was }) => was === heldDueAt)?.is;
  const later = new Date(Date.parse(heldDueAt) + resumes.days * 86_400_000).toISOString();
  return dueThen(effect, Date.parse(heldDueAt) <= Date.parse(resumes.frozenAt) ? heldDueAt : (moved ?? later), at);
}

/** Whether what an effect belongs to has been left or done. */
function isMoot({ during }: OwedEffect, { during: over, allStages }: Settlement): boolean {
  if (during === undefined) return false;
  if (allStages === true) return true;
  if (over === undefined || over.stage !== during.stage || over.visit !== during.visit) return false;
  return over.of === undefined || over.of === during.of;
}

/** Earliest first; what is due at one instant, in the order of the log. */
export const inOrder = (a: DueEffect, b: DueEffect): number =>
  a.dueAt === b.dueAt ? inLogOrder(a, b) : Date.parse(a.dueAt) - Date.parse(b.dueAt);

/** By the events that they came of, as their ids say. */
export function inLogOrder(a: Pick<OwedEffect, 'id'>, b: Pick<OwedEffect, 'id'>): number {
  const [one, other] = [positionOf(a), positionOf(b)];
  return one === other ? placeOf(a) - placeOf(b) : one < other ? -1 : 1;
}

const positionOf = ({ id }: Pick<OwedEffect, 'id'>): bigint => BigInt(id.split('.')[1] ?? 0);

/** The place of an effect among those of its event. */
export const placeOf = ({ id }: Pick<OwedEffect, 'id'>): number => Number(id.slice(id.lastIndexOf('.') + 1));
