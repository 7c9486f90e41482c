import { actorOf, authorise, type Caller, type Grant, type Permit, principalOf } from './authority.js';
import { canonicalJson, sha256 } from './canonical.js';
import type { Clock } from './clock.js';
import type { AnyDecider, AskingContext, Context, Shape } from './decider.js';
import { ConcurrencyError, DomainError, UnavailableError } from './errors.js';
import type { Append, EventStore, Guard } from './event-store.js';
import { derivedUuid } from './identifiers.js';
import type { Envelope, EventMeta, Message, Receipt, RecordedEvent } from './message.js';
import type { Loaded, States } from './states.js';
import { type Disclosure, holdsPersonalData, seal, type Vault } from './vault.js';

interface Order {
  readonly decider: AnyDecider;
  readonly stream: string;
  readonly id: string;
  readonly command: Message;
  readonly caller: Caller;
  readonly now: number;
}

/** What a command would come to. */
export interface Foreseen {
  readonly events: readonly Message[];
  /** What its sender acts under. */
  readonly permit: Permit;
  /** Revision of the stream that it was decided on; -1 for one that does not exist. */
  readonly revision: number;
}

/** A command as the log may keep it: personal data sealed. */
interface Attempt extends Order {
  readonly digest: string;
}

interface Decision {
  readonly events: readonly Message[];
  readonly permit: Permit;
  readonly grant: Grant;
  readonly own: Loaded;
}

/** What an append of this process has come to. */
export interface Happened {
  /** The events, each with its stream as it was just after. */
  readonly steps: readonly { readonly event: RecordedEvent; readonly after: Loaded }[];
}

const conflictRetries = 20;
const longestWaitMs = 10_000;

/**
 * Takes a command from identity to receipt: state → power → conflict wall → rule → append.
 *
 * Safe to call twice with the same command id: the second call gets the first receipt.
 */
export class CommandHandling {
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly listeners = new Set<(happened: Happened) => void>();

