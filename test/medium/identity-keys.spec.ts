import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openIdentity, proofOfDemonstration } from '#identity';
import { identityOnPostgres } from '../support/identity.js';

let house: Awaited<ReturnType<typeof identityOnPostgres>>;
beforeAll(async () => {
  house = await identityOnPostgres();
});
afterAll(() => house.close());

const day = 24 * 3_600_000;
const pass = (ms: number) => house.clock.advanceTo(house.clock.now() + ms);
const order = (more: object = {}) => ({
  alliance: 'a',
  name: 'timetable import',
  powers: ['submit-application'],
  expiresAt: house.clock.now() + 30 * day,
  ...more,
});
const issue = async (more: object = {}) => {
  const person = await house.register();
  return { person, ...(await house.identity.keys.issue(person, order(more))) };
};
const showing = (token: string, ip = '192.0.2.1') => ({ method: 'POST', ip, authorization: `Bearer ${token}` });
const bad = expect.objectContaining({ code: 'identity.bad-key' });

test('a machine key acts for its owner, within its powers', async () => {
  const { person, token, key } = await issue();
  expect(token).toMatch(/^uak_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  expect(await house.identity.authenticate(showing(token))).toEqual({
    person,
    key: { id: key.id, actor: `machine-${key.id}`, alliance: 'a', powers: ['submit-application'] },
  });
});

test('the key itself is kept nowhere', async () => {
  const { token } = await issue();
  const { rows } = await house.pool.query<{ text: string }>(`SELECT to_jsonb(k)::text AS text FROM identity.machine_key k`);
  const everything = rows.map(({ text }) => text).join('\n');
  const secret = token.slice(-43);
  for (const form of [token, secret, Buffer.from(secret, 'base64url').toString('hex')]) expect(everything).not.toContain(form);
});

test('a mistyped key is told by its checksum, without a query', async () => {
  const { token } = await issue();
  const typo = `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`;
  const query = house.pool.query.bind(house.pool);
  const queries: string[] = [];
  house.pool.query = ((text: string, values: unknown[]) => {
    queries.push(text);
    return query(text, values);
  }) as typeof house.pool.query;
  expect(await house.identity.keys.find(typo, '192.0.2.1')).toBeUndefined();
  expect(queries).toEqual([]);
  expect(await house.identity.keys.find(token, '192.0.2.1')).toBeDefined();
  expect(queries).toHaveLength(1);
  house.pool.query = query;
});

test('a key whose checksum was made up to fit is still none', async () => {
  const { hash } = await import('node:crypto');
  const { token } = await issue();
  const random = Buffer.alloc(28, 7);
  const start = token.slice(0, 21);
  const sum = hash('sha256', `${start}${random.toString('base64url')}`, 'buffer').subarray(0, 4);
  const made = `${start}${Buffer.concat([random, sum]).toString('base64url')}`;
  await expect(house.identity.authenticate(showing(made, '192.0.2.50'))).rejects.toEqual(bad);
});

test('a key opens nothing from outside its network', async () => {
  const { token } = await issue({ network: '10.1.0.0/16' });
  await expect(house.identity.authenticate(showing(token, '10.2.0.1'))).rejects.toEqual(bad);
  await expect(house.identity.authenticate(showing(token, '10.1.200.3'))).resolves.toBeDefined();
  await expect(house.identity.authenticate(showing(token, '::ffff:10.1.200.3'))).resolves.toBeDefined();
  await expect(house.identity.authenticate(showing(token, '2001:db8::1'))).rejects.toEqual(bad);
});

test('a key ends on its day', async () => {
  const { token, key } = await issue({ expiresAt: house.clock.now() + day });
  house.clock.advanceTo(key.expiresAt - 1);
  await expect(house.identity.authenticate(showing(token))).resolves.toBeDefined();
  house.clock.advanceTo(key.expiresAt);
  await expect(house.identity.authenticate(showing(token))).rejects.toEqual(bad);
});

test('no key lives longer than a year, is born dead, or takes a network that is none', async () => {
  const person = await house.register();
  const wrong = expect.objectContaining({ code: 'identity.bad-key-order' });
  for (const more of [
    { expiresAt: house.clock.now() + 367 * day },
    { expiresAt: house.clock.now() },
    { expiresAt: Number.NaN },
  ]) {
    await expect(house.identity.keys.issue(person, order(more))).rejects.toEqual(wrong);
  }
  await expect(house.identity.keys.issue(person, order({ network: '10.0.0.0/33' }))).rejects.toEqual(wrong);
});

test('a person holds twenty living keys at most', async () => {
  const person = await house.register();
  for (let count = 0; count < 20; count += 1) await house.identity.keys.issue(person, order());
  await expect(house.identity.keys.issue(person, order())).rejects.toMatchObject({ details: { most: 20 } });
  pass(30 * day);
  await expect(house.identity.keys.issue(person, order())).resolves.toBeDefined();
});

test('two keys live side by side, and a revoked one is dead at once here and within two seconds elsewhere', async () => {
  const { person, token, key } = await issue();
  const replacement = await house.identity.keys.issue(person, order());
  const elsewhere = house.open();
  await expect(elsewhere.authenticate(showing(token))).resolves.toBeDefined();
  expect(await house.identity.keys.revoke(await house.register(), key.id)).toBe(false);
  const signedIn = (await house.identity.authenticate(showing(token)))!;
  expect(await house.identity.isStill(signedIn)).toBe(true);
  expect(await house.identity.keys.revoke(person, key.id)).toBe(true);
  expect(await house.identity.isStill(signedIn)).toBe(false);
  await expect(house.identity.authenticate(showing(token))).rejects.toEqual(bad);
  pass(2000);
  await expect(elsewhere.authenticate(showing(token))).rejects.toEqual(bad);
  await expect(elsewhere.authenticate(showing(replacement.token))).resolves.toBeDefined();
});

test('the key of a disabled person is dead with the next request', async () => {
  const { person, token } = await issue();
  await expect(house.identity.authenticate(showing(token))).resolves.toBeDefined();
  await house.disable(person);
  await expect(house.identity.authenticate(showing(token))).rejects.toEqual(bad);
});

test('its owner sees when a key was last used', async () => {
  const { person, token } = await issue();
  expect((await house.identity.keys.list(person))[0]).not.toHaveProperty('lastUsedAt');
  pass(day);
  await house.identity.authenticate(showing(token));
  expect((await house.identity.keys.list(person))[0]).toMatchObject({ lastUsedAt: house.clock.now() });
});

test('after 20 bad keys an address is told to wait, and a good key from there still works', async () => {
  const { token } = await issue();
  const ip = '203.0.113.9';
  for (let tries = 0; tries < 20; tries += 1) {
    await expect(house.identity.authenticate(showing(`uak_${tries}`, ip))).rejects.toEqual(bad);
  }
  await expect(house.identity.authenticate(showing('uak_x', ip))).rejects.toMatchObject({ code: 'identity.too-many-attempts' });
  await expect(house.identity.authenticate(showing(token, ip))).resolves.toBeDefined();
});

test('a bad key is refused even beside a good cookie', async () => {
  const { person } = await issue();
  const { token } = await house.identity.sessions.start(person, 'password');
  await expect(
    house.identity.authenticate({ method: 'GET', ip: '192.0.2.60', cookie: `entente=${token}`, authorization: 'Basic eA==' }),
  ).rejects.toEqual(bad);
});

test('a key that was made after one click opens nothing outside the demonstration; one made by a password does', async () => {
  const person = await house.register();
  const { token, key } = await house.identity.keys.issue(person, order(), 'demonstration');
  const { token: own } = await house.identity.keys.issue(person, order(), 'password');
  const demonstration = proofOfDemonstration({ demonstration: true, alliance: 'a' });
  const then = openIdentity({ ...house, demonstration });
  expect(await then.authenticate(showing(token))).toMatchObject({ person });
  expect(await then.keys.lives(key.id)).toBe(true);
  await expect(house.identity.authenticate(showing(token))).rejects.toEqual(bad);
  expect(await house.identity.keys.lives(key.id)).toBe(false);
  expect(await house.identity.authenticate(showing(own))).toMatchObject({ person });
});
