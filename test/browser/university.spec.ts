import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort, ServerUnderTest } from '../faults/support/server.js';
import { eventually } from '../support/eventually.js';
import { startUniversity, type University } from '../support/oidc.js';
import { Console, type Role, visits } from './visitor.js';

const person = (roles: readonly Role[], organ: string): string =>
  roles.find(({ seats }) => seats.some((seat) => seat.organ === organ))?.person ?? '';

/** Somebody whom the secretariat of the demonstration has invited, before universities let people in. */
async function invited(dataDir: string, port: number): Promise<{ readonly reviewer: string; readonly token: string }> {
  const server = await ServerUnderTest.start({ dataDir, port });
  const origin = `http://localhost:${port}`;
  const post = (path: string, data: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, 'entente-alliance': 'gdmooc', ...headers },
      body: JSON.stringify(data),
    });
  const roles = await eventually(async () => {
    const answer = await fetch(`${origin}/v1/demonstration`);
    return answer.ok ? ((await answer.json()) as { items: readonly Role[] }).items : undefined;
  });
  const signedIn = await post('/v1/sign-in/demonstration', { person: person(roles, 'secretariat') });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((field) => field.split(';')[0])
    .join('; ');
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };
  const reviewer = person(roles, 'expert-panel');
  const answer = await post(
    `/v1/person/${reviewer.replace(/^person-/, '')}/invitation`,
    {},
    { cookie, 'x-csrf-token': csrfToken },
  );
  const { token } = (await answer.json()) as { token: string };
  await server.stop();
  return { reviewer, token };
}

let university: University;
let site: Console;
let guest: Awaited<ReturnType<typeof invited>>;

beforeAll(async () => {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-university-'));
  guest = await invited(dataDir, port);
  university = await startUniversity(`http://localhost:${port}/v1/sign-in/oidc/callback/university`);
  const { issuer, clientId, clientSecret } = university;
  const environment = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret };
  site = await Console.open({ dataDir, port, environment });
});

afterAll(async () => {
  await site.close();
  await university.close();
});

test('whoever signs in at their university comes back to the page that they had opened', async () => {
  await visits(site.visitor(), async (visitor) => {
    const { page, context } = visitor;
    const atUniversity = page.getByRole('button', { name: 'University account' });
    await visitor.go(`/invitation#${guest.token}`);
    await atUniversity.click();
    await page.waitForURL(`${site.url}/`);
    expect((await visitor.read<{ person: string }>('/v1/session')).person).toBe(guest.reviewer);

    await context.clearCookies();
    university.subject = 'stranger';
    await page.goto(`${site.url}/account?to=keys`);
    await atUniversity.click();
    await page.waitForURL(/sign-in\?refused=/);
    await context.clearCookies();
    university.subject = 'student-1';
    await atUniversity.click();
    await page.waitForURL(`${site.url}/account?to=keys`);

    await visitor.go('/');
    expect(page.url()).toBe(`${site.url}/`);
    expect(visitor.faults).toEqual([]);
  });
});
