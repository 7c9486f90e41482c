import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  InMemoryEventStore,
  migrate,
  openPool,
  PostgresEventStore,
  rebuildAndCompare,
  type RecordedEvent,
  runtimeRole,
  SystemClock,
  ViewRunner,
} from '#kernel';
import { casesView, entrantsInLog, entrantsOf, owedView, owingRules, workflowMigrations } from '#workflow';
import { allContexts } from '../../apps/server/contexts.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { InMemoryOwedEffects } from '../../libs/workflow/runtime/owed.memory.js';
import { PostgresOwedEffects } from '../../libs/workflow/runtime/owed.postgres.js';
import { copied } from '../support/copied.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { closesAt, RankedRound } from '../support/ranked-round.js';
import { shippedStates } from '../support/shipped-states.js';

const everything = { limit: 100_000 };
const someDay = Date.parse('2099-01-01T00:00:00.000Z');

let database: TestDatabase;
let log: readonly RecordedEvent[];

beforeAll(async () => {
  database = await freshDatabase('ranking_round');
  await migrate(database.url, [...logMigrations, ...workflowMigrations]);
  log = await rankedRound();
});
afterAll(() => database.drop());

/** A round that was ranked, with a reserve list that one has come up from. */
async function rankedRound(): Promise<readonly RecordedEvent[]> {
  const round = await RankedRound.open();
  for (const [index, subject] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) await round.bring({ subject }, 90 - index * 5);
  await round.until(closesAt);
  await round.withdraw('a');
  return (await round.store.readAll(0n, everything)).events;
}

/** Up to just after the event of a type that comes as the given one. */
const until = (type: string, nth: number): readonly RecordedEvent[] => {
  const position = log.filter((event) => event.type === type).at(nth)?.position ?? 0n;
  return log.filter((event) => event.position <= position);
};

test('cut off wherever it was: PostgreSQL and memory owe the same, and views built anew are the live ones', async () => {
  const memory = new InMemoryEventStore();
  const store = new PostgresEventStore(database.url, { role: runtimeRole });
  const pool = openPool(database.url, { max: 8, role: runtimeRole });
  const categories = allContexts.map(({ name }) => name);
  const owed = owedView(owingRules(shippedStates(store)), store, categories);
  const views = new ViewRunner(store, pool, [casesView, owed]);
  views.start();
  const names = new Set<string>();
  const counts: object[] = [];
  let copiedTo = 0n;
  for (const upTo of [
    until('StandingTaken', 2),
    until('RoundClosed', 0),
    until('RankingDecided', 0),
    until('ReserveRaised', 0),
    log,
  ]) {
    const more = upTo.filter(({ position }) => position > copiedTo);
    copiedTo = upTo.at(-1)?.position ?? 0n;
    await Promise.all([copied(more, memory), copied(more, store)]);
    await views.caughtUp(await store.head());
    const inMemory = await new InMemoryOwedEffects(owingRules(shippedStates(memory)), memory).take(someDay, everything);
    const inPostgres = await new PostgresOwedEffects(owed, views, pool).take(someDay, everything);
    expect(inPostgres.taken.map(({ effect }) => effect)).toEqual(inMemory.taken.map(({ effect }) => effect));
    for (const { effect } of inMemory.taken) names.add(effect.name);
    const counting = inMemory.taken.find(({ effect }) => effect.name === 'count');
    if (counting !== undefined)
      counts.push(await entrantsOf(views)(counting.effect, await store.head()), await entrantsInLog(memory)(counting.effect, 0n));
    await pool.query('delete from workflow.note');
    const parts = { pool, store, clock: new SystemClock() };
    expect([await rebuildAndCompare(parts, owed), await rebuildAndCompare(parts, casesView)]).toEqual([undefined, undefined]);
  }
  const entrants = ['a', 'b', 'c', 'd', 'e', 'f'];
  expect(counts).toEqual([{ entrants }, { entrants }]);
  for (const name of ['count', 'place', 'release']) expect([...names]).toContain(name);
  await views.stop();
  await store.close();
  await pool.end();
});
