import fc from 'fast-check';
import { ConcurrencyError, type EventStore, type RecordedEvent, uuidv7 } from '#kernel';
import { envelopes } from './envelopes.js';

/** One client's wish: append so many events to a stream, perhaps resting on another, perhaps sent twice. */
export interface Wish {
  readonly stream: string;
  readonly count: number;
  readonly guard: string | undefined;
  readonly twice: boolean;
}

const names = ['thing-a', 'thing-b', 'seat-a', 'seat-b', 'rare-a'];

const wish: fc.Arbitrary<Wish> = fc.record({
  stream: fc.constantFrom(...names),
  count: fc.integer({ min: 1, max: 3 }),
  guard: fc.option(fc.constantFrom(...names), { nil: undefined }),
  twice: fc.boolean(),
});

/** Clients that work side by side, each through its wishes in turn. */
export const histories: fc.Arbitrary<readonly (readonly Wish[])[]> = fc.array(fc.array(wish, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 8,
});

/** An append that was acknowledged, with what it had read before. */
export interface Acknowledged {
  readonly stream: string;
  readonly ids: readonly string[];
  readonly revision: number;
  readonly position: bigint;
  readonly guard: { readonly stream: string; readonly length: number } | undefined;
}

/** Plays a history: every client reads, appends, and after a conflict reads again, until it is acknowledged. Stores take turns. */
export async function play(
  stores: readonly EventStore[],
  history: readonly (readonly Wish[])[],
): Promise<readonly Acknowledged[]> {
  const acknowledged = await Promise.all(
    history.map(async (wishes, client) => {
      const own: Acknowledged[] = [];
      for (const each of wishes) own.push(await fulfil(stores[client % stores.length] as EventStore, each));
      return own;
    }),
  );
  return acknowledged.flat();
}

async function fulfil(store: EventStore, { stream, count, guard, twice }: Wish): Promise<Acknowledged> {
  const command = uuidv7(Date.now());
  for (;;) {
    const [own, other] = await Promise.all([store.read(stream), guard === undefined ? [] : store.read(guard)]);
    const events = envelopes(stream, own.length, count, command);
    const rests = guard === undefined || guard === stream ? undefined : { stream: guard, length: other.length };
    const append = { stream, expectedLength: own.length, events, ...(rests === undefined ? {} : { guards: [rests] }) };
    const sent = await Promise.allSettled(twice ? [store.append(append), store.append(append)] : [store.append(append)]);
    const failure = sent.find((outcome) => outcome.status === 'rejected' && !(outcome.reason instanceof ConcurrencyError));
    if (failure?.status === 'rejected') throw failure.reason;
    const answers = sent.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const [first, ...again] = answers;
    if (first === undefined) continue;
    for (const { revision, position } of again)
      if (revision !== first.revision || position !== first.position) throw new Error('two answers to one append differ');
    return { stream, ids: events.map(({ id }) => id), revision: first.revision, position: first.position, guard: rests };
  }
}

/** What is wrong with a log after a history; nothing, if all is well. */
export function faultsOf(log: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): readonly string[] {
  const faults: string[] = [];
  const lengths = new Map<string, number>();
  const lengthsBefore = new Map<string, ReadonlyMap<string, number>>();
  for (const [index, { position, stream, revision, id }] of log.entries()) {
    if (position !== BigInt(index + 1)) faults.push(`position ${position} stands at place ${index + 1}`);
    if (revision !== (lengths.get(stream) ?? 0)) faults.push(`${stream} ${revision} is out of order`);
    if (lengthsBefore.has(`${stream} ${id}`)) faults.push(`${id} is there twice`);
    lengthsBefore.set(`${stream} ${id}`, new Map(lengths));
    lengths.set(stream, revision + 1);
  }
  for (const { stream, ids, revision, position, guard } of acknowledged) {
    const found = log.slice(Number(position) - ids.length, Number(position));
    if (found.map(({ id }) => id).join() !== ids.join()) faults.push(`${stream} ${revision} is not where its receipt says`);
    if (found.at(-1)?.revision !== revision) faults.push(`the receipt names revision ${revision} of ${stream}`);
    const then = lengthsBefore.get(`${stream} ${ids[0]}`)?.get(guard?.stream ?? '') ?? 0;
    if (guard !== undefined && then !== guard.length)
      faults.push(`${stream} ${revision} rests on ${guard.stream} at ${guard.length}`);
  }
  const owned = acknowledged.reduce((sum, { ids }) => sum + ids.length, 0);
  if (owned !== log.length) faults.push(`${log.length} events in the log, ${owned} acknowledged`);
  return faults;
}
