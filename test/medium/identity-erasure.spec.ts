import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Sql, View } from '#kernel';
import { peopleById, peopleOf, peopleView } from '#identity';
import { eventually } from '../support/eventually.js';
import { identityOnPostgres } from '../support/identity.js';

let house: Awaited<ReturnType<typeof identityOnPostgres>>;
let end: AbortController;
beforeEach(async () => {
  house = await identityOnPostgres();
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  await house.close();
});

const post = { method: 'POST', ip: '192.0.2.1', contentType: 'application/json' };

async function wayIn(person: string): Promise<{ cookie: string; authorization: string }> {
  const { token: invitation } = await house.identity.invite(person, house.operator());
  await house.identity.setPassword(invitation, 'li.hua', 'a long enough phrase', post);
  const { token } = await house.identity.signIn('li.hua', 'a long enough phrase', post);
  const key = await house.identity.keys.issue(person, {
    alliance: 'a',
    name: 'k',
    powers: [],
    expiresAt: house.clock.now() + 1e9,
  });
  await house.pool.query(`INSERT INTO identity.oidc_link VALUES ('https://idp.example', 'sub', $1, now())`, [person]);
  await house.identity.invite(person, house.operator());
  return { cookie: `entente=${token}`, authorization: `Bearer ${key.token}` };
}

async function traces(person: string): Promise<number> {
  const tables = ['account', 'invitation', 'oidc_link', 'session', 'machine_key'];
  const counts = await Promise.all(
    tables.map((table) =>
      house.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM identity.${table} WHERE person = $1`, [person]),
    ),
  );
  return counts.reduce((sum, { rows }) => sum + (rows[0]?.n ?? 0), 0);
}

/** Waits until nothing can be read any more of what somebody wrote; between two looks some time passes. */
async function erased(person: string, passingMs = 0): Promise<void> {
  await eventually(
    async () => {
      house.clock.advanceTo(house.clock.now() + passingMs);
      return house.vault.keyOf(person).then(
        () => 'there',
        (failure: unknown) => String(failure),
      );
    },
    (told) => told.includes('vault.erased'),
  );
}

/** The people view on the same PostgreSQL, fed from the log as it stands. */
async function people() {
  const sql: Sql = { query: async (text, values = []) => (await house.pool.query(text, [...values])).rows as never };
  await sql.query('DROP SCHEMA IF EXISTS view_people CASCADE');
  await sql.query('CREATE SCHEMA view_people');
  await peopleView.create(sql, 'view_people');
  const { events } = await house.store.readAll(0n, { limit: 1000 });
  // One event a batch, then all at once on top: the view is the same however the log is cut.
  for (const event of events) await peopleView.apply([event], sql, 'view_people');
  const one = await sql.query('SELECT * FROM view_people.people ORDER BY person');
  await sql.query('TRUNCATE view_people.people');
  await peopleView.apply(events, sql, 'view_people');
  expect(await sql.query('SELECT * FROM view_people.people ORDER BY person')).toEqual(one);
  return { read: <T>(_view: View, queries: (sql: Sql, schema: string) => Promise<T>) => queries(sql, 'view_people') };
}

test('an erased person has no name, no account, no session and no key, and the log says only that it was done', async () => {
  const person = await house.register();
  const other = await house.register();
  const way = await wayIn(person);
  expect(await traces(person)).toBe(5);
  expect((await peopleOf(await people(), house.vault, 'a', { limit: 10 })).find((seen) => seen.person === person)).toEqual({
    person,
    status: 'active',
    name: { zh: '李华', en: 'Li Hua' },
    email: 'li@example.org',
  });

  await house.identity.erasure.erase(person, house.operator());

  expect(await traces(person)).toBe(0);
  expect(await house.identity.authenticate({ method: 'GET', ip: '192.0.2.1', cookie: way.cookie })).toBeUndefined();
  await expect(house.identity.authenticate({ method: 'GET', ip: '192.0.2.1', authorization: way.authorization })).rejects.toThrow(
    'bad-key',
  );
  await expect(house.vault.keyOf(person)).rejects.toThrow('vault.erased');
  const seen = await peopleById(await people(), house.vault, [person, other]);
  expect(seen.get(person)).toEqual({ person, status: 'erased' });
  expect(seen.get(other)).toMatchObject({ name: { zh: '李华', en: 'Li Hua' } });
  const last = (await house.store.read(person)).at(-1);
  expect(last).toMatchObject({ type: 'PersonErased', data: {} });
});

test('a refused erasure erases nothing', async () => {
  const person = await house.register();
  await wayIn(person);
  await expect(house.identity.erasure.erase(person, house.operator('b'))).rejects.toThrow('person.not-found');
  await expect(
    house.identity.erasure.erase(person, { kind: 'person', actor: person, principal: person, alliance: 'a', commandId: 'c' }),
  ).rejects.toThrow('authority.no-seat');
  expect(await traces(person)).toBe(5);
  await expect(house.vault.keyOf(person)).resolves.toBeDefined();
});

test('erasing twice is erasing once', async () => {
  const person = await house.register();
  await house.identity.erasure.erase(person, house.operator());
  await expect(house.identity.erasure.erase(person, house.operator())).resolves.toMatchObject({ events: [] });
});

test('an erasure that a crash cut short is carried out at the next start, and a new one as it is recorded', async () => {
  const [person, later] = [await house.register(), await house.register()];
  await wayIn(person);
  await house.tell(person, 'ErasePerson', {});
  expect(await traces(person)).toBe(5);
  const failures: unknown[] = [];
  await house.identity.sessions.start(later, 'password');
  house.clock.advanceTo(house.clock.now() + 13 * 3_600_000);
  const keepingUp = house.open().keepUp(end.signal, (failure) => failures.push(failure));
  const isNone = (left: number): boolean => left === 0;
  await erased(person);
  await eventually(() => traces(person), isNone);
  // Swept as well, with nobody asking.
  await eventually(() => traces(later), isNone);
  await house.tell(later, 'ErasePerson', {});
  await erased(later);
  end.abort();
  await keepingUp;
  expect(failures).toEqual([]);
});

test('an erasure that fails is reported and tried again', async () => {
  const person = await house.register();
  await house.tell(person, 'ErasePerson', {});
  const erase = house.vault.erase.bind(house.vault);
  const failures: unknown[] = [];
  house.vault.erase = async () => {
    house.vault.erase = erase;
    throw new Error('the vault is away');
  };
  const keepingUp = house.identity.keepUp(end.signal, (failure) => failures.push(failure));
  await eventually(
    () => failures,
    ({ length }) => length > 0,
  );
  await erased(person, 1_000);
  expect(failures).toEqual([new Error('the vault is away')]);
  end.abort();
  await keepingUp;
});

test('one alliance lists its own people only, page by page', async () => {
  const own = [await house.register('a'), await house.register('a'), await house.register('a')].sort();
  await house.register('b');
  const views = await people();
  const first = await peopleOf(views, house.vault, 'a', { limit: 2 });
  const second = await peopleOf(views, house.vault, 'a', { limit: 2, after: first[1]!.person });
  expect([...first, ...second].map(({ person }) => person)).toEqual(own);
});
