import { afterAll } from '@jest/globals';
import { eventStoreContract } from './event-store.contract.js';
import { EventStoreDbEventStore } from '../../libs/kernel/event-store.eventstoredb.js';
import { EventStoreDbDouble } from '../support/eventstoredb-double/double.js';

const doubles: EventStoreDbDouble[] = [];
afterAll(() => doubles.forEach((double) => double.stop()));

eventStoreContract('EventStoreDB', async () => {
  const double = await EventStoreDbDouble.start();
  doubles.push(double);
  return new EventStoreDbEventStore(double.url);
});
