import type { RecordedEvent, Sql, View } from '#kernel';
import { dayIn } from './accreditation.decider.js';
import type { RecognitionGranted, RecognitionWithdrawn } from './accreditation.messages.js';

/** The public register of recognised courses, past ones included. */
export const recognitionsView: View = {
  name: 'recognitions',
  version: 2,
  categories: ['recognition'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.recognitions (
      alliance text not null, course text not null, number text not null, case_stream text not null, round text, valid_from date not null,
      valid_until date not null, withdrawn_at timestamptz, withdrawn_on date, clause text, primary key (alliance, course, number))`);
    await sql.query(`create index on ${schema}.recognitions (alliance, number)`);
  },

  async apply(events, sql, schema) {
    const granted = events.filter(({ type }) => type === 'RecognitionGranted');
    const grants = granted.map(({ data }) => data as RecognitionGranted);
    await sql.query(
      `insert into ${schema}.recognitions (alliance, course, number, case_stream, round, valid_from, valid_until)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])`,
      [
        granted.map(({ meta }) => meta.alliance),
        granted.map(courseOf),
        grants.map(({ number }) => number),
        grants.map((grant) => grant.case),
        grants.map(({ round }) => round ?? null),
        grants.map(({ from }) => from),
        grants.map(({ until }) => until),
      ],
    );
    const withdrawn = events.filter(({ type }) => type === 'RecognitionWithdrawn');
    const endings = withdrawn.map(({ data }) => data as RecognitionWithdrawn);
    await sql.query(
      `update ${schema}.recognitions as known set withdrawn_at = given.at, withdrawn_on = given.day, clause = given.clause
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::date[])
         as given (alliance, course, number, clause, at, day)
       where known.alliance = given.alliance and known.course = given.course and known.number = given.number`,
      [
        withdrawn.map(({ meta }) => meta.alliance),
        withdrawn.map(courseOf),
        endings.map(({ number }) => number),
        endings.map(({ clause }) => clause),
        withdrawn.map(({ meta }) => meta.recordedAt),
        withdrawn.map(({ meta }, index) => dayIn(Date.parse(meta.recordedAt), endings[index]?.zone)),
      ],
    );
  },
};

const courseOf = ({ stream, meta }: RecordedEvent): string => stream.slice(`recognition-${meta.alliance}.`.length);

export interface RecognitionRow {
  readonly course: string;
  readonly number: string;
  readonly case: string;
  readonly round: string | null;
  /** First day and the day after the last, `YYYY-MM-DD`. */
  readonly from: string;
  readonly until: string;
  readonly withdrawnAt: Date | null;
}

/** The register in the order of its numbers, from the one after `after` on; on a day, only what is in force then. */
export const recognitionsOf = (
  sql: Sql,
  schema: string,
  asked: {
    readonly alliance: string;
    readonly day?: string;
    readonly number?: string;
    readonly after?: string;
    readonly limit: number;
  },
): Promise<readonly RecognitionRow[]> =>
  sql.query<RecognitionRow>(
    `select course, number, case_stream as "case", round, valid_from::text as "from", valid_until::text as "until", withdrawn_at as "withdrawnAt"
     from ${schema}.recognitions
     where alliance = $1 and number > $2 and ($3::text is null or number = $3)
       and ($4::date is null or (valid_from <= $4 and $4 < valid_until
         and (withdrawn_on is null or $4 < withdrawn_on)))
     order by number limit $5`,
    [asked.alliance, asked.after ?? '', asked.number ?? null, asked.day ?? null, asked.limit],
  );
