import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { from, identityOnPostgres } from '../support/identity.js';

let house: Awaited<ReturnType<typeof identityOnPostgres>>;
beforeAll(async () => {
  house = await identityOnPostgres();
});
afterAll(() => house.close());

const password = 'a long enough phrase';
const refused = (code: string) => expect.objectContaining({ code });
let places = 0;
/** An address that nobody else in this file uses. */
const somewhere = () => `198.51.${Math.floor((places += 1) / 250)}.${places % 250}`;

async function member(login: string): Promise<string> {
  const person = await house.register();
  const { token } = await house.identity.invite(person, house.operator());
  await house.identity.setPassword(token, login, password, from(somewhere()));
  return person;
}

test('an invited person sets a password and signs in with it', async () => {
  const person = await member('li.hua');
  const { session } = await house.identity.signIn('li.hua', password, from(somewhere()));
  expect(session).toMatchObject({ person, method: 'password' });
});

test('a name is the same name in full width and in capitals', async () => {
  const person = await member('wang.fang');
  const { session } = await house.identity.signIn(' ＷＡＮＧ.Fang', password, from(somewhere()));
  expect(session.person).toBe(person);
});

test('an invitation is good once', async () => {
  const person = await house.register();
  const { token } = await house.identity.invite(person, house.operator());
  await house.identity.setPassword(token, 'once.only', password, from(somewhere()));
  await expect(house.identity.setPassword(token, 'once.more', password, from(somewhere()))).rejects.toEqual(
    refused('identity.invitation-used'),
  );
});

test('an invitation ends after a week, and when a newer one is made', async () => {
  const person = await house.register();
  const old = await house.identity.invite(person, house.operator());
  const newer = await house.identity.invite(person, house.operator());
  await expect(house.identity.setPassword(old.token, 'older.one', password, from(somewhere()))).rejects.toEqual(
    refused('identity.invitation-used'),
  );
  house.clock.advanceTo(newer.expiresAt);
  await expect(house.identity.setPassword(newer.token, 'newer.one', password, from(somewhere()))).rejects.toEqual(
    refused('identity.invitation-used'),
  );
});

test('only who holds the power to register people invites', async () => {
  const person = await house.register();
  const caller = { kind: 'person', actor: person, principal: person, alliance: 'a', commandId: 'c-1' } as const;
  await expect(house.identity.invite(person, caller)).rejects.toEqual(refused('authority.no-seat'));
  await expect(house.identity.invite(person, house.operator('b'))).rejects.toEqual(refused('person.not-found'));
});

test('a weak password and a taken name are refused, and the invitation stays good', async () => {
  await member('taken.name');
  const { token } = await house.identity.invite(await house.register(), house.operator());
  const set = (login: string, secret: string) => house.identity.setPassword(token, login, secret, from(somewhere()));
  for (const weak of ['elevenchars', 'new.name-12345', 'aaaaaaaaaaaaaaaa', 'x'.repeat(129)]) {
    await expect(set('new.name', weak)).rejects.toEqual(refused('identity.weak-password'));
  }
  await expect(set('ab', password)).rejects.toEqual(refused('identity.bad-login'));
  await expect(set('taken.name', password)).rejects.toEqual(refused('identity.login-taken'));
  await expect(set('new.name', password)).resolves.toBeUndefined();
});

test('no password and no token lies in the database in clear', async () => {
  const person = await member('kept.hashed');
  const invitation = await house.identity.invite(person, house.operator());
  const { token } = await house.identity.signIn('kept.hashed', password, from(somewhere()));
  const rows = await house.pool.query<{ text: string }>(
    `SELECT to_jsonb(a)::text AS text FROM identity.account a UNION ALL SELECT to_jsonb(i)::text FROM identity.invitation i
     UNION ALL SELECT to_jsonb(s)::text FROM identity.session s`,
  );
  const everything = rows.rows.map(({ text }) => text).join('\n');
  expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  for (const secret of [password, invitation.token, token]) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString('hex'));
    expect(everything).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
  }
});

