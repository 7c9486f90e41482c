import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CommandHandling,
  InMemoryVault,
  migrate,
  openPool,
  PostgresEventStore,
  rebuildAndCompare,
  runtimeRole,
  SystemClock,
  uuidv7,
  ViewRunner,
} from '#kernel';
import {
  entitled,
  listNotices,
  countRegistrations,
  listRegistrations,
  migrateQueue,
  noticesView,
  owedView,
  type OwedEffect,
  owingRules,
  placesFrom,
  placesFromLog,
  registrationsView,
  standingsOf,
  startWorkflowRuntime,
  workflowMigrations,
} from '#workflow';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { copied } from '../support/copied.js';
import { contexts, type EngineRoom, obliged, statesOf, training } from '../support/engine-room.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

const caseId = 'a.one.course-1';
const asking = { command: { id: caseId } } as OwedEffect & { readonly dueAt: string };

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase('registrations');
  await migrate(database.url, logMigrations);
});
afterAll(() => database.drop());

/** Some register, some cancel, some come back; places are confirmed now and then. */
async function rush(): Promise<EngineRoom> {
  const room = await training(5);
  for (let index = 0; index < 60; index += 1) {
    const person = `person-${(index * 7) % 23}`;
    const refused = (failure: unknown): void => {
      if ((failure as Error).name !== 'DomainError') throw failure;
    };
    await room.register(person, index % 3 === 2 ? 'CancelRegistration' : 'Register').catch(refused);
    if (index % 11 === 0) await room.settle();
  }
  return room;
}

test('PostgreSQL and the log agree on who has a place, who waits, and who has yet to be told', async () => {
  const room = await rush();
  const events = await room.all();
  const store = new PostgresEventStore(database.url, { role: runtimeRole });
  await copied(events, store);
  const pool = openPool(database.url, { max: 4, role: runtimeRole });
  const views = new ViewRunner(store, pool, [registrationsView, noticesView]);
  views.start();
  const head = await store.head();
  await views.caughtUp(head);

  const standings = standingsOf(caseId, events);
  expect(standings.length).toBeGreaterThan(6);
  const listed = await views.read(registrationsView, (sql, schema) =>
    listRegistrations(sql, schema, { case: caseId, limit: 100 }),
  );
  expect(listed.map(({ person, rank }) => [person, rank])).toEqual(standings.map(({ person }, index) => [person, index + 1]));

  const second = { case: caseId, after: listed[1]?.position ?? '', limit: 3 };
  const page = await views.read(registrationsView, (sql, schema) => listRegistrations(sql, schema, second));
  expect(page).toEqual(listed.slice(2, 5));
  expect(await views.read(registrationsView, (sql, schema) => countRegistrations(sql, schema, caseId))).toBe(listed.length);

  const told = new Set(
    events
      .filter(({ type }) => type === 'PlacesGiven')
      .flatMap(({ data }) =>
        (data as { places: readonly { registration: string }[] }).places.map(({ registration }) => registration),
      ),
  );
  const untold = entitled(standings).filter(({ registration }) => !told.has(registration));
  expect(untold.length).toBeGreaterThan(0);
  const counted = await placesFrom(views)(asking, head);
  expect(counted['entitled']).toEqual(untold.map(({ person, registration }) => ({ person, registration })));
  const inLog = (await placesFromLog(store)(asking, 0n))['entitled'] as readonly { registration: string }[];
  expect(inLog.filter(({ registration }) => !told.has(registration))).toEqual(counted['entitled']);

  const last = listed.at(-1)?.person as string;
  const own = await views.read(registrationsView, (sql, schema) =>
    listRegistrations(sql, schema, { case: caseId, person: last, limit: 1 }),
  );
  expect(own).toMatchObject([{ person: last, rank: standings.length, places: 5, given: false }]);
  expect(await rebuildAndCompare({ pool, store, clock: new SystemClock() }, registrationsView)).toBeUndefined();
  await views.stop();
  await store.close();
  await pool.end();
});

