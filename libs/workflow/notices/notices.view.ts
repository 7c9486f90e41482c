import type { Sql, Text, View } from '#kernel';
import type { NoticeIssued } from '../notice.messages.js';

/** The public register of notices. */
export const noticesView: View = {
  name: 'notices',
  version: 1,
  categories: ['notices'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.notice (
      alliance text, year int, document text, number int, label jsonb not null, heading jsonb not null, body jsonb not null,
      dated_on text not null, issued_at timestamptz not null, sha256 text not null, case_id text not null,
      primary key (alliance, year, document, number))`);
  },

  async apply(events, sql, schema) {
    const issued = events.filter(({ type }) => type === 'NoticeIssued');
    if (issued.length === 0) return;
    const data = issued.map((event) => event.data as NoticeIssued);
    await sql.query(
      `insert into ${schema}.notice select * from unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::jsonb[], $6::jsonb[],
         $7::jsonb[], $8::text[], $9::timestamptz[], $10::text[], $11::text[])`,
      [
        issued.map(({ meta }) => meta.alliance),
        data.map(({ year }) => year),
        data.map(({ document }) => document),
        data.map(({ number }) => number),
        data.map(({ label }) => JSON.stringify(label)),
        data.map(({ heading }) => JSON.stringify(heading)),
        data.map(({ body }) => JSON.stringify(body)),
        data.map(({ datedOn }) => datedOn),
        issued.map(({ meta }) => meta.recordedAt),
        data.map(({ sha256 }) => sha256),
        data.map(({ origin }) => origin.case),
      ],
    );
  },
};

/** One notice as the public reads it. */
export interface NoticeListed {
  readonly document: string;
  readonly year: number;
  readonly number: number;
  readonly label: Text;
  readonly heading: Text;
  readonly body: Text;
  readonly datedOn: string;
  readonly issuedAt: Date;
  /** Of its canonical text, hex. */
  readonly sha256: string;
  /** Id of the case that it follows from. */
  readonly case: string;
}

export interface NoticesAsked {
  readonly alliance: string;
  readonly document?: string;
  readonly year?: number;
  readonly number?: number;
  /** `<year>.<document>.<number>` of the last one seen. */
  readonly after?: string;
  readonly limit: number;
}

/** The notices of an alliance, by year, kind and number. */
export const listNotices = (sql: Sql, schema: string, asked: NoticesAsked): Promise<readonly NoticeListed[]> =>
  sql.query<NoticeListed>(
    `select document, year, number, label, heading, body, dated_on as "datedOn", issued_at as "issuedAt", sha256, case_id as "case"
     from ${schema}.notice where alliance = $1 and ($2::text is null or document = $2) and ($3::int is null or year = $3)
       and ($4::int is null or number = $4) and ($5::int is null or (year, document, number) > ($5::int, $6::text, $7::int))
     order by year, document, number limit $8`,
    [asked.alliance, asked.document ?? null, asked.year ?? null, asked.number ?? null, ...lastSeen(asked.after), asked.limit],
  );

function lastSeen(after: string | undefined): readonly [number | null, string | null, number | null] {
  const [year, document, number] = after?.split('.') ?? [];
  return year === undefined ? [null, null, null] : [Number(year), document ?? '', Number(number ?? 0)];
}
