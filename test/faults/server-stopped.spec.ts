import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { isAlive } from './support/child.js';
import { embeddedUrl, patienceMs, seeded, within } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load, someone } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';

jest.setTimeout(patienceMs);

const chance = seeded('server-stopped');
let server: ServerUnderTest;

afterEach(async () => server.dispose());

test('a server that is told to stop answers whom it has let in, ends at once for those who only listen, and leaves nothing running', async () => {
  server = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  const people = new People({ doors: [server.url], chance });
  const headers = await people.headersOf(someone('secretary'));
  const listening = await fetch(`${server.url}/v1/alliances/gdmooc/live`, { headers });
  const database = await server.postgresPid();
  // It waits two seconds for an event that never comes; it was let in before those who come after it and are answered.
  const asked = fetch(`${server.url}/v1/alliances/gdmooc/cases`, { headers: { ...headers, 'entente-after': '999999999' } });
  let answered = false;
  asked.then(
    () => (answered = true),
    () => undefined,
  );
  for (let later = 0; later < 3; later += 1) await people.read(someone('secretary'), '/v1/alliances/gdmooc/cases');
  const stoppedAt = Date.now();
  const stopped = server.stop();
  await eventually(() =>
    fetch(`${server.url}/health`).then(
      () => undefined,
      (failure: Error) => failure.message === 'fetch failed' || undefined,
    ),
  );
  expect(await listening.text()).toContain('retry: ');
  expect(answered).toBe(false);
  const answer = await asked;
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'server.unavailable']);
  expect(await stopped).toBe(0);
  expect(Date.now() - stoppedAt).toBeLessThan(within(5_000));
  expect(await isAlive(database)).toBe(false);
});

test('a server that is told to stop under load ends within seconds, and what it acknowledged is there', async () => {
  server = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  const people = new People({ doors: [server.url], chance });
  const load = (await Load.prepared({ people, chance })).start();
  for (let stop = 0; stop < 2; stop += 1) {
    await wait(chance.between(500, 2_000, `stop.${stop}`));
    const stoppedAt = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(within(5_000));
    await server.startAgain();
  }
  await load.stop();
  expect(people.surprises).toEqual([]);
  expect(await violations({ databaseUrl: await embeddedUrl(server.dataDir), sent: people.sent })).toEqual([]);
});
