import type { RecordedEvent, Sql, View } from '#kernel';
import type { PlacesEvent, RegistrationEvent } from '../registration.messages.js';
import type { Settlement } from './places.js';

/** Who is registered for what, in the order of the log: places and waiting lists are read off it. */
export const registrationsView: View = {
  name: 'registrations',
  version: 1,
  categories: ['registration', 'places'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.registration (
      registration text primary key, case_id text not null, person text not null, position bigint not null, places int not null,
      status text not null, given boolean not null default false, sessions int not null default 0)`);
    await sql.query(`create index on ${schema}.registration (case_id, position) where status = 'registered'`);
    await sql.query(`create index on ${schema}.registration (person)`);
    await sql.query(`create table ${schema}.through (position bigint not null)`);
    await sql.query(`insert into ${schema}.through values (0)`);
  },

  async apply(events, sql, schema) {
    await keepRegistered(events, sql, schema);
    await keepCancelled(events, sql, schema);
    await keepGiven(events, sql, schema);
    await keepSignedIn(events, sql, schema);
    const last = events.at(-1);
    if (last !== undefined) await sql.query(`update ${schema}.through set position = $1`, [String(last.position)]);
  },
};

type Known = RegistrationEvent | PlacesEvent;
type Of<T extends Known['type']> = Extract<Known, { type: T }>['data'];

const dataOf = <T extends Known['type']>(events: readonly RecordedEvent[], type: T): readonly Of<T>[] =>
  events.filter((event) => event.type === type).map(({ data }) => data as Of<T>);

async function keepRegistered(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const registered = events.filter(({ type }) => type === 'Registered');
  if (registered.length === 0) return;
  const data = dataOf(registered, 'Registered');
  await sql.query(
    `insert into ${schema}.registration (registration, case_id, person, position, places, status)
     select given.*, 'registered' from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[]) as given`,
    [
      registered.map(({ id }) => id),
      data.map((one) => one.case),
      data.map(({ person }) => person),
      registered.map(({ position }) => String(position)),
      data.map(({ places }) => places),
    ],
  );
}

async function keepCancelled(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const cancelled = dataOf(events, 'RegistrationCancelled').map(({ registration }) => registration);
  if (cancelled.length === 0) return;
  await sql.query(`update ${schema}.registration set status = 'cancelled' where registration = any($1::text[])`, [cancelled]);
}

async function keepGiven(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const given = dataOf(events, 'PlacesGiven').flatMap(({ places }) => places.map(({ registration }) => registration));
  if (given.length === 0) return;
  await sql.query(`update ${schema}.registration set given = true where registration = any($1::text[])`, [given]);
}

async function keepSignedIn(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const signed = dataOf(events, 'SignedIn').map(({ registration }) => registration);
  if (signed.length === 0) return;
  await sql.query(
    `update ${schema}.registration r set sessions = r.sessions + s.times
     from (select registration, count(*)::int as times from unnest($1::text[]) as registration group by 1) s
     where r.registration = s.registration`,
    [signed],
  );
}

/** Who is entitled to a place of an event and has not had it confirmed. */
export async function entitledInView(sql: Sql, schema: string, caseId: string): Promise<Settlement> {
  const [through] = await sql.query<{ position: string }>(`select position::text as position from ${schema}.through`);
  const rows = await sql.query<{ person: string; registration: string }>(
    `select person, registration from (
       select person, registration, places, given, position, row_number() over (order by position) as rank
       from ${schema}.registration where case_id = $1 and status = 'registered') standing
     where rank <= places and not given order by position limit 5000`,
    [caseId],
  );
  return { through: through?.position ?? '0', entitled: rows };
}

/** Where someone stands: with a place, or waiting as the n-th. */
export interface PlaceListed {
  readonly person: string;
  /** Of the registration in the log, as decimal text: it stays when somebody before it cancels, and the rank does not. */
  readonly position: string;
  /** From 1, in the order of the log, of all registrations that stand. */
  readonly rank: number;
  readonly places: number;
  /** Whether the place has been confirmed on record. */
  readonly given: boolean;
  /** Sessions signed in to. */
  readonly sessions: number;
}

/** Registrations for an event that stand, first come first, after a position; of one person where told. */
export const listRegistrations = (
  sql: Sql,
  schema: string,
  asked: { readonly case: string; readonly person?: string; readonly after?: string; readonly limit: number },
): Promise<readonly PlaceListed[]> =>
  sql.query<PlaceListed>(
    `select person, position::text as position, rank, places, given, sessions from (
       select person, position, places, given, sessions, row_number() over (order by position)::int as rank
       from ${schema}.registration where case_id = $1 and status = 'registered') standing
     where ($2::text is null or person = $2) and position > $3 order by rank limit $4`,
    [asked.case, asked.person ?? null, asked.after ?? '0', asked.limit],
  );

/** How many registrations for an event stand. */
export async function countRegistrations(sql: Sql, schema: string, caseId: string): Promise<number> {
  const rows = await sql.query<{ count: number }>(
    `select count(*)::int as count from ${schema}.registration where case_id = $1 and status = 'registered'`,
    [caseId],
  );
  return rows[0]?.count ?? 0;
}
