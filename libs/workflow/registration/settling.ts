import { type EventStore, type RecordedEvent, UnavailableError, type Views } from '#kernel';
import type { Lookup } from '../runtime/dispatcher.js';
import { entitled, standingsOf } from './places.js';
import { entitledInView, registrationsView } from './registrations.view.js';

/** Counts the places of the event that an effect is for: from the view of registrations. */
export const placesFrom =
  (views: Views): Lookup =>
  async ({ command: { id } }, atLeast) => ({
    ...(await views.read(registrationsView, (sql, schema) => entitledInView(sql, schema, id), atLeast)),
  });

/** The same from the log itself, all of it: for simulations. */
export const placesFromLog =
  (store: EventStore): Lookup =>
  async ({ command: { id } }, atLeast) => {
    const events: RecordedEvent[] = [];
    let through = 0n;
    for (;;) {
      const slice = await store.readAll(through, { limit: 1_000, categories: ['registration'] });
      events.push(...slice.events);
      if (slice.through === through) break;
      through = slice.through;
    }
    if (through < atLeast) throw new UnavailableError('the log ends before what is to be counted');
    const due = entitled(standingsOf(id, events));
    return { through: String(through), entitled: due.map(({ person, registration }) => ({ person, registration })) };
  };
