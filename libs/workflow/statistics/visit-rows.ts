import type { Sql } from '#kernel';
import type { Case, Visit } from '../case.state.js';
import { workingTime } from '../deadline.js';
import { type Definition, stageOf } from '../definition.js';
import { dueOf } from '../search/due.js';

/** One visit of a case to a stage, as statistics count it: a row for each, however many are open at once. */
export interface VisitRow {
  readonly stage: string;
  readonly visit: number;
  readonly enteredAt: string;
  readonly dueAt?: string;
  /** Whether something of it was reported late. */
  readonly late: boolean;
  /** How often it was returned for correction. */
  readonly returned: number;
  readonly left?: { readonly at: string; readonly outcome: string; readonly workedMs: number };
}

/** The visits of a case. What was open when the case ended was left then, to the end that the case came to. */
export function visitRows(definition: Definition, { visits, end }: Case): readonly VisitRow[] {
  return visits.map((visit) => {
    const { stage, visit: number, enteredAt } = visit;
    const dueAt = visit.left === undefined ? dueOf(stageOf(definition, stage), visit) : visit.dueAt;
    const left = visit.left ?? (end === undefined ? undefined : { at: end.at, outcome: end.outcome });
    return {
      stage,
      visit: number,
      enteredAt,
      ...(dueAt === undefined ? {} : { dueAt }),
      late: isLate(visit),
      returned: visit.kind === 'check' ? visit.corrections.length : 0,
      ...(left === undefined
        ? {}
        : {
            left: {
              at: left.at,
              outcome: left.outcome,
              workedMs: workingTime(definition, Date.parse(enteredAt), Date.parse(left.at)),
            },
          }),
    };
  });
}

const isLate = (visit: Visit): boolean =>
  visit.overdue.length > 0 || (visit.kind === 'panel' && visit.assignments.some(({ escalated }) => escalated));

export const createVisits = async (sql: Sql, schema: string): Promise<void> => {
  await sql.query(`create table ${schema}.visit (
    case_id text not null, stage text not null, visit int not null, entered_at timestamptz not null, due_at timestamptz,
    late boolean not null, returned int not null, left_at timestamptz, outcome text, worked_ms bigint,
    primary key (case_id, stage, visit))`);
};

/** Writes the visits of cases anew. */
export async function writeVisits(
  cases: readonly { readonly id: string; readonly visits: readonly VisitRow[] }[],
  sql: Sql,
  schema: string,
): Promise<void> {
  const rows = cases.flatMap(({ id, visits }) => visits.map((visit) => ({ id, ...visit })));
  await sql.query(`delete from ${schema}.visit where case_id = any($1::text[])`, [cases.map(({ id }) => id)]);
  await sql.query(
    `insert into ${schema}.visit select * from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[],
       $6::boolean[], $7::int[], $8::timestamptz[], $9::text[], $10::bigint[])`,
    [
      rows.map(({ id }) => id),
      rows.map(({ stage }) => stage),
      rows.map(({ visit }) => visit),
      rows.map(({ enteredAt }) => enteredAt),
      rows.map(({ dueAt }) => dueAt ?? null),
      rows.map(({ late }) => late),
      rows.map(({ returned }) => returned),
      rows.map(({ left }) => left?.at ?? null),
      rows.map(({ left }) => left?.outcome ?? null),
      rows.map(({ left }) => left?.workedMs ?? null),
    ],
  );
}
