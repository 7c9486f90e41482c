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
import { casesView, loadDefinition, openReviews, owedView, owingRules, workflowMigrations } from '#workflow';
import { simulateAccreditation } from '../../apps/cli/simulation.js';
import { allContexts } from '../../apps/server/contexts.js';
import { workflowFile } from '../../apps/server/demonstration.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { InMemoryOwedEffects } from '../../libs/workflow/runtime/owed.memory.js';
import { PostgresOwedEffects } from '../../libs/workflow/runtime/owed.postgres.js';
import { copied } from '../support/copied.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { shippedStates } from '../support/shipped-states.js';

const everything = { limit: 100_000 };
const someDay = Date.parse('2099-01-01T00:00:00.000Z');

let database: TestDatabase;
let half: readonly RecordedEvent[];

beforeAll(async () => {
  database = await freshDatabase('runtime_round');
  await migrate(database.url, [...logMigrations, ...workflowMigrations]);
  half = await halfARound();
});
afterAll(() => database.drop());

/** A simulated round of accreditation, cut off while its panels are at work. */
async function halfARound(): Promise<readonly RecordedEvent[]> {
  const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
  const store = new InMemoryEventStore();
  const institutions = Array.from({ length: 12 }, (_, index) => ({
    code: `41440105${String(index).padStart(2, '0')}`,
    facts: {
      name: `第${index}大学`,
      schoolCode: `105${String(index).padStart(2, '0')}`,
      province: ['44', '11', '51', '65'][index % 4] as string,
      supervisor: '教育部',
      city: '某市',
      level: 'undergraduate' as const,
    },
  }));
  await simulateAccreditation({ store, definition, institutions, applications: 24, seed: 7 });
  const { events } = await store.readAll(0n, everything);
  const draws = events.filter(({ type }) => type === 'ReviewersAssigned');
  const cut = draws[Math.floor(draws.length / 2)]?.position ?? 0n;
  return events.filter(({ position }) => position <= cut);
}

test('half-way through a round, PostgreSQL and memory owe the same, and count the same open reviews', async () => {
  const memory = new InMemoryEventStore();
  const store = new PostgresEventStore(database.url, { role: runtimeRole });
  await Promise.all([copied(half, memory), copied(half, store)]);
  const pool = openPool(database.url, { max: 8, role: runtimeRole });
  const categories = allContexts.map(({ name }) => name);
  const view = owedView(owingRules(shippedStates(store)), store, categories);
  const views = new ViewRunner(store, pool, [casesView, view]);
  views.start();
  const head = await store.head();
  await views.caughtUp(head);

  const inMemory = await new InMemoryOwedEffects(owingRules(shippedStates(memory)), memory).take(someDay, everything);
  const inPostgres = await new PostgresOwedEffects(view, views, pool).take(someDay, everything);
  expect(inPostgres.taken).toEqual(inMemory.taken);
  expect(new Set(inMemory.taken.map(({ effect }) => effect.name)).size).toBeGreaterThan(2);
  expect(await rebuildAndCompare({ pool, store, clock: new SystemClock() }, view)).toBeUndefined();

  const asking = inMemory.taken.find(({ effect }) => effect.cause.stream.startsWith('case-'));
  if (asking === undefined) throw new Error('no case owes anything');
  const counted = openReviewsIn(half);
  expect(Object.keys(counted).length).toBeGreaterThan(3);
  expect(await openReviews(views)(asking.effect, head)).toEqual(counted);

  await views.stop();
  await store.close();
  await pool.end();
});

interface Assigned {
  readonly assignments?: readonly { readonly id: string; readonly reviewer: string }[];
  readonly assignment?: string;
}

/** Counted by hand, event by event. */
function openReviewsIn(events: readonly RecordedEvent[]): Readonly<Record<string, number>> {
  const open = new Map<string, { readonly reviewer: string; readonly stream: string }>();
  for (const { type, stream, data } of events) {
    const { assignments = [], assignment } = data as Assigned;
    for (const { id, reviewer } of assignments) open.set(id, { reviewer, stream });
    if (assignment !== undefined && ['ReviewSubmitted', 'ConflictDeclared', 'ReviewerReplaced'].includes(type))
      open.delete(assignment);
    if (type === 'StageLeft' || type === 'CaseEnded') for (const [id, owed] of open) if (owed.stream === stream) open.delete(id);
  }
  const counts: Record<string, number> = {};
  for (const { reviewer } of open.values()) counts[reviewer] = (counts[reviewer] ?? 0) + 1;
  return counts;
}
