import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivedUuid, migrate, openPool, type RecordedEvent, rebuildAndCompare, runtimeRole, SystemClock, uuidv7 } from '#kernel';
import { incidentContext } from '#workflow';
import { type Incident, type IncidentsAsked, incidentsIn, workflowMigrations } from '../../libs/workflow/runtime/index.js';
import { PostgresOwedEffects } from '../../libs/workflow/runtime/owed.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { type Desk, ErrandRoom } from '../support/errand-room.js';
import { type ErrandWorker, startErrandWorker } from '../support/errand-worker.js';
import { asOperator, errandContexts } from '../support/errands.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase } from '../support/postgres.js';
import { redisIsHere, startRedis, type TestRedis } from '../support/redis.js';

const withRedis = redisIsHere('the workflow runtime');
let redis: TestRedis | undefined;
beforeAll(async () => {
  redis = withRedis ? await startRedis() : undefined;
});
afterAll(() => redis?.stop());

const queues = withRedis ? (['in PostgreSQL', 'on Redis'] as const) : (['in PostgreSQL'] as const);

/** In a room of its own beside others: most of it is waiting. */
const inRoom =
  (proves: (room: ErrandRoom) => Promise<void>) =>
  async (queue: (typeof queues)[number]): Promise<void> => {
    const room = await ErrandRoom.open(queue === 'on Redis' ? redis?.next() : undefined);
    try {
      await proves(room);
    } finally {
      await room.close();
    }
  };

test.concurrent.each(queues)(
  'an effect happens once, and so does what follows from it, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker();
    await run(one, 'a', { steps: 3, tally: 'a.t' });
    await tallied(one, 1);
    await sentAtLeast(one, 4);
    expect(await typesIn(one, 'case-a.a')).toEqual(['ErrandBegun', 'StepTaken', 'StepTaken', 'StepTaken']);
    expect(one.runtime.status()).toMatchObject({ sent: 4, nothingToDo: 0, refused: 0, failed: 0 });
    expect(one.failures).toEqual([]);
  }),
);

test.concurrent.each(queues)(
  'whoever takes the id of a step beforehand does not keep the command before it from happening, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker();
    const command = uuidv7(Date.now());
    await leave(one, 'a', derivedUuid(derivedUuid(command, '0'), 'effect.0'));
    await run(one, 'a', { steps: 1, tally: 'a.t' }, command);
    expect((await typesIn(one, 'case-a.a')).slice(0, 2)).toEqual(['ErrandLeft', 'ErrandBegun']);
  }),
);

test.concurrent.each(queues)(
  'a timer goes off at its instant, and its bell leaves nothing behind in the queue, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker({ pace: { everyMs: 60_000 } });
    await run(one, 'a', { steps: 0, tally: 'a.t' });
    await sentAtLeast(one, 1);
    // Late enough to see it wait, however busy the machine is.
    const remindAt = soon(4_000);
    await run(one, 'b', { steps: 0, tally: '', remindAt });
    await eventually(
      () => room.queued(),
      (queued) => queued > 0,
    );
    const reminder = await first(one, 'case-a.b', 'Reminded');
    expect(Date.parse(reminder.meta.recordedAt)).toBeGreaterThanOrEqual(Date.parse(remindAt));
    await eventually(
      () => room.queued(),
      (queued) => queued === 0,
    );
  }),
);

test.concurrent.each(queues)(
  'a stage that was left reminds nobody, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker({ pace: { everyMs: 500 } });
    // Late enough to leave before, however busy the machine is.
    const remindAt = soon(5_000);
    await run(one, 'left', { steps: 0, tally: 'a.t', remindAt });
    await leave(one, 'left');
    await run(one, 'open', { steps: 0, tally: 'a.t', remindAt });
    // The other, which comes after it, has been reminded and has made that known.
    await tallied(one, 3);
    expect(await typesIn(one, 'case-a.left')).toEqual(['ErrandBegun', 'ErrandLeft']);
    await sentAtLeast(one, 4);
    expect(one.runtime.status()).toMatchObject({ sent: 4, nothingToDo: 0 });
  }),
);

test.concurrent.each(queues)(
  'a queue that is wiped while timers wait loses and doubles none, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker();
    for (let n = 0; n < 20; n += 1) await run(one, `e${n}`, { steps: 0, tally: 'a.t', remindAt: soon(2_000) });
    await sentAtLeast(one, 20);
    await wait(300);
    await room.wipeQueue();
    await tallied(one, 40);
    for (let n = 0; n < 20; n += 1) expect(await typesIn(one, `case-a.e${n}`)).toEqual(['ErrandBegun', 'Reminded']);
  }),
);

