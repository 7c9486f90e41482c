import type { Quota } from './ranking/ranking.stage.js';
import type { Sql, Text } from '#kernel';
import type { Case } from './case.state.js';
import type { Pinned } from './definition.js';
import type { Stretch } from './place.js';
import { Bound, conditionOf } from './search/compile.js';
import { lexiconOf, noNames } from './search/lexicon.js';
import { parseSearch } from './search/parse.js';

/**
 * What someone may see of a round, as keys of `CaseRow.audience` and task holders.
 *
 * Every list, count and search goes through it: a case that is kept from someone changes none of them.
 */
export interface Sight {
  readonly alliance: string;
  readonly person: string;
  /** `public`, `person:…`, `copied:…`, and for every power held `power:…` and, where it has one, `power:…:<scope>`. */
  readonly keys: readonly string[];
  /** `moe_code` of every institution that employs the person: its cases are kept from reviewers and deciders. */
  readonly employers: readonly string[];
}

/** One case in a list. Instants are ISO 8601 UTC. */
export interface CaseListed {
  readonly id: string;
  readonly round: string;
  readonly number: string;
  readonly title: string;
  readonly kind: string | null;
  /** Empty, as name and province, where its reviewer may not know whose it is. */
  readonly institution: string;
  readonly institutionName: string;
  readonly province: string;
  /** The open stage that it came to first, or its end; for a task, the stage that it belongs to. */
  readonly stage: string;
  /** Every open stage, or the end. */
  readonly stages: readonly string[];
  readonly status: 'open' | 'ended';
  readonly outcome: string | null;
  readonly submittedAt: Date;
  readonly dueAt: Date | null;
  /** Of a sub-case: its name in the definition, and the case that gave rise to it. */
  readonly subcase: string | null;
  readonly parent: string | null;
  readonly parentNumber: string | null;
}

export interface TaskListed extends CaseListed {
  readonly act: string;
  readonly taskDueAt: Date | null;
}

export interface RoundListed {
  readonly id: string;
  readonly title: Text;
  readonly definition: Pinned;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly zone: string;
  readonly status: 'open' | 'closed';
}

const columns = (institution: string, name: string, province: string, due: string, stage = 'c.stage'): string =>
  `c.id, c.round, c.number, c.title, c.kind, ${institution} as institution, ${name} as "institutionName", ${province} as province,
  ${stage} as stage, c.stages, c.status, c.outcome, c.submitted_at as "submittedAt", ${due} as "dueAt",
  c.subcase, c.parent, c.parent_number as "parentNumber"`;

const shown = columns('c.institution', 'c.institution_name', 'c.province', 'c.due_at');
const shownAsSeen = columns('c.seen_institution', 'c.seen_name', 'c.seen_province', 'c.seen_due_at');
const shownAsTask = columns('c.seen_institution', 'c.seen_name', 'c.seen_province', 'c.seen_due_at', 't.stage');

/**
 * The cases as someone may see them in a list: whoever knows of one only as its blind reviewer is not told whose it is,
 * nor finds it by that (`knows`); what happens inside the procedure, and when it is due, is known to who runs it (`keeps`). $2 are their keys.
 */
export const seen = (schema: string): string => `(
  select given.*, knows, keeps,
    case when keeps then kept_due_at else due_at end as seen_due_at, case when keeps then kept_dues else dues end as seen_dues,
    case when knows then given.institution else '' end as seen_institution,
    case when knows then institution_name else '' end as seen_name, case when knows then given.province else '' end as seen_province
  from ${schema}."case" given, lateral (select not blind or published or exists (
    select 1 from unnest($2::text[]) as held (key) where key = any(audience) and key not like 'person:%'
      and not (key like 'copied:%' and blinding && $2::text[])) as knows) as blindness,
    lateral (select keeping && $2::text[] and not applicant = any($2::text[]) as keeps) as running)`;

/** `mayKnow` in SQL: the applicant's own office always; anyone else only where no conflict of interest stands in between. */
export const visible = `c.alliance = $1 and c.audience && $2::text[]
  and (c.applicant = any($2::text[]) or not (c.judging && $2::text[] and ($3 = any(c.barred) or c.institution = any($4::text[]))))`;

