import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { from, identityOnPostgres } from '../support/identity.js';
import { startUniversity, type University } from '../support/oidc.js';

const publicUrl = 'http://127.0.0.1:3000';
const callback = (name: string) => `${publicUrl}/v1/sign-in/oidc/callback/${name}`;
const refused = (code: string, reason?: string) =>
  expect.objectContaining({ code, ...(reason === undefined ? {} : { details: expect.objectContaining({ reason }) as object }) });

let students = 0;
let north: University;
let south: University;
let house: Awaited<ReturnType<typeof identityOnPostgres>>;

beforeAll(async () => {
  [north, south] = await Promise.all([startUniversity(callback('north')), startUniversity(callback('south'))]);
  const provider = (name: string, { issuer, clientId, clientSecret }: University) => ({
    ...{ name, issuer, clientId, clientSecret },
    title: { zh: name, en: name },
  });
  house = await identityOnPostgres({ publicUrl, oidcProviders: [provider('north', north), provider('south', south)] });
});
afterAll(async () => {
  await Promise.all([north.close(), south.close()]);
  await house.close();
});
beforeEach(() => {
  for (const university of [north, south])
    Object.assign(university, { subject: `student-${(students += 1)}`, forgery: undefined });
});

const place = (token: string | undefined) => from('192.0.2.1', token === undefined ? undefined : `entente-login=${token}`);

/** A browser goes to the university and comes back with an answer. */
async function away(name: 'north' | 'south', invitation?: string) {
  const { location, token } = await house.identity.startOidc(name, invitation, from('192.0.2.1'));
  const back = await (name === 'north' ? north : south).visit(location);
  return { back, token };
}
const finish = (name: string, back: URL, token: string | undefined) => house.identity.finishOidc(name, back.search, place(token));

async function link(name: 'north' | 'south', person: string) {
  const { token: invitation } = await house.identity.invite(person, house.operator());
  const { back, token } = await away(name, invitation);
  return finish(name, back, token);
}

test('an account is linked by an invitation and signs in from then on', async () => {
  const person = await house.register();
  expect((await link('north', person)).session).toMatchObject({ person, method: 'oidc' });
  const { back, token } = await away('north');
  expect((await finish('north', back, token)).session.person).toBe(person);
});

test('an account that nobody was invited to link signs in as nobody', async () => {
  north.subject = 'stranger';
  const { back, token } = await away('north');
  await expect(finish('north', back, token)).rejects.toEqual(refused('identity.not-linked'));
});

test('the same subject of two universities is two people', async () => {
  north.subject = south.subject = 'same-number';
  const [one, other] = [await house.register(), await house.register()];
  await link('north', one);
  await link('south', other);
  const [fromNorth, fromSouth] = [await away('north'), await away('south')];
  expect((await finish('north', fromNorth.back, fromNorth.token)).session.person).toBe(one);
  expect((await finish('south', fromSouth.back, fromSouth.token)).session.person).toBe(other);
});

test('an account is linked to one person only, and the refused invitation stays good', async () => {
  north.subject = 'held';
  await link('north', await house.register());
  const second = await house.register();
  const { token: invitation } = await house.identity.invite(second, house.operator());
  const held = await away('north', invitation);
  await expect(finish('north', held.back, held.token)).rejects.toEqual(refused('identity.linked-elsewhere'));
  north.subject = 'own';
  const own = await away('north', invitation);
  expect((await finish('north', own.back, own.token)).session.person).toBe(second);
});

test('an invitation links once', async () => {
  const { token: invitation } = await house.identity.invite(await house.register(), house.operator());
  north.subject = 'first-comer';
  const first = await away('north', invitation);
  await finish('north', first.back, first.token);
  north.subject = 'second-comer';
  const second = await away('north', invitation);
  await expect(finish('north', second.back, second.token)).rejects.toEqual(refused('identity.invitation-used'));
});

test('an answer counts in the browser that asked for it, and once', async () => {
  await link('north', await house.register());
  const { back, token } = await away('north');
  const another = await away('north');
  await expect(finish('north', back, undefined)).rejects.toEqual(refused('identity.oidc-refused', 'login-unknown'));
  await expect(finish('north', back, another.token)).rejects.toEqual(refused('identity.oidc-refused'));
  await expect(finish('north', back, token)).resolves.toBeDefined();
  await expect(finish('north', back, token)).rejects.toEqual(refused('identity.oidc-refused', 'login-unknown'));
});