test.concurrent.each(queues)(
  'what fell due while nothing ran happens once after the start, with the queue %s',
  inRoom(async (room) => {
    await room.unattended((desk) => run(desk, 'a', { steps: 0, tally: 'a.t', remindAt: soon(100) }));
    await wait(200);
    const [after] = [room.worker(), room.worker()];
    await tallied(after, 2);
    await wait(500);
    expect(await typesIn(after, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
    expect(await typesIn(after, 'tally-a.t')).toHaveLength(2);
  }),
);

test.concurrent.each(queues)(
  'a worker that dies in the middle of an effect leaves it to the next one, with the queue %s',
  inRoom(async (room) => {
    await room.unattended((desk) => run(desk, 'a', { steps: 0, tally: 'a.t', remindAt: soon(0) }));
    const dying = await room.child({ HANG: 'loads' });
    await dying.says(/loads effect\./);
    await dying.end('SIGKILL');
    const next = room.worker({ pace: { everyMs: 1_000 } });
    await tallied(next, 2);
    expect(await typesIn(next, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
  }),
);

test.concurrent.each(queues)(
  'workers that are killed again and again lose and double nothing, with the queue %s',
  inRoom(async (room) => {
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
      await dying.end('SIGKILL');
    }
    await written;
    await countedAtLeast(writer, errands);
    await wait(300);
    for (let n = 0; n < errands; n += 1) {
      expect(await typesIn(writer, `case-a.k${n}`)).toEqual(['ErrandBegun', 'StepTaken', 'StepTaken']);
      expect(await typesIn(writer, `tally-a.k${n}`)).toEqual(['Counted']);
    }
  }),
);

test.concurrent.each(queues)(
  'what is owed can be rebuilt from the log and is the same, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker();
    for (let n = 0; n < 30; n += 1)
      await run(one, `r${n}`, { steps: n % 3, tally: 'a.t', ...(n % 2 === 0 ? { remindAt: soon(3_600_000) } : {}) });
    for (let n = 0; n < 30; n += 5) await leave(one, `r${n}`);
    await tallied(one, 30);
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

test.concurrent.each(queues)(
  'two workers share the work and do nothing twice, with the queue %s',
  inRoom(async (room) => {
    const timers = 200;
    const both = [room.worker({ pace: { everyMs: 1_000 } }), room.worker({ pace: { everyMs: 1_000 } })];
    const [one] = both as [ErrandWorker];
    const remindAt = soon(2_500);
    await Promise.all(Array.from({ length: timers }, (_, n) => run(one, `s${n}`, { steps: 0, tally: `a.s${n}`, remindAt })));
    await countedAtLeast(one, 2 * timers);
    const events = await all(one);
    expect(events.filter(({ type }) => type === 'Reminded')).toHaveLength(timers);
    const tallies = both.map(({ runtime }) => runtime.status());
    for (const { sent } of tallies) expect(sent).toBeGreaterThan(0);
    expect(tallies.reduce((sum, { sent, nothingToDo }) => sum + sent + nothingToDo, 0)).toBeLessThan(3 * timers * 1.5);
  }),
);

test.concurrent.each(queues)(
  'ten thousand timers that wait do not hold up a start, with the queue %s',
  inRoom(async (room) => {
    const before = room.worker();
    const remindAt = soon(3_600_000);
    for (let n = 0; n < 10_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, k) => run(before, `w${n + k}`, { steps: 0, tally: '', remindAt })));
    await before.views.caughtUp(await before.store.head());
    await room.stopped(before);
    const after = room.worker({ pace: { horizonMs: 7_200_000 } });
    await eventually(
      () => after.runtime.status(),
      ({ lookedThroughAt }) => lookedThroughAt > 0,
    );
    await run(after, 'a', { steps: 0, tally: 'a.t' });
    await tallied(after, 1);
    expect(await typesIn(after, 'case-a.w0')).toEqual(['ErrandBegun']);
  }),
);

test.concurrent.each(queues)(
  'a refusal is final, and on record until somebody puts its cause right, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    const { refused: tries } = await eventually(
      () => one.runtime.status(),
      ({ refused, underWay }) => refused >= 1 && underWay === 0,
    );
    await wait(700);
    expect(one.runtime.status()).toMatchObject({ sent: 0, refused: tries, failed: 0 });
    const [incident, ...others] = await one.runtime.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      refusal: 'case.balked',
      text: { en: 'Not here.', zh: '此处不可。' },
      attempts: 1,
      effect: { name: 'balk', cause: { stream: 'case-a.a' } },
    });
    const place = { at: incident?.since ?? '', id: incident?.effect.commandId ?? '' };
    const pool = openPool(room.url, { max: 2, role: runtimeRole });
    const found = async (asked: IncidentsAsked) => (await incidentsIn(one.view, one.views, pool, asked)).length;
    expect([await found({ alliance: 'a' }), await found({ alliance: 'b' })]).toEqual([1, 0]);
    expect([await found({ after: { ...place, id: '' } }), await found({ after: place })]).toEqual([1, 0]);
    await pool.end();
    await resolve(one, incident, 'RetryEffect', {});
    await eventually(
      () => one.runtime.status(),
      ({ refused }) => refused > tries,
    );
  }),
);

