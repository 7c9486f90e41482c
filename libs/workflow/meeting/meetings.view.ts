import type { RecordedEvent, Sql, View } from '#kernel';
import { powerKey } from '../case-row.js';
import { auditPower } from '../wall.js';
import type { Stretch } from '../place.js';
import type { MeetingConvened } from './meeting.messages.js';

/** The meetings that were convened, each for the organ that meets, for whoever keeps it and for whoever audits. */
export const meetingsView: View = {
  name: 'meetings',
  version: 3,
  categories: ['meeting'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.meeting (
      id text primary key, alliance text not null, keys text[] not null, power text not null, opens_at timestamptz not null,
      closes_at timestamptz not null, place text, called_off text)`);
    await sql.query(`create index on ${schema}.meeting (alliance, opens_at)`);
  },

  async apply(events, sql, schema) {
    await keepNotices(
      events.filter(({ type }) => type === 'MeetingConvened'),
      sql,
      schema,
    );
    for (const event of events.filter(({ type }) => type === 'MeetingCalledOff'))
      await sql.query(`update ${schema}.meeting set called_off = $2 where id = $1`, [
        idOf(event),
        (event.data as { reason: string }).reason,
      ]);
  },
};

async function keepNotices(convened: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  if (convened.length === 0) return;
  const notices = convened.map((event) => event.data as MeetingConvened);
  await sql.query(
    `insert into ${schema}.meeting (id, alliance, keys, power, opens_at, closes_at, place)
       select id, alliance, array[power_key, manage_key, $9], power, opens_at, closes_at, place
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[])
         as given (id, alliance, power_key, manage_key, power, opens_at, closes_at, place)`,
    [
      convened.map(idOf),
      convened.map(({ meta }) => meta.alliance),
      notices.map(({ power }) => powerKey(power)),
      notices.map(({ manage }) => powerKey(manage)),
      notices.map(({ power }) => power),
      notices.map(({ opensAt }) => opensAt),
      notices.map(({ closesAt }) => closesAt),
      notices.map(({ place }) => place ?? null),
      powerKey(auditPower),
    ],
  );
}

const idOf = ({ stream }: RecordedEvent): string => stream.slice('meeting-'.length);

export interface MeetingListed {
  readonly id: string;
  readonly power: string;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly place: string | null;
  /** Why it was called off, if it was. */
  readonly calledOff: string | null;
}

/** The meetings of the organs that someone sits in or keeps, the latest to open first. */
export const listMeetings = (
  sql: Sql,
  schema: string,
  { alliance, keys }: { readonly alliance: string; readonly keys: readonly string[] },
  { after, limit }: Stretch,
): Promise<readonly MeetingListed[]> =>
  sql.query<MeetingListed>(
    `select id, power, opens_at as "opensAt", closes_at as "closesAt", place, called_off as "calledOff" from ${schema}.meeting
     where alliance = $1 and keys && $2::text[] and ($3::timestamptz is null or opens_at < $3 or opens_at = $3 and id > $4)
     order by opens_at desc, id limit $5`,
    [alliance, [...keys], after?.at ?? null, after?.id ?? null, limit],
  );
