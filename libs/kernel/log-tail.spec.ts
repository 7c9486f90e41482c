import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { envelopes } from '../../test/support/envelopes.js';
import { categoryOf, type LogSlice, type ReadAllOptions } from './event-store.js';
import { InMemoryEventStore } from './event-store.memory.js';
import { LogTail } from './log-tail.js';

/** A log that counts how often it is asked, and that can be made to fail. */
class WatchedLog extends InMemoryEventStore {
  asked = 0;
  broken = false;
  override async readAll(after: bigint, options: ReadAllOptions): Promise<LogSlice> {
    this.asked += 1;
    if (this.broken) throw new Error('the disk is gone');
    return super.readAll(after, options);
  }
}

const append = (store: InMemoryEventStore, stream: string, from: number, count: number) =>
  store.append({ stream, expectedLength: from, events: envelopes(stream, from, count) });

interface Follower {
  readonly seen: bigint[];
  readonly done: Promise<void>;
}

/** Follows until the end of the log has been considered `until`; pauses between slices as a slow view does. */
function follow(tail: LogTail, after: bigint, until: bigint, pauseMs: number, categories?: readonly string[]): Follower {
  const seen: bigint[] = [];
  const leaving = new AbortController();
  const options = { limit: 7, signal: leaving.signal, ...(categories === undefined ? {} : { categories }) };
  const run = async (): Promise<void> => {
    for await (const { events, through } of tail.subscribe(after, options)) {
      seen.push(...events.map(({ position }) => position));
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (through >= until) leaving.abort();
    }
  };
  return { seen, done: run() };
}

describe('the tail of the log', () => {
  test('whoever follows it, from wherever, fast or slow, sees every event once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ category: fc.constantFrom('thing', 'matter'), count: fc.integer({ min: 1, max: 12 }) }), {
          minLength: 2,
          maxLength: 25,
        }),
        fc.array(
          fc.record({
            after: fc.integer({ min: 0, max: 30 }),
            pauseMs: fc.integer({ min: 0, max: 2 }),
            thingsOnly: fc.boolean(),
          }),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        async (history, readers) => {
          const store = new InMemoryEventStore();
          const tail = new LogTail(store, 10);
          const total = BigInt(history.reduce((sum, { count }) => sum + count, 0));
          const followers = readers.map(({ after, pauseMs, thingsOnly }) => {
            const from = BigInt(after) < total ? BigInt(after) : 0n;
            return { from, thingsOnly, ...follow(tail, from, total, pauseMs, thingsOnly ? ['thing'] : undefined) };
          });
          const lengths = new Map<string, number>();
          for (const { category, count } of history) {
            const stream = `${category}-a`;
            await append(store, stream, lengths.get(stream) ?? 0, count);
            lengths.set(stream, (lengths.get(stream) ?? 0) + count);
            if (count % 3 === 0) await new Promise(setImmediate);
          }
          await Promise.all(followers.map(({ done }) => done));
          const { events } = await store.readAll(0n, { limit: 1_000 });
          for (const { from, thingsOnly, seen } of followers) {
            const due = events.filter(
              ({ position, stream }) => position > from && (!thingsOnly || categoryOf(stream) === 'thing'),
            );
            expect(seen).toEqual(due.map(({ position }) => position));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('followers who are up to date cost the log one question, however many they are', async () => {
    const store = new WatchedLog();
    const tail = new LogTail(store);
    const followers = Array.from({ length: 12 }, () => follow(tail, 0n, 50n, 0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = store.asked;
    for (let revision = 0; revision < 50; revision += 1) {
      await append(store, 'thing-a', revision, 1);
      await new Promise(setImmediate);
    }
    await Promise.all(followers.map(({ done }) => done));
    expect(store.asked - before).toBeLessThan(2 * 50 + 12 + 2);
  });

  test('where the log cannot be read every follower is told, and may begin again', async () => {
    const store = new WatchedLog();
    const tail = new LogTail(store);
    await append(store, 'thing-a', 0, 5);
    const followers = [follow(tail, 0n, 100n, 0), follow(tail, 5n, 100n, 0)];
    await new Promise((resolve) => setTimeout(resolve, 20));
    store.broken = true;
    await append(store, 'thing-a', 5, 1);
    for (const { done } of followers) await expect(done).rejects.toThrow('the disk is gone');
    store.broken = false;
    const again = follow(tail, 5n, 6n, 0);
    await again.done;
    expect(again.seen).toEqual([6n]);
  });

  test('whoever leaves is let go at once, and who comes later misses nothing of the time between', async () => {
    const store = new InMemoryEventStore();
    const tail = new LogTail(store);
    const leaving = new AbortController();
    const first = tail.subscribe(0n, { limit: 5, signal: leaving.signal });
    const waiting = first.next();
    await new Promise(setImmediate);
    leaving.abort();
    expect((await waiting).done).toBe(true);
    await append(store, 'thing-a', 0, 3);
    const later = follow(tail, 0n, 3n, 0);
    await later.done;
    expect(later.seen).toEqual([1n, 2n, 3n]);
  });
});
