import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive } from './support/child.js';
import { eventually } from '../support/eventually.js';
import { ServerUnderTest } from './support/server.js';

let server: ServerUnderTest;

beforeEach(async () => {
  server = await ServerUnderTest.start();
});

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
  });
  expect([...meanwhile].filter((code) => ![200, 503].includes(code))).toEqual([]);
  expect([...health].filter((told) => !/^(ok|503 \["(log|database)".*\])$/.test(told))).toEqual([]);
  expect(server.pid).toBe(pid);
  const after = await server.postgresPid();
  expect(await server.stop()).toBe(0);
  expect(await isAlive(after)).toBe(false);
});

test('a killed server starts again on what it left', async () => {
  await server.kill();
  await server.startAgain();
  expect(await status()).toBe(200);
  await server.kill();
  await server.killPostgres();
  await server.startAgain();
  expect(await status()).toBe(200);
});
