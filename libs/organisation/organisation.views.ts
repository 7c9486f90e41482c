import type { RecordedEvent, Sql, View } from '#kernel';
import type { InstitutionEvent, InstitutionFacts, OrganEvent, SeatRole } from './organisation.messages.js';

/** The institutions an alliance knows, to search by name, province and level. */
export const institutionsView: View = {
  name: 'institutions',
  version: 2,
  categories: ['institution'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.institutions (
      alliance text not null, code text not null, name text not null, name_en text, former_names text[] not null default '{}',
      school_code text, province text not null, supervisor text not null, city text not null, level text not null,
      remark text, primary key (alliance, code))`);
    await sql.query(`create index on ${schema}.institutions (alliance, province, code)`);
  },

  async apply(events, sql, schema) {
    for (const [type, write] of writers) {
      const chosen = events.filter((event) => event.type === type);
      if (chosen.length > 0) await write(lastOfEach(chosen), sql, schema);
      if (type === 'InstitutionRenamed' && chosen.length > 0) await keepFormerNames(chosen, sql, schema);
    }
  },
};

/** Each kind of event writes columns of its own, so a batch may be taken kind by kind. */
const writers: readonly (readonly [
  InstitutionEvent['type'],
  (events: readonly RecordedEvent[], sql: Sql, schema: string) => Promise<void>,
])[] = [
  ['InstitutionRegistered', insertFacts],
  ['InstitutionCorrected', updateFacts],
  ['InstitutionRenamed', updateNames],
];

const lastOfEach = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => [
  ...new Map(events.map((event) => [event.stream, event])).values(),
];

const codeOf = ({ stream, meta }: RecordedEvent): string => stream.slice(`institution-${meta.alliance}.`.length);

const factColumns = (events: readonly RecordedEvent[]): readonly unknown[] => {
  const facts = events.map(({ data }) => data as InstitutionFacts);
  return [
    events.map(({ meta }) => meta.alliance),
    events.map(codeOf),
    facts.map(({ name }) => name ?? null),
    facts.map(({ nameEn }) => nameEn ?? null),
    facts.map(({ schoolCode }) => schoolCode ?? null),
    facts.map(({ province }) => province),
    facts.map(({ supervisor }) => supervisor),
    facts.map(({ city }) => city),
    facts.map(({ level }) => level),
    facts.map(({ remark }) => remark ?? null),
  ];
};

const factRows = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
  as given (alliance, code, name, name_en, school_code, province, supervisor, city, level, remark)`;

async function insertFacts(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `insert into ${schema}.institutions (alliance, code, name, name_en, school_code, province, supervisor, city, level, remark)
     select * from ${factRows}`,
    factColumns(events),
  );
}

async function updateFacts(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `update ${schema}.institutions as known set name_en = given.name_en, school_code = given.school_code, province = given.province,
       supervisor = given.supervisor, city = given.city, level = given.level, remark = given.remark
     from ${factRows} where known.alliance = given.alliance and known.code = given.code`,
    factColumns(events),
  );
}

const nameColumns = (events: readonly RecordedEvent[], field: 'name' | 'before'): readonly unknown[] => [
  events.map(({ meta }) => meta.alliance),
  events.map(codeOf),
  events.map(({ data }) => (data as Record<'name' | 'before', string>)[field]),
];

async function updateNames(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `update ${schema}.institutions as known set name = given.name
     from unnest($1::text[], $2::text[], $3::text[]) as given (alliance, code, name)
     where known.alliance = given.alliance and known.code = given.code`,
    nameColumns(events, 'name'),
  );
}

async function keepFormerNames(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `update ${schema}.institutions as known set former_names = known.former_names || given.names
     from (select alliance, code, array_agg(before order by place) as names
           from unnest($1::text[], $2::text[], $3::text[]) with ordinality as renamed (alliance, code, before, place)
           group by alliance, code) as given
     where known.alliance = given.alliance and known.code = given.code`,
    nameColumns(events, 'before'),
  );
}

export interface InstitutionRow {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly formerNames: readonly string[];
  readonly province: string;
  readonly city: string;
  readonly level: 'undergraduate' | 'vocational';
  readonly supervisor: string;
}