test('the public register lists a notice by its number, with the text that its hash is of', async () => {
  const other = await freshDatabase('notices');
  await migrate(other.url, logMigrations);
  const room = await obliged('keeping');
  const store = new PostgresEventStore(other.url, { role: runtimeRole });
  await copied(await room.all(), store);
  const pool = openPool(other.url, { max: 4, role: runtimeRole });
  const views = new ViewRunner(store, pool, [noticesView]);
  views.start();
  await views.caughtUp(await store.head());
  const list = (asked: object) =>
    views.read(noticesView, (sql, schema) => listNotices(sql, schema, { alliance: 'a', limit: 10, ...asked }));
  const [notice] = await list({ document: 'recognition', year: 2026, number: 1 });
  const issued = (await room.history('notices-a.2026'))[0]?.data as object;
  const { origin: _origin, definition: _definition, ...published } = issued as Record<string, unknown>;
  expect(notice).toMatchObject({ ...published, case: caseId });
  expect(await list({ after: '2026.recognition.1' })).toEqual([]);
  expect(await list({ number: 2 })).toEqual([]);
  expect(await list({ alliance: 'b' })).toEqual([]);
  expect(await rebuildAndCompare({ pool, store, clock: new SystemClock() }, noticesView)).toBeUndefined();
  await views.stop();
  await store.close();
  await pool.end();
  await other.drop();
});

test('a rush is settled by the running engine, one who cancels makes room for the first who waits, and the record is the order of the log', async () => {
  const { url, drop } = await freshDatabase('rush');
  await migrate(url, [...logMigrations, ...workflowMigrations]);
  await migrateQueue(url);
  const store = new PostgresEventStore(url, { role: runtimeRole });
  await copied(await (await training(50)).all(), store);
  const pool = openPool(url, { max: 8, role: runtimeRole });
  const states = statesOf(store);
  // The instant at which the event of the engine room takes registrations.
  const clock = Object.assign(new SystemClock(), { now: () => Date.parse('2026-03-03T01:00:00.000Z') });
  const handling = new CommandHandling(store, states, new InMemoryVault(), clock);
  const rules = owingRules(states);
  const view = owedView(rules, store, Object.keys(contexts));
  const views = new ViewRunner(store, pool, [registrationsView, view]);
  views.start();
  const failures: unknown[] = [];
  const runtime = startWorkflowRuntime({
    store,
    rules,
    view,
    views,
    pool,
    queue: { kind: 'postgres', url },
    handling,
    contexts,
    clock,
    loads: async () => ({}),
    lookups: { places: placesFrom(views) },
    report: (failure) => failures.push(failure),
  });
  const send = (person: string, type: string) => {
    const caller = { kind: 'person', alliance: 'a', actor: person, principal: person, commandId: uuidv7(Date.now()) } as const;
    return handling.handle(contexts['registration'] as never, `${caseId}.${person}`, { type, data: {} }, caller);
  };
  const people = Array.from({ length: 300 }, (_, index) => `person-${index}`);
  await Promise.all(people.map((person) => send(person, 'Register')));
  const log = async () => (await store.readAll(0n, { limit: 10_000 })).events;
  const given = async () =>
    (await log())
      .filter(({ type }) => type === 'PlacesGiven')
      .flatMap(({ data }) => (data as { places: readonly { person: string }[] }).places.map(({ person }) => person));
  const untilGiven = (count: number) => eventually(given, ({ length }) => length >= count);
  await untilGiven(50);
  const inOrder = standingsOf(caseId, await log()).map(({ person }) => person);
  expect(await given()).toEqual(inOrder.slice(0, 50));
  expect((await log()).filter(({ type }) => type === 'PlacesGiven').length).toBeLessThan(50);
  await Promise.all([send(inOrder[0] as string, 'CancelRegistration'), send(inOrder[7] as string, 'CancelRegistration')]);
  await untilGiven(52);
  expect(await given()).toEqual(inOrder.slice(0, 52));
  expect(await runtime.incidents()).toEqual([]);
  await runtime.stop();
  expect(failures).toEqual([]);
  await views.stop();
  await store.close();
  await pool.end();
  await drop();
});
