import type { Sql } from '#kernel';
import { china } from '../calendar/china.js';
import { isAnnounced } from '../calendar/working-days.js';
import { calendarIn } from '../cases.view.js';
import { seen, seenBy, type Sight, visible } from '../case-lists.js';

/** A stage of a round in numbers, over visits: a case that comes again counts again. Durations in milliseconds. */
export interface StageStatistics {
  readonly stage: string;
  readonly entered: number;
  readonly waiting: number;
  /** Of those that wait, how many are past their deadline. */
  readonly overdueNow: number;
  /** How many were late at some time, those that are now included. */
  readonly overdueEver: number;
  /** Returns for correction. */
  readonly returned: number;
  /** By outcome, how many left. */
  readonly left: Readonly<Record<string, number>>;
  /** Of those that left; null while none has. */
  readonly calendar: Durations | null;
  /** The same, counting working days only. */
  readonly working: Durations | null;
}

export interface Durations {
  readonly medianMs: number;
  /** Nine of ten took no longer. */
  readonly p90Ms: number;
}

/** What needs the attention of who runs a round, in cases. */
export interface Attention {
  readonly open: number;
  readonly overdue: number;
  readonly unassigned: number;
  readonly inquorate: number;
  readonly objected: number;
}

export interface RoundStatistics {
  readonly stages: readonly StageStatistics[];
  readonly attention: Attention;
  /** Deadlines that wait in years whose public holidays are not kept: they were counted by weekdays alone. */
  readonly unannounced: readonly { readonly year: number; readonly deadlines: number }[];
}

interface Row {
  readonly stage: string;
  readonly entered: number;
  readonly waiting: number;
  readonly overdueNow: number;
  readonly overdueEver: number;
  readonly returned: number;
  readonly calendar: readonly number[] | null;
  readonly working: readonly number[] | null;
}

const durationsOf = (both: readonly number[] | null): Durations | null => {
  const [medianMs, p90Ms] = both ?? [];
  return medianMs === undefined || p90Ms === undefined ? null : { medianMs: Math.round(medianMs), p90Ms: Math.round(p90Ms) };
};

/**
 * A round in numbers, over the cases whose procedure someone runs and may know of.
 *
 * For anyone else there is nothing in them; and who runs the procedure can read of each such case what they are made of, so no number,
 * however small, tells more than its cases do.
 */
export async function roundStatistics(
  sql: Sql,
  schema: string,
  sight: Sight,
  round: string,
  now: Date,
): Promise<RoundStatistics> {
  const values = [...seenBy(sight), round, now];
  const cases = `${seen(schema)} c where ${visible} and c.keeps and c.round = $5`;
  const visits = `select v.* from ${schema}.visit v join (select c.id from ${cases}) as own on own.id = v.case_id`;
  const durations = (measure: string): string =>
    `percentile_cont(array[0.5, 0.9]) within group (order by ${measure}) filter (where left_at is not null)`;
  const rows = await sql.query<Row>(
    `select stage, count(*)::int as entered, count(*) filter (where left_at is null)::int as waiting,
       count(*) filter (where left_at is null and due_at < $6)::int as "overdueNow",
       count(*) filter (where late or due_at < coalesce(left_at, $6))::int as "overdueEver", sum(returned)::int as returned,
       ${durations('extract(epoch from left_at - entered_at)::float8 * 1000')} as calendar,
       ${durations('worked_ms::float8')} as working
     from (${visits}) as visited group by stage order by stage`,
    values,
  );
  const left = await sql.query<{ stage: string; outcome: string; n: number }>(
    `select stage, outcome, count(*)::int as n from (${visits}) as visited where left_at is not null and $6::timestamptz is not null
     group by stage, outcome order by stage, outcome`,
    values,
  );
  const [attention] = await sql.query<Attention>(
    `select count(*)::int as open, count(*) filter (where c.seen_due_at < $6)::int as overdue,
       count(*) filter (where c.unassigned)::int as unassigned, count(*) filter (where c.inquorate)::int as inquorate,
       count(*) filter (where c.objected)::int as objected
     from ${cases} and c.status = 'open'`,
    values,
  );
  const years = await sql.query<{ year: number; deadlines: number }>(
    `select extract(year from (due_at - interval '1 millisecond') at time zone 'UTC' + d.ahead)::int as year, count(*)::int as deadlines
     from (${visits}) as visited, ${schema}.round r, lateral (
       select make_interval(mins => (body->'round'->>'utcOffsetMinutes')::int) as ahead from ${schema}.definition
       where alliance = r.alliance and id = r.definition->>'id' and version = (r.definition->>'version')::int) d
     where r.id = $5 and left_at is null and due_at >= $6 group by 1 order by 1`,
    values,
  );
  const calendar = await calendarIn(sql, schema, sight.alliance);
  return {
    stages: rows.map(({ calendar, working, ...row }) => ({
      ...row,
      left: Object.fromEntries(left.filter(({ stage }) => stage === row.stage).map(({ outcome, n }) => [outcome, n])),
      calendar: durationsOf(calendar),
      working: durationsOf(working),
    })),
    unannounced: years.filter(({ year }) => !isAnnounced(china, year) && calendar.years[year] === undefined),
    attention: attention ?? { open: 0, overdue: 0, unassigned: 0, inquorate: 0, objected: 0 },
  };
}
