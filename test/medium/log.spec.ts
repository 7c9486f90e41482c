import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ConcurrencyError, type EventStore, UnavailableError } from '#kernel';
import { connectionTo, migrate, openPool, runtimeRole } from '../../libs/kernel/database.postgres.js';
import { PostgresEventStore } from '../../libs/kernel/event-store.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { envelopes } from '../support/envelopes.js';
import { eventually } from '../support/eventually.js';
import { freshLog, type TestLog } from '../support/postgres-log.js';

// What only PostgreSQL promises: dense positions, a batch that shares one commit, and a log that its own servers cannot rewrite.

let log: TestLog;
let store: EventStore;
beforeAll(async () => {
  log = await freshLog('log');
});
afterAll(() => log.drop());
beforeEach(async () => {
  await log.clear();
  store = log.open();
});
afterEach(() => store.close());

const happen = (stream: string, from = 0, count = 1, on = store) =>
  on.append({ stream, expectedLength: from, events: envelopes(stream, from, count) });

async function asRuntime<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionTo(log.url, { role: runtimeRole }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Ends every connection to this database but the asking one, as a restart of the server would. */
const cutConnections = () =>
  asOwner(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );

async function asOwner(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: log.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const positions = async (): Promise<readonly bigint[]> =>
  (await store.readAll(0n, { limit: 10_000 })).events.map(({ position }) => position);

describe('positions', () => {
  test('are dense from 1, whatever was refused or repeated in between', async () => {
    const others = [log.open(), log.open()];
    await Promise.allSettled(
      Array.from({ length: 300 }, (_, index) =>
        happen(`thing-${index % 120}`, 0, (index % 3) + 1, [store, ...others][index % 3]),
      ),
    );
    await Promise.all(others.map((other) => other.close()));
    const found = await positions();
    expect(found.length).toBeGreaterThanOrEqual(120);
    expect(found).toEqual(found.map((_, index) => BigInt(index + 1)));
  });
});

describe('a batch', () => {
  test('is one transaction for many appends', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => happen(`thing-${index}`)));
    const [row] = await asOwner('select count(distinct xmin::text)::int as transactions from event');
    expect(row?.['transactions']).toBeLessThan(10);
  });

  test('answers each append on its own account', async () => {
    for (const stream of ['thing-old', 'thing-older']) await happen(stream, 0, 2);
    const repeated = { stream: 'thing-again', expectedLength: 0, events: envelopes('thing-again', 0, 2) };
    const first = await store.append(repeated);
    const outcomes = await Promise.allSettled([
      happen('thing-new', 0, 2),
      happen('thing-older', 1),
      store.append(repeated),
      store.append({
        stream: 'thing-held',
        expectedLength: 0,
        events: envelopes('thing-held', 0, 1),
        guards: [{ stream: 'thing-old', length: 3 }],
      }),
      happen('thing-old', 2),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.revision : outcome.reason))).toEqual([
      1,
      new ConcurrencyError('thing-older', 1, 2),
      1,
      new ConcurrencyError('thing-old', 3, 2),
      2,
    ]);
    expect(outcomes[2]).toMatchObject({ value: { ...first, repeated: true } });
    expect((await positions()).length).toBe(9);
  });

  test('an append that rests on a stream which another of the same moment writes is judged after it', async () => {
    const [write, rest] = await Promise.allSettled([
      happen('seat-a'),
      store.append({
        stream: 'thing-a',
        expectedLength: 0,
        events: envelopes('thing-a', 0, 1),
        guards: [{ stream: 'seat-a', length: 0 }],
      }),
    ]);
    const written = await store.read('thing-a');
    // Whichever lane came first: never both unless the one that rests on the seat stands before it in the log.
    expect(write.status).toBe('fulfilled');
    expect(rest.status === 'fulfilled' ? written[0]?.position : rest.reason).toEqual(
      rest.status === 'fulfilled' ? 1n : new ConcurrencyError('seat-a', 0, 1),
    );
  });

  test.each([
    ['a NUL in the name of its type', (event: object) => ({ ...event, type: 'Happ\u0000ened' })],
    ['an id that is no UUID', (event: object) => ({ ...event, id: 'not-a-uuid' })],
  ])('suffers nothing from %s but the loss of that append', async (_, spoil) => {
    const events = envelopes('thing-poison', 0, 1).map((event) => spoil(event) as typeof event);
    const poison = store.append({ stream: 'thing-poison', expectedLength: 0, events });
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 9 }, (_unused, index) => happen(`thing-${index}`)),
      poison,
      ...Array.from({ length: 9 }, (_unused, index) => happen(`other-${index}`)),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
    expect(outcomes[9]).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } });
    expect((await positions()).length).toBe(18);
  });

  test('an event that claims another place than its append gives it never reaches the log', async () => {
    await expect(store.append({ stream: 'thing-a', expectedLength: 0, events: envelopes('thing-b', 0, 1) })).rejects.toThrow(
      TypeError,
    );
    await expect(store.append({ stream: 'thing-a', expectedLength: 0, events: envelopes('thing-a', 1, 1) })).rejects.toThrow(
      TypeError,
    );
    await expect(store.append({ stream: 'thing-a', expectedLength: 0, events: [] })).rejects.toThrow(TypeError);
  });
});

