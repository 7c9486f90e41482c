import { migrate, openPool, runtimeRole } from '../../libs/kernel/database.postgres.js';
import { PostgresEventStore } from '../../libs/kernel/event-store.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { freshDatabase } from './postgres.js';

export interface TestLog {
  readonly url: string;
  /** A store as servers have it, under the runtime role. Close it yourself. */
  readonly open: () => PostgresEventStore;
  /** Empties the log, which only the owner can. */
  readonly clear: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

/** A log in a database of its own. */
export async function freshLog(name: string): Promise<TestLog> {
  const { url, drop } = await freshDatabase(name);
  await migrate(url, logMigrations);
  const owner = openPool(url, { max: 1 });
  return {
    url,
    open: () => new PostgresEventStore(url, { role: runtimeRole }),
    clear: async () => {
      await owner.query('truncate event');
    },
    drop: async () => {
      await owner.end();
      await drop();
    },
  };
}
