import type { RecordedEvent, Sql, Text, Vault, View, Views } from '#kernel';
import type { PersonDetails, PersonEvent } from './identity.messages.js';

interface Row {
  person: string;
  alliance: string | null;
  status: string | null;
  name: string | null;
  email: string | null;
  institution: string | null;
}

const blank = (person: string): Row => ({ person, alliance: null, status: null, name: null, email: null, institution: null });

function put(row: Row, { name, email, institution }: PersonDetails): void {
  row.name = name?.sealed ?? row.name;
  row.email = email?.sealed ?? row.email;
  row.institution = institution?.sealed ?? row.institution;
}

function fold(row: Row, event: PersonEvent): void {
  switch (event.type) {
    case 'PersonRegistered':
      row.alliance = event.data.alliance;
      row.status = 'active';
      return put(row, event.data);
    case 'PersonCorrected':
      return put(row, event.data);
    case 'PersonDisabled':
      row.status = 'disabled';
      return;
    case 'PersonEnabled':
      row.status = 'active';
      return;
    case 'PersonErased':
      Object.assign(row, { status: 'erased', name: null, email: null, institution: null });
      return;
    case 'PersonInvited':
      return;
  }
}

async function apply(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<void> {
  const rows = new Map<string, Row>();
  for (const event of events) {
    const row = rows.get(event.stream) ?? blank(event.stream);
    rows.set(event.stream, row);
    fold(row, { type: event.type, data: event.data } as PersonEvent);
  }
  const changes = [...rows.values()];
  await sql.query(
    `INSERT INTO ${schema}.people AS known (person, alliance, status, name, email, institution)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     ON CONFLICT (person) DO UPDATE SET
       alliance = coalesce(excluded.alliance, known.alliance),
       status = coalesce(excluded.status, known.status),
       name = CASE WHEN excluded.status = 'erased' THEN NULL ELSE coalesce(excluded.name, known.name) END,
       email = CASE WHEN excluded.status = 'erased' THEN NULL ELSE coalesce(excluded.email, known.email) END,
       institution = CASE WHEN excluded.status = 'erased' THEN NULL ELSE coalesce(excluded.institution, known.institution) END`,
    (['person', 'alliance', 'status', 'name', 'email', 'institution'] as const).map((column) =>
      changes.map((row) => row[column]),
    ),
  );
}

/** Who is known, by id and digest only: names stay in the vault, and are gone from every answer once they are gone from there. */
export const peopleView: View = {
  name: 'people',
  version: 1,
  categories: ['person'],
  create: async (sql, schema) => {
    await sql.query(
      `CREATE TABLE ${schema}.people (
         person text COLLATE "C" PRIMARY KEY, alliance text, status text, name text, email text, institution text)`,
    );
    await sql.query(`CREATE INDEX ON ${schema}.people (alliance, person)`);
  },
  apply,
};

/** A person with what the vault still holds of them; an erased person has no name. */
export interface PersonSeen {
  readonly person: string;
  readonly status: 'active' | 'disabled' | 'erased';
  readonly name?: Text;
  readonly email?: string;
  /** `moe_code` of the employer. */
  readonly institution?: string;
}

export interface PeoplePage {
  /** The last person of the page before. */
  readonly after?: string;
  /** At most 200. */
  readonly limit: number;
  /** Position that the answer must include. */
  readonly atLeast?: bigint;
}

/** The people that an alliance has registered, by id. */
export async function peopleOf(views: Views, vault: Vault, alliance: string, page: PeoplePage): Promise<readonly PersonSeen[]> {
  const rows = await views.read(
    peopleView,
    (sql, schema) =>
      sql.query<Row>(`SELECT * FROM ${schema}.people WHERE alliance = $1 AND person > $2 ORDER BY person LIMIT $3`, [
        alliance,
        page.after ?? '',
        Math.min(page.limit, 200),
      ]),
    page.atLeast,
  );
  return opened(rows, vault);
}

/** People by their ids, whatever their alliance: to put names beside ids that the reader may see. Unknown ids are left out. */
export async function peopleById(views: Views, vault: Vault, ids: readonly string[]): Promise<ReadonlyMap<string, PersonSeen>> {
  const rows = await views.read(peopleView, (sql, schema) =>
    sql.query<Row>(`SELECT * FROM ${schema}.people WHERE person = ANY($1::text[]) AND alliance IS NOT NULL`, [[...new Set(ids)]]),
  );
  return new Map((await opened(rows, vault)).map((seen) => [seen.person, seen]));
}

async function opened(rows: readonly Row[], vault: Vault): Promise<readonly PersonSeen[]> {
  const values = await vault.open(
    rows.flatMap(({ name, email, institution }) => [name, email, institution].filter((d) => d !== null)),
  );
  const field = (key: string, digest: string | null) => {
    const value = digest === null ? undefined : values.get(digest);
    return value === undefined ? {} : { [key]: value };
  };
  return rows.map(
    (row) =>
      ({
        person: row.person,
        status: row.status,
        ...field('name', row.name),
        ...field('email', row.email),
        ...field('institution', row.institution),
      }) as PersonSeen,
  );
}
