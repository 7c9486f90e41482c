import { type Attempt, firstEventId, metaOf, type Order, stated } from './attempt.js';
import { type Caller, type Permit, principalOf } from './authority.js';
import type { Clock } from './clock.js';
import type { AnyDecider, Context, Shape } from './decider.js';
import { Basis, decided, type Decision } from './deciding.js';
import { ConcurrencyError, DomainError, UnavailableError } from './errors.js';
import type { Appended, EventStore, Guard } from './event-store.js';
import type { Follower, Sequel, Step } from './follower.js';
import { derivedUuid } from './identifiers.js';
import type { Message, Receipt, RecordedEvent } from './message.js';
import { commandIdReused, notFound } from './refusals.js';
import type { Loaded, States } from './states.js';
import { type Disclosure, holdsPersonalData, seal, type Vault } from './vault.js';

/** What a command would come to. */
export interface Foreseen {
  readonly events: readonly Message[];
  /** What its sender acts under. */
  readonly permit: Permit;
  /** Revision of the stream that it was decided on; -1 for one that does not exist. */
  readonly revision: number;
}

/** Steps to append to a stream, and what they rest on. */
interface Portion {
  readonly own: Loaded;
  readonly steps: readonly Step[];
  readonly guards: readonly Guard[];
}

/** Steps in one append at most: what follows without end leaves room for others. */
const stepsAtOnce = 64;
const conflictRetries = 20;
const longestWaitMs = 10_000;

/**
 * Takes a command from identity to receipt: state → power → conflict wall → rule → append.
 *
 * Safe to call twice with the same command id: the second call gets the first receipt. What was refused, or changed nothing, left no
 * trace: called again it is decided anew.
 */
export class CommandHandling {
  private readonly turns = new Map<string, Promise<unknown>>();
  private follower: Follower | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly states: States,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * @param id - what follows the category in the stream's name; the decider may forward from there
   * @param command - of a shape that the door has checked
   * @throws DomainError when the charter or a rule says no; nothing was written
   * @throws UnavailableError when the outcome is not known, or too many others write to the same stream: send it again
   */
  async handle(context: Context, id: string, command: Message, caller: Caller): Promise<Receipt> {
    const shape = shapeOf(context, command);
    const order = await this.order(context, id, command, caller);
    return this.inTurn(order.stream, () => (holdsPersonalData(shape) ? this.sealing(shape, order) : this.attempt(stated(order))));
  }

  /**
   * What a command would come to if it were sent now. Nothing is written, and nothing is sealed: only for commands without personal data.
   *
   * @throws DomainError as `handle` would
   */
  async foresee(context: Context, id: string, command: Message, caller: Caller): Promise<Foreseen> {
    if (holdsPersonalData(shapeOf(context, command))) throw new TypeError(`${command.type} holds personal data`);
    const attempt = stated(await this.order(context, id, command, caller));
    const { events, permit, own } = await decided(attempt, new Basis(this.states, 'fresh'));
    return { events, permit, revision: own.length - 1 };
  }

  /** Where a command goes, which a stream has to say only where the decider forwards it. */
  private order({ decider }: Context, sentTo: string, command: Message, caller: Caller): Order | Promise<Order> {
    const { alliance } = caller;
    if (!belongs(decider, sentTo, alliance)) throw notFound(decider.category);
    const ordered = (id: string, from: Caller): Order => {
      const stream = `${decider.category}-${id}`;
      return { decider, stream, id, sentTo, command, caller: from, now: this.clock.now() };
    };
    const forwarding = decider.forwards?.(command, { alliance, id: sentTo });
    if (forwarding === undefined) return ordered(sentTo, caller);
    return this.states.fresh<never>(forwarding.by).then(({ state }) => ordered(forwarding.to(state), unread(caller)));
  }

  /** No rule looks into what is sealed: whether the command is lawful is known before a key is made or a value kept. */
  private async sealing(shape: Shape, order: Order): Promise<Receipt> {
    const { command, caller } = order;
    const sealedFor = (vault: Pick<Vault, 'keyOf'>) =>
      seal(vault, shape, command.data as object, { id: caller.commandId, actor: principalOf(caller) });
    const trial = await sealedFor(keyless);
    await this.rehearse(stated({ ...order, command: { type: command.type, data: trial.data } }));
    const { data, disclosures } = await sealedFor(this.vault);
    return this.keeping(stated({ ...order, command: { type: command.type, data } }), disclosures);
  }

  /** @throws DomainError for what would be refused now, unless it was accepted before */
  private async rehearse(attempt: Attempt): Promise<void> {
    for (const age of ['recent', 'fresh'] as const) {
      try {
        await decided(attempt, new Basis(this.states, age));
        return;
      } catch (failure) {
        if (!(failure instanceof DomainError)) throw failure;
        if (age === 'fresh' && (await this.firstEvent(attempt)) === undefined) throw failure;
      }
    }
  }

