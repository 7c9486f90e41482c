import type { EventStore, Views } from '#kernel';
import type { OrderRecount } from '../calendar/calendar.messages.js';
import { casesView } from '../cases.view.js';
import type { Lookup } from './dispatcher.js';
import type { DueEffect } from './owed.js';

/** So many are named at once; those behind them, next. */
const atOnce = 1_000;

const orderOf = ({ command }: DueEffect): Pick<OrderRecount, 'after'> => command.data as Pick<OrderRecount, 'after'>;

const slice = (ids: readonly string[]): Pick<OrderRecount, 'cases' | 'next'> => {
  const cases = ids.slice(0, atOnce);
  const last = cases.at(-1);
  return { cases, ...(ids.length > atOnce && last !== undefined ? { next: last } : {}) };
};

/** Cases of an alliance that have deadlines counted over a year without its holidays, from the view of cases. */
export const provisionalOf =
  (views: Views): Lookup =>
  async (effect, atLeast) => {
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ id: string }>(
          `select id from ${schema}."case" where alliance = $1 and provisional and id collate "C" > $2
           order by id collate "C" limit ${atOnce + 1}`,
          [effect.alliance, orderOf(effect).after ?? ''],
        ),
      atLeast,
    );
    return { ...slice(rows.map(({ id }) => id)) };
  };

/** As `provisionalOf`, from the log itself: for simulation and for proof. */
export const provisionalInLog =
  (store: EventStore): Lookup =>
  async (effect) => {
    const found = new Set<string>();
    for (let after = 0n; ;) {
      const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
      for (const { stream, data, meta } of events)
        if (meta.alliance === effect.alliance && 'unannounced' in (data as object)) found.add(stream.slice('case-'.length));
      if (through === after) break;
      after = through;
    }
    const { after: last = '' } = orderOf(effect);
    return { ...slice([...found].filter((id) => id > last).toSorted()) };
  };
