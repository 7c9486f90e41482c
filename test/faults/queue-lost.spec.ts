import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { openPool } from '#kernel';
import { redisIsHere, startRedis, type TestRedis } from '../support/redis.js';
import { embeddedUrl, often, patienceMs, seeded } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';

jest.setTimeout(patienceMs);

const chance = seeded('queue-lost');
let server: ServerUnderTest | undefined;

afterEach(async () => server?.dispose());

const wipes = often({ short: 3, long: 100 });

/** Breaks the queue again and again while applications run and rounds are about to close. */
async function wrongAfter(
  environment: Readonly<Record<string, string>>,
  breaks: (wipe: number) => Promise<void>,
): Promise<readonly string[]> {
  server = await ServerUnderTest.start({ environment: { DEMO: 'true', ...environment } });
  const people = new People({ doors: [server.url], chance });
  const load = (await Load.prepared({ people, chance, closing: { leastMs: 500, mostMs: 5_000 } })).start();
  const recoveredAt: number[] = [];
  for (let wipe = 0; wipe < wipes; wipe += 1) {
    await wait(chance.between(200, 1_500, `wipe.${wipe}`));
    await breaks(wipe);
    recoveredAt.push(Date.now());
  }
  await load.stop();
  const databaseUrl = await embeddedUrl(server.dataDir);
  const wrong = await violations({ databaseUrl, sent: people.sent, recoveredAt });
  expect(load.ended.length).toBeGreaterThan(wipes);
  expect(await server.stop()).toBe(0);
  return [...wrong, ...people.surprises];
}

/** Again where it waits for whoever works in the tables while that one waits for it. */
async function emptied(pool: ReturnType<typeof openPool>, tables: readonly string[]): Promise<void> {
  try {
    await pool.query(`truncate ${tables.join(', ')} cascade`);
  } catch (failure) {
    if ((failure as { code?: string }).code !== '40P01') throw failure;
    await emptied(pool, tables);
  }
}

test('queue tables that are emptied while cases run lose no effect and double none', async () => {
  const wrong = await wrongAfter({}, async () => {
    const pool = openPool(await embeddedUrl((server as ServerUnderTest).dataDir), { max: 1 });
    const { rows } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'`,
    );
    expect(rows.length).toBeGreaterThan(1);
    await emptied(
      pool,
      rows.map(({ name }) => name),
    );
    await pool.end();
  });
  expect(wrong).toEqual([]);
});

(redisIsHere('Losing the queue under the whole server') ? describe : describe.skip)('on Redis', () => {
  let redis: TestRedis;
  afterEach(() => redis.stop());

  test('a Redis that is flushed, killed and started again while cases run loses no effect and doubles none', async () => {
    redis = await startRedis();
    const wrong = await wrongAfter({ QUEUE: 'redis', REDIS_URL: redis.url }, async (wipe) => {
      if (wipe % 2 === 0) return redis.flush();
      await redis.crash();
      await wait(chance.between(0, 1_000, `away.${wipe}`));
      await redis.restart();
      if (wipe % 4 === 3) await redis.flush();
    });
    expect(wrong).toEqual([]);
  });
});
