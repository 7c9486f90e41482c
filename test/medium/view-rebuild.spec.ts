import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import { InMemoryEventStore, openPool, rebuildAndCompare, type RecordedEvent, SystemClock, type View, ViewRunner } from '#kernel';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { append, tallies } from '../support/views.js';

const clock = new SystemClock();

/** A view whose result hangs on the order of events across streams: who was last, and what stood there before. */
const lastOf: View = {
  name: 'last_of',
  version: 1,
  categories: ['thing', 'matter'],
  async create(sql, schema) {
    await sql.query(`create table ${schema}.last (digit int primary key, stream text not null, before text)`);
  },
  async apply(events, sql, schema) {
    const known = await sql.query<{ digit: number; stream: string }>(`select digit, stream from ${schema}.last`);
    const streams = new Map(known.map(({ digit, stream }) => [digit, { stream, before: undefined as string | undefined }]));
    for (const event of events)
      streams.set(digitOf(event), { stream: event.stream, before: streams.get(digitOf(event))?.stream });
    const changed = [...new Set(events.map(digitOf))];
    await sql.query(
      `insert into ${schema}.last select * from unnest($1::int[], $2::text[], $3::text[])
       on conflict (digit) do update set stream = excluded.stream, before = excluded.before`,
      [changed, changed.map((digit) => streams.get(digit)?.stream), changed.map((digit) => streams.get(digit)?.before ?? null)],
    );
  },
};

const digitOf = ({ data }: RecordedEvent): number => (data as { n: number }).n % 10;

const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      stream: fc.constantFrom('thing-a', 'thing-b', 'matter-a', 'other-a'),
      count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
    }),
  },
  { weight: 2, arbitrary: fc.constant('restart' as const) },
  { weight: 2, arbitrary: fc.constant('catch up' as const) },
  { weight: 1, arbitrary: fc.constant('rebuild' as const) },
);

describe('rebuilding views', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await freshDatabase('rebuild');
    pool = openPool(database.url, { max: 8 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  test('whatever happened, in whatever batches, with whatever restarts: the view built anew is the live one', async () => {
    const views = [tallies(), lastOf];
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 30 }), async (history) => {
        await pool.query('drop schema if exists view_tallies, view_last_of cascade');
        const store = new InMemoryEventStore();
        let runner = new ViewRunner(store, pool, views);
        runner.start();
        for (const step of history) {
          if (step === 'restart') {
            await runner.stop();
            runner = new ViewRunner(store, pool, views);
            runner.start();
          } else if (step === 'catch up') await runner.caughtUp(await store.head());
          else if (step === 'rebuild') await runner.rebuild('last_of').catch(ifBeingBuilt);
          else await append(store, step.stream, step.count);
        }
        await runner.caughtUp(await store.head());
        for (const view of views) expect(await rebuildAndCompare({ pool, store, clock }, view)).toBeUndefined();
        await runner.stop();
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 15) },
    );
  });
});

/** Its first build may still be under way. */
function ifBeingBuilt(failure: Error): void {
  if (failure.name !== 'UnavailableError') throw failure;
}
