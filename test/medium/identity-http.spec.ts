import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock, type Sql, Vault, type View, Views } from '#kernel';
import { Identity, peopleView, personContext, proofOfDemonstration } from '#identity';
import { Callers } from '../../apps/server/http/callers.js';
import { ProblemFilter } from '../../apps/server/http/problem.filter.js';
import { SessionController } from '../../apps/server/session.controller.js';
import { SignInController } from '../../apps/server/sign-in.controller.js';
import { identityOnPostgres } from '../support/identity.js';
import { startUniversity, type University } from '../support/oidc.js';

let house: Awaited<ReturnType<typeof identityOnPostgres>>;
let app: NestFastifyApplication;
let url: string;
let university: University;

beforeAll(async () => {
  // A free port is taken first, because the university must know where it sends browsers back to.
  const probe = await startUniversity('http://127.0.0.1:1/');
  url = probe.issuer;
  await probe.close();
  university = await startUniversity(`${url}/v1/sign-in/oidc/callback/north`);
  const { issuer, clientId, clientSecret } = university;
  house = await identityOnPostgres({
    publicUrl: url,
    oidcProviders: [{ name: 'north', title: { zh: '北方大学', en: 'North' }, issuer, clientId, clientSecret }],
    demonstration: proofOfDemonstration({ demonstration: true, alliance: 'demonstration' }),
  });
  app = await NestFactory.create<NestFastifyApplication>(moduleOf(), new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(Number(new URL(url).port), '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await university.close();
  await house.close();
});

function moduleOf() {
  @Module({
    controllers: [SignInController, SessionController],
    providers: [
      Callers,
      { provide: Identity, useValue: house.identity },
      { provide: Clock, useValue: house.clock },
      { provide: Vault, useValue: house.vault },
      { provide: Views, useValue: { read: readPeople } },
    ],
  })
  class App {}
  return App;
}

async function readPeople<T>(_view: View, queries: (sql: Sql, schema: string) => Promise<T>): Promise<T> {
  const sql: Sql = { query: async (text, values = []) => (await house.pool.query(text, [...values])).rows as never };
  await sql.query('DROP SCHEMA IF EXISTS view_people CASCADE');
  await sql.query('CREATE SCHEMA view_people');
  await peopleView.create(sql, 'view_people');
  await peopleView.apply((await house.store.readAll(0n, { limit: 1000 })).events, sql, 'view_people');
  return queries(sql, 'view_people');
}

const password = 'a long enough phrase';
type Headers = Record<string, string>;
const get = (path: string, headers: Headers = {}) => fetch(`${url}${path}`, { headers, redirect: 'manual' });
const post = (path: string, body: object, headers: Headers = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: url, ...headers },
  });
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((field) => field.split(';')[0] as string)
    .filter((pair) => !pair.endsWith('='))
    .join('; ');
interface Started {
  readonly csrfToken: string;
  readonly session: string;
  readonly person: string;
}

async function signedIn(login: string) {
  const person = await house.register('demonstration');
  const { token } = await house.identity.invite(person, house.operator('demonstration'));
  expect((await post('/v1/sign-in/password', { invitation: token, login, password })).status).toBe(204);
  const response = await post('/v1/sign-in', { login, password });
  const { csrfToken, session } = (await response.json()) as Started;
  return { person, session, response, headers: { cookie: cookieOf(response), 'x-csrf-token': csrfToken } };
}

test('the sign-in page learns which ways in there are', async () => {
  expect(await (await get('/v1/sign-in')).json()).toEqual({
    password: true,
    oidc: [{ provider: 'north', title: { zh: '北方大学', en: 'North' } }],
    demonstration: true,
  });
});

test('a member signs in, is known, and signs out', async () => {
  const { person, response, headers } = await signedIn('http.member');
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()[0]).toMatch(/^entente=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await (await get('/v1/session', headers)).json()).toMatchObject({ person, method: 'password' });
  const out = await post('/v1/session/sign-out', {}, headers);
  expect(out.status).toBe(204);
  expect(out.headers.getSetCookie()).toEqual(['entente=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0']);
  const after = await get('/v1/session', headers);
  expect(after.status).toBe(401);
  expect(await after.json()).toMatchObject({ code: 'identity.not-signed-in' });
});

