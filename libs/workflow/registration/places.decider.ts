import type { Decider } from '#kernel';
import type { PlacesCommand, PlacesEvent } from '../registration.messages.js';

/** The places of one event that were confirmed: the state of `places-<alliance>.<round>.<entry>`. */
export interface Places {
  /** Person by id of the registration: one who cancels and comes back waits anew. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Puts on record who has a place. Written by the engine only, a batch at a time; nobody who registers waits for it.
 *
 * It decides nothing: the order of the log does. What it is told, anyone can count again from the log up to `through`.
 */
export const placesDecider: Decider<PlacesCommand, PlacesEvent, Places> = {
  category: 'places',
  parts: [3, Infinity],
  permits: { SettlePlaces: 'operate-workflow' },
  initialState: { given: {} },

  decide({ data: { through = '0', entitled = [] } }, { given }) {
    const places = entitled
      .filter(({ registration }) => !Object.hasOwn(given, registration))
      .map(({ person, registration }) => ({ person, registration }));
    return places.length === 0 ? [] : [{ type: 'PlacesGiven', data: { through, places } }];
  },

  evolve: ({ given }, { data: { places } }) => ({
    given: { ...given, ...Object.fromEntries(places.map(({ person, registration }) => [registration, person])) },
  }),
};
