import type { RecordedEvent } from '#kernel';
import type { RegistrationEvent } from '../registration.messages.js';

/** A registration that stands, in the order of the log. */
export interface Standing {
  readonly person: string;
  /** Id of the event `Registered`. */
  readonly registration: string;
  readonly position: bigint;
  readonly places: number;
}

/** Who has a place by the order of the log and has not had it confirmed, and up to where the log was counted. */
export interface Settlement {
  readonly through: string;
  readonly entitled: readonly { readonly person: string; readonly registration: string }[];
}

/**
 * Registrations for one event that stand after these events, first come first: as many as there are places have one, the others wait.
 *
 * Nobody is ever overtaken: those before a registration only become fewer. So a place that was once due stays due until it is given up.
 *
 * @param events - of the streams of one event's registrations, in log order; others are passed over
 */
export function standingsOf(caseId: string, events: readonly RecordedEvent[]): readonly Standing[] {
  const standing = new Map<string, Standing>();
  for (const recorded of events) {
    if (!recorded.stream.startsWith(`registration-${caseId}.`)) continue;
    const event = { type: recorded.type, data: recorded.data } as RegistrationEvent;
    if (event.type === 'Registered') {
      const { person, places } = event.data;
      standing.set(recorded.id, { person, registration: recorded.id, position: recorded.position, places });
    }
    if (event.type === 'RegistrationCancelled') standing.delete(event.data.registration);
  }
  return [...standing.values()];
}

/** Those of them who have a place. */
export const entitled = (standings: readonly Standing[]): readonly Standing[] =>
  standings.filter(({ places }, index) => index < places);
