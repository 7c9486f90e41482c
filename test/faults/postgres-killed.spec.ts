import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { embeddedUrl, often, patienceMs, seeded } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';

jest.setTimeout(patienceMs);

const chance = seeded('postgres-killed');
let server: ServerUnderTest | undefined;

afterEach(async () => server?.dispose());

const ways = ['SIGKILL', 'SIGQUIT', 'SIGINT', 'backend'] as const;
/** The server brings its database back five times a minute at most. */
const restMs = often({ short: 0, long: 12_000 });

test('a database that is killed again and again under load loses nothing that was acknowledged', async () => {
  const kills = often({ short: ways.length, long: 20 });
  server = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  const people = new People({ doors: [server.url], chance });
  const load = (await Load.prepared({ people, chance, closing: { leastMs: 200, mostMs: 4_000 } })).start();
  const recoveredAt: number[] = [];
  const order = chance.shuffled(ways, 'ways');
  for (let kill = 0; kill < kills; kill += 1) {
    await wait(restMs + chance.between(200, 2_000, `kill.${kill}`));
    await broken(server, order[kill % order.length] ?? 'SIGKILL');
    await eventually(
      () => statusOf(server),
      (status) => status === 200,
    );
    recoveredAt.push(Date.now());
  }
  await load.stop();
  const databaseUrl = await embeddedUrl(server.dataDir);
  expect(await violations({ databaseUrl, sent: people.sent, recoveredAt })).toEqual([]);
  expect(await people.sendAllAgain()).toEqual([]);
  expect(people.surprises).toEqual([]);
  expect(load.ended.length).toBeGreaterThan(kills);
});

const statusOf = async (from: ServerUnderTest | undefined): Promise<number> =>
  (await fetch(`${from?.url}/v1/sign-in/demonstration`)).status;

/** As a crash, an immediate or a fast shutdown of the whole database would; or one of its processes alone, after which it restarts all. */
async function broken(victim: ServerUnderTest, way: (typeof ways)[number]): Promise<void> {
  const postmaster = await victim.postgresPid();
  if (way !== 'backend') {
    process.kill(postmaster, way);
    await eventually(
      () => victim.postgresPid().catch(() => postmaster),
      (pid) => pid !== postmaster,
    );
    return;
  }
  const client = new Client({ connectionString: await embeddedUrl(victim.dataDir) });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and usename is not null
     order by backend_start`,
  );
  const gone = new Promise((resolve) => client.once('end', resolve));
  process.kill(chance.oneOf(rows, 'backend').pid, 'SIGKILL');
  await gone;
}
