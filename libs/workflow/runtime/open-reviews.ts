import type { Views } from '#kernel';
import { personKey } from '../case-row.js';
import { casesView } from '../cases.view.js';
import type { Loads } from './dispatcher.js';

/** Counts the reviews that each person still owes in the round of the case that asks, from the view of cases. */
export const openReviews =
  (views: Views): Loads =>
  async ({ cause }, atLeast) => {
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ holder: string; reviews: number }>(
          `select t.holder, count(*)::int as reviews
           from ${schema}."case" own join ${schema}."case" c on c.round = own.round join ${schema}.task t on t.case_id = c.id
           where own.id = $1 and t.act = 'review' and t.holder like 'person:%' group by t.holder`,
          [cause.stream.slice('case-'.length)],
        ),
      atLeast,
    );
    return Object.fromEntries(rows.map(({ holder, reviews }) => [holder.slice(personKey('').length), reviews]));
  };
