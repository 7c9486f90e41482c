import {
  type Caller,
  type Clock,
  type CommandHandling,
  type Context,
  decidesOnWhatWasRead,
  derivedUuid,
  DomainError,
  type EngineCaller,
  type EventStore,
  type Sequel,
  type Shape,
} from '#kernel';
import { nothingToDo } from '../bulk/bulk.decider.js';
import type { Need } from '../effect.js';
import { type Caused, type DueEffect, incidentOf } from './owed.js';
import { type Outcome, type OwedEffects, type Taken, worrying } from './owed-effects.js';

/**
 * Open reviews of each person in the round of a case, by person.
 *
 * @param atLeast - position of the log that the answer must include
 * @throws UnavailableError when they cannot be told now: the effect is tried again
 */
export type Loads = (effect: DueEffect, atLeast: bigint) => Promise<Readonly<Record<string, number>>>;

/**
 * Looks up what a command asks for.
 *
 * @param atLeast - position of the log that the answer must include
 * @returns what is added to the command's data
 * @throws UnavailableError when it cannot be told now: the effect is tried again
 */
export type Lookup = (effect: DueEffect, atLeast: bigint, work?: Work) => Promise<Readonly<Record<string, unknown>>>;

/** What a lookup that takes its time is given. */
export interface Work {
  /** Says how much is done, 0 to 1. */
  readonly report: (share: number) => void;
  /** Sends a command to the effect's own stream ahead of the effect's; under a name of its own, so that twice is once. */
  readonly send: (name: string, type: string, data: object) => Promise<void>;
  /** Whoever carries out effects is stopping. */
  readonly signal: AbortSignal;
}

export interface Sending {
  readonly handling: CommandHandling;
  /** Where effects may send commands, by category of the target stream. */
  readonly contexts: Readonly<Record<string, Context>>;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly owed: OwedEffects;
  readonly loads: Loads;
  /** Ends lookups that are under way. */
  readonly stopping?: AbortSignal;
  /** What else commands may ask for. */
  readonly lookups?: Partial<Readonly<Record<Exclude<Need, 'loads'>, Lookup>>>;
}

/** Counts since the start of the process. */
export interface Tally {
  /** Commands that made events. */
  sent: number;
  nothingToDo: number;
  refused: number;
  failed: number;
}

/** Well within the time for which an effect is held. */
const keptEveryMs = 300;
const firstRetryMs = 500;
/** The longest wait between two tries, so that all is done within a minute once what was missing is back. */
const longestRetryMs = 30_000;

/** Carries out effects that were taken. Safe to call twice with the same one: its command has one id. */
export class Dispatcher {
  readonly tally: Tally = { sent: 0, nothingToDo: 0, refused: 0, failed: 0 };
  /** Of the last command sent from here: the next one with loads counts what it has given out or taken back. */
  private sentAt = 0n;
  /** By event: up to where the log was counted when its places were settled last. */
  private readonly settledThrough = new Map<string, bigint>();

  constructor(private readonly sending: Sending) {}

  /**
   * Sends the command of an effect and notes how it ended. A refusal is final; any other failure is tried again, for as long as it takes.
   *
   * @returns the instant of the next try, where there is to be one
   */
  async carryOut({ effect, attempts }: Taken): Promise<number | undefined> {
    const { owed, clock } = this.sending;
    try {
      await this.conclude(effect, attempts);
      return undefined;
    } catch (failure) {
      this.tally.failed += 1;
      // Where even that cannot be put on record, the next failure does it.
      if (attempts + 1 >= worrying) await this.raise(effect, 'effect.failed', attempts + 1).catch(() => undefined);
      const againAtMs = clock.now() + Math.min(firstRetryMs * 2 ** Math.min(attempts, 10), longestRetryMs);
      await owed.note(effect, { kind: 'failed', error: String(failure), againAtMs });
      return againAtMs;
    }
  }

  /**
   * Sends the command of an effect once and notes a final outcome.
   *
   * @throws whatever is neither an acceptance nor a refusal
   */
  async conclude(effect: DueEffect, attempts = 0): Promise<void> {
    const sent = await this.send(effect);
    const outcome = await this.settled(effect, typeof sent === 'bigint' ? undefined : sent);
    if (outcome?.kind === 'refused') {
      // What has become moot while it was sent needs nobody.
      if (!(await this.sending.owed.isOwed(effect, await this.sending.store.head()))) return;
      await this.raise(effect, outcome.code, attempts + 1);
    } else if (effect.raised === true) await this.sendAbout(effect, 'SettleIncident', {}, 'settled');
    if (outcome === undefined) this.tally.sent += 1;
    else await this.sending.owed.note(effect, outcome);
    if (outcome?.kind === 'nothing-to-do') this.tally.nothingToDo += 1;
    if (outcome?.kind === 'refused') this.tally.refused += 1;
  }

  /**
   * Sends the command of an effect that nobody has taken yet. Whatever else than events it comes to is left to whoever takes it.
   *
   * @returns the position of its last event, where it made any
   */
  async sendAhead(effect: DueEffect): Promise<bigint | undefined> {
    const outcome = await this.send(effect);
    if (typeof outcome !== 'bigint') return undefined;
    this.tally.sent += 1;
    return outcome;
  }

  /** What may be decided and appended with its own cause: the engine's command to the same stream that asks for nothing. */
  sequelOf(effect: Caused): Sequel | undefined {
    const { cause, command, needs, ordered, otherwise } = effect;
    const context = this.sending.contexts[command.context];
    const isPlain = needs === undefined && ordered === undefined && otherwise === undefined;
    if (!isPlain || context === undefined || cause.stream !== `${command.context}-${command.id}`) return undefined;
    return { context, command: { type: command.type, data: command.data }, caller: engineOf(effect) };
  }

