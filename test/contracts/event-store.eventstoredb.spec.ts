import { randomBytes } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { EventStoreDbEventStore } from '../../libs/kernel/event-store.eventstoredb.js';
import { EventStoreDbDouble } from '../support/eventstoredb-double/double.js';
import { notice } from '../support/notices.js';
import { StoreApart } from '../support/store-apart.js';
import { eventStoreContract } from './event-store.contract.js';

const url = process.env['EVENTSTORE_URL'];

if (url) {
  notice('event store contract: EventStoreDB ran on the server of EVENTSTORE_URL');
  eventStoreContract('EventStoreDB, a server', () =>
    StoreApart.open(new EventStoreDbEventStore(url), randomBytes(6).toString('hex')),
  );
} else {
  notice(
    'event store contract: EventStoreDB ran on the wire-level double; on a real server it DID NOT RUN (set EVENTSTORE_URL, for one esdb://localhost:2113?tls=false)',
  );
  const doubles: EventStoreDbDouble[] = [];
  afterAll(() => doubles.forEach((double) => double.stop()));
  eventStoreContract('EventStoreDB, the wire-level double', async () => {
    const double = await EventStoreDbDouble.start();
    doubles.push(double);
    return new EventStoreDbEventStore(double.url);
  });
}