/** The values that `seen` and `visible` speak of: $1 to $4. */
export const seenBy = ({ alliance, keys, person, employers }: Sight): readonly unknown[] => [alliance, keys, person, employers];

export interface CasesAsked {
  readonly round?: string;
  /** In the language of searches: see `searchTerms`. */
  readonly search?: string;
  /** Only these. */
  readonly ids?: readonly string[];
  /** Only those that are found by one of these keys: those that were copied to somebody. */
  readonly by?: readonly string[];
  /** The id of the last case seen: the list goes on after it. */
  readonly after?: string;
  readonly limit: number;
  /** What `overdue` and `today` are measured by. */
  readonly now: Date;
}

/**
 * The cases that someone may see, in the order of their ids.
 *
 * @throws DomainError search.… where the search cannot be read; it says nothing of any case
 */
export async function listCases(sql: Sql, schema: string, sight: Sight, asked: CasesAsked): Promise<readonly CaseListed[]> {
  const { where, bound } = await found(sql, schema, sight, asked);
  const after = bound.bind(asked.after ?? null);
  return sql.query<CaseListed>(
    `select ${shownAsSeen} from ${seen(schema)} c where ${where} and (${after}::text is null or c.id > ${after})
     order by c.id limit ${bound.bind(asked.limit)}`,
    bound.values,
  );
}

/** How many cases such a list holds in all. @throws DomainError search.… */
export async function countFound(sql: Sql, schema: string, sight: Sight, asked: CasesAsked): Promise<number> {
  const { where, bound } = await found(sql, schema, sight, asked);
  const rows = await sql.query<{ n: number }>(`select count(*)::int as n from ${seen(schema)} c where ${where}`, bound.values);
  return rows[0]?.n ?? 0;
}

/** The wall and the search as one condition. */
async function found(
  sql: Sql,
  schema: string,
  sight: Sight,
  { round, search = '', ids, by, now }: CasesAsked,
): Promise<{ readonly where: string; readonly bound: Bound }> {
  const clauses = parseSearch(search);
  const bound = new Bound([...seenBy(sight)]);
  const lexicon = clauses.length === 0 ? noNames : await lexiconOf(sql, schema, sight.alliance);
  const conditions = [
    visible,
    ...(round === undefined ? [] : [`c.round = ${bound.bind(round)}`]),
    ...(ids === undefined ? [] : [`c.id = any(${bound.bind(ids)}::text[])`]),
    ...(by === undefined ? [] : [`c.audience && ${bound.bind(by)}::text[]`]),
    ...clauses.map((clause) => conditionOf(clause, { bound, lexicon, schema, now })),
  ];
  return { where: conditions.join(' and '), bound };
}

/**
 * How many of the cases that someone may see stand at each stage or end; one that stands at several counts at each.
 * Sub-cases have stages of their own and are left out.
 */
export const countCases = (
  sql: Sql,
  schema: string,
  sight: Sight,
  round: string,
  now: Date,
): Promise<
  readonly { readonly stage: string; readonly status: 'open' | 'ended'; readonly cases: number; readonly overdue: number }[]
> =>
  sql.query(
    `select at.stage, c.status, count(*)::int as cases, count(*) filter (where c.status = 'open' and at.due < $6)::int as overdue
     from ${seen(schema)} c, unnest(c.stages, c.seen_dues) as at (stage, due)
     where ${visible} and c.round = $5 and c.parent is null group by at.stage, c.status order by at.stage`,
    [...seenBy(sight), round, now],
  );

/** What someone has to do, the most urgent first; the place of a task is its day, and its case, stage and act in a row. */
export const listTasks = (sql: Sql, schema: string, sight: Sight, { after, limit }: Stretch): Promise<readonly TaskListed[]> =>
  sql.query<TaskListed>(
    `select ${shownAsTask}, t.act, t.due_at as "taskDueAt" from ${schema}.task t join ${seen(schema)} c on c.id = t.case_id
     where t.holder = any($2::text[]) and ${visible}
       and ($5::timestamptz is null or (coalesce(t.due_at, 'infinity'), concat_ws(' ', c.id, t.stage, t.act)) > ($5, $6::text))
     order by coalesce(t.due_at, 'infinity'), concat_ws(' ', c.id, t.stage, t.act) limit $7`,
    [...seenBy(sight), after?.at ?? null, after?.id ?? null, limit],
  );