/** Institutions in the order of their codes, from the one after `after` on. A name also matches a former or an English one. */
export const findInstitutions = (
  sql: Sql,
  schema: string,
  asked: {
    readonly alliance: string;
    readonly name?: string;
    readonly province?: string;
    readonly level?: string;
    readonly after?: string;
    readonly limit: number;
  },
): Promise<readonly InstitutionRow[]> =>
  sql.query<InstitutionRow>(
    `select code, name, name_en as "nameEn", former_names as "formerNames", province, city, level, supervisor
     from ${schema}.institutions
     where alliance = $1 and code > $2 and ($3::text is null or province = $3) and ($4::text is null or level = $4)
       and ($5::text is null or strpos(lower(name || ' ' || coalesce(name_en, '') || ' ' || array_to_string(former_names, ' ')), lower($5)) > 0)
     order by code limit $6`,
    [asked.alliance, asked.after ?? '', asked.province ?? null, asked.level ?? null, asked.name ?? null, asked.limit],
  );

/** Who sits where, and until when. */
export const seatsView: View = {
  name: 'seats',
  version: 1,
  categories: ['organ'],

  async create(sql, schema) {
    await sql.query(`create table ${schema}.seats (
      seat text primary key, alliance text not null, organ text not null, scope text, person text not null, role text not null,
      institution text, seated_from timestamptz not null, seated_until timestamptz not null)`);
    await sql.query(`create index on ${schema}.seats (alliance, organ, scope)`);
    await sql.query(`create index on ${schema}.seats (person)`);
  },

  async apply(events, sql, schema) {
    const filled = events.filter(({ type }) => type === 'SeatFilled') as readonly RecordedEvent<
      Extract<OrganEvent, { type: 'SeatFilled' }>
    >[];
    const ended = events.filter(({ type }) => type === 'SeatEnded') as readonly RecordedEvent<
      Extract<OrganEvent, { type: 'SeatEnded' }>
    >[];
    await sql.query(
      `insert into ${schema}.seats
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])`,
      [
        filled.map(({ id }) => id),
        filled.map(({ meta }) => meta.alliance),
        filled.map((event) => addressOf(event)[0]),
        filled.map((event) => addressOf(event)[1] ?? null),
        filled.map(({ data }) => data.person),
        filled.map(({ data }) => data.role),
        filled.map(({ data }) => data.institution ?? null),
        filled.map(({ data }) => data.from),
        filled.map(({ data }) => data.until),
      ],
    );
    await sql.query(
      `update ${schema}.seats as held set seated_until = given.at
       from unnest($1::text[], $2::timestamptz[]) as given (seat, at) where held.seat = given.seat`,
      [ended.map(({ data }) => data.seat), ended.map(({ data }) => data.at)],
    );
  },
};

const addressOf = ({ stream, meta }: RecordedEvent): readonly (string | undefined)[] =>
  stream.slice(`organ-${meta.alliance}.`.length).split('.');

export interface SeatRow {
  readonly seat: string;
  readonly organ: string;
  readonly scope: string | null;
  readonly person: string;
  readonly role: SeatRole;
  readonly institution: string | null;
  readonly from: Date;
  readonly until: Date;
}

const seatColumns = `seat, organ, scope, person, role, institution, seated_from as "from", seated_until as "until"`;

/** Who sat in an alliance's organs at an instant (ISO 8601); in one organ, if told. */
export const seatsOn = (
  sql: Sql,
  schema: string,
  asked: { readonly alliance: string; readonly at: string; readonly organ?: string; readonly scope?: string },
): Promise<readonly SeatRow[]> =>
  sql.query<SeatRow>(
    `select ${seatColumns} from ${schema}.seats
     where alliance = $1 and seated_from <= $2 and $2 < seated_until and ($3::text is null or organ = $3) and ($4::text is null or scope = $4)
     order by organ, scope nulls first, array_position(array['chair', 'deputy', 'member'], role), seated_from, seat`,
    [asked.alliance, asked.at, asked.organ ?? null, asked.scope ?? null],
  );

/** The seats that a person holds at an instant (ISO 8601). */
export const seatsOf = (
  sql: Sql,
  schema: string,
  asked: { readonly alliance: string; readonly person: string; readonly at: string },
): Promise<readonly SeatRow[]> =>
  sql.query<SeatRow>(
    `select ${seatColumns} from ${schema}.seats
     where alliance = $1 and person = $2 and seated_from <= $3 and $3 < seated_until order by organ, scope nulls first, seat`,
    [asked.alliance, asked.person, asked.at],
  );
