import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EventStore, InMemoryEventStore } from '#kernel';
import { faultsOf, histories, play } from '../support/histories.js';
import { freshLog, type TestLog } from '../support/postgres-log.js';

const wholeLog = async (store: EventStore) => (await store.readAll(0n, { limit: 10_000 })).events;

describe('whatever clients do side by side, nothing is lost, doubled or reordered, and what a decision rested on still held', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await freshLog('histories');
  });
  afterAll(() => log.drop());

  test('in memory', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const store = new InMemoryEventStore();
        const acknowledged = await play([store], history);
        expect(faultsOf(await wholeLog(store), acknowledged)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('on PostgreSQL, from two processes', async () => {
    const stores = [log.open(), log.open()];
    try {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          await log.clear();
          const acknowledged = await play(stores, history);
          expect(faultsOf(await wholeLog(stores[0] as EventStore), acknowledged)).toEqual([]);
        }),
        { numRuns: 40, interruptAfterTimeLimit: 20_000 },
      );
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});

test('the judge of histories sees a lost, a doubled and a moved event', async () => {
  const store = new InMemoryEventStore();
  const wish = { stream: 'thing-a', count: 2, guard: undefined, twice: false };
  const acknowledged = await play([store], [[wish], [wish]]);
  const log = await wholeLog(store);
  expect(faultsOf(log, acknowledged)).toEqual([]);
  expect(faultsOf(log.slice(0, -1), acknowledged)).not.toEqual([]);
  expect(faultsOf([...log, { ...log[0], position: 5n } as (typeof log)[0]], acknowledged)).not.toEqual([]);
  expect(faultsOf(log.toReversed(), acknowledged)).not.toEqual([]);
});
