import type { EventStore, Views } from '#kernel';
import { casesView } from '../cases.view.js';
import type { Lookup } from './dispatcher.js';
import type { DueEffect } from './owed.js';

/** `<alliance>.<slug>` of the round that asks. */
const roundOf = ({ cause }: DueEffect): string => cause.stream.slice('round-'.length);

/** The entries of all cases of the round that asks, from the view of cases. Final once the round has closed: it takes in no more. */
export const entrantsOf =
  (views: Views): Lookup =>
  async (effect, atLeast) => {
    const round = roundOf(effect);
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ id: string }>(`select id from ${schema}."case" where round = $1 and parent is null order by id`, [round]),
      atLeast,
    );
    return { entrants: rows.map(({ id }) => id.slice(round.length + 1)) };
  };

/** As `entrantsOf`, from the log itself: for simulation and for proof. */
export const entrantsInLog =
  (store: EventStore): Lookup =>
  async (effect) => {
    const round = roundOf(effect);
    const entrants: string[] = [];
    for (let after = 0n; ;) {
      const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
      for (const { type, stream } of events)
        if (type === 'CaseOpened' && stream.startsWith(`case-${round}.`)) entrants.push(stream.slice(`case-${round}.`.length));
      if (through === after) return { entrants: entrants.toSorted() };
      after = through;
    }
  };