test('wrong credentials are 401, the 21st is 429 with the seconds to wait', async () => {
  const guess = () => post('/v1/sign-in', { login: 'http.victim', password: 'wrong wrong wrong' });
  // The tests of this file share one address, and so its count.
  for (let tries = 0; tries < 20; tries += 1) expect((await guess()).status).toBe(401);
  const refused = await guess();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBe(900);
  expect(await refused.json()).toMatchObject({
    code: 'identity.too-many-attempts',
    text: { zh: expect.stringContaining('稍后') },
  });
  house.clock.advanceTo(house.clock.now() + 900_000);
  expect((await guess()).status).toBe(401);
});

test('no other site writes with the cookie of a member', async () => {
  const { headers } = await signedIn('http.lured');
  const { 'x-csrf-token': _token, ...withoutToken } = headers;
  const key = { alliance: 'a', name: 'k', powers: [], expiresAt: '2026-04-01T00:00:00.000Z' };
  expect((await post('/v1/keys', key, { ...headers, origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('/v1/keys', key, { ...headers, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post('/v1/keys', key, withoutToken)).status).toBe(403);
  expect((await post('/v1/keys', key, { ...headers, 'content-type': 'text/plain' })).status).toBe(422);
  expect((await get('/v1/session/sign-out', headers)).status).toBe(404);
  expect(await (await get('/v1/keys', headers)).json()).toEqual({ keys: [] });
  expect((await post('/v1/keys', key, headers)).status).toBe(201);
});

test('a member makes a key, which can neither make keys nor see sessions, and ends it', async () => {
  const { headers, person } = await signedIn('http.keys');
  const made = await post(
    '/v1/keys',
    { alliance: 'a', name: 'import', powers: ['register-course'], expiresAt: '2026-04-01T00:00:00.000Z' },
    headers,
  );
  const { token, key } = (await made.json()) as { token: string; key: { id: string; person: string } };
  expect(key).toMatchObject({ person, powers: ['register-course'], expiresAt: '2026-04-01T00:00:00.000Z' });
  const byKey = { authorization: `Bearer ${token}` };
  for (const path of ['/v1/session', '/v1/sessions', '/v1/keys']) {
    expect(await (await get(path, byKey)).json()).toMatchObject({ status: 403, code: 'identity.key-not-enough' });
  }
  expect(
    (await post('/v1/keys', { alliance: 'a', name: 'x', powers: [], expiresAt: '2026-04-01T00:00:00.000Z' }, byKey)).status,
  ).toBe(403);
  const { headers: strangers } = await signedIn('http.stranger');
  expect((await post('/v1/keys/revoke', { key: key.id }, strangers)).status).toBe(404);
  expect((await post('/v1/keys/revoke', { key: key.id }, headers)).status).toBe(204);
  expect((await get('/v1/keys', byKey)).status).toBe(401);
});

test('a key in the address opens nothing', async () => {
  const { headers } = await signedIn('http.address');
  const made = await post('/v1/keys', { alliance: 'a', name: 'k', powers: [], expiresAt: '2026-04-01T00:00:00.000Z' }, headers);
  const { token } = (await made.json()) as { token: string };
  expect((await get(`/v1/session?authorization=Bearer%20${token}&key=${token}`)).status).toBe(401);
});

test('a body with a field too many, or a field that is not right, is 422', async () => {
  const { headers } = await signedIn('http.fields');
  const key = { alliance: 'a', name: 'k', powers: [], expiresAt: '2026-04-01T00:00:00.000Z' };
  for (const wrong of [
    { ...key, person: 'person-x' },
    { ...key, expiresAt: 'soon' },
    { ...key, powers: ['A B'] },
    { ...key, powers: 'x' },
  ]) {
    expect((await post('/v1/keys', wrong, headers)).status).toBe(422);
  }
  expect((await post('/v1/sign-in', { login: 'x', password, role: 'admin' })).status).toBe(422);
  expect((await post('/v1/session/sign-out', { everywhere: true }, headers)).status).toBe(422);
  expect((await get('/v1/session', headers)).status).toBe(200);
});

test('a member sees their sessions and ends one', async () => {
  const { headers, session } = await signedIn('http.sessions');
  const other = (await (await post('/v1/sign-in', { login: 'http.sessions', password })).json()) as Started;
  const { sessions } = (await (await get('/v1/sessions', headers)).json()) as {
    sessions: { session: string; current: boolean }[];
  };
  expect(sessions.filter(({ current }) => current).map((own) => own.session)).toEqual([session]);
  expect((await post('/v1/sessions/revoke', { session: other.session }, headers)).status).toBe(204);
  expect((await post('/v1/sessions/revoke', { session: other.session }, headers)).status).toBe(404);
});

test('a seat is needed to invite', async () => {
  const { headers, person } = await signedIn('http.inviter');
  const path = `/v1/person/${person.slice('person-'.length)}/invitation`;
  const refused = await post(path, {}, { ...headers, 'entente-alliance': 'demonstration' });
  expect(await refused.json()).toMatchObject({ status: 403, code: 'authority.no-seat' });
});

test('a key opens the doors of its own alliance only', async () => {
  const { headers, person } = await signedIn('http.alliances');
  const made = await post(
    '/v1/keys',
    { alliance: 'a', name: 'k', powers: ['register-person'], expiresAt: '2026-04-01T00:00:00.000Z' },
    headers,
  );
  const { token } = (await made.json()) as { token: string };
  const caller = (alliance: string) =>
    app
      .get(Callers)
      .callerOf(
        { method: 'POST', ip: '127.0.0.1', headers: { authorization: `Bearer ${token}`, 'entente-alliance': alliance } } as never,
        personContext,
        person,
        undefined,
      );
  await expect(caller('demonstration')).rejects.toMatchObject({ code: 'identity.key-alliance' });
  await expect(caller('a')).resolves.toMatchObject({ principal: person, actor: expect.stringMatching(/^machine-[0-9a-f]{16}$/) });
});

test('the demonstration signs a visitor in as one of its people with one click, and as nobody else', async () => {
  const person = await house.register('demonstration');
  const outsider = await house.register('a');
  const { people } = (await (await get('/v1/sign-in/demonstration')).json()) as { people: { person: string; name: object }[] };
  expect(people.find((shown) => shown.person === person)).toMatchObject({ name: { zh: '李华', en: 'Li Hua' } });
  expect(people.map((shown) => shown.person)).not.toContain(outsider);
  const response = await post('/v1/sign-in/demonstration', { person });
  expect(await response.json()).toMatchObject({ person, method: 'demonstration' });
  expect((await get('/v1/session', { cookie: cookieOf(response) })).status).toBe(200);
  expect((await post('/v1/sign-in/demonstration', { person: outsider })).status).toBe(404);
  expect((await post('/v1/sign-in/demonstration', { person }, { origin: 'https://evil.example' })).status).toBe(403);
});

test('a browser goes to its university and comes back signed in', async () => {
  const person = await house.register('a');
  const { token: invitation } = await house.identity.invite(person, house.operator());
  const start = await post('/v1/sign-in/oidc/start', { provider: 'north', invitation });
  const { location } = (await start.json()) as { location: string };
  const back = await university.visit(location);
  const landed = await get(`${back.pathname}${back.search}`, { cookie: cookieOf(start) });
  expect([landed.status, landed.headers.get('location')]).toEqual([303, '/']);
  expect(await (await get('/v1/session', { cookie: cookieOf(landed) })).json()).toMatchObject({ person, method: 'oidc' });
  const again = await get(`${back.pathname}${back.search}`, { cookie: cookieOf(start) });
  expect(again.headers.get('location')).toBe('/sign-in?refused=identity.oidc-refused');
  expect(again.headers.getSetCookie()).toEqual([]);
});

test('an address from which many set out for a university and few come back waits; whoever comes back makes room', async () => {
  university.subject = 'late-comer';
  const { token: invitation } = await house.identity.invite(await house.register('a'), house.operator());
  const begin = (more: object = {}) => post('/v1/sign-in/oidc/start', { provider: 'north', ...more });
  const leaveFrom = (ip: string) => house.identity.startOidc('north', undefined, { method: 'POST', ip });
  const first = await begin({ invitation });
  await Promise.all(Array.from({ length: 299 }, () => leaveFrom('127.0.0.1')));
  const refused = await begin();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '900']);
  expect(await refused.json()).toMatchObject({ code: 'identity.too-many-away' });
  expect(refused.headers.getSetCookie()).toEqual([]);
  await expect(leaveFrom('192.0.2.9')).resolves.toHaveProperty('location');
  const { location } = (await first.json()) as { location: string };
  const back = await university.visit(location);
  expect((await get(`${back.pathname}${back.search}`, { cookie: cookieOf(first) })).headers.get('location')).toBe('/');
  expect((await begin()).status).toBe(200);
  expect((await begin()).status).toBe(429);
  house.clock.advanceTo(house.clock.now() + 15 * 60_000);
  expect((await begin()).status).toBe(200);
});