test.concurrent.each(queues)(
  'what was skipped is owed no more, also when the queue, the notes and the view are lost, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    await eventually(
      () => one.runtime.incidents(),
      ({ length }) => length === 1,
    );
    const [incident] = await one.runtime.incidents();
    await resolve(one, incident, 'SkipEffect', { reason: '另行办理。' });
    await eventually(
      () => one.runtime.incidents(),
      ({ length }) => length === 0,
    );
    await room.stopped(one);
    const pool = openPool(room.url, { max: 1 });
    await pool.query('delete from workflow.note');
    await pool.query('drop schema view_owed cascade');
    await pool.end();
    const other = room.worker({ pace: { everyMs: 300 } });
    await run(other, 'b', { steps: 1, tally: 'a.t' });
    await tallied(other, 1);
    expect(other.runtime.status()).toMatchObject({ refused: 0, failed: 0 });
    expect(await other.runtime.incidents()).toEqual([]);
  }),
);

test.concurrent.each(queues)(
  'a failure that is no refusal is tried again for as long as it takes, with the queue %s',
  inRoom(async (room) => {
    const lacking = room.worker({ contexts: { case: errand, incident: incidentContext }, pace: { everyMs: 300 } });
    await run(lacking, 'a', { steps: 0, tally: 'a.t' });
    await eventually(
      () => lacking.runtime.incidents(),
      ({ length }) => length === 1,
    );
    const [incident] = await lacking.runtime.incidents();
    expect(incident).toMatchObject({ error: expect.stringContaining('no context "tally"'), effect: { name: 'count' } });
    expect(incident?.refusal).toBeUndefined();
    await room.stopped(lacking);
    const complete = room.worker();
    await resolve(complete, incident, 'RetryEffect', {});
    await tallied(complete, 1);
    await complete.views.caughtUp(await complete.store.head());
    expect(await complete.runtime.incidents()).toEqual([]);
  }),
);

test.concurrent.each(queues)(
  'what an effect has come to is forgotten once the log has settled it, with the queue %s',
  inRoom(async (room) => {
    const one = room.worker();
    // The reminder and what it makes known are waited for, however busy the machine is; the rest is sent before anybody can take it.
    await run(one, 'a', { steps: 3, tally: 'a.t', remindAt: soon(4_000) });
    await tallied(one, 2);
    await one.views.caughtUp(await one.store.head());
    const pool = openPool(room.url, { max: 4, role: runtimeRole });
    const notes = async () =>
      (await pool.query<{ count: number }>('select count(*)::int as count from workflow.note')).rows[0]?.count;
    const kept = await notes();
    expect(kept).toBeGreaterThanOrEqual(2);
    const owed = new PostgresOwedEffects(one.view, one.views, pool);
    expect(await owed.sweep(Date.now())).toBe(0);
    expect(await owed.sweep(Date.now() + 120_000)).toBe(kept);
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
    await tallied(one, 2);
    expect(one.failures).not.toEqual([]);
    await away.restart();
    await run(one, 'b', { steps: 0, tally: 'a.t', remindAt: soon(1_000) });
    await tallied(one, 4);
    await away.crash();
    await run(one, 'c', { steps: 1, tally: 'a.t', remindAt: soon(60_000) });
    await tallied(one, 5);
    const stopping = Date.now();
    await one.stop();
    expect(Date.now() - stopping).toBeLessThan(20_000);
    await away.stop();
    await database.drop();
  });
});

const errand = errandContexts['case'] as (typeof errandContexts)[string];

const resolve = async ({ handling }: ErrandWorker, incident: Incident | undefined, type: string, data: object): Promise<void> => {
  const { commandId = '' } = incident?.effect ?? {};
  await handling.handle(incidentContext, `a.${commandId}`, { type, data }, asOperator(`${type}-${commandId}`));
};

const run = ({ handling }: Desk, id: string, data: object, command = `run-${id}`) =>
  handling.handle(errand, `a.${id}`, { type: 'RunErrand', data }, asOperator(command));

const leave = ({ handling }: ErrandWorker, id: string, command = `leave-${id}`) =>
  handling.handle(errand, `a.${id}`, { type: 'LeaveErrand', data: {} }, asOperator(command));

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

const typesIn = async ({ store }: ErrandWorker, stream: string): Promise<readonly string[]> =>
  (await store.read(stream)).map(({ type }) => type);

const all = async ({ store }: ErrandWorker): Promise<readonly RecordedEvent[]> =>
  (await store.readAll(0n, { limit: 100_000 })).events;

const first = (worker: ErrandWorker, stream: string, type: string): Promise<RecordedEvent> =>
  eventually(async () => (await worker.store.read(stream)).find((event) => event.type === type));

/** Once everyone has been counted who should be; whether anyone was twice is seen then. */
const tallied = (worker: ErrandWorker, atLeast: number): Promise<readonly string[]> =>
  eventually(
    () => typesIn(worker, 'tally-a.t'),
    ({ length }) => length >= atLeast,
  );

const countedAtLeast = (worker: ErrandWorker, atLeast: number): Promise<number> =>
  eventually(
    async () => (await all(worker)).filter(({ type }) => type === 'Counted').length,
    (counted) => counted >= atLeast,
  );

const sentAtLeast = ({ runtime }: ErrandWorker, atLeast: number) =>
  eventually(
    () => runtime.status(),
    ({ sent }) => sent >= atLeast,
  );
