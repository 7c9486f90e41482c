import { personOf, type RecordedEvent, type Sql, type View } from '#kernel';
import type { Stretch } from '../place.js';
import type { IncidentRaised } from '../incident.messages.js';

/** The view `skips`: steps of the engine that are not to be carried out, with who said so, when and why. */
export const skipsView: View = {
  name: 'skips',
  version: 2,
  categories: ['incident'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.incident (
      stream text primary key, alliance text not null, raised jsonb not null, skipped_by text, skipped_at timestamptz, reason text)`);
    await sql.query(`create index on ${schema}.incident (alliance, skipped_at) where skipped_at is not null`);
  },

  async apply(events, sql, schema) {
    await keepRaised(
      events.filter(({ type }) => type === 'IncidentRaised'),
      sql,
      schema,
    );
    // Nothing is raised again once it has been skipped: the order of the two does not matter.
    const skipped = events.filter(({ type }) => type === 'EffectSkipped');
    if (skipped.length === 0) return;
    await sql.query(
      `update ${schema}.incident i set skipped_by = given.person, skipped_at = given.at, reason = given.reason
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) as given (stream, person, at, reason)
       where i.stream = given.stream`,
      [
        skipped.map(({ stream }) => stream),
        skipped.map(({ meta }) => personOf(meta)),
        skipped.map(({ meta }) => meta.recordedAt),
        skipped.map(({ data }) => (data as { readonly reason: string }).reason),
      ],
    );
  },
};

/** As each was raised last. */
async function keepRaised(raised: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const last = [...new Map(raised.map((event) => [event.stream, event])).values()];
  if (last.length === 0) return;
  await sql.query(
    `insert into ${schema}.incident (stream, alliance, raised)
     select * from unnest($1::text[], $2::text[], $3::jsonb[])
     on conflict (stream) do update set raised = excluded.raised`,
    [last.map(({ stream }) => stream), last.map(({ meta }) => meta.alliance), last.map(({ data }) => JSON.stringify(data))],
  );
}

export interface SkipListed {
  /** `<alliance>.<id of the effect's command>` */
  readonly id: string;
  readonly raised: IncidentRaised;
  readonly skippedBy: string;
  readonly skippedAt: Date;
  /** Official, in clear. */
  readonly reason: string;
}

/** What was skipped in an alliance, the latest first. Whether the reader may know of its case is for the reader to ask. */
export const listSkips = (
  sql: Sql,
  schema: string,
  alliance: string,
  { after, limit }: Stretch,
): Promise<readonly SkipListed[]> =>
  sql.query<SkipListed>(
    `select substr(stream, 10) as id, raised, skipped_by as "skippedBy", skipped_at as "skippedAt", reason from ${schema}.incident
     where alliance = $1 and skipped_at is not null
       and ($2::timestamptz is null or skipped_at < $2 or skipped_at = $2 and substr(stream, 10) > $3)
     order by skipped_at desc, substr(stream, 10) limit $4`,
    [alliance, after?.at ?? null, after?.id ?? null, limit],
  );
