import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { migrate, openPool, rebuildAndCompare, runtimeRole, SystemClock, UnavailableError, type View, ViewRunner } from '#kernel';

import { PostgresEventStore } from '../../libs/kernel/event-store.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { applySlice, makeTables } from '../../libs/kernel/view-tables.postgres.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { append, breakConnections, eventsSeen, tallies } from '../support/views.js';

const clock = new SystemClock();

const isFollowing = ({ state }: ReturnType<ViewRunner['status']>[number]): boolean => state === 'following';

describe('views', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let pool: pg.Pool;
  let store: PostgresEventStore;
  const runners: ViewRunner[] = [];

  const runner = (views: readonly View[], patienceMs = 2_000): ViewRunner => {
    const made = new ViewRunner(store, pool, views, { patienceMs });
    runners.push(made);
    return made;
  };
  const started = (views: readonly View[], patienceMs?: number, report?: (failure: unknown) => void): ViewRunner => {
    const made = runner(views, patienceMs);
    made.start(report);
    return made;
  };

  beforeAll(async () => {
    database = await freshDatabase('views');
    await migrate(database.url, logMigrations);
    owner = openPool(database.url, { max: 1 });
  });
  beforeEach(async () => {
    await owner.query('truncate event; drop schema if exists view_tallies, view_tallies_next, view_other cascade');
    pool = openPool(database.url, { max: 8, role: runtimeRole });
    store = new PostgresEventStore(database.url, { role: runtimeRole });
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((each) => each.stop()));
    await Promise.all([pool.end(), store.close()]);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  test('people always see what they just did', async () => {
    const view = tallies();
    const views = started([view]);
    for (let turn = 1; turn <= 20; turn += 1) {
      const position = await append(store, 'thing-a', 1);
      expect(await views.read(view, eventsSeen, position)).toBe(turn);
    }
    await eventually(() => views.status()[0], isFollowing);
    expect(views.status()).toEqual([{ name: 'tallies', version: 1, position: 20n, state: 'following', failures: 0 }]);
  });

  test('a view includes what does not concern it at once, also for a reader in another process', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 1));
    const position = await append(store, 'matter-a', 3);
    expect(await views.read(view, eventsSeen, position)).toBe(1);
    expect(await runner([view]).read(view, eventsSeen, position)).toBe(1);
  });

  test('a view is not given what cannot change it, and includes it all the same', async () => {
    const given: string[] = [];
    const all = tallies();
    const view = tallies({
      concerns: ({ stream }) => stream === 'thing-a',
      apply: async (events, sql, schema) => {
        given.push(...events.map(({ stream }) => stream));
        await all.apply(events, sql, schema);
      },
    });
    const views = started([view]);
    await views.caughtUp(0n);
    await append(store, 'thing-a', 1);
    const position = await append(store, 'thing-b', 2);
    expect(await views.read(view, eventsSeen, position)).toBe(1);
    expect(given).toEqual(['thing-a']);
  });

  test('a reader is not kept waiting for ever', async () => {
    const view = tallies();
    const views = runner([view], 150);
    await expect(views.read(view, eventsSeen)).rejects.toThrow(UnavailableError);
    views.start();
    const position = await append(store, 'thing-a', 1);
    await views.caughtUp(position);
    await expect(views.read(view, eventsSeen, position + 1n)).rejects.toMatchObject({
      name: 'UnavailableError',
      retryAfterMs: expect.any(Number),
    });
  });

  test('a reader sees one instant, and cannot write', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 1));
    const counts = await views.read(view, async (sql, schema) => {
      const before = await eventsSeen(sql, schema);
      await views.caughtUp(await append(store, 'thing-a', 1));
      return [before, await eventsSeen(sql, schema)];
    });
    expect(counts).toEqual([1, 1]);
    await expect(views.read(view, (sql, schema) => sql.query(`delete from ${schema}.seen`))).rejects.toThrow(/read-only/);
  });

  test('a reader asks one question after the other, and who asks two at once is told', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 1));
    const twoAtOnce = views.read(view, (sql, schema) => Promise.all([eventsSeen(sql, schema), eventsSeen(sql, schema)]));
    await expect(twoAtOnce).rejects.toThrow(/one query after the other/);
    expect(await views.read(view, eventsSeen)).toBe(1);
  });

  test('a view that fails is stuck, visibly, and holds up no other; once mended it goes on', async () => {
    let mended = false;
    const view = tallies();
    const broken = tallies({
      name: 'other',
      apply: async (events, sql, schema) => {
        await view.apply(events, sql, schema);
        if (!mended) throw new Error('division by zero');
      },
    });
    const told: unknown[] = [];
    const views = started([view, broken], 200, (failure) => told.push(failure));
    await views.caughtUp(0n);
    const position = await append(store, 'thing-a', 5);
    expect(await views.read(view, eventsSeen, position)).toBe(5);
    await expect(views.read(broken, eventsSeen, position)).rejects.toThrow(UnavailableError);
    expect(await views.read(broken, eventsSeen)).toBe(0);
    await eventually(
      () => views.status()[1],
      ({ failures }) => failures > 1,
    );
    expect(views.status()[1]).toMatchObject({ state: 'stuck', error: 'division by zero', position: 0n });
    expect(told.map(String)).toEqual(['Error: the view other is stuck after position 0']);
    mended = true;
    await views.caughtUp(position);
    expect(await views.read(broken, eventsSeen)).toBe(5);
    expect(await eventually(() => views.status()[1], isFollowing)).toMatchObject({ failures: 0 });
  });

  test('of two processes one applies, and the other takes over when it stops', async () => {
    const view = tallies();
    const [one, other] = [started([view]), started([view])];
    await one.caughtUp(await append(store, 'thing-a', 10));
    // What it has read counts before it says that it follows.
    const states = await eventually(
      () => [one, other].map((each) => each.status()[0]?.state),
      (told) => !told.includes('building'),
    );
    expect([...states].sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(['following', 'standby']);
    const [leader, heir] = states[0] === 'following' ? [one, other] : [other, one];
    await leader.stop();
    await heir.caughtUp(await append(store, 'thing-a', 10));
    expect(await heir.read(view, eventsSeen)).toBe(20);
    await eventually(() => heir.status()[0], isFollowing);
  });

  test('whoever listens hears of every move, in the process that applies and in any other', async () => {
    const view = tallies();
    const [one, other] = [started([view]), started([view])];
    await one.caughtUp(await append(store, 'thing-a', 1));
    const listen = () => {
      const heard: [bigint, bigint] = [0n, 0n];
      const forget = [one, other].map((each, index) => each.onMoved((move) => (heard[index] = move.position)));
      const until = (position: bigint) =>
        eventually(
          () => heard,
          (told) => told.every((each) => each === position),
        );
      return { heard, forget, until };
    };
    const [first, second] = [listen(), listen()];
    // Where it was when somebody began to listen is learnt first, and is no move.
    await eventually(
      async () => {
        await append(store, 'thing-a', 1);
        return first.heard;
      },
      (heard) => heard.every((each) => each > 0n),
    );
    const position = await append(store, 'thing-a', 1);
    await first.until(position);
    for (const end of first.forget) end();
    await second.until(await append(store, 'thing-a', 1));
    expect(first.heard).toEqual([position, position]);
  });

  test('no batch is applied twice, even by two who both believe they lead', async () => {
    const view = tallies();
    await makeTables(pool, view, 'view_tallies');
    await append(store, 'thing-a', 10);
    const slice = await store.readAll(0n, { limit: 10 });
    const done = await Promise.all(Array.from({ length: 4 }, () => applySlice(pool, view, 'view_tallies', 0n, slice)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect((await owner.query('select events from view_tallies.tally')).rows).toEqual([{ events: 10 }]);
  });

  test('when every connection breaks under load, nothing is lost and nothing is applied twice', async () => {
    const view = tallies();
    const views = [started([view]), started([view])];
    let position = 0n;
    for (let turn = 0; turn < 30; turn += 1) {
      position = await append(store, 'thing-a', 7).catch(() => position);
      if (turn % 10 === 5) await breakConnections(owner);
    }
    const total = (await store.read('thing-a')).length;
    await views[0]?.caughtUp(await store.head());
    expect(await views[0]?.read(view, eventsSeen)).toBe(total);
    expect(await rebuildAndCompare({ pool, store, clock }, view)).toBeUndefined();
  });

  test('a view that was dropped is built again by itself', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 10));
    await owner.query('drop schema view_tallies cascade');
    expect(await views.read(view, eventsSeen, await append(store, 'thing-a', 1))).toBe(11);
  });

  test('a new version is built beside the old one, whose readers are not disturbed and never go back', async () => {
    const view = tallies();
    const old = started([view]);
    await old.caughtUp(await append(store, 'thing-a', 3_000));
    const pauses = { on: true };
    const reading = (async () => {
      let [last, reads] = [0, 0];
      for (; pauses.on; reads += 1) {
        const seen = await old.read(view, eventsSeen);
        if (seen < last) throw new Error(`${last} events were seen before, ${seen} now`);
        last = seen;
      }
      return reads;
    })();
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all([old.rebuild('tallies'), append(store, 'thing-b', 50)]);
    }
    pauses.on = false;
    expect(await reading).toBeGreaterThan(10);
    await old.stop();
    const second = tallies({
      version: 2,
      create: async (sql, schema) => {
        await view.create(sql, schema);
        await sql.query(`alter table ${schema}.seen add column added timestamptz`);
      },
      apply: async (events, sql, schema) => {
        await view.apply(events, sql, schema);
        await sql.query(`update ${schema}.seen set added = '2026-03-01' where position = any($1)`, [
          events.map((event) => event.position),
        ]);
      },
    });
    const next = started([second]);
    const dated = await next.read(
      second,
      (sql, schema) => sql.query(`select 1 from ${schema}.seen where added is not null`),
      3_150n,
    );
    expect(dated).toHaveLength(3_150);
    expect((await owner.query(`select to_regnamespace('view_tallies_next') as next`)).rows).toEqual([{ next: null }]);
  });

  test('a reader who takes long is not disturbed by a swap, and the swap does not hold up those who are quick', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 10));
    const so = { far: 'not begun' };
    const come = (far: string) => eventually(() => so.far === far || undefined);
    const long = views.read(view, async (sql, schema) => {
      const before = await sql.query(`select events from ${schema}.tally`);
      so.far = 'begun';
      await come('enough');
      return [before, await eventsSeen(sql, schema)];
    });
    await come('begun');
    const swapped = views.rebuild('tallies');
    // Only once these have their answers does the long one end: whoever made them wait for it would wait for ever.
    for (let reads = 0; reads < 40; reads += 1) expect(await views.read(view, eventsSeen)).toBe(10);
    so.far = 'enough';
    expect(await long).toEqual([[{ events: 10 }], 10]);
    await swapped;
  });

  test('a build that was interrupted starts again from nothing', async () => {
    const view = tallies();
    await owner.query(
      `create schema view_tallies_next authorization ${runtimeRole}; create table view_tallies_next.tally (half int)`,
    );
    await owner.query(`alter table view_tallies_next.tally owner to ${runtimeRole}`);
    const views = started([view]);
    expect(await views.read(view, eventsSeen, await append(store, 'thing-a', 5))).toBe(5);
  });

  test('a process of an older version leaves newer tables alone', async () => {
    const newer = started([tallies({ version: 2 })]);
    await newer.caughtUp(await append(store, 'thing-a', 5));
    await newer.stop();
    const older = started([tallies()], 100);
    await append(store, 'thing-a', 5);
    await eventually(
      () => older.status()[0]?.state,
      (state) => state === 'superseded',
    );
    expect(await older.read(tallies(), eventsSeen)).toBe(5);
    await expect(older.read(tallies(), (sql, schema) => sql.query(`select gone from ${schema}.seen`))).rejects.toThrow(
      UnavailableError,
    );
  });

  test('a rebuilt view is compared with the live one, table by table and byte by byte', async () => {
    const view = tallies();
    const views = started([view]);
    await views.caughtUp(await append(store, 'thing-a', 1_500));
    const sources = { pool, store, clock };
    const compare = () => rebuildAndCompare(sources, view);
    expect(await Promise.all([compare(), append(store, 'thing-b', 20)])).toEqual([undefined, expect.anything()]);
    await views.caughtUp(1_520n);
    await owner.query(`update view_tallies.tally set sum = sum + 1 where stream = 'thing-b'`);
    expect(await compare()).toEqual({ table: 'tally', only: 'rebuilt', row: '(thing-b,20,190)' });
    await owner.query(
      `update view_tallies.tally set sum = sum - 1 where stream = 'thing-b'; delete from view_tallies.seen where position = 7`,
    );
    expect(await compare()).toEqual({ table: 'seen', only: 'rebuilt', row: '(7,thing-a)' });
    await views.rebuild('tallies');
    expect(await compare()).toBeUndefined();
    expect((await owner.query(`select to_regnamespace('view_tallies_check') as left`)).rows).toEqual([{ left: null }]);
  });

  test('names that are no schema names, twice the same name and too small a pool are refused', async () => {
    const small = openPool(database.url, { max: 3 });
    expect(() => runner([tallies({ name: 'x; drop' })])).toThrow('cannot be the name');
    expect(() => runner([tallies(), tallies()])).toThrow('same name');
    expect(() => new ViewRunner(store, small, [])).toThrow('at least 4');
    await small.end();
  });
});