  /** A sequel stands in the log. */
  sentWithCause(position: bigint): void {
    this.tally.sent += 1;
    if (position > this.sentAt) this.sentAt = position;
  }

  /** @returns the position of the last event that it made, or how it ended without any */
  private async send(effect: DueEffect): Promise<Outcome | bigint> {
    const { handling } = this.sending;
    const { id, type, data } = effect.command;
    const context = this.contextOf(effect, effect.command);
    // A rush of registrations is settled a batch at a time: what was counted already is not counted again.
    if (effect.needs === 'places' && effect.cause.position <= (this.settledThrough.get(id) ?? 0n))
      return { kind: 'nothing-to-do' };
    const added = await this.lookedUp(effect);
    try {
      const { events, position } = await handling.handle(
        context,
        id,
        { type, data: { ...data, ...added } },
        callerOf(effect, context.shapes[type]),
      );
      if (position > this.sentAt) this.sentAt = position;
      if (effect.needs === 'places') this.settledThrough.set(id, BigInt(String(added['through'])));
      return events.length > 0 ? position : { kind: 'nothing-to-do' };
    } catch (failure) {
      if (failure instanceof DomainError) return { kind: 'refused', code: failure.code, text: failure.text };
      throw failure;
    }
  }

  /** Puts on record that an effect needs somebody. Twice is once, until it is to be tried again. */
  private async raise(effect: DueEffect, code: string, attempts: number): Promise<void> {
    const { name, workflow, cause, command } = effect;
    const { context, id, type } = command;
    const data = { effect: name, command: { context, id, type }, stream: cause.stream, workflow, code, attempts };
    await this.sendAbout(effect, 'RaiseIncident', data, 'raised');
  }

  private async sendAbout(effect: DueEffect, type: string, data: object, step: string): Promise<void> {
    const incidents = this.sending.contexts['incident'];
    if (incidents === undefined) return;
    const commandId = derivedUuid(effect.commandId, `incident.${step}.${effect.retried ?? 0}`);
    await this.sending.handling.handle(incidents, incidentOf(effect), { type, data }, { ...engineOf(effect), commandId });
  }

  /** Where nothing came of somebody's order, that is put on record instead. */
  private async settled(effect: DueEffect, outcome: Outcome | undefined): Promise<Outcome | undefined> {
    const { otherwise } = effect;
    if (otherwise === undefined || outcome === undefined || outcome.kind === 'failed') return outcome;
    const { code, text } = outcome.kind === 'refused' ? outcome : nothingToDo();
    const caller = { ...engineOf(effect), commandId: derivedUuid(effect.commandId, 'otherwise') };
    const { id, type, data } = otherwise;
    await this.sending.handling.handle(
      this.contextOf(effect, otherwise),
      id,
      { type, data: { ...data, code, text: { en: text.en, zh: text.zh } } },
      caller,
    );
    return undefined;
  }

  private contextOf({ name, workflow }: DueEffect, { context: category }: DueEffect['command']): Context {
    const context = this.sending.contexts[category];
    if (context === undefined) throw new Error(`effect ${name} of ${workflow}: there is no context "${category}"`);
    return context;
  }

  private async lookedUp(effect: DueEffect): Promise<Readonly<Record<string, unknown>>> {
    const { loads, lookups = {} } = this.sending;
    if (effect.needs === undefined) return {};
    if (effect.needs === 'loads') return { loads: await loads(effect, this.countedFrom(effect)) };
    const lookup = lookups[effect.needs];
    if (lookup === undefined) throw new Error(`effect ${effect.name} of ${effect.workflow}: nobody can look up ${effect.needs}`);
    return this.longer(effect, lookup);
  }

  /** Keeps the effect for as long as its lookup takes. */
  private async longer(effect: DueEffect, lookup: Lookup): Promise<Readonly<Record<string, unknown>>> {
    const { owed, clock, stopping: signal = new AbortController().signal } = this.sending;
    let done = 0;
    const keep = (): void => void owed.keep(effect, clock.now(), done).catch(() => undefined);
    const keeping = setInterval(keep, keptEveryMs);
    try {
      const report = (share: number): void => void (done = share);
      const send = (name: string, type: string, data: object): Promise<void> => this.sendBefore(effect, name, { type, data });
      return await lookup(effect, effect.cause.position, { report, signal, send });
    } finally {
      clearInterval(keeping);
    }
  }

  private async sendBefore(effect: DueEffect, name: string, command: { type: string; data: object }): Promise<void> {
    const caller = { ...engineOf(effect), commandId: derivedUuid(effect.commandId, name) };
    await this.sending.handling.handle(this.contextOf(effect, effect.command), effect.command.id, command, caller);
  }

  private countedFrom({ cause }: DueEffect): bigint {
    return cause.position > this.sentAt ? cause.position : this.sentAt;
  }
}

const engineOf = ({ alliance, workflow, proof, commandId, cause, correlation }: Caused): EngineCaller => ({
  kind: 'engine',
  alliance,
  workflow,
  proof,
  commandId,
  causation: cause.id,
  correlation,
});

/** Whose act it is: the engine's, or theirs who ordered it. */
function callerOf(effect: DueEffect, shape: Shape | undefined): Caller {
  if (effect.ordered === undefined) return engineOf(effect);
  const { alliance, commandId, correlation, cause } = effect;
  const { revision, ...ordered } = effect.ordered;
  const ifRevision = shape !== undefined && decidesOnWhatWasRead(shape) ? { ifRevision: revision } : {};
  return { kind: 'ordered', alliance, commandId, correlation, causation: cause.id, ...ordered, ...ifRevision };
}