describe('a lost connection', () => {
  test('leaves appends unknown, and the same ids sent again find out', async () => {
    const commands = Array.from({ length: 200 }, (_, index) => ({
      stream: `thing-${index}`,
      expectedLength: 0,
      events: envelopes(`thing-${index}`, 0, 1),
    }));
    const sent = commands.map(async (append, index) => {
      await new Promise((resolve) => setTimeout(resolve, index / 4));
      return store.append(append).catch((failure: unknown) => failure);
    });
    await cutConnections();
    await cutConnections();
    const failures = (await Promise.all(sent)).filter((outcome) => outcome instanceof Error);
    expect(failures.filter((failure) => !(failure instanceof UnavailableError))).toEqual([]);
    const resolved = await Promise.all(commands.map((append) => store.append(append)));
    expect(resolved.map(({ revision }) => revision)).toEqual(commands.map(() => 0));
    expect((await positions()).length).toBe(200);
  });

  test('does not end a subscription', async () => {
    const leaving = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { events } of store.subscribe(0n, { limit: 10, signal: leaving.signal })) {
        seen.push(...events.map(({ stream }) => stream));
        if (seen.length === 1) await cutConnections();
        if (seen.length === 3) leaving.abort();
      }
    })();
    const other = log.open();
    for (const name of ['thing-a', 'thing-b', 'thing-c']) await untilAvailable(() => happen(name, 0, 1, other));
    await following;
    await other.close();
    expect(seen).toEqual(['thing-a', 'thing-b', 'thing-c']);
  });
});

/** Sends again while the outcome is unknown; each time under the same ids it would be, here the stream's length settles it. */
async function untilAvailable(append: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const outcome = await append().catch((failure: unknown) => failure);
    if (!(outcome instanceof UnavailableError)) return;
  }
  throw new Error('never available');
}

