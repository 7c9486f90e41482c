import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Definition,
  caseContext,
  type CaseState,
  casesView,
  type Case,
  countCases,
  countFound,
  dueOf,
  listCases,
  findRound,
  listMeetings,
  listRounds,
  listSkips,
  listTasks,
  loadDefinition,
  mayKnow,
  meetingsView,
  type Place,
  roundStatistics,
  type Sight,
  skipsView,
  type Stretch,
  type TaskListed,
  stageOf,
  standing,
  type Viewer,
} from '#workflow';
import { evolved, InMemoryEventStore, openPool, type RecordedEvent, type Sql } from '#kernel';
import { simulateAccreditation } from '../../apps/cli/simulation.js';
import { keyOf } from '../../apps/server/reads/schemas.js';
import { Random } from '../faults/support/fuzz/random.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { keysOf, type Looking, randomSearch } from '../support/searches.js';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_420);
const schema = 'view_cases';
const viewersAtEachCut = 80;

let database: TestDatabase;
let pool: ReturnType<typeof openPool>;
beforeAll(async () => {
  database = await freshDatabase('visibility');
  pool = openPool(database.url, { max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const sql: Sql = {
  query: async <R>(text: string, values: readonly unknown[] = []) => (await pool.query(text, [...values])).rows as R[],
};

const institutions = Array.from({ length: 12 }, (_, index) => ({
  code: `41440105${String(index).padStart(2, '0')}`,
  facts: {
    name: `第${index}大学`,
    schoolCode: `105${String(index).padStart(2, '0')}`,
    province: ['44', '11', '51', '65'][index % 4] as string,
    supervisor: '教育部',
    city: '某市',
    level: 'undergraduate' as const,
  },
}));

/** Somebody with any powers, any employers, and for some of them a part in the round. */
function anyone(random: Random, people: readonly string[], powers: readonly string[]): Viewer {
  const held = powers
    .filter(() => random.chance(0.15))
    .map((power) => {
      if (/^(submit|withdraw|endorse)-/.test(power)) return { power, scope: random.oneOf(institutions).code };
      return power.startsWith('recommend-') ? { power, scope: random.oneOf(['44', '11', '51', '65']) } : { power };
    });
  return {
    person: random.oneOf(people),
    institutions: institutions.filter(() => random.chance(0.1)).map(({ code }) => code),
    powers: held,
  };
}

test(`lists, counts and searches hold a case exactly where the rule of knowing says so (seed ${seed})`, async () => {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const store = new InMemoryEventStore();
  await simulateAccreditation({ store, definition, institutions, applications: 30, seed });
  const { events } = await store.readAll(0n, { limit: 100_000, categories: casesView.categories });
  const alliance = events[0]?.meta.alliance ?? '';
  const random = new Random(seed);
  const people = [...new Set(events.flatMap(({ data }) => JSON.stringify(data).match(/person-[0-9a-f-]{36}/g) ?? []))];
  const powers = [...new Set(JSON.stringify(definition).match(/"(?:power|manage|submit|withdraw)":"[a-z-]+"/g))].map(
    (text) => text.split('"')[3] ?? '',
  );
  expect(people.length).toBeGreaterThan(20);
  expect(powers.length).toBeGreaterThan(8);

  await sql.query(`create schema ${schema}`);
  await casesView.create(sql, schema);
  const states = new Map<string, CaseState>();
  let [seen, hidden, searched, tasks] = [0, 0, 0, 0];
  for (let from = 0; from < events.length;) {
    const slice = events.slice(from, from + 1 + random.below(Math.ceil(events.length / 5)));
    from += slice.length;
    await casesView.apply(slice, sql, schema);
    for (const event of slice) evolve(states, event);
    tasks += await tasksFollow(alliance);
    for (let n = 0; n < viewersAtEachCut; n += 1) {
      const viewer = anyone(random, people, powers);
      const expected = known(states, definition, viewer);
      const sight = { alliance, person: viewer.person, keys: keysOf(viewer), employers: viewer.institutions };
      const listed = await listCases(sql, schema, sight, { limit: 1_000, now: new Date() });
      expect([viewer, listed.map(({ id }) => id)]).toEqual([viewer, expected]);
      const counts = await countCases(sql, schema, sight, listed[0]?.round ?? '', new Date());
      expect(counts.reduce((sum, { cases }) => sum + cases, 0)).toBe(expected.length);
      searched += await searchesAgree({ random, sight, viewer, definition, states, expected, now: timeOf(slice.at(-1)) });
      await statisticsAgree({ sight, viewer, definition, states, expected, now: timeOf(slice.at(-1)) }, listed[0]?.round ?? '');
      seen += expected.length;
      hidden += states.size - expected.length;
    }
  }
  expect(seen).toBeGreaterThan(1_000);
  expect(hidden).toBeGreaterThan(1_000);
  expect(searched).toBeGreaterThan(300);
  expect(tasks).toBeGreaterThan(50);
});

/** Whether the tasks of everybody, read in pages, are what they are read at once; how many there are. */
async function tasksFollow(alliance: string): Promise<number> {
  const holders = await sql.query<{ holder: string }>(`select distinct holder from ${schema}.task`);
  const sight = { alliance, person: 'nobody', keys: holders.map(({ holder }) => holder), employers: [] };
  const placeOf = ({ taskDueAt, id, stage, act }: TaskListed): Place => ({
    at: taskDueAt?.toISOString() ?? 'infinity',
    id: `${id} ${stage} ${act}`,
  });
  const places = (tasks: readonly TaskListed[]) => [...new Set(tasks.map((task) => keyOf(placeOf(task))))];
  const whole = places(await listTasks(sql, schema, sight, { limit: 1_000 }));
  expect(places(await inPages((asked) => listTasks(sql, schema, sight, asked), placeOf))).toEqual(whole);
  return whole.length;
}

/** A whole list, read in pages of seven. */
async function inPages<T>(read: (asked: Stretch) => Promise<readonly T[]>, placeOf: (item: T) => Place): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = await read({ limit: 7 }); page.length > 0;) {
    items.push(...page);
    page = await read({ after: placeOf(page.at(-1) as T), limit: 7 });
  }
  return items;
}

test('lists that begin with the latest go on where they stopped, also within one instant', async () => {
  const own = 'view_lists';
  await sql.query(`create schema ${own}`);
  for (const view of [casesView, meetingsView, skipsView]) await view.create(sql, own);
  const at = `timestamptz '2026-01-01' + (n / 4) * interval '1 day'`;
  await sql.query(`insert into ${own}.round select 'a', 'a.' || n, '{}', '{}', ${at}, '2030-01-01', 'Asia/Shanghai', 'closed'
    from generate_series(1, 30) n`);
  await sql.query(
    `insert into ${own}.meeting select 'a.' || n, 'a', '{k}', 'p', ${at}, '2030-01-01' from generate_series(1, 30) n`,
  );
  await sql.query(
    `insert into ${own}.incident select 'incident-a.' || n, 'a', '{}', 'x', ${at}, 'r' from generate_series(1, 30) n`,
  );
  const lists = [
    await inPages(
      (asked) => listRounds(sql, own, 'a', asked),
      ({ opensAt, id }) => ({ at: opensAt.toISOString(), id }),
    ),
    await inPages(
      (asked) => listMeetings(sql, own, { alliance: 'a', keys: ['k'] }, asked),
      ({ opensAt, id }) => ({ at: opensAt.toISOString(), id }),
    ),
    await inPages(
      (asked) => listSkips(sql, own, 'a', asked),
      ({ skippedAt, id }) => ({ at: skippedAt.toISOString(), id }),
    ),
  ];
  for (const list of lists) {
    expect(new Set(list.map(({ id }) => id)).size).toBe(30);
    expect(list).toHaveLength(30);
    expect(list.map(({ id }) => Math.floor(Number(id.slice(2)) / 4))).toEqual(
      list.map(({ id }) => Math.floor(Number(id.slice(2)) / 4)).toSorted((one, other) => other - one),
    );
  }
});

test('a round of long ago is found by its address, however many came after it', async () => {
  const own = 'view_rounds';
  await sql.query(`create schema ${own}`);
  await casesView.create(sql, own);
  await sql.query(`insert into ${own}.round select 'a', 'a.' || n, '{}', '{}', timestamptz '2026-01-01' + n * interval '1 day',
    '2030-01-01', 'Asia/Shanghai', 'closed' from generate_series(1, 205) n`);
  expect(await findRound(sql, own, 'a', 'a.1')).toMatchObject({ id: 'a.1' });
  expect(await findRound(sql, own, 'b', 'a.1')).toBeUndefined();
});

const timeOf = (event: RecordedEvent | undefined): Date => new Date(event?.meta.recordedAt ?? 0);

interface Searching extends Pick<Looking, 'definition' | 'viewer' | 'now'> {
  readonly random: Random;
  readonly sight: Sight;
  readonly states: ReadonlyMap<string, CaseState>;
  readonly expected: readonly string[];
}

/** What a random search finds in the database is what the same terms say of each case in memory. @returns how many were found */
async function searchesAgree({ random, sight, viewer, definition, states, expected, now }: Searching): Promise<number> {
  const looking = (id: string): Looking => ({ definition, viewer, now, state: states.get(id) as Case });
  if (expected.length === 0) return 0;
  const { text, finds } = randomSearch(random, looking(random.oneOf(expected)));
  const asked = { search: text, limit: 1_000, now };
  const found = await listCases(sql, schema, sight, asked);
  const ids = expected.filter((id) => finds(looking(id)));
  expect([text, viewer, found.map(({ id }) => id)]).toEqual([text, viewer, ids]);
  expect(await countFound(sql, schema, sight, asked)).toBe(ids.length);
  return ids.length;
}

/** The numbers of a round are those of the cases whose procedure the viewer runs, counted one by one. */
async function statisticsAgree(
  { sight, viewer, definition, states, expected, now }: Omit<Searching, 'random'>,
  round: string,
): Promise<void> {
  const { stages, attention } = await roundStatistics(sql, schema, sight, round, now);
  const kept = expected.map((id) => states.get(id) as Case).filter((state) => standing(definition, state, viewer) === 'keeper');
  const visits = kept.flatMap((state) => state.visits.map((visit) => ({ ...visit, end: visit.left?.at ?? state.end?.at })));
  expect(attention.open).toBe(kept.filter(({ status }) => status === 'open').length);
  for (const { stage, entered, waiting, left, overdueNow, calendar } of stages) {
    const own = visits.filter((visit) => visit.stage === stage);
    const open = own.filter(({ end }) => end === undefined);
    const took = own
      .flatMap(({ enteredAt, end }) => (end === undefined ? [] : [Date.parse(end) - Date.parse(enteredAt)]))
      .sort((one, other) => one - other);
    const middle = [took[Math.floor((took.length - 1) / 2)] ?? 0, took[Math.ceil((took.length - 1) / 2)] ?? 0] as const;
    expect({ stage, entered, waiting, overdueNow, median: calendar?.medianMs }).toEqual({
      stage,
      entered: own.length,
      waiting: open.length,
      overdueNow: open.filter((visit) => Date.parse(dueOf(stageOf(definition, stage), visit) ?? '') < now.getTime()).length,
      median: took.length === 0 ? undefined : Math.round((middle[0] + middle[1]) / 2),
    });
    expect(Object.values(left).reduce((sum, n) => sum + n, 0)).toBe(took.length);
  }
  expect(stages.reduce((sum, { entered }) => sum + entered, 0)).toBe(visits.length);
}

function evolve(states: Map<string, CaseState>, event: RecordedEvent): void {
  if (!event.stream.startsWith('case-')) return;
  const id = event.stream.slice('case-'.length);
  const { decider } = caseContext;
  states.set(id, evolved(decider, states.get(id) ?? decider.initialState, event) as CaseState);
}

const known = (states: ReadonlyMap<string, CaseState>, definition: Definition, viewer: Viewer): readonly string[] =>
  [...states]
    .filter(([, state]) => state.status !== 'none' && mayKnow(definition, state, viewer))
    .map(([id]) => id)
    .sort();
