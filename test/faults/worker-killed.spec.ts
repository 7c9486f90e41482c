import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { parts } from '../../apps/server/demonstration.people.js';
import { type EmbeddedPostgres, startPostgres } from '../../libs/kernel/embedded.postgres.js';
import type { Child } from './support/child.js';
import { asByPassword, embeddedUrl, often, patienceMs, seeded } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load, someone } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';
import { startWorker } from './support/worker.js';

jest.setTimeout(patienceMs);

const chance = seeded('worker-killed');
let demonstration: ServerUnderTest | undefined;
let database: EmbeddedPostgres | undefined;
let server: ServerUnderTest | undefined;
let workers: Child[] = [];

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
  await server?.kill();
  await database?.stop();
  await demonstration?.dispose();
});

/** A server of the demonstration whose database is ours, so that workers may be apart from it. */
async function withoutWorker(): Promise<{ people: People; databaseUrl: string; settings: Readonly<Record<string, string>> }> {
  demonstration = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  const { dataDir } = demonstration;
  await asByPassword(await embeddedUrl(dataDir));
  const people = new People({ doors: [demonstration.url], chance });
  await people.moveTo(
    [],
    parts.map(({ key }) => someone(key)),
  );
  await demonstration.stop();
  database = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const settings = { DATABASE_URL: database.url, DATA_DIR: dataDir };
  server = await ServerUnderTest.start({ dataDir, environment: { ...settings, WORKER: 'none' } });
  await people.moveTo([server.url], []);
  return { people, databaseUrl: database.url, settings };
}

test('workers that are killed again and again while a round runs leave nothing undone and do nothing twice', async () => {
  const kills = often({ short: 3, long: 30 });
  const { people, databaseUrl, settings } = await withoutWorker();
  workers = await Promise.all([startWorker(settings), startWorker(settings)]);
  const load = (await Load.prepared({ people, chance, closing: { leastMs: 200, mostMs: 4_000 } })).start();
  const recoveredAt: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await wait(chance.between(0, 2_000, `kill.${kill}`));
    // Now one of the two, now both at once.
    const dying = workers.filter((_, index) => kill % 3 === 2 || index === kill % 2);
    await Promise.all(dying.map((worker) => worker.end('SIGKILL')));
    const living = workers.filter((worker) => !dying.includes(worker));
    workers = [...living, ...(await Promise.all(dying.map(() => startWorker(settings))))];
    recoveredAt.push(Date.now());
  }
  await load.stop();
  expect(await violations({ databaseUrl, sent: people.sent, recoveredAt })).toEqual([]);
  expect(people.surprises).toEqual([]);
  expect(load.ended.length).toBeGreaterThan(kills);
});
