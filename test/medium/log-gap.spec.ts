import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EventStore, uuidv7 } from '#kernel';
import { envelopes } from '../support/envelopes.js';
import { freshLog, type TestLog } from '../support/postgres-log.js';

const events = Number(process.env['EVENTS'] ?? 20_000);
const writers = 32;
const processes = 2;

let log: TestLog;
beforeAll(async () => {
  log = await freshLog('gap');
});
afterAll(() => log.drop());

/** Follows the log as a view does: leaves now and then and comes back with nothing but its checkpoint. */
async function countMissed(
  store: EventStore,
  categories?: readonly string[],
): Promise<{ seen: number; missed: number; doubled: number }> {
  const wanted = categories === undefined ? events : events / 2;
  let through = 0n;
  let last = 0n;
  const found = { seen: 0, missed: 0, doubled: 0 };
  while (found.seen < wanted) {
    const leaving = new AbortController();
    const options = { limit: 100 + Math.floor(Math.random() * 900), signal: leaving.signal };
    for await (const slice of store.subscribe(through, { ...options, ...(categories === undefined ? {} : { categories }) })) {
      for (const { position } of slice.events) {
        found.seen += 1;
        if (position <= last) found.doubled += 1;
        if (categories === undefined && position > last + 1n) found.missed += 1;
        last = position;
      }
      through = slice.through;
      if (found.seen >= wanted || Math.random() < 0.05) leaving.abort();
    }
  }
  return found;
}

test(
  `a reader that keeps a checkpoint while ${writers} writers commit misses none of ${events} events`,
  async () => {
    const [writing, reading] = [log.open(), log.open()];
    const stores = [writing, ...Array.from({ length: processes - 1 }, () => log.open())];
    let next = 0;
    const readers = Promise.all([countMissed(reading), countMissed(writing), countMissed(reading, ['even'])]);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const store = stores[writer % processes];
        while (next < events) {
          const stream = `${next % 2 === 0 ? 'even' : 'odd'}-${next++}`;
          await store?.append({ stream, expectedLength: 0, events: envelopes(stream, 0, 1, uuidv7(Date.now())) });
        }
      }),
    );
    const [elsewhere, besideWriters, even] = await readers;
    expect([elsewhere, besideWriters]).toEqual(Array(2).fill({ seen: events, missed: 0, doubled: 0 }));
    expect(even).toEqual({ seen: events / 2, missed: 0, doubled: 0 });
    await Promise.all([...stores, reading].map((store) => store.close()));
  },
  120_000 + events,
);
