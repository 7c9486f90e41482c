import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { identityOnPostgres } from '../support/identity.js';

let house: Awaited<ReturnType<typeof identityOnPostgres>>;
beforeAll(async () => {
  house = await identityOnPostgres();
});
afterAll(() => house.close());

const minute = 60_000;
const reading = (token: string) => ({ method: 'GET', ip: '192.0.2.1', cookie: `entente=${token}` });
const pass = (ms: number) => house.clock.advanceTo(house.clock.now() + ms);
const begin = async () => {
  const person = await house.register();
  return { person, ...(await house.identity.sessions.start(person, 'password', 'Firefox')) };
};

test('a session is known by its cookie', async () => {
  const { token, person } = await begin();
  expect(await house.identity.authenticate(reading(token))).toMatchObject({ person, session: { person, method: 'password' } });
  expect(await house.identity.authenticate({ method: 'GET', ip: '192.0.2.1' })).toBeUndefined();
  expect(await house.identity.authenticate(reading('x'.repeat(43)))).toBeUndefined();
});

test('a session ends after half an hour without use', async () => {
  const { token } = await begin();
  pass(30 * minute - 1);
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
  pass(30 * minute);
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
});

test('a session ends after twelve hours, however busy', async () => {
  const { token, session } = await begin();
  for (let half = 1; half < 48; half += 1) {
    pass(15 * minute);
    expect(await house.identity.authenticate(reading(token))).toBeDefined();
  }
  house.clock.advanceTo(session.signedInAt + 12 * 60 * minute - 1);
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
  // Known a millisecond ago, and not known any more.
  pass(1);
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
});

test('a write needs the CSRF token of its own session', async () => {
  const { token } = await begin();
  const write = { ...reading(token), method: 'POST', contentType: 'application/json', origin: 'http://127.0.0.1:3000' };
  await expect(house.identity.authenticate(write)).rejects.toMatchObject({ code: 'identity.cross-site' });
  const { session } = (await house.identity.authenticate(reading(token)))!;
  await expect(house.identity.authenticate({ ...write, csrfToken: session!.csrfToken })).resolves.toBeDefined();
  const other = (await house.identity.authenticate(reading((await begin()).token)))!;
  await expect(house.identity.authenticate({ ...write, csrfToken: other.session!.csrfToken })).rejects.toMatchObject({
    code: 'identity.cross-site',
  });
});

test('signing in again ends the session that the browser had', async () => {
  const { person, token: old } = await begin();
  const { token: invitation } = await house.identity.invite(person, house.operator());
  const post = { method: 'POST', ip: '192.0.2.7', contentType: 'application/json' };
  await house.identity.setPassword(invitation, 'again', 'a long enough phrase', post);
  const first = await house.identity.signIn('again', 'a long enough phrase', { ...post, cookie: `entente=${old}` });
  const second = await house.identity.signIn('again', 'a long enough phrase', { ...post, cookie: `entente=${first.token}` });
  expect(second.token).not.toBe(first.token);
  expect(await house.identity.authenticate(reading(first.token))).toBeUndefined();
  expect(await house.identity.authenticate(reading(second.token))).toBeDefined();
});

test('a new password ends every session within two seconds', async () => {
  const { person, token } = await begin();
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
  const { token: invitation } = await house.identity.invite(person, house.operator());
  const post = { method: 'POST', ip: '192.0.2.7', contentType: 'application/json' };
  await house.identity.setPassword(invitation, 'replaced', 'a long enough phrase', post);
  pass(2000);
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
});

test('a person sees their sessions and ends one; another person cannot', async () => {
  const { person, token, session } = await begin();
  const second = await house.identity.sessions.start(person, 'oidc', 'Chromium');
  const stranger = await house.register();
  expect((await house.identity.sessions.list(person)).map(({ agent }) => agent).sort()).toEqual(['Chromium', 'Firefox']);
  expect(await house.identity.sessions.revoke(stranger, session.id)).toBe(false);
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
  expect(await house.identity.sessions.revoke(person, session.id)).toBe(true);
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
  expect(await house.identity.authenticate(reading(second.token))).toBeDefined();
});

test('who signs out is out at once here, and within two seconds in another process', async () => {
  const { token } = await begin();
  const elsewhere = house.open();
  expect(await elsewhere.authenticate(reading(token))).toBeDefined();
  await house.identity.signOut(reading(token));
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
  pass(2000);
  expect(await elsewhere.authenticate(reading(token))).toBeUndefined();
});

test('a disabled person is out with the next request where that was done, and within two seconds in every other process', async () => {
  const { person, token } = await begin();
  const elsewhere = house.open();
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
  expect(await elsewhere.authenticate(reading(token))).toBeDefined();
  await house.disable(person);
  expect(await house.identity.authenticate(reading(token))).toBeUndefined();
  pass(2000);
  expect(await elsewhere.authenticate(reading(token))).toBeUndefined();
});

test('a process that follows the log has a disabled person out as soon as it hears of it', async () => {
  const { person, token } = await begin();
  const elsewhere = house.open();
  const end = new AbortController();
  const failures: unknown[] = [];
  const keepingUp = elsewhere.keepUp(end.signal, (failure) => failures.push(failure));
  expect(await elsewhere.authenticate(reading(token))).toBeDefined();
  await house.disable(person);
  // The clock that ages what a process has in mind stands still.
  await eventually(async () => (await elsewhere.authenticate(reading(token))) === undefined || undefined);
  end.abort();
  await keepingUp;
  expect(failures).toEqual([]);
});

test('outside the demonstration, what was opened in it with one click is over', async () => {
  const person = await house.register();
  const [{ token: clicked }, { token }] = await Promise.all([
    house.identity.sessions.start(person, 'demonstration'),
    house.identity.sessions.start(person, 'password'),
  ]);
  expect(await house.identity.authenticate(reading(clicked))).toBeUndefined();
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
});

test('listening keeps no session alive, and ends with it', async () => {
  const { token } = await begin();
  const signedIn = (await house.identity.authenticate(reading(token)))!;
  for (let asked = 0; asked < 29; asked += 1) {
    pass(minute);
    expect(await house.identity.isStill(signedIn)).toBe(true);
  }
  pass(minute);
  expect(await house.identity.isStill(signedIn)).toBe(false);
  const again = await begin();
  const other = (await house.identity.authenticate(reading(again.token)))!;
  await house.disable(again.person);
  expect(await house.identity.isStill(other)).toBe(false);
});

test('a hundred requests at once cost one query, and two seconds later one more', async () => {
  const { token } = await begin();
  const queries: string[] = [];
  const query = house.pool.query.bind(house.pool);
  house.pool.query = ((text: string, values: unknown[]) => {
    queries.push(text);
    return query(text, values);
  }) as typeof house.pool.query;
  const ask = () => house.identity.authenticate(reading(token));
  await Promise.all(Array.from({ length: 100 }, ask));
  expect(queries).toHaveLength(1);
  pass(2000);
  await Promise.all(Array.from({ length: 100 }, ask));
  expect(queries).toHaveLength(2);
  house.pool.query = query;
});

test('what has ended is swept away, and what lives is not', async () => {
  pass(13 * 60 * minute);
  const { token } = await begin();
  await house.identity.sweep();
  const { rows } = await house.pool.query(`SELECT id FROM identity.session`);
  expect(rows).toHaveLength(1);
  expect(await house.identity.authenticate(reading(token))).toBeDefined();
});
