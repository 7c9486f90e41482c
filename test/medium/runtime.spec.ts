import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivedUuid, migrate, openPool, type RecordedEvent, rebuildAndCompare, runtimeRole, SystemClock, uuidv7 } from '#kernel';
import { incidentContext } from '#workflow';
import { type Incident, workflowMigrations } from '../../libs/workflow/runtime/index.js';
import { PostgresOwedEffects } from '../../libs/workflow/runtime/owed.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { ErrandRoom, killed, said } from '../support/errand-room.js';
import { type ErrandWorker, startErrandWorker } from '../support/errand-worker.js';
import { asOperator, errandContexts } from '../support/errands.js';
import { freshDatabase } from '../support/postgres.js';
import { redisIsHere, startRedis, type TestRedis } from '../support/redis.js';

const withRedis = redisIsHere('the workflow runtime');
let redis: TestRedis | undefined;
beforeAll(async () => {
  redis = withRedis ? await startRedis() : undefined;
});
afterAll(() => redis?.stop());

/** With the queue in PostgreSQL and with the queue on Redis: side by side, as most of it is waiting. */
const onBoth = (proves: (room: ErrandRoom) => Promise<void>) => async (): Promise<void> => {
  const kinds = redis === undefined ? [undefined] : [undefined, redis];
  const rooms = await Promise.all(kinds.map((one) => ErrandRoom.open(one)));
  const outcomes = await Promise.allSettled(rooms.map(proves));
  await Promise.all(rooms.map((room) => room.close()));
  for (const [index, outcome] of outcomes.entries())
    if (outcome.status === 'rejected')
      throw new Error(`with the queue ${kinds[index] === undefined ? 'in PostgreSQL' : 'on Redis'}`, { cause: outcome.reason });
};

test(
  'an effect happens once, and so does what follows from it',
  onBoth(async (room) => {
    const one = room.worker();
    await run(one, 'a', { steps: 3, tally: 'a.t' });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 1);
    expect(await typesIn(one, 'case-a.a')).toEqual(['ErrandBegun', 'StepTaken', 'StepTaken', 'StepTaken']);
    expect(one.runtime.status()).toMatchObject({ sent: 4, nothingToDo: 0, refused: 0, failed: 0 });
    expect(one.failures).toEqual([]);
  }),
);

test(
  'whoever takes the id of a step beforehand does not keep the command before it from happening',
  onBoth(async (room) => {
    const one = room.worker();
    const command = uuidv7(Date.now());
    await leave(one, 'a', derivedUuid(derivedUuid(command, '0'), 'effect.0'));
    await run(one, 'a', { steps: 1, tally: 'a.t' }, command);
    expect((await typesIn(one, 'case-a.a')).slice(0, 2)).toEqual(['ErrandLeft', 'ErrandBegun']);
  }),
);

test(
  'a timer goes off at its instant, and its bell leaves nothing behind in the queue',
  onBoth(async (room) => {
    const one = room.worker({ pace: { everyMs: 60_000 } });
    await run(one, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => one.runtime.status().sent === 1);
    const remindAt = soon(1_000);
    await run(one, 'b', { steps: 0, tally: '', remindAt });
    await until(async () => (await room.queued()) === 1);
    const reminder = await first(one, 'case-a.b', 'Reminded');
    expect(Date.parse(reminder.meta.recordedAt)).toBeGreaterThanOrEqual(Date.parse(remindAt));
    await until(async () => (await room.queued()) === 0);
  }),
);

test(
  'a stage that was left reminds nobody',
  onBoth(async (room) => {
    const one = room.worker({ pace: { everyMs: 500 } });
    // Late enough to leave before, however busy the machine is.
    const remindAt = soon(5_000);
    await run(one, 'left', { steps: 0, tally: 'a.t', remindAt });
    await leave(one, 'left');
    await run(one, 'open', { steps: 0, tally: 'a.t', remindAt });
    // The other, which comes after it, has been reminded and has made that known.
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 3);
    expect(await typesIn(one, 'case-a.left')).toEqual(['ErrandBegun', 'ErrandLeft']);
    await until(async () => one.runtime.status().sent === 4);
    expect(one.runtime.status()).toMatchObject({ sent: 4, nothingToDo: 0 });
  }),
);

