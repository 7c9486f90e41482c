import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { derivedUuid, migrate, openPool, type RecordedEvent, rebuildAndCompare, runtimeRole, SystemClock, uuidv7 } from '#kernel';
import { incidentContext } from '#workflow';
import { type Incident, migrateQueue, type QueueAddress, workflowMigrations } from '../../libs/workflow/runtime/index.js';
import { PostgresOwedEffects } from '../../libs/workflow/runtime/owed.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { type ErrandWorker, type ErrandWorkerOptions, startErrandWorker } from '../support/errand-worker.js';
import { asOperator, errandContexts } from '../support/errands.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { redisIsHere, startRedis, type TestRedis } from '../support/redis.js';

const withRedis = redisIsHere('the workflow runtime');
const queues = withRedis ? (['postgres', 'redis'] as const) : (['postgres'] as const);

describe.each(queues)('with the queue on %s', (kind) => {
  let redis: TestRedis | undefined;
  let database: TestDatabase;
  let queue: QueueAddress;
  let workers: ErrandWorker[];
  let children: ChildProcess[];

  beforeAll(async () => {
    redis = kind === 'redis' ? await startRedis() : undefined;
  });
  afterAll(() => redis?.stop());

  beforeEach(async () => {
    database = await freshDatabase(`runtime_${kind}`);
    await migrate(database.url, [...logMigrations, ...workflowMigrations]);
    await migrateQueue(database.url);
    queue = redis === undefined ? { kind: 'postgres', url: database.url } : { kind: 'redis', url: redis.url };
    workers = [];
    children = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    for (const child of children) await killed(child);
    await redis?.flush();
    await database.drop();
  });

  const worker = (options: Partial<ErrandWorkerOptions> = {}): ErrandWorker => {
    const started = startErrandWorker({ url: database.url, queue, ...options });
    workers.push(started);
    return started;
  };
  const stopped = async (one: ErrandWorker): Promise<void> => {
    workers = workers.filter((other) => other !== one);
    await one.stop();
  };
  const child = async (environment: Record<string, string> = {}): Promise<ChildProcess> => {
    const started = spawn(
      process.execPath,
      [
        '--import',
        './test/support/typescript.mjs',
        '--conditions=entente-source',
        '--no-warnings',
        'test/support/errand-worker.child.ts',
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          ERRAND_DATABASE: database.url,
          ERRAND_QUEUE: JSON.stringify(queue),
          ...environment,
        },
      },
    );
    children.push(started);
    await said(started, 'started');
    return started;
  };
  const queued = async (): Promise<number> => {
    if (redis !== undefined) return (await redis.keys('*:effect.*')).filter((key) => !key.endsWith(':lock')).length;
    const pool = openPool(database.url, { max: 1 });
    const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from bullmq.job');
    await pool.end();
    return rows[0]?.count ?? 0;
  };
  const wipeQueue = async (): Promise<void> => {
    if (redis !== undefined) return redis.flush();
    const pool = openPool(database.url, { max: 1 });
    const { rows } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'`,
    );
    await pool.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`);
    await pool.end();
  };

  test('an effect happens once, and so does what follows from it', async () => {
    const one = worker();
    await run(one, 'a', { steps: 3, tally: 'a.t' });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 1);
    expect(await typesIn(one, 'case-a.a')).toEqual(['ErrandBegun', 'StepTaken', 'StepTaken', 'StepTaken']);
    expect(one.runtime.status()).toMatchObject({ sent: 4, nothingToDo: 0, refused: 0, failed: 0 });
    expect(one.failures).toEqual([]);
  });

  test('whoever takes the id of a step beforehand does not keep the command before it from happening', async () => {
    const one = worker();
    const command = uuidv7(Date.now());
    await leave(one, 'a', derivedUuid(derivedUuid(command, '0'), 'effect.0'));
    await run(one, 'a', { steps: 1, tally: 'a.t' }, command);
    expect((await typesIn(one, 'case-a.a')).slice(0, 2)).toEqual(['ErrandLeft', 'ErrandBegun']);
  });

  test('a timer goes off at its instant', async () => {
    const one = worker();
    await run(one, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => one.runtime.status().sent === 1);
    const remindAt = soon(1_500);
    await run(one, 'b', { steps: 0, tally: 'a.t', remindAt });
    const reminder = await first(one, 'case-a.b', 'Reminded');
    const lateMs = Date.parse(reminder.meta.recordedAt) - Date.parse(remindAt);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(2_000);
  });

  test('a bell that has rung leaves nothing behind in the queue', async () => {
    const one = worker();
    await run(one, 'a', { steps: 0, tally: '', remindAt: soon(1_000) });
    await until(async () => (await queued()) === 1);
    await first(one, 'case-a.a', 'Reminded');
    await wait(500);
    expect(await queued()).toBe(0);
  });

  test('a stage that was left reminds nobody', async () => {
    const one = worker({ pace: { everyMs: 500 } });
    await run(one, 'a', { steps: 0, tally: 'a.t', remindAt: soon(1_000) });
    await until(async () => one.runtime.status().sent === 1);
    await leave(one, 'a');
    await wait(2_500);
    expect(await typesIn(one, 'case-a.a')).toEqual(['ErrandBegun', 'ErrandLeft']);
    expect(one.runtime.status()).toMatchObject({ sent: 1, nothingToDo: 0 });
  });

  test('a queue that is wiped while timers wait loses and doubles none', async () => {
    const one = worker();
    for (let n = 0; n < 20; n += 1) await run(one, `e${n}`, { steps: 0, tally: 'a.t', remindAt: soon(3_000) });
    await until(async () => one.runtime.status().sent === 20);
    await wait(500);
    await wipeQueue();
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 40, 20_000);
    for (let n = 0; n < 20; n += 1) expect(await typesIn(one, `case-a.e${n}`)).toEqual(['ErrandBegun', 'Reminded']);
  });

  test('what fell due while nothing ran happens once after the start', async () => {
    const before = worker();
    await run(before, 'a', { steps: 0, tally: 'a.t', remindAt: soon(300) });
    await stopped(before);
    await wait(500);
    const [after] = [worker(), worker()];
    await until(async () => (await typesIn(after, 'tally-a.t')).length === 2);
    await wait(500);
    expect(await typesIn(after, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
    expect(await typesIn(after, 'tally-a.t')).toHaveLength(2);
  });

  test('a worker that dies in the middle of an effect leaves it to the next one', async () => {
    const writer = worker();
    await run(writer, 'a', { steps: 0, tally: 'a.t', remindAt: soon(100) });
    await stopped(writer);
    await wait(200);
    const dying = await child({ HANG: 'loads' });
    await said(dying, 'loads effect.');
    await killed(dying);
    const next = worker({ pace: { everyMs: 1_000 } });
    await until(async () => (await typesIn(next, 'tally-a.t')).length === 2, 25_000);
    expect(await typesIn(next, 'case-a.a')).toEqual(['ErrandBegun', 'Reminded']);
  });

  test('workers that are killed again and again lose and double nothing', async () => {
    const errands = 60;
    const writer = worker();
    const written = (async () => {
      for (let n = 0; n < errands; n += 1) {
        await run(writer, `k${n}`, { steps: 2, tally: `a.k${n}` });
        await wait(20);
      }
    })();
    for (let deaths = 0; deaths < 2; deaths += 1) {
      const dying = await child();
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
  });

  test('what is owed can be rebuilt from the log and is the same', async () => {
    const one = worker();
    for (let n = 0; n < 30; n += 1)
      await run(one, `r${n}`, { steps: n % 3, tally: 'a.t', ...(n % 2 === 0 ? { remindAt: soon(3_600_000) } : {}) });
    for (let n = 0; n < 30; n += 5) await leave(one, `r${n}`);
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 30);
    await one.views.caughtUp(await one.store.head());
    const pool = openPool(database.url, { max: 5, role: runtimeRole });
    const owed = await pool.query<{ count: number }>('select count(*)::int as count from view_owed.effect');
    expect(owed.rows[0]?.count).toBe(12);
    expect(await rebuildAndCompare({ pool, store: one.store, clock: new SystemClock() }, one.view)).toBeUndefined();
    await one.views.rebuild('owed');
    await pool.end();
    const counted = await typesIn(one, 'tally-a.t');
    await wait(1_000);
    expect(await typesIn(one, 'tally-a.t')).toEqual(counted);
  });

  test('two workers share the work and do nothing twice', async () => {
    const timers = 200;
    const both = [worker({ pace: { everyMs: 1_000 } }), worker({ pace: { everyMs: 1_000 } })];
    const [one] = both as [ErrandWorker];
    const remindAt = soon(4_000);
    await Promise.all(Array.from({ length: timers }, (_, n) => run(one, `s${n}`, { steps: 0, tally: `a.s${n}`, remindAt })));
    await until(async () => (await all(one)).filter(({ type }) => type === 'Counted').length === 2 * timers, 20_000);
    const events = await all(one);
    expect(events.filter(({ type }) => type === 'Reminded')).toHaveLength(timers);
    const tallies = both.map(({ runtime }) => runtime.status());
    for (const { sent } of tallies) expect(sent).toBeGreaterThan(0);
    expect(tallies.reduce((sum, { sent, nothingToDo }) => sum + sent + nothingToDo, 0)).toBeLessThan(3 * timers * 1.2);
  });

  test('ten thousand timers that wait do not hold up a start', async () => {
    const before = worker();
    const remindAt = soon(3_600_000);
    for (let n = 0; n < 10_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, k) => run(before, `w${n + k}`, { steps: 0, tally: '', remindAt })));
    await before.views.caughtUp(await before.store.head());
    await stopped(before);
    const start = Date.now();
    const after = worker({ pace: { horizonMs: 7_200_000 } });
    await until(async () => after.runtime.status().lookedThroughAt > 0);
    await run(after, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => (await typesIn(after, 'tally-a.t')).length === 1);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test('a refusal is final, and on record until somebody puts its cause right', async () => {
    const one = worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    await until(async () => one.runtime.status().refused === 1);
    await wait(1_000);
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
  });

  test('what was skipped is owed no more, also when the queue, the notes and the view are lost', async () => {
    const one = worker({ pace: { everyMs: 300 } });
    await run(one, 'a', { steps: -1, tally: 'a.t' });
    await until(async () => (await one.runtime.incidents()).length === 1);
    const [incident] = await one.runtime.incidents();
    await resolve(one, incident, 'SkipEffect', { reason: '另行办理。' });
    await until(async () => (await one.runtime.incidents()).length === 0);
    await stopped(one);
    const pool = openPool(database.url, { max: 1 });
    await pool.query('delete from workflow.note');
    await pool.query('drop schema view_owed cascade');
    await pool.end();
    const other = worker({ pace: { everyMs: 300 } });
    await run(other, 'b', { steps: 1, tally: 'a.t' });
    await until(async () => (await typesIn(other, 'tally-a.t')).length === 1);
    expect(other.runtime.status()).toMatchObject({ refused: 0, failed: 0 });
    expect(await other.runtime.incidents()).toEqual([]);
  });

  test('a failure that is no refusal is tried again for as long as it takes', async () => {
    const lacking = worker({ contexts: { case: errand, incident: incidentContext }, pace: { everyMs: 300 } });
    await run(lacking, 'a', { steps: 0, tally: 'a.t' });
    await until(async () => (await lacking.runtime.incidents()).length === 1, 15_000);
    const [incident] = await lacking.runtime.incidents();
    expect(incident).toMatchObject({ error: expect.stringContaining('no context "tally"'), effect: { name: 'count' } });
    expect(incident?.refusal).toBeUndefined();
    await stopped(lacking);
    const complete = worker();
    await resolve(complete, incident, 'RetryEffect', {});
    await until(async () => (await typesIn(complete, 'tally-a.t')).length === 1);
    await complete.views.caughtUp(await complete.store.head());
    expect(await complete.runtime.incidents()).toEqual([]);
  });

  test('what an effect has come to is forgotten once the log has settled it', async () => {
    const one = worker();
    // The reminder and what it makes known are waited for; the rest is sent before anybody can take it.
    await run(one, 'a', { steps: 3, tally: 'a.t', remindAt: new Date(Date.now() + 300).toISOString() });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 2);
    await one.views.caughtUp(await one.store.head());
    const pool = openPool(database.url, { max: 4, role: runtimeRole });
    const notes = async () =>
      (await pool.query<{ count: number }>('select count(*)::int as count from workflow.note')).rows[0]?.count;
    expect(await notes()).toBe(2);
    const owed = new PostgresOwedEffects(one.view, one.views, pool);
    expect(await owed.sweep(Date.now())).toBe(0);
    expect(await owed.sweep(Date.now() + 120_000)).toBe(2);
    expect(await notes()).toBe(0);
    await pool.end();
  });
});

(withRedis ? describe : describe.skip)('while Redis is away', () => {
  test('what is due happens all the same, and timers ring again when it is back', async () => {
    const redis = await startRedis();
    const database = await freshDatabase('runtime_redis_away');
    await migrate(database.url, [...logMigrations, ...workflowMigrations]);
    await redis.crash();
    const one = startErrandWorker({ url: database.url, queue: { kind: 'redis', url: redis.url }, pace: { everyMs: 1_000 } });
    await run(one, 'a', { steps: 2, tally: 'a.t', remindAt: soon(2_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 2);
    expect(one.failures).not.toEqual([]);
    await redis.restart();
    await run(one, 'b', { steps: 0, tally: 'a.t', remindAt: soon(1_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 4);
    await redis.crash();
    await run(one, 'c', { steps: 1, tally: 'a.t', remindAt: soon(60_000) });
    await until(async () => (await typesIn(one, 'tally-a.t')).length === 5);
    const stopping = Date.now();
    await one.stop();
    expect(Date.now() - stopping).toBeLessThan(10_000);
    await redis.stop();
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

async function said(child: ChildProcess, text: string): Promise<void> {
  let heard = '';
  const deadline = AbortSignal.timeout(15_000);
  while (!heard.includes(text)) {
    const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data', { signal: deadline })) as [Buffer];
    heard += chunk.toString();
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
