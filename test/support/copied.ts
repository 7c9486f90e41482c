import { envelopeOf, type EventStore, type RecordedEvent } from '#kernel';

/** Writes events of one log into another that holds what comes before them. */
export async function copied(events: readonly RecordedEvent[], store: EventStore): Promise<void> {
  for (const event of events)
    await store.append({ stream: event.stream, expectedLength: event.revision, events: [envelopeOf(event)] });
}