test(
  'a queue that is wiped while timers wait loses and doubles none',
  onBoth(async (room) => {
    const one = room.worker();
    for (let n = 0; n < 20; n += 1) await run(one, `e${n}`, { steps: 0, tally: 'a.t', remindAt: soon(2_000) });
    await until(async () => one.runtime.status().sent === 20);
    await wait(300);
    await room.wipeQueue();
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 40, 20_000);
    for (let n = 0; n < 20; n += 1) expect(await typesIn(one, `case-a.e${n}`)).toEqual(['ErrandBegun', 'Reminded']);
  }),
);

test(
  'what fell due while nothing ran happens once after the start',
  onBoth(async (room) => {
    const before = room.worker();
    await run(before, 'a', { steps: 0, tally: 'a.t', remindAt: soon(300) });
    await room.stopped(before);
    await wait(500);
    const [after] = [room.worker(), room.worker()];
    await until(async () => (await typesIn(after, 'tally-a.t')).length === 2);
    await wait(500);
    expect(await typesIn(after, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
    expect(await typesIn(after, 'tally-a.t')).toHaveLength(2);
  }),
);

test(
  'a worker that dies in the middle of an effect leaves it to the next one',
  onBoth(async (room) => {
    const writer = room.worker();
    await run(writer, 'a', { steps: 0, tally: 'a.t', remindAt: soon(100) });
    await room.stopped(writer);
    await wait(200);
    const dying = await room.child({ HANG: 'loads' });
    await said(dying, 'loads effect.');
    await killed(dying);
    const next = room.worker({ pace: { everyMs: 1_000 } });
    await until(async () => (await typesIn(next, 'tally-a.t')).length === 2, 25_000);
    expect(await typesIn(next, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
  }),
);

test(
  'workers that are killed again and again lose and double nothing',
  onBoth(async (room) => {
    const errands = 60;
    const writer = room.worker();
    const written = (async () => {
      for (let n = 0; n < errands; n += 1) {
        await run(writer, `k${n}`, { steps: 2, tally: `a.k${n}` });
        await wait(20);
      }
    })();
    for (let deaths = 0; deaths < 2; deaths += 1) {
      const dying = await room.child();
      await wait(150);
      await killed(dying);
    }
    await written;
    await until(async () => (await all(writer)).filter(({ type }) => type === 'Counted').length === errands, 25_000);
    await wait(300);
    for (let n = 0; n < errands; n += 1) {
      expect(await typesIn(writer, `case-a.k${n}`)).toEqual(['ErrandBegun', 'StepTaken', 'StepTaken']);
      expect(await typesIn(writer, `tally-a.k${n}`)).toEqual(['Counted']);
    }
  }),
);

test(
  'what is owed can be rebuilt from the log and is the same',
  onBoth(async (room) => {
    const one = room.worker();
    for (let n = 0; n < 30; n += 1)
      await run(one, `r${n}`, { steps: n % 3, tally: 'a.t', ...(n % 2 === 0 ? { remindAt: soon(3_600_000) } : {}) });
    for (let n = 0; n < 30; n += 5) await leave(one, `r${n}`);
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 30);
    await one.views.caughtUp(await one.store.head());
    const pool = openPool(room.url, { max: 5, role: runtimeRole });
    const owed = await pool.query<{ count: number }>('select count(*)::int as count from view_owed.effect');
    expect(owed.rows[0]?.count).toBe(12);
    expect(await rebuildAndCompare({ pool, store: one.store, clock: new SystemClock() }, one.view)).toBeUndefined();
    await one.views.rebuild('owed');
    await pool.end();
    const counted = await typesIn(one, 'tally-a.t');
    await wait(500);
    expect(await typesIn(one, 'tally-a.t')).toEqual(counted);
  }),
);

test(
  'two workers share the work and do nothing twice',
  onBoth(async (room) => {
    const timers = 200;
    const both = [room.worker({ pace: { everyMs: 1_000 } }), room.worker({ pace: { everyMs: 1_000 } })];
    const [one] = both as [ErrandWorker];
    const remindAt = soon(2_500);
    await Promise.all(Array.from({ length: timers }, (_, n) => run(one, `s${n}`, { steps: 0, tally: `a.s${n}`, remindAt })));
    await until(async () => (await all(one)).filter(({ type }) => type === 'Counted').length === 2 * timers, 20_000);
    const events = await all(one);
    expect(events.filter(({ type }) => type === 'Reminded')).toHaveLength(timers);
    const tallies = both.map(({ runtime }) => runtime.status());
    for (const { sent } of tallies) expect(sent).toBeGreaterThan(0);
    expect(tallies.reduce((sum, { sent, nothingToDo }) => sum + sent + nothingToDo, 0)).toBeLessThan(3 * timers * 1.2);
  }),
);

test(
  'ten thousand timers that wait do not hold up a start',
  onBoth(async (room) => {
    const before = room.worker();
    const remindAt = soon(3_600_000);
    for (let n = 0; n < 10_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, k) => run(before, `w${n + k}`, { steps: 0, tally: '', remindAt })));
    await before.views.caughtUp(await before.store.head());
    await room.stopped(before);
    const after = room.worker({ pace: { horizonMs: 7_200_000 } });
    await until(async () => after.runtime.status().lookedThroughAt > 0);
    await run(after, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => (await typesIn(after, 'tally-a.t')).length === 1);
    expect(await typesIn(after, 'case-a.w0')).toEqual(['ErrandBegun']);
  }),
);

test(
  'a refusal is final, and on record until somebody puts its cause right',
  onBoth(async (room) => {
    const one = room.worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    await until(async () => one.runtime.status().refused === 1);
    await wait(700);
    expect(one.runtime.status()).toMatchObject({ sent: 0, refused: 1, failed: 0 });
    const [incident, ...others] = await one.runtime.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      refusal: 'case.balked',
      text: { en: 'Not here.', zh: '此处不可。' },
      attempts: 1,
      effect: { name: 'balk', cause: { stream: 'case-a.a' } },
    });
    await resolve(one, incident, 'RetryEffect', {});
    await until(async () => one.runtime.status().refused === 2);
  }),
);

