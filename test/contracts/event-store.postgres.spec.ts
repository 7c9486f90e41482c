import { afterAll, beforeAll } from '@jest/globals';
import { freshLog, type TestLog } from '../support/postgres-log.js';
import { eventStoreContract } from './event-store.contract.js';

let log: TestLog;
beforeAll(async () => {
  log = await freshLog('contract');
});
afterAll(() => log.drop());

eventStoreContract('PostgreSQL', async () => {
  await log.clear();
  return log.open();
});