  constructor(
    private readonly store: EventStore,
    private readonly states: States,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * @param id - what follows the category in the stream's name
   * @param command - of a shape that the door has checked
   * @throws DomainError when the charter or a rule says no; nothing was written
   * @throws UnavailableError when the outcome is not known, or too many others write to the same stream: send it again
   */
  async handle(context: Context, id: string, command: Message, caller: Caller): Promise<Receipt> {
    const { order, shape } = this.order(context, id, command, caller);
    return this.inTurn(order.stream, () => (holdsPersonalData(shape) ? this.sealing(shape, order) : this.attempt(stated(order))));
  }

  /**
   * What a command would come to if it were sent now. Nothing is written, and nothing is sealed: only for commands without personal data.
   *
   * @throws DomainError as `handle` would
   */
  async foresee(context: Context, id: string, command: Message, caller: Caller): Promise<Foreseen> {
    const { order, shape } = this.order(context, id, command, caller);
    if (holdsPersonalData(shape)) throw new TypeError(`${command.type} holds personal data`);
    const attempt = stated(order);
    const { events, permit, own } = await this.decide(attempt, new Map(), true);
    return { events, permit, revision: own.length - 1 };
  }

  private order(
    context: Context,
    id: string,
    command: Message,
    caller: Caller,
  ): { readonly order: Order; readonly shape: Shape } {
    if (!belongs(context.decider, id, caller.alliance)) throw notFound(context.decider.category);
    const shape = context.shapes[command.type];
    if (shape === undefined) throw new Error(`no shape for ${command.type}`);
    const stream = `${context.decider.category}-${id}`;
    return { order: { decider: context.decider, stream, id, command, caller, now: this.clock.now() }, shape };
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
    for (const freshly of [false, true]) {
      try {
        await this.decide(attempt, new Map(), freshly);
        return;
      } catch (failure) {
        if (!(failure instanceof DomainError)) throw failure;
        if (freshly && (await this.firstEvent(attempt)) === undefined) throw failure;
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
  private async inTurn(stream: string, work: () => Promise<Receipt>): Promise<Receipt> {
    const before = this.turns.get(stream);
    const own = before === undefined ? work() : this.afterwards(before, stream, work);
    this.turns.set(stream, own);
    try {
      return await own;
    } finally {
      if (this.turns.get(stream) === own) this.turns.delete(stream);
    }
  }

  private async afterwards(before: Promise<unknown>, stream: string, work: () => Promise<Receipt>): Promise<Receipt> {
    const since = performance.now();
    await before.catch(() => undefined);
    // While the log does not answer, a queue must not make everyone in it wait for all before them.
    if (performance.now() - since > longestWaitMs) throw new UnavailableError(`${stream} has too many waiting`);
    return work();
  }

  private async attempt(attempt: Attempt): Promise<Receipt> {
    let freshly = false;
    for (let tries = 0; tries < conflictRetries; tries += 1) {
      const seen = new Map<string, Loaded>();
      try {
        const { events, grant, own } = await this.decide(attempt, seen, freshly);
        const receipt = await this.append(attempt, grant, events, own, guardsOf(seen, attempt.stream));
        if (receipt.events.length > 0) return receipt;
        // That nothing needs to change is as much as a refusal: on a state that is behind it may be wrong.
        if (freshly) return (await this.firstReceipt(attempt)) ?? receipt;
        freshly = true;
      } catch (failure) {
        if (failure instanceof DomainError && !freshly) freshly = true;
        else if (failure instanceof ConcurrencyError) freshly = true;
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

  private async decide(attempt: Attempt, seen: Map<string, Loaded>, freshly: boolean): Promise<Decision> {
    const { decider, stream, id, command, caller, now } = attempt;
    const load = async <T>(name: string): Promise<T> => {
      const known = seen.get(name) ?? (await (freshly ? this.states.fresh(name) : this.states.load(name)));
      seen.set(name, known);
      return known.state as T;
    };
    const state = await load(stream);
    const own = seen.get(stream) as Loaded;
    const consulted = <T>(name: string): T => loadedStream(seen, name).state as T;
    const actor = principalOf(caller);
    const loaded = (name: string): boolean => seen.has(name);
    const asking = { alliance: caller.alliance, id, actor, ...behalf(caller), consulted, loaded };
    await this.consult(decider, command, state, asking, seen, load);
    if ('principal' in caller && decider.walled?.(state, actor)) throw notFound(decider.category);
    const permitted = decider.permits[command.type];
    if (permitted === undefined) throw new Error(`${decider.category} names no power for ${command.type}`);
    const permit = typeof permitted === 'string' ? { power: permitted } : permitted(command, state, asking);
    const grant = await authorise(caller, permit, now, load);
    // Only whoever may act on it learns how far it has moved on.
    if (caller.ifRevision !== undefined && caller.ifRevision !== own.length - 1)
      throw staleRevision(caller.ifRevision, own.length - 1);
    const newId = (name: string): string => derivedUuid(caller.commandId, name);
    const lengthOf = (name: string): number => loadedStream(seen, name).length;
    return { events: decider.decide(command, state, { ...asking, now, grant, newId, lengthOf }), permit, grant, own };
  }

  private async consult(
    decider: AnyDecider,
    command: Message,
    state: unknown,
    asking: AskingContext,
    seen: ReadonlyMap<string, Loaded>,
    load: <T>(name: string) => Promise<T>,
  ): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      const wanted = (decider.consults?.(command, state, asking) ?? []).filter((name) => !seen.has(name));
      if (wanted.length === 0) return;
      await Promise.all(wanted.map((name) => load(name)));
    }
  }

  private async append(
    attempt: Attempt,
    grant: Grant,
    events: readonly Message[],
    own: Loaded,
    guards: readonly Guard[],
  ): Promise<Receipt> {
    const { stream, caller } = attempt;
    if (events.length === 0) return { stream, revision: own.length - 1, position: await this.store.head(), events: [] };
    const meta = metaOf(attempt, grant);
    const envelopes = events.map((event, index): Envelope => ({
      data: event.data,
      id: derivedUuid(caller.commandId, String(index)),
      meta,
      revision: own.length + index,
      stream,
      type: event.type,
      version: attempt.decider.versions?.[event.type] ?? 1,
    }));
    const append: Append = { stream, expectedLength: own.length, events: envelopes, guards };
    const { revision, position, repeated } = await this.store.append(append);
    if (repeated) return this.receiptOf(attempt, (await this.store.find(stream, (envelopes[0] as Envelope).id)) as RecordedEvent);
    this.tell(envelopes, this.states.advance(stream, own, envelopes), position);
    return { stream, revision, position, events: envelopes.map(({ id }) => id) };
  }

  /**
   * Hears of every append that is made here, as soon as it is durable; must not throw. A hint: what others append is not told.
   *
   * @returns how to stop listening
   */
  onAppended(listener: (happened: Happened) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(envelopes: readonly Envelope[], states: readonly Loaded[], last: bigint): void {
    if (this.listeners.size === 0) return;
    const first = last - BigInt(envelopes.length - 1);
    const steps = envelopes.map((envelope, index) => ({
      event: { ...envelope, position: first + BigInt(index) },
      after: states[index] as Loaded,
    }));
    for (const listener of this.listeners) listener({ steps });
  }
}

const stated = (order: Order): Attempt => {
  const { stream, command } = order;
  return { ...order, digest: sha256(canonicalJson({ stream, ...command })) };
};

const firstEventId = ({ caller }: Order): string => derivedUuid(caller.commandId, '0');

/** Seals with a key that opens nothing and is kept nowhere. */
const keyless: Pick<Vault, 'keyOf'> = { keyOf: async () => new Uint8Array(32) };

/** Every stream is one alliance's (`a`, or `a.…`), but those of deciders that all alliances share. */
const belongs = (decider: AnyDecider, id: string, alliance: string): boolean =>
  decider.shared === true || id === alliance || id.startsWith(`${alliance}.`);

const guardsOf = (seen: ReadonlyMap<string, Loaded>, own: string): readonly Guard[] =>
  [...seen].filter(([name]) => name !== own).map(([name, { length }]) => ({ stream: name, length }));

const behalf = (caller: Caller): { onBehalfOf?: string } => {
  if (!('principal' in caller)) return {};
  const other = caller.onBehalfOf ?? (caller.principal === caller.actor ? undefined : caller.principal);
  return other === undefined ? {} : { onBehalfOf: other };
};

/** Its members stand in canonical order, as those of the envelope do: such a text is made in one go. */
function metaOf({ caller, digest, now }: Attempt, grant: Grant): EventMeta {
  return {
    actor: actorOf(caller),
    alliance: caller.alliance,
    ...(caller.causation === undefined ? {} : { causation: caller.causation }),
    charter: grant.charter,
    command: caller.commandId,
    correlation: caller.correlation ?? caller.commandId,
    digest,
    ...behalf(caller),
    power: grant.power,
    proof: grant.proof,
    recordedAt: new Date(now).toISOString(),
  };
}

function loadedStream(seen: ReadonlyMap<string, Loaded>, name: string): Loaded {
  const loaded = seen.get(name);
  if (loaded === undefined) throw new Error(`the rule reads ${name} but does not consult it`);
  return loaded;
}

export const notFound = (category: string): DomainError =>
  new DomainError(`${category}.not-found`, { en: 'There is nothing here under this address.', zh: '此地址下没有内容。' });

const commandIdReused = (): DomainError =>
  new DomainError('command.id-reused', {
    en: 'This idempotency key was used before for another command. Send a new key with a new command.',
    zh: '该幂等键已用于另一条指令，新指令请使用新的键。',
  });

const staleRevision = (expected: number, actual: number): DomainError =>
  new DomainError(
    'command.stale-revision',
    {
      en: 'This has been changed since you opened it. Read it again and decide on what it says now.',
      zh: '您打开之后内容已有变更，请重新读取后再作决定。',
    },
    { expected, actual },
  );