test(
  'what was skipped is owed no more, also when the queue, the notes and the view are lost',
  onBoth(async (room) => {
    const one = room.worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    await until(async () => (await one.runtime.incidents()).length === 1);
    const [incident] = await one.runtime.incidents();
    await resolve(one, incident, 'SkipEffect', { reason: '另行办理。' });
    await until(async () => (await one.runtime.incidents()).length === 0);
    await room.stopped(one);
    const pool = openPool(room.url, { max: 1 });
    await pool.query('delete from workflow.note');
    await pool.query('drop schema view_owed cascade');
    await pool.end();
    const other = room.worker({ pace: { everyMs: 300 } });
    await run(other, 'b', { steps: 1, tally: 'a.t' });
    await until(async () => (await typesIn(other, 'tally-a.t')).length === 1);
    expect(other.runtime.status()).toMatchObject({ refused: 0, failed: 0 });
    expect(await other.runtime.incidents()).toEqual([]);
  }),
);

test(
  'a failure that is no refusal is tried again for as long as it takes',
  onBoth(async (room) => {
    const lacking = room.worker({ contexts: { case: errand, incident: incidentContext }, pace: { everyMs: 300 } });
    await run(lacking, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => (await lacking.runtime.incidents()).length === 1, 15_000);
    const [incident] = await lacking.runtime.incidents();
    expect(incident).toMatchObject({ error: expect.stringContaining('no context "tally"'), effect: { name: 'count' } });
    expect(incident?.refusal).toBeUndefined();
    await room.stopped(lacking);
    const complete = room.worker();
    await resolve(complete, incident, 'RetryEffect', {});
    await until(async () => (await typesIn(complete, 'tally-a.t')).length === 1);
    await complete.views.caughtUp(await complete.store.head());
    expect(await complete.runtime.incidents()).toEqual([]);
  }),
);

