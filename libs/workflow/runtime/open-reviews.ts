import { type EventStore, evolved, type Views } from '#kernel';
import { caseDecider } from '../case.decider.js';
import { type CaseState, initialCase } from '../case.state.js';
import { casesView } from '../cases.view.js';
import { reviewersOwing } from '../owed-reviews.js';
import type { Loads } from './dispatcher.js';

/** Counts the reviews that each person still owes in the round of the case that asks, from the view of cases. */
export const openReviews =
  (views: Views): Loads =>
  async ({ cause }, atLeast) => {
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ person: string; reviews: number }>(
          `select person, count(*)::int as reviews
           from ${schema}."case" own join ${schema}."case" c on c.round = own.round cross join unnest(c.reviewing) as person
           where own.id = $1 group by person`,
          [cause.stream.slice('case-'.length)],
        ),
      atLeast,
    );
    return Object.fromEntries(rows.map(({ person, reviews }) => [person, reviews]));
  };

/** As `openReviews`, from the log itself: for simulation and for proof. */
export function openReviewsInLog(store: EventStore): Loads {
  const states = new Map<string, CaseState>();
  let through = 0n;
  const follow = async (): Promise<void> => {
    for (;;) {
      const { events, through: next } = await store.readAll(through, { limit: 1_000, categories: ['case'] });
      for (const event of events)
        states.set(event.stream, evolved(caseDecider, states.get(event.stream) ?? initialCase, event) as CaseState);
      if (next === through) return;
      through = next;
    }
  };
  return async ({ cause }) => {
    await follow();
    const own = roundOf(states.get(cause.stream));
    const counts: Record<string, number> = {};
    for (const state of states.values())
      if (roundOf(state) === own) for (const person of reviewersOwing(state)) counts[person] = (counts[person] ?? 0) + 1;
    return counts;
  };
}

const roundOf = (state: CaseState = initialCase): string | undefined => (state.status === 'none' ? undefined : state.round);
