import { evolved, type RecordedEvent, type Sql, type View } from '#kernel';
import type { Calendar } from './calendar/calendar.decider.js';
import type { HolidaysAnnounced } from './calendar/calendar.messages.js';
import { caseDecider } from './case.decider.js';
import type { RoundMigrated } from './migration.messages.js';
import { type CaseRow, caseRow, type Task } from './case-row.js';
import { type CaseState, initialCase } from './case.state.js';
import { counting } from './deadline.js';
import { type Definition, type DefinitionHistory, type Pinned } from './definition.js';
import { pinnedDefinition } from './pinned.js';
import { createVisits, type VisitRow, visitRows, writeVisits } from './statistics/visit-rows.js';

/** Cases, what is to be done about them, and rounds: what every list of a round is made of. */
export const casesView: View = {
  name: 'cases',
  version: 11,
  categories: ['definition', 'calendar', 'round', 'case'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.definition (
      alliance text, id text, version int, body jsonb not null, primary key (alliance, id, version))`);
    await sql.query(`create table ${schema}.calendar (
      alliance text, year int, version int not null, notice jsonb not null, primary key (alliance, year))`);
    await sql.query(`create table ${schema}.round (
      alliance text, id text primary key, title jsonb not null, definition jsonb not null, opens_at timestamptz not null,
      closes_at timestamptz not null, zone text not null, status text not null)`);
    await sql.query(`create table ${schema}."case" (
      id text primary key, alliance text not null, round text not null, number text not null, title text not null, kind text,
      institution text not null, institution_name text not null, province text not null, stage text not null, status text not null,
      outcome text, submitted_at timestamptz not null, due_at timestamptz, kept_due_at timestamptz, published boolean not null, blind boolean not null,
      audience text[] not null, keeping text[] not null, applicant text not null,
      stages text[] not null, stage_kinds text[] not null, dues timestamptz[] not null, kept_dues timestamptz[] not null, reviews int not null, reviewers int not null, unassigned boolean not null, votes int not null,
      inquorate boolean not null, objections int not null, objected boolean not null, returned int not null, judging text[] not null, blinding text[] not null, barred text[] not null, reviewing text[] not null, state jsonb not null, provisional boolean not null,
      subcase text, parent text, parent_number text)`);
    await sql.query(`create index on ${schema}."case" (alliance, round, number)`);
    await sql.query(`create index on ${schema}."case" (alliance, id) where provisional`);
    await sql.query(`create index on ${schema}."case" using gin (audience)`);
    await sql.query(`create index on ${schema}."case" (alliance, round, stage) where published`);
    await sql.query(`create table ${schema}.task (
      case_id text not null, stage text not null, act text not null, holder text not null, due_at timestamptz)`);
    await sql.query(`create index on ${schema}.task (holder, due_at)`);
    await sql.query(`create index on ${schema}.task (case_id)`);
    await createVisits(sql, schema);
  },

  async apply(events, sql, schema) {
    const announced = events.findIndex(({ type }) => type === 'HolidaysAnnounced');
    const before = announced === -1 ? events : events.slice(0, announced);
    await keepDefinitions(
      before.filter(({ type }) => type === 'DefinitionAdopted'),
      sql,
      schema,
    );
    await keepRounds(
      before.filter(({ stream }) => stream.startsWith('round-')),
      sql,
      schema,
    );
    const cases = before.filter(({ stream }) => stream.startsWith('case-'));
    if (cases.length > 0) await keepCases(cases, sql, schema);
    if (announced === -1) return;
    // What comes behind it is counted by another calendar, however the log is cut into batches.
    await keepYear(events[announced] as RecordedEvent, sql, schema);
    await this.apply(events.slice(announced + 1), sql, schema);
  },
};

const idOf = ({ stream }: RecordedEvent): string => stream.slice(stream.indexOf('-') + 1);

async function keepDefinitions(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  if (events.length === 0) return;
  const adopted = events.map(({ data }) => (data as { definition: Definition }).definition);
  await sql.query(
    `insert into ${schema}.definition select * from unnest($1::text[], $2::text[], $3::int[], $4::jsonb[]) on conflict do nothing`,
    [
      events.map(({ meta }) => meta.alliance),
      adopted.map(({ id }) => id),
      adopted.map(({ version }) => version),
      adopted.map((definition) => JSON.stringify(definition)),
    ],
  );
}

async function keepYear({ data, meta }: RecordedEvent, sql: Sql, schema: string): Promise<void> {
  const { year, version, holidays, makeUpDays, notice } = data as HolidaysAnnounced;
  await sql.query(
    `insert into ${schema}.calendar values ($1, $2, $3, $4)
     on conflict (alliance, year) do update set version = excluded.version, notice = excluded.notice`,
    [meta.alliance, year, version, JSON.stringify({ holidays, makeUpDays, notice })],
  );
}

/** The years that an alliance has announced, as its calendar has them. */
export async function calendarIn(sql: Sql, schema: string, alliance: string): Promise<Calendar> {
  const rows = await sql.query<{ year: number; version: number; notice: Calendar['years'][number] }>(
    `select year, version, notice from ${schema}.calendar where alliance = $1 order by year`,
    [alliance],
  );
  return {
    version: Math.max(0, ...rows.map(({ version }) => version)),
    years: Object.fromEntries(rows.map(({ year, notice }) => [year, notice])),
  };
}

interface Opened {
  readonly definition: Pinned;
  readonly title: object;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly zone: string;
}

async function keepRounds(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const opened = events.filter(({ type }) => type === 'RoundOpened');
  if (opened.length > 0) {
    const data = opened.map((event) => event.data as Opened);
    await sql.query(
      `insert into ${schema}.round
       select given.*, 'open' from unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[], $7::text[]) as given`,
      [
        opened.map(({ meta }) => meta.alliance),
        opened.map(idOf),
        data.map(({ title }) => JSON.stringify(title)),
        data.map(({ definition }) => JSON.stringify(definition)),
        data.map(({ opensAt }) => opensAt),
        data.map(({ closesAt }) => closesAt),
        data.map(({ zone }) => zone),
      ],
    );
  }
  for (const event of events.filter(({ type }) => type === 'RoundMigrated')) {
    const { from, to } = event.data as RoundMigrated;
    await sql.query(`update ${schema}.round set definition = $3 where id = $1 and (definition->>'version')::int = $2`, [
      idOf(event),
      from.version,
      JSON.stringify(to),
    ]);
  }
  const closed = events.filter(({ type }) => type === 'RoundClosed').map(idOf);
  if (closed.length > 0) await sql.query(`update ${schema}.round set status = 'closed' where id = any($1::text[])`, [closed]);
}

async function keepCases(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const ids = [...new Set(events.map(idOf))];
  const known = await sql.query<{ id: string; state: CaseState }>(
    `select id, state from ${schema}."case" where id = any($1::text[])`,
    [ids],
  );
  const states = new Map<string, CaseState>(known.map(({ id, state }) => [id, state]));
  const alliances = new Map<string, string>();
  for (const event of events) {
    const id = idOf(event);
    alliances.set(id, event.meta.alliance);
    states.set(id, evolved(caseDecider, states.get(id) ?? initialCase, event) as CaseState);
  }
  const owners = [...new Set(alliances.values())];
  const definitions = await definitionsOf([...states.values()], owners, sql, schema);
  const calendars = new Map<string, Calendar>();
  for (const alliance of owners) calendars.set(alliance, await calendarIn(sql, schema, alliance));
  const rows = ids.flatMap((id) => {
    const state = states.get(id) as CaseState;
    if (state.status === 'none') return [];
    const alliance = alliances.get(id) as string;
    const pinned = pinnedDefinition(definitions(alliance, state.definition.id), state.definition);
    const definition = counting(pinned, calendars.get(alliance)?.years ?? {});
    return [{ id, alliance, row: caseRow(definition, state), state, visits: visitRows(definition, state) }];
  });
  await writeRows(rows, sql, schema);
}

async function definitionsOf(
  states: readonly CaseState[],
  alliances: readonly string[],
  sql: Sql,
  schema: string,
): Promise<(alliance: string, id: string) => Pick<DefinitionHistory, 'versions'>> {
  const wanted = [...new Set(states.flatMap((state) => (state.status === 'none' ? [] : [state.definition.id])))];
  const rows = await sql.query<{ alliance: string; id: string; version: number; body: Definition }>(
    `select alliance, id, version, body from ${schema}.definition where id = any($1::text[]) and alliance = any($2::text[])`,
    [wanted, alliances],
  );
  return (alliance, id) => ({
    versions: Object.fromEntries(
      rows
        .filter((row) => row.alliance === alliance && row.id === id)
        .map(({ version, body }) => [version, { hash: '', definition: body }]),
    ),
  });
}

interface Kept {
  readonly id: string;
  readonly alliance: string;
  readonly row: CaseRow;
  readonly state: CaseState;
  readonly visits: readonly VisitRow[];
}

/** Columns of `case` in the order of the table, with their SQL type. */
const columns: readonly (readonly [string, string, (kept: Kept) => unknown])[] = [
  ['id', 'text', ({ id }) => id],
  ['alliance', 'text', ({ alliance }) => alliance],
  ['round', 'text', ({ alliance, row }) => `${alliance}.${row.round}`],
  ['number', 'text', ({ row }) => row.number],
  ['title', 'text', ({ row }) => row.title],
  ['kind', 'text', ({ row }) => row.kind ?? null],
  ['institution', 'text', ({ row }) => row.institution],
  ['institution_name', 'text', ({ row }) => row.institutionName],
  ['province', 'text', ({ row }) => row.province],
  ['stage', 'text', ({ row }) => row.stage],
  ['status', 'text', ({ row }) => row.status],
  ['outcome', 'text', ({ row }) => row.outcome ?? null],
  ['submitted_at', 'timestamptz', ({ row }) => row.submittedAt],
  ['due_at', 'timestamptz', ({ row }) => row.dueAt ?? null],
  ['kept_due_at', 'timestamptz', ({ row }) => row.keptDueAt ?? null],
  ['published', 'boolean', ({ row }) => row.published],
  ['blind', 'boolean', ({ row }) => row.blind],
  // unnest would flatten an array of arrays, so lists of keys travel as JSON.
  ['audience', 'jsonb', ({ row }) => JSON.stringify(row.audience)],
  ['keeping', 'jsonb', ({ row }) => JSON.stringify(row.keeping)],
  ['applicant', 'text', ({ row }) => row.applicant],
  ['stages', 'jsonb', ({ row }) => JSON.stringify(row.facts.stages)],
  ['stage_kinds', 'jsonb', ({ row }) => JSON.stringify(row.facts.stageKinds)],
  ['dues', 'jsonb', ({ row }) => JSON.stringify(row.facts.dues.told)],
  ['kept_dues', 'jsonb', ({ row }) => JSON.stringify(row.facts.dues.kept)],
  ['reviews', 'int', ({ row }) => row.facts.reviews],
  ['reviewers', 'int', ({ row }) => row.facts.reviewers],
  ['unassigned', 'boolean', ({ row }) => row.facts.unassigned],
  ['votes', 'int', ({ row }) => row.facts.votes],
  ['inquorate', 'boolean', ({ row }) => row.facts.inquorate],
  ['objections', 'int', ({ row }) => row.facts.objections],
  ['objected', 'boolean', ({ row }) => row.facts.objected],
  ['returned', 'int', ({ row }) => row.facts.returned],
  ['judging', 'jsonb', ({ row }) => JSON.stringify(row.judging)],
  ['blinding', 'jsonb', ({ row }) => JSON.stringify(row.blinding)],
  ['barred', 'jsonb', ({ row }) => JSON.stringify(row.barred)],
  ['reviewing', 'jsonb', ({ row }) => JSON.stringify(row.reviewing)],
  ['state', 'jsonb', ({ state }) => JSON.stringify(state)],
  ['provisional', 'boolean', ({ state }) => state.status !== 'none' && (state.provisional ?? []).length > 0],
  ['subcase', 'text', ({ row }) => row.subcase?.name ?? null],
  ['parent', 'text', ({ row }) => row.subcase?.parent ?? null],
  ['parent_number', 'text', ({ row }) => row.subcase?.parentNumber ?? null],
];

const lists: Readonly<Record<string, string>> = {
  audience: 'text[]',
  keeping: 'text[]',
  stages: 'text[]',
  stage_kinds: 'text[]',
  dues: 'timestamptz[]',
  kept_dues: 'timestamptz[]',
  judging: 'text[]',
  blinding: 'text[]',
  barred: 'text[]',
  reviewing: 'text[]',
};
const selected = columns
  .map(([name]) =>
    lists[name] === undefined ? `given.${name}` : `array(select jsonb_array_elements_text(given.${name}))::${lists[name]}`,
  )
  .join(', ');

async function writeRows(kept: readonly Kept[], sql: Sql, schema: string): Promise<void> {
  if (kept.length === 0) return;
  const names = columns.map(([name]) => name);
  await sql.query(
    `insert into ${schema}."case" (${names.join(', ')})
     select ${selected} from unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) as given (${names.join(', ')})
     on conflict (id) do update set ${names
       .slice(1)
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}`,
    columns.map(([, , value]) => kept.map(value)),
  );
  const ids = kept.map(({ id }) => id);
  const tasks: readonly (Task & { readonly id: string })[] = kept.flatMap(({ id, row }) =>
    row.tasks.map((task) => ({ id, ...task })),
  );
  await sql.query(`delete from ${schema}.task where case_id = any($1::text[])`, [ids]);
  await sql.query(
    `insert into ${schema}.task select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
    [
      tasks.map(({ id }) => id),
      tasks.map(({ stage }) => stage),
      tasks.map(({ act }) => act),
      tasks.map(({ holder }) => holder),
      tasks.map(({ dueAt }) => dueAt ?? null),
    ],
  );
  await writeVisits(kept, sql, schema);
}