/** What anyone may know: cases that are or were made public, and nothing of their review. */
export const listPublished = (
  sql: Sql,
  schema: string,
  asked: { readonly alliance: string; readonly round?: string; readonly after?: string; readonly limit: number },
): Promise<readonly CaseListed[]> =>
  sql.query<CaseListed>(
    `select ${shown} from ${schema}."case" c where c.alliance = $1 and c.published and ($2::text is null or c.round = $2)
       and ($3::text is null or c.id > $3) order by c.id limit $4`,
    [asked.alliance, asked.round ?? null, asked.after ?? null, asked.limit],
  );

const roundColumns = 'id, title, definition, opens_at as "opensAt", closes_at as "closesAt", zone, status';

/** The rounds of an alliance, the latest to open first. */
export const listRounds = (
  sql: Sql,
  schema: string,
  alliance: string,
  { after, limit }: Stretch,
): Promise<readonly RoundListed[]> =>
  sql.query<RoundListed>(
    `select ${roundColumns} from ${schema}.round
     where alliance = $1 and ($2::timestamptz is null or opens_at < $2 or opens_at = $2 and id > $3)
     order by opens_at desc, id limit $4`,
    [alliance, after?.at ?? null, after?.id ?? null, limit],
  );

/** A round of an alliance by its id. */
export async function findRound(sql: Sql, schema: string, alliance: string, id: string): Promise<RoundListed | undefined> {
  const rows = await sql.query<RoundListed>(`select ${roundColumns} from ${schema}.round where alliance = $1 and id = $2`, [
    alliance,
    id,
  ]);
  return rows[0];
}

export interface DefinitionListed {
  readonly id: string;
  readonly version: number;
  readonly title: Text;
  readonly zone: string;
  readonly utcOffsetMinutes: number;
  /** How long applications are taken where a round does not say. */
  readonly submissionWorkingDays: number;
  /** Days that a round may set for itself. */
  readonly dates: readonly { readonly id: string; readonly title: Text; readonly date: string }[];
  /** Stages with quotas that a round may set for itself. */
  readonly rankings: readonly { readonly id: string; readonly title: Text; readonly quotas: readonly Quota[] }[];
}

/** Every version of a workflow that an alliance has adopted, the latest of each first. */
export const listDefinitions = (sql: Sql, schema: string, alliance: string): Promise<readonly DefinitionListed[]> =>
  sql.query<DefinitionListed>(
    `select id, version, body->'title' as title, body->'round'->>'zone' as zone,
       (body->'round'->>'utcOffsetMinutes')::int as "utcOffsetMinutes",
       (body->'round'->'submission'->>'workingDays')::int as "submissionWorkingDays",
       coalesce(body->'round'->'dates', '[]') as dates,
       jsonb_path_query_array(body, '$.stages[*] ? (@.kind == "ranking")') as rankings
     from ${schema}.definition where alliance = $1 order by id, version desc limit 200`,
    [alliance],
  );

/**
 * The open applications of a round by their entries, in the order of their numbers.
 *
 * @param sight - whose; every one of them for whoever runs the installation
 */
export async function openCases(sql: Sql, schema: string, round: string, sight?: Sight): Promise<ReadonlyMap<string, Case>> {
  const own = sight === undefined ? [] : seenBy(sight);
  const rows = await sql.query<{ id: string; state: Case }>(
    `select c.id, c.state from ${schema}."case" c where c.round = $${own.length + 1} and c.status = 'open' and c.parent is null
       ${sight === undefined ? '' : `and ${visible}`} order by c.number`,
    [...own, round],
  );
  return new Map(rows.map(({ id, state }) => [id.slice(round.length + 1), state]));
}

export interface ApplicationIn {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
  readonly state: Case;
}

/** The applications of a round in the order of their ids, from the one after `after` on. Not filtered: for who may know of them all. */
export const applicationsIn = (
  sql: Sql,
  schema: string,
  round: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly ApplicationIn[]> =>
  sql.query<ApplicationIn>(
    `select id, number, title, institution_name as "institutionName", state from ${schema}."case"
     where round = $1 and parent is null and id > $2 order by id limit $3`,
    [round, after, limit],
  );
