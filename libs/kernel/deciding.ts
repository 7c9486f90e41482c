import type { Attempt } from './attempt.js';
import { authorise, type Grant, type Permit, principalOf } from './authority.js';
import type { AskingContext } from './decider.js';
import { DomainError } from './errors.js';
import type { Guard } from './event-store.js';
import { derivedUuid } from './identifiers.js';
import type { Message } from './message.js';
import { notFound, staleRevision } from './refusals.js';
import type { Loaded, States } from './states.js';

/** What a command comes to. */
export interface Decision {
  readonly events: readonly Message[];
  readonly permit: Permit;
  readonly grant: Grant;
  /** The stream that it was decided on. */
  readonly own: Loaded;
}

/** A rule asked for streams that have not been read: it is asked anew when they have been. */
class NotRead extends Error {
  override readonly name = 'NotRead';
  constructor(readonly streams: readonly string[]) {
    super(`not read: ${streams.join(', ')}`);
  }
}

/** How often what was read may name more: cases, their charter and definition, the seats, whose employers those are. */
const consultations = 4;

/** What a decision rests on: each stream as it was when it was first asked for. */
export class Basis {
  private readonly seen = new Map<string, Loaded>();
  private timesConsulted = 0;

  constructor(
    private readonly states: States,
    /** `recent`: as this process has it; `fresh`: with everything that is in the log by now. */
    readonly age: 'recent' | 'fresh',
  ) {}

  /** @throws NotRead */
  of(stream: string): Loaded {
    const loaded = this.seen.get(stream) ?? this.recent(stream);
    if (loaded === undefined) throw new NotRead([stream]);
    return loaded;
  }

  has(stream: string): boolean {
    return this.seen.has(stream);
  }

  /** Puts a stream in place of what was read of it: as it is about to be. */
  suppose(stream: string, loaded: Loaded): void {
    this.seen.set(stream, loaded);
  }

  /** @throws NotRead with those of the streams that are missing */
  require(streams: readonly string[]): void {
    const missing = streams.filter((stream) => !this.seen.has(stream) && this.recent(stream) === undefined);
    if (missing.length > 0) throw new NotRead(missing);
  }

  /**
   * As `require`, for streams that were named because of what has been read already.
   *
   * @returns whether what has been read may name more
   */
  consult(streams: readonly string[]): boolean {
    const wanted = streams.filter((stream) => !this.seen.has(stream));
    if (wanted.length === 0 || this.timesConsulted === consultations) return false;
    this.timesConsulted += 1;
    this.require(wanted);
    return true;
  }

  async read(streams: readonly string[]): Promise<void> {
    await Promise.all(streams.map(async (stream) => this.seen.set(stream, await this.states.fresh(stream))));
  }

  /** What must not have moved on when the decision is appended, beside the stream itself. */
  guards(own: string): readonly Guard[] {
    const guards: Guard[] = [];
    for (const [stream, { length }] of this.seen) if (stream !== own) guards.push({ stream, length });
    return guards;
  }

  private recent(stream: string): Loaded | undefined {
    const loaded = this.age === 'recent' ? this.states.known(stream) : undefined;
    if (loaded !== undefined) this.seen.set(stream, loaded);
    return loaded;
  }
}

/**
 * State → power → conflict wall → rule, on what has been read.
 *
 * @throws DomainError when the charter or a rule says no
 */
export async function decided(attempt: Attempt, basis: Basis): Promise<Decision> {
  for (;;) {
    try {
      return guarded(attempt, basis);
    } catch (failure) {
      if (!(failure instanceof NotRead)) throw failure;
      await basis.read(failure.streams);
    }
  }
}

/** @throws NotRead; DomainError, which is not-found for whoever may not know that the stream exists */
function guarded(attempt: Attempt, basis: Basis): Decision {
  const { decider, stream, id, sentTo, command, caller, now } = attempt;
  const { state } = basis.of(stream);
  const asking: AskingContext = {
    alliance: caller.alliance,
    id,
    sentTo,
    actor: principalOf(caller),
    consulted: <T>(name: string) => consultedIn(basis, name).state as T,
    loaded: (name) => basis.has(name),
  };
  try {
    return lawful(attempt, state, asking, basis);
  } catch (failure) {
    if (!(failure instanceof DomainError) || !('principal' in caller)) throw failure;
    const isKnown = () => decider.mayKnow?.(command, state, { ...asking, now }) ?? true;
    let known = isKnown();
    for (; typeof known === 'object'; known = isKnown()) basis.require(known);
    throw known ? failure : notFound(decider.category);
  }
}

function lawful(
  { decider, stream, command, caller, now }: Attempt,
  state: unknown,
  asking: AskingContext,
  basis: Basis,
): Decision {
  let mayNameMore = true;
  while (mayNameMore) mayNameMore = basis.consult(decider.consults?.(command, state, asking) ?? []);
  const permitted = decider.permits[command.type];
  if (permitted === undefined) throw new Error(`${decider.category} names no power for ${command.type}`);
  const permit = typeof permitted === 'string' ? { power: permitted } : permitted(command, state, asking);
  const grant = authorise(caller, permit, now, <T>(name: string) => basis.of(name).state as T);
  const own = basis.of(stream);
  // Only whoever may act on it learns how far it has moved on.
  if (caller.ifRevision !== undefined && caller.ifRevision !== own.length - 1)
    throw staleRevision(caller.ifRevision, own.length - 1);
  const newId = (name: string): string => derivedUuid(caller.commandId, name);
  const lengthOf = (name: string): number => consultedIn(basis, name).length;
  return { events: decider.decide(command, state, { now, grant, newId, lengthOf, ...asking }), permit, grant, own };
}

function consultedIn(basis: Basis, name: string): Loaded {
  if (!basis.has(name)) throw new Error(`the rule reads ${name} but does not consult it`);
  return basis.of(name);
}