  /**
   * Values go to the vault before the event goes to the log, and leave it again if the command is refused after all.
   *
   * The same command may be under way twice, one refused and one accepted: then whoever comes last puts back what the other took out.
   */
  private async keeping(attempt: Attempt, disclosures: readonly Disclosure[]): Promise<Receipt> {
    if (disclosures.length === 0) return this.attempt(attempt);
    const origin = { stream: attempt.stream, event: firstEventId(attempt) };
    const added = await this.vault.keep(disclosures, origin);
    try {
      const receipt = await this.attempt(attempt);
      if (added.length < disclosures.length) await this.vault.keep(disclosures, origin);
      return receipt;
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      await this.vault.forget(added);
      if (await this.firstEvent(attempt)) await this.vault.keep(disclosures, origin);
      throw failure;
    }
  }

  /** Commands to one stream take turns, each on the state that the one before left: a process never conflicts with itself. */
  private inTurn(stream: string, work: () => Promise<Receipt>): Promise<Receipt> {
    const before = this.turns.get(stream);
    const own = before === undefined ? work() : this.afterwards(before, stream, work);
    this.turns.set(stream, own);
    const ended = (): void => {
      if (this.turns.get(stream) === own) this.turns.delete(stream);
    };
    own.then(ended, ended);
    return own;
  }

  private async afterwards(before: Promise<unknown>, stream: string, work: () => Promise<Receipt>): Promise<Receipt> {
    const since = performance.now();
    await before.catch(() => undefined);
    // While the log does not answer, a queue must not make everyone in it wait for all before them.
    if (performance.now() - since > longestWaitMs) throw new UnavailableError(`${stream} has too many waiting`);
    return work();
  }

  private async attempt(attempt: Attempt): Promise<Receipt> {
    let age: Basis['age'] = 'recent';
    for (let tries = 0; tries < conflictRetries; tries += 1) {
      const room = this.store.room();
      if (room !== undefined) await room;
      const basis = new Basis(this.states, age);
      try {
        const receipt = await this.append(attempt, await decided(attempt, basis), basis);
        if (receipt.events.length > 0) return receipt;
        // That nothing needs to change is as much as a refusal: on a state that is behind it may be wrong.
        if (age === 'fresh') return (await this.firstReceipt(attempt)) ?? receipt;
        age = 'fresh';
      } catch (failure) {
        if (failure instanceof DomainError && age === 'recent') age = 'fresh';
        else if (failure instanceof ConcurrencyError) age = 'fresh';
        else if (failure instanceof DomainError) return await this.answered(attempt, failure);
        else throw failure;
      }
    }
    throw new UnavailableError(`${attempt.stream} is written to by too many at once`);
  }

  private async answered(attempt: Attempt, refusal: DomainError): Promise<Receipt> {
    const first = await this.firstReceipt(attempt);
    if (first === undefined) throw refusal;
    return first;
  }

  /** That a command is refused, or changes nothing, may only mean that it was accepted before: then its first receipt is the answer. */
  private async firstReceipt(attempt: Attempt): Promise<Receipt | undefined> {
    const first = await this.firstEvent(attempt);
    return first === undefined ? undefined : this.receiptOf(attempt, first);
  }

  private firstEvent(order: Order): Promise<RecordedEvent | undefined> {
    return this.store.find(order.stream, firstEventId(order));
  }

  private async receiptOf({ stream, digest, caller }: Attempt, first: RecordedEvent): Promise<Receipt> {
    // An engine's command may carry what it has just looked up (loads, for one); its id names the effect, so the first outcome stands.
    if (first.meta.digest !== digest && caller.kind !== 'engine') throw commandIdReused();
    const events = await this.store.read(stream, { from: first.revision });
    const own = events.filter((event) => event.meta.command === caller.commandId);
    const last = own.at(-1) ?? first;
    return { stream, revision: last.revision, position: last.position, events: own.map(({ id }) => id) };
  }

  private async append(attempt: Attempt, decision: Decision, basis: Basis): Promise<Receipt> {
    const { stream } = attempt;
    const { own, events } = decision;
    if (events.length === 0) return { stream, revision: own.length - 1, position: await this.store.head(), events: [] };
    const made = this.made(attempt, decision);
    const alone = { own, steps: made, guards: basis.guards(stream) };
    const steps = await this.withSequels(attempt, made, basis);
    const all = steps === made ? alone : { own, steps, guards: basis.guards(stream) };
    const done = await this.appendSteps(stream, alone, all);
    if (done.repeated) return this.receiptOf(attempt, (await this.store.find(stream, firstEventId(attempt))) as RecordedEvent);
    this.states.keep(stream, (done.steps.at(-1) as Step).after);
    const first = done.position - BigInt(done.steps.length - 1);
    const positionOf = (index: number): bigint => done.positions?.[index] ?? first + BigInt(index);
    tell(done.steps, positionOf);
    const position = positionOf(made.length - 1);
    return { stream, revision: own.length + made.length - 1, position, events: made.map(({ event }) => event.id) };
  }