test('a code is taken once, whoever brings it', async () => {
  await link('north', await house.register());
  const first = await away('north');
  await finish('north', first.back, first.token);
  const second = await away('north');
  second.back.searchParams.set('code', first.back.searchParams.get('code') as string);
  await expect(finish('north', second.back, second.token)).rejects.toEqual(refused('identity.oidc-refused', 'invalid_grant'));
});

test('a sign-in comes back within ten minutes', async () => {
  await link('north', await house.register());
  const { back, token } = await away('north');
  house.clock.advanceTo(house.clock.now() + 10 * 60_000);
  await expect(finish('north', back, token)).rejects.toEqual(refused('identity.oidc-refused', 'login-unknown'));
});

test('a changed state is refused', async () => {
  const { back, token } = await away('north');
  back.searchParams.set('state', 'another');
  await expect(finish('north', back, token)).rejects.toEqual(refused('identity.oidc-refused'));
});

test('the answer of one university does not pass as that of another', async () => {
  const { back, token } = await away('north');
  await expect(finish('south', back, token)).rejects.toEqual(refused('identity.oidc-refused', 'login-unknown'));
  const again = await away('north');
  again.back.searchParams.set('iss', south.issuer);
  await expect(finish('north', again.back, again.token)).rejects.toEqual(refused('identity.oidc-refused'));
  const without = await away('north');
  without.back.searchParams.delete('iss');
  await expect(finish('north', without.back, without.token)).rejects.toEqual(refused('identity.oidc-refused'));
});

const now = () => Math.floor(Date.now() / 1000);
const forgeries: Record<string, NonNullable<University['forgery']>> = {
  'no signature and alg none': ({ header }) => ({ header: { ...header, alg: 'none' }, signature: 'none' }),
  'a signature with the shared secret': ({ header }) => ({ header: { ...header, alg: 'HS256' }, signature: 'secret' }),
  'a signature of somebody else': () => ({ signature: 'foreign' }),
  'another issuer': ({ claims }) => ({ claims: { ...claims, iss: 'https://evil.example' } }),
  'another audience': ({ claims }) => ({ claims: { ...claims, aud: 'another-client' } }),
  'another nonce': ({ claims }) => ({ claims: { ...claims, nonce: 'another' } }),
  'no nonce': ({ claims: { nonce: _nonce, ...claims } }) => ({ claims }),
  'a time that is over': ({ claims }) => ({ claims: { ...claims, iat: now() - 7200, exp: now() - 3600 } }),
};
test.each(Object.keys(forgeries))('an id token with %s is refused', async (lie) => {
  await link('north', await house.register());
  north.forgery = forgeries[lie];
  const { back, token } = await away('north');
  await expect(finish('north', back, token)).rejects.toEqual(refused('identity.oidc-refused'));
});

test('the same id token without a lie is taken, so each lie was what was refused', async () => {
  north.subject = 'honest';
  await link('north', await house.register());
  north.forgery = ({ claims }) => ({ claims });
  const { back, token } = await away('north');
  await expect(finish('north', back, token)).resolves.toBeDefined();
});

test('a foreign page sends nobody to a university, nor has an account linked to the person whose invitation it holds', async () => {
  const { token: invitation } = await house.identity.invite(await house.register(), house.operator());
  for (const foreign of [{ origin: 'https://evil.example' }, { fetchSite: 'cross-site' }, { contentType: 'text/plain' }])
    await expect(house.identity.startOidc('north', invitation, { ...from('192.0.2.1'), ...foreign })).rejects.toMatchObject({
      code: expect.stringMatching(/^identity\.(cross-site|json-only)$/),
    });
});

test('an unknown university is not offered', async () => {
  await expect(house.identity.startOidc('west', undefined, from('192.0.2.1'))).rejects.toEqual(
    refused('identity.provider-not-found'),
  );
});

test('a disabled person does not come in by a university either', async () => {
  south.subject = 'leaver';
  const person = await house.register();
  await link('south', person);
  await house.disable(person);
  const { back, token } = await away('south');
  await expect(finish('south', back, token)).rejects.toEqual(refused('identity.disabled'));
});

test('nothing that opens a sign-in lies in the database', async () => {
  const { location, token } = await house.identity.startOidc('north', undefined, from('192.0.2.1'));
  const { rows } = await house.pool.query<{ text: string }>(`SELECT to_jsonb(l)::text AS text FROM identity.oidc_login l`);
  const everything = rows.map(({ text }) => text).join('\n');
  const asked = new URL(location).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  for (const secret of [token, asked.get('state'), asked.get('nonce')]) expect(everything).not.toContain(secret);
});
