import { afterEach, expect, jest, test } from '@jest/globals';
import { asByPassword, embeddedUrl, often, patienceMs, seeded } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { Load } from './support/load.js';
import { People } from './support/people.js';
import { ServerUnderTest } from './support/server.js';

jest.setTimeout(patienceMs);

const chance = seeded('commands-twice');
let servers: ServerUnderTest[] = [];

afterEach(async () => {
  const [first, ...others] = servers.splice(0);
  await Promise.all(others.map((server) => server.kill()));
  await first?.dispose();
});

/** Doors to one installation: one database, one folder, and of the workers in them one that follows while the others stand by. */
async function doors(count: number): Promise<readonly string[]> {
  const first = await ServerUnderTest.start({ environment: { DEMO: 'true' } });
  servers = [first];
  const environment = { DATABASE_URL: await embeddedUrl(first.dataDir) };
  await asByPassword(environment.DATABASE_URL);
  for (let door = 1; door < count; door += 1) servers.push(await ServerUnderTest.start({ environment, dataDir: first.dataDir }));
  return servers.map(({ url }) => url);
}

// Register, submit, endorse, two reviews, eight or nine votes: some fifteen commands an application.
const applications = often({ short: 8, long: 700 });

// Kinds of command that such a round does not hold are sent twice, and once more later, in test/golden/story.spec.ts.
test.each([
  { count: 1, copies: 3 },
  { count: 2, copies: 2 },
])(
  'every command of a round, sent $copies times at once and once more later through $count doors, has one outcome',
  async ({ count, copies }) => {
    const people = new People({ doors: await doors(count), chance, copies });
    const load = await Load.prepared({ people, chance, closing: { leastMs: 200, mostMs: 2_000 } });
    await load.run(applications);
    const databaseUrl = await embeddedUrl((servers[0] as ServerUnderTest).dataDir);
    expect(await people.sendAllAgain()).toEqual([]);
    expect(people.surprises).toEqual([]);
    expect(await violations({ databaseUrl, sent: people.sent })).toEqual([]);
    expect(load.ended).toHaveLength(applications);
    expect(people.sent.length).toBeGreaterThan(applications * 12);
  },
);