  /** What a decision makes, each event with the state after it. */
  private made(attempt: Attempt, { own, events, grant }: Decision): readonly Step[] {
    const { stream, caller, decider } = attempt;
    const meta = metaOf(attempt, grant);
    let after = own;
    return events.map(({ type, data }, index): Step => {
      const version = decider.versions?.[type] ?? 1;
      const event = {
        data,
        id: derivedUuid(caller.commandId, String(index)),
        meta,
        revision: after.length,
        stream,
        type,
        version,
      };
      after = this.states.after(stream, after, event);
      return { event, after };
    });
  }

  /** What follows at once is decided on the state that is about to be, and appended with what it follows from. */
  private async withSequels(attempt: Attempt, made: readonly Step[], basis: Basis): Promise<readonly Step[]> {
    const steps = [...made];
    for (const step of steps) {
      const following = this.follower?.follow(step);
      if (following === undefined) continue;
      step.sequels = await following;
      if (steps.length >= stepsAtOnce) continue;
      for (const sequel of step.sequels?.commands ?? []) {
        basis.suppose(attempt.stream, (steps.at(-1) as Step).after);
        steps.push(...(await this.carriedOn(attempt, sequel, basis)));
      }
    }
    return steps.length === made.length ? made : steps;
  }

  /** Whatever keeps it from being decided shows again when it is sent by itself. */
  private async carriedOn(
    { stream, id, sentTo, now }: Attempt,
    { context: { decider, shapes }, command, caller }: Sequel,
    basis: Basis,
  ): Promise<readonly Step[]> {
    const shape = shapes[command.type];
    if (shape === undefined || holdsPersonalData(shape)) return [];
    try {
      const attempt = stated({ decider, stream, id, sentTo, command, caller, now });
      return this.made(attempt, await decided(attempt, basis));
    } catch {
      return [];
    }
  }

  /** All, or what stands alone where that cannot be: nobody's command fails by what would follow from it. */
  private async appendSteps(stream: string, alone: Portion, all: Portion): Promise<Appended & Pick<Portion, 'steps'>> {
    const append = async ({ own, steps, guards }: Portion) => {
      const events = steps.map(({ event }) => event);
      return { steps, ...(await this.store.append({ stream, expectedLength: own.length, events, guards })) };
    };
    try {
      return await append(all);
    } catch (failure) {
      const isOwn = failure instanceof ConcurrencyError && failure.stream === stream;
      if (isOwn || failure instanceof UnavailableError || all.steps.length === alone.steps.length) throw failure;
      return append(alone);
    }
  }

  /** @returns how to stop following */
  follow(follower: Follower): () => void {
    this.follower = follower;
    return () => {
      if (this.follower === follower) this.follower = undefined;
    };
  }
}

function shapeOf({ shapes }: Context, { type }: Message): Shape {
  const shape = shapes[type];
  if (shape === undefined) throw new Error(`no shape for ${type}`);
  return shape;
}

/** Seals with a key that opens nothing and is kept nowhere. */
const keyless: Pick<Vault, 'keyOf'> = { keyOf: async () => new Uint8Array(32) };

/** Of an address that its sender does not know nothing can have been read, and an answer would tell what is there. */
function unread(caller: Caller): Caller {
  const { ifRevision: _read, ...others } = caller;
  return others as Caller;
}

/** Every stream is one alliance's (`a`, or `a.…`), but those of deciders that all alliances share; its id has as many parts as its kind. */
function belongs({ shared, parts }: AnyDecider, id: string, alliance: string): boolean {
  const own = id.split('.');
  const [least, most] = typeof parts === 'number' ? [parts, parts] : (parts ?? [1, Infinity]);
  return (shared === true || own[0] === alliance) && !own.includes('') && own.length >= least && own.length <= most;
}

/** Tells those who carry on of what stands in the log now, and where. */
function tell(steps: readonly Step[], positionOf: (index: number) => bigint): void {
  if (steps.every(({ sequels }) => sequels === undefined)) return;
  const commands = new Set(steps.map(({ event }) => event.meta.command));
  for (const [index, { sequels }] of steps.entries()) sequels?.appended(positionOf(index), commands);
}
