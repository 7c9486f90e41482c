import type { RecordedEvent, Sql, View } from '#kernel';
import type { CourseFacts, CourseKind } from './catalogue.messages.js';

/** The courses of an alliance as their institutions describe them. The leader's name is a digest: the door opens it. */
export const coursesView: View = {
  name: 'courses',
  version: 1,
  categories: ['course'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.courses (
      alliance text not null, course text not null, institution text not null, title_zh text not null, title_en text,
      kind text not null, discipline text not null, credits numeric not null, hours integer not null, runs integer not null,
      platform text, leader text not null, leader_name text not null, primary key (alliance, course))`);
    await sql.query(`create index on ${schema}.courses (alliance, institution, course)`);
  },

  async apply(events, sql, schema) {
    const institutions = new Map(events.flatMap((event) => institutionOf(event)));
    const latest = [...new Map(events.map((event) => [event.stream, event])).values()];
    const facts = latest.map(({ data }) => data as CourseFacts);
    await sql.query(
      `insert into ${schema}.courses as known
       select alliance, course, coalesce(given.institution, before.institution), title_zh, title_en, kind, discipline, credits, hours,
         runs, platform, leader, leader_name
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::integer[],
         $10::integer[], $11::text[], $12::text[], $13::text[])
         as given (alliance, course, institution, title_zh, title_en, kind, discipline, credits, hours, runs, platform, leader, leader_name)
       left join (select alliance, course, institution from ${schema}.courses) as before using (alliance, course)
       on conflict (alliance, course) do update set title_zh = excluded.title_zh, title_en = excluded.title_en, kind = excluded.kind,
         discipline = excluded.discipline, credits = excluded.credits, hours = excluded.hours, runs = excluded.runs,
         platform = excluded.platform, leader = excluded.leader, leader_name = excluded.leader_name`,
      [
        latest.map(({ meta }) => meta.alliance),
        latest.map(({ stream, meta }) => stream.slice(`course-${meta.alliance}.`.length)),
        latest.map(({ stream }) => institutions.get(stream) ?? null),
        facts.map(({ title }) => title.zh),
        facts.map(({ title }) => title.en ?? null),
        facts.map(({ kind }) => kind),
        facts.map(({ discipline }) => discipline),
        facts.map(({ credits }) => credits),
        facts.map(({ hours }) => hours),
        facts.map(({ runs }) => runs),
        facts.map(({ platform }) => platform ?? null),
        facts.map(({ leader }) => leader),
        facts.map(({ leaderName }) => leaderName.sealed),
      ],
    );
  },
};

const institutionOf = (event: RecordedEvent): readonly (readonly [string, string])[] =>
  event.type === 'CourseRegistered' ? [[event.stream, (event.data as { institution: string }).institution]] : [];

export interface CourseRow {
  readonly course: string;
  readonly institution: string;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly kind: CourseKind;
  readonly discipline: string;
  readonly credits: number;
  readonly hours: number;
  readonly runs: number;
  readonly platform: string | null;
  readonly leader: string;
  /** Digest of the leader's name, for the vault. */
  readonly leaderName: string;
}

/** Courses in the order of their ids, from the one after `after` on. */
export const findCourses = (
  sql: Sql,
  schema: string,
  asked: {
    readonly alliance: string;
    readonly institution?: string;
    readonly kind?: string;
    readonly title?: string;
    readonly ids?: readonly string[];
    readonly after?: string;
    readonly limit: number;
  },
): Promise<readonly CourseRow[]> =>
  sql.query<CourseRow>(
    `select course, institution, title_zh as "titleZh", title_en as "titleEn", kind, discipline, credits::float8 as credits, hours, runs,
       platform, leader, leader_name as "leaderName"
     from ${schema}.courses
     where alliance = $1 and course > $2 and ($3::text is null or institution = $3) and ($4::text is null or kind = $4)
       and ($5::text is null or strpos(lower(title_zh || ' ' || coalesce(title_en, '')), lower($5)) > 0)
       and ($6::text[] is null or course = any($6))
     order by course limit $7`,
    [
      asked.alliance,
      asked.after ?? '',
      asked.institution ?? null,
      asked.kind ?? null,
      asked.title ?? null,
      asked.ids ?? null,
      asked.limit,
    ],
  );
