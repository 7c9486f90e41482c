import type { EventStore } from './event-store.js';
import type { EventStoreDbOptions } from './event-store.eventstoredb.js';

/**
 * Opens the log in EventStoreDB, and no connection yet. Its client is loaded here, because whoever keeps the log elsewhere need not
 * wait a fifth of a second for it at every start.
 *
 * @param connection - `esdb://…`: every node of the cluster, or its name for discovery
 */
export async function openEventStoreDb(connection: string, options?: EventStoreDbOptions): Promise<EventStore> {
  const { EventStoreDbEventStore } = await import('./event-store.eventstoredb.js');
  return new EventStoreDbEventStore(connection, options);
}
