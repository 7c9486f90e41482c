import type { RecordedEvent, Sql, View } from '#kernel';
import type { MembershipEvent } from './membership.messages.js';

const statusAfter: Readonly<Record<MembershipEvent['type'], string>> = {
  AppliedToJoin: 'applicant',
  MemberAdmitted: 'member',
  MemberSuspended: 'suspended',
  MemberReinstated: 'member',
  MemberLeft: 'left',
};

/** Which institutions belong to the alliance, and how they stand. */
export const membershipsView: View = {
  name: 'memberships',
  version: 1,
  categories: ['membership'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.memberships (
      alliance text not null, institution text not null, status text not null, since timestamptz not null, member_class text,
      primary key (alliance, institution))`);
  },

  async apply(events, sql, schema) {
    const latest = [...new Map(events.map((event) => [event.stream, event])).values()];
    const classes = new Map(events.flatMap((event) => classOf(event)));
    await sql.query(
      `insert into ${schema}.memberships as known
       select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
       on conflict (alliance, institution) do update set status = excluded.status, since = excluded.since,
         member_class = coalesce(excluded.member_class, known.member_class)`,
      [
        latest.map(({ meta }) => meta.alliance),
        latest.map(({ stream, meta }) => stream.slice(`membership-${meta.alliance}.`.length)),
        latest.map(({ type }) => statusAfter[type as MembershipEvent['type']]),
        latest.map(({ meta }) => meta.recordedAt),
        latest.map(({ stream }) => classes.get(stream) ?? null),
      ],
    );
  },
};

const classOf = (event: RecordedEvent): readonly (readonly [string, string])[] =>
  event.type === 'AppliedToJoin' ? [[event.stream, (event.data as { memberClass: string }).memberClass]] : [];

export interface MembershipRow {
  readonly institution: string;
  readonly status: string;
  readonly since: Date;
  readonly memberClass: string | null;
}

/** An alliance's memberships in the order of the institutions' codes, from the one after `after` on. */
export const membershipsOf = (
  sql: Sql,
  schema: string,
  asked: { readonly alliance: string; readonly status?: string; readonly after?: string; readonly limit: number },
): Promise<readonly MembershipRow[]> =>
  sql.query<MembershipRow>(
    `select institution, status, since, member_class as "memberClass" from ${schema}.memberships
     where alliance = $1 and institution > $2 and ($3::text is null or status = $3) order by institution limit $4`,
    [asked.alliance, asked.after ?? '', asked.status ?? null, asked.limit],
  );
