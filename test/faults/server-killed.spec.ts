import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { embeddedUrl, often, patienceMs, seeded, within } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';

jest.setTimeout(patienceMs);

const chance = seeded('server-killed');
let server: ServerUnderTest | undefined;

afterEach(async () => server?.dispose());

test('a server that is killed again and again under load loses nothing and does nothing twice', async () => {
  const kills = often({ short: 3, long: 50 });
  server = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  const people = new People({ doors: [server.url], chance, impatience: 0.05 });
  const load = (await Load.prepared({ people, chance, closing: { leastMs: 200, mostMs: 4_000 } })).start();
  const recoveredAt: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await wait(chance.between(0, 2_000, `kill.${kill}`));
    await server.kill();
    const killedAt = Date.now();
    await server.startAgain();
    recoveredAt.push(Date.now());
    expect(Date.now() - killedAt).toBeLessThan(within(10_000));
  }
  await load.stop();
  const databaseUrl = await embeddedUrl(server.dataDir);
  expect(await violations({ databaseUrl, sent: people.sent, recoveredAt })).toEqual([]);
  expect(await people.sendAllAgain()).toEqual([]);
  expect(people.surprises).toEqual([]);
  expect(load.ended.length).toBeGreaterThan(kills);
  expect(people.lost).toBeGreaterThan(kills);
});