test(
  'what an effect has come to is forgotten once the log has settled it',
  onBoth(async (room) => {
    const one = room.worker();
    // The reminder and what it makes known are waited for; the rest is sent before anybody can take it.
    await run(one, 'a', { steps: 3, tally: 'a.t', remindAt: new Date(Date.now() + 300).toISOString() });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 2);
    await one.views.caughtUp(await one.store.head());
    const pool = openPool(room.url, { max: 4, role: runtimeRole });
    const notes = async () =>
      (await pool.query<{ count: number }>('select count(*)::int as count from workflow.note')).rows[0]?.count;
    expect(await notes()).toBe(2);
    const owed = new PostgresOwedEffects(one.view, one.views, pool);
    expect(await owed.sweep(Date.now())).toBe(0);
    expect(await owed.sweep(Date.now() + 120_000)).toBe(2);
    expect(await notes()).toBe(0);
    await pool.end();
  }),
);

(withRedis ? describe : describe.skip)('while Redis is away', () => {
  test('what is due happens all the same, and timers ring again when it is back', async () => {
    const away = await startRedis();
    const database = await freshDatabase('runtime_away');
    await migrate(database.url, [...logMigrations, ...workflowMigrations]);
    await away.crash();
    const one = startErrandWorker({ url: database.url, queue: { kind: 'redis', url: away.url }, pace: { everyMs: 1_000 } });
    await run(one, 'a', { steps: 2, tally: 'a.t', remindAt: soon(2_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 2);
    expect(one.failures).not.toEqual([]);
    await away.restart();
    await run(one, 'b', { steps: 0, tally: 'a.t', remindAt: soon(1_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 4);
    await away.crash();
    await run(one, 'c', { steps: 1, tally: 'a.t', remindAt: soon(60_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 5);
    const stopping = Date.now();
    await one.stop();
    expect(Date.now() - stopping).toBeLessThan(10_000);
    await away.stop();
    await database.drop();
  });
});

const errand = errandContexts['case'] as (typeof errandContexts)[string];

const resolve = async ({ handling }: ErrandWorker, incident: Incident | undefined, type: string, data: object): Promise<void> => {
  const { commandId = '' } = incident?.effect ?? {};
  await handling.handle(incidentContext, `a.${commandId}`, { type, data }, asOperator(`${type}-${commandId}`));
};

const run = ({ handling }: ErrandWorker, id: string, data: object, command = `run-${id}`) =>
  handling.handle(errand, `a.${id}`, { type: 'RunErrand', data }, asOperator(command));

const leave = ({ handling }: ErrandWorker, id: string, command = `leave-${id}`) =>
  handling.handle(errand, `a.${id}`, { type: 'LeaveErrand', data: {} }, asOperator(command));

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

const typesIn = async ({ store }: ErrandWorker, stream: string): Promise<readonly string[]> =>
  (await store.read(stream)).map(({ type }) => type);

const all = async ({ store }: ErrandWorker): Promise<readonly RecordedEvent[]> =>
  (await store.readAll(0n, { limit: 100_000 })).events;

async function first(worker: ErrandWorker, stream: string, type: string): Promise<RecordedEvent> {
  const find = async () => (await worker.store.read(stream)).find((event) => event.type === type);
  await until(async () => (await find()) !== undefined);
  return (await find()) as RecordedEvent;
}

async function until(holds: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await wait(20);
  }
}
