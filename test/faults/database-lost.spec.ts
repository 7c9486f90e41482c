import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually, isAlive } from './support/child.js';
import { ServerUnderTest } from './support/server.js';

let server: ServerUnderTest;

beforeEach(async () => {
  server = await ServerUnderTest.start();
}, 60_000);

afterEach(() => server.dispose());

/** The status of a page that only the database can fill. */
async function status(): Promise<number> {
  return (await fetch(`${server.url}/v1/sign-in/demonstration`)).status;
}

test('a server whose database is killed serves again by itself, and ends cleanly afterwards', async () => {
  const [pid, before] = [server.pid, await server.postgresPid()];
  expect(await status()).toBe(200);
  await server.killPostgres();
  const meanwhile = new Set<number>();
  const health = new Set<string>();
  await eventually(async () => {
    const told = await fetch(`${server.url}/health`);
    health.add(
      told.status === 200 ? 'ok' : `${told.status} ${JSON.stringify(((await told.json()) as { missing: unknown }).missing)}`,
    );
    meanwhile.add(await status());
    const after = await server.postgresPid().catch(() => before);
    return (after !== before && (await status()) === 200) || undefined;
  }, 15_000);
  expect([...meanwhile].filter((code) => ![200, 503].includes(code))).toEqual([]);
  expect([...health].filter((told) => !/^(ok|503 \["(log|database)".*\])$/.test(told))).toEqual([]);
  expect(server.pid).toBe(pid);
  const after = await server.postgresPid();
  expect(await server.stop()).toBe(0);
  expect(await isAlive(after)).toBe(false);
}, 60_000);

test('a killed server starts again on what it left', async () => {
  await server.kill();
  await server.startAgain();
  expect(await status()).toBe(200);
  await server.kill();
  await server.killPostgres();
  await server.startAgain();
  expect(await status()).toBe(200);
}, 60_000);