test('an unknown name is answered like a wrong password, and for as much work', async () => {
  await member('known.name');
  // Not how long it took, which others have a part in: how long processors were at it for this process.
  const worked = async (login: string) => {
    const begun = process.cpuUsage();
    await expect(house.identity.signIn(login, 'not the password', from(somewhere()))).rejects.toEqual(
      refused('identity.wrong-credentials'),
    );
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  const least = { known: Infinity, unknown: Infinity };
  for (let round = 0; round < 8; round += 1) {
    least.known = Math.min(least.known, await worked('known.name'));
    least.unknown = Math.min(least.unknown, await worked('nobody.at.all'));
  }
  // Without the hash, an unknown name would take a tenth of the work.
  expect(least.unknown).toBeGreaterThan(least.known / 2);
});

test('after 20 bad attempts an address waits, and the victim signs in from elsewhere', async () => {
  await member('victim.one');
  const attacker = somewhere();
  for (let tries = 0; tries < 20; tries += 1) {
    await expect(house.identity.signIn('victim.one', `wrong guess ${tries}`, from(attacker))).rejects.toEqual(
      refused('identity.wrong-credentials'),
    );
  }
  // Not even the right password helps, or the 21st guess would tell.
  await expect(house.identity.signIn('victim.one', password, from(attacker))).rejects.toMatchObject({
    code: 'identity.too-many-attempts',
    details: { retryAfterMs: 15 * 60_000 },
  });
  await expect(house.identity.signIn('victim.one', password, from(somewhere()))).resolves.toBeDefined();
  house.clock.advanceTo(house.clock.now() + 15 * 60_000);
  await expect(house.identity.signIn('victim.one', password, from(attacker))).resolves.toBeDefined();
});

test('fifty guesses at once are not fifty guesses', async () => {
  await member('victim.two');
  const attacker = somewhere();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => house.identity.signIn('victim.two', `wrong guess ${index}`, from(attacker))),
  );
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'in'));
  expect(codes.filter((code) => code === 'identity.wrong-credentials')).toHaveLength(20);
  expect(codes.filter((code) => code === 'identity.too-many-attempts')).toHaveLength(30);
});

test('one who fails on many names does not lock out who has signed in from the same address before', async () => {
  await member('office.pc');
  await member('newcomer');
  const campus = somewhere();
  await house.identity.signIn('office.pc', password, from(campus));
  for (let tries = 0; tries < 20; tries += 1) {
    await expect(house.identity.signIn(`name.${tries}`, 'some wrong guess', from(campus))).rejects.toThrow('wrong-credentials');
  }
  await expect(house.identity.signIn('newcomer', password, from(campus))).rejects.toEqual(refused('identity.too-many-attempts'));
  await expect(house.identity.signIn('office.pc', password, from(campus))).resolves.toBeDefined();
});

test('signing in many times is no offence', async () => {
  await member('busy.bee');
  const desk = somewhere();
  for (let times = 0; times < 25; times += 1) await house.identity.signIn('busy.bee', password, from(desk));
  await expect(house.identity.signIn('busy.bee', password, from(desk))).resolves.toBeDefined();
});

test('a disabled person does not sign in, and is told so only with the right password', async () => {
  const person = await member('gone.away');
  await house.disable(person);
  await expect(house.identity.signIn('gone.away', 'not the password', from(somewhere()))).rejects.toEqual(
    refused('identity.wrong-credentials'),
  );
  await expect(house.identity.signIn('gone.away', password, from(somewhere()))).rejects.toEqual(refused('identity.disabled'));
});

test('a foreign page signs nobody in', async () => {
  await member('lured.here');
  await expect(
    house.identity.signIn('lured.here', password, { ...from(somewhere()), origin: 'https://evil.example' }),
  ).rejects.toEqual(refused('identity.cross-site'));
});
