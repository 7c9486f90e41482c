import type { RecordedEvent, Sql, View } from '#kernel';
import type { CharterAdopted, CharterDocument } from './charter.messages.js';

/** Every charter an alliance has had, for its members and the public. */
export const chartersView: View = {
  name: 'charters',
  version: 1,
  categories: ['charter'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.charters (
      alliance text not null, version integer not null, hash text not null, adopted_at timestamptz not null,
      adoption text not null, document jsonb not null, primary key (alliance, version))`);
  },

  async apply(events, sql, schema) {
    const adopted = events.filter(({ type }) => type === 'CharterAdopted') as readonly RecordedEvent<{
      type: 'CharterAdopted';
      data: CharterAdopted;
    }>[];
    await sql.query(
      `insert into ${schema}.charters
       select * from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::jsonb[])`,
      [
        adopted.map(({ meta }) => meta.alliance),
        adopted.map(({ data }) => data.version),
        adopted.map(({ data }) => data.hash),
        adopted.map(({ meta }) => meta.recordedAt),
        adopted.map(({ id }) => id),
        adopted.map(({ data }) => JSON.stringify(data.document)),
      ],
    );
  },
};

export interface CharterRow {
  readonly version: number;
  readonly hash: string;
  readonly adoptedAt: Date;
  readonly document: CharterDocument;
}

/** The charter in force at an instant (ISO 8601); the latest unless told. */
export async function charterOn(sql: Sql, schema: string, alliance: string, at?: string): Promise<CharterRow | undefined> {
  const [row] = await sql.query<CharterRow>(
    `select version, hash, adopted_at as "adoptedAt", document from ${schema}.charters
     where alliance = $1 and ($2::timestamptz is null or adopted_at <= $2) order by version desc limit 1`,
    [alliance, at ?? null],
  );
  return row;
}