describe('across processes', () => {
  test('a subscriber is handed what its own process appended, in one order with what others did, and asks for the others only', async () => {
    const other = log.open();
    const leaving = new AbortController();
    const asked: bigint[] = [];
    const readAll = store.readAll.bind(store);
    store.readAll = (after, options) => {
      asked.push(after);
      return readAll(after, options);
    };
    const seen: string[] = [];
    const following = (async () => {
      for await (const { events } of store.subscribe(0n, { limit: 10, signal: leaving.signal })) {
        seen.push(...events.map(({ stream, position }) => `${position} ${stream}`));
        if (seen.length === 21) leaving.abort();
      }
    })();
    const began = performance.now();
    for (let index = 0; index < 10; index += 1) await happen(`thing-${index}`);
    await happen('thing-other', 0, 1, other);
    for (let index = 10; index < 20; index += 1) await happen(`thing-${index}`);
    await following;
    await other.close();
    const names = Array.from({ length: 20 }, (_, index) => `thing-${index}`).toSpliced(10, 0, 'thing-other');
    expect(seen).toEqual(names.map((name, index) => `${index + 1} ${name}`));
    expect(asked).toContain(10n);
    // At the beginning, for the other's, and four times a second for what a bell has missed.
    expect(asked.length).toBeLessThan(6 + (performance.now() - began) / 250);
  });

  test('a subscriber hears of what another process appended well before it would look for itself', async () => {
    const other = log.open();
    const leaving = new AbortController();
    let through = 0n;
    const following = (async () => {
      for await (const slice of store.subscribe(0n, { limit: 10, signal: leaving.signal })) through = slice.through;
    })();
    const delays: number[] = [];
    for (let index = 0; index < 24; index += 1) {
      const { position } = await happen(`thing-${index}`, 0, 1, other);
      const since = performance.now();
      await eventually(
        () => through,
        (seen) => seen >= position,
      );
      delays.push(performance.now() - since);
    }
    leaving.abort();
    await following;
    await other.close();
    // It looks for itself a quarter of a second after what it was handed last; how much sooner it hears, a busy machine has a part in.
    expect(Math.min(...delays)).toBeLessThan(125);
  });
});

describe('the runtime role', () => {
  test.each([
    'update event set data = data',
    'delete from event',
    'truncate event',
    'drop table event',
    'alter table event add x int',
  ])('may not: %s', async (statement) => {
    await happen('thing-a');
    await expect(asRuntime((client) => client.query(statement))).rejects.toThrow(/permission denied|must be owner/);
  });

  test('may append, read, and make schemas for views', async () => {
    await asRuntime(async (client) => {
      await client.query('create schema view_probe');
      await client.query('create table view_probe.t (n int)');
      await client.query('drop schema view_probe cascade');
      const { rows } = await client.query<{ who: string; rights: string[] }>(
        `select current_user as who, array(
           select privilege_type::text from information_schema.role_table_grants
           where table_name = 'event' and grantee = current_user order by 1
         ) as rights`,
      );
      expect(rows).toEqual([{ who: runtimeRole, rights: ['INSERT', 'SELECT'] }]);
    });
  });
});

describe('migrations', () => {
  test('run once each, from several processes at once', async () => {
    const once = [...logMigrations, { id: 'probe.1', sql: 'create table probe (n int); insert into probe values (1)' }];
    await Promise.all([migrate(log.url, once), migrate(log.url, once), migrate(log.url, once)]);
    expect(await asOwner('select n from probe')).toEqual([{ n: 1 }]);
  });

  test('that fail leave nothing behind and name themselves', async () => {
    const broken = [{ id: 'broken.1', sql: 'create table half (n int); select nonsense' }];
    await expect(migrate(log.url, broken)).rejects.toThrow(/broken\.1.*nonsense/);
    expect(await asOwner(`select to_regclass('half') as half`)).toEqual([{ half: null }]);
  });

  test('refuse a database that does not keep UTF-8', async () => {
    await asOwner(`drop database if exists test_latin`);
    await asOwner(`create database test_latin template template0 encoding 'LATIN1' locale 'C'`);
    const url = new URL(log.url);
    url.pathname = '/test_latin';
    await expect(migrate(url.href, logMigrations)).rejects.toThrow(/LATIN1.*UTF8/);
    await asOwner('drop database test_latin');
  });
});

test('a pool takes on its role and says so when the database is not there', async () => {
  const pool = openPool('postgres://nobody@127.0.0.1:1/none', { max: 1 });
  await expect(pool.query('select 1')).rejects.toThrow(/ECONNREFUSED/);
  await pool.end();
  const absent = new PostgresEventStore('postgres://nobody@127.0.0.1:1/none');
  await expect(absent.append({ stream: 'thing-a', expectedLength: 0, events: envelopes('thing-a', 0, 1) })).rejects.toThrow(
    UnavailableError,
  );
  await absent.close();
});
