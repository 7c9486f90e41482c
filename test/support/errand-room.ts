import { migrate, openPool, runtimeRole, SystemClock } from '#kernel';
import { migrateQueue, type QueueAddress, workflowMigrations } from '../../libs/workflow/runtime/index.js';
import { PostgresEventStore } from '../../libs/kernel/event-store.postgres.js';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { Child } from '../faults/support/child.js';
import { childEnvironment } from '../faults/support/server.js';
import { type ErrandWorker, type ErrandWorkerOptions, startErrandWorker } from './errand-worker.js';
import { errandHandling } from './errands.js';
import { freshDatabase, type TestDatabase } from './postgres.js';
import type { RedisDatabase } from './redis.js';

export type Desk = Pick<ErrandWorker, 'handling'>;

/** A database and a queue with nothing in them, and workers on them. */
export class ErrandRoom {
  private workers: ErrandWorker[] = [];
  private readonly children: Child[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly queue: QueueAddress,
    private readonly redis: RedisDatabase | undefined,
  ) {}

  /** @param redis - empty, and nobody else's; the queue is in the database where absent */
  static async open(redis?: RedisDatabase): Promise<ErrandRoom> {
    const database = await freshDatabase('runtime');
    await migrate(database.url, [...logMigrations, ...workflowMigrations]);
    await migrateQueue(database.url);
    const queue: QueueAddress = redis === undefined ? { kind: 'postgres', url: database.url } : { kind: 'redis', url: redis.url };
    return new ErrandRoom(database, queue, redis);
  }

  get url(): string {
    return this.database.url;
  }

  worker(options: Partial<ErrandWorkerOptions> = {}): ErrandWorker {
    const started = startErrandWorker({ url: this.url, queue: this.queue, ...options });
    this.workers.push(started);
    return started;
  }

  /** Commands while nobody carries out what is owed. */
  async unattended(work: (desk: Desk) => Promise<unknown>): Promise<void> {
    const store = new PostgresEventStore(this.url, { role: runtimeRole });
    await work({ handling: errandHandling(store, new SystemClock()) });
    await store.close();
  }

  async stopped(one: ErrandWorker): Promise<void> {
    this.workers = this.workers.filter((other) => other !== one);
    await one.stop();
  }

  /** A worker in a process of its own. */
  async child(settings: Record<string, string> = {}): Promise<Child> {
    const own = { ERRAND_DATABASE: this.url, ERRAND_QUEUE: JSON.stringify(this.queue) };
    const started = Child.script('test/support/errand-worker.child.ts', [], { env: childEnvironment({ ...own, ...settings }) });
    this.children.push(started);
    await started.says(/started/);
    return started;
  }

  /** How many effects the queue knows of. */
  async queued(): Promise<number> {
    if (this.redis !== undefined) return (await this.redis.keys('*:effect.*')).filter((key) => !key.endsWith(':lock')).length;
    return this.querying(async (query) => {
      const [row] = await query<{ count: number }>('select count(*)::int as count from bullmq.job');
      return row?.count ?? 0;
    });
  }

  async wipeQueue(): Promise<void> {
    if (this.redis !== undefined) return this.redis.flush();
    await this.querying(async (query) => {
      const tables = await query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'`,
      );
      await query(`truncate ${tables.map(({ name }) => name).join(', ')} cascade`);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    for (const child of this.children) await child.end('SIGKILL');
    await this.redis?.flush();
    await this.database.drop();
  }

  private async querying<T>(work: (query: <R>(sql: string) => Promise<readonly R[]>) => Promise<T>): Promise<T> {
    const pool = openPool(this.url, { max: 1 });
    try {
      return await work(async (sql) => (await pool.query(sql)).rows as never);
    } finally {
      await pool.end();
    }
  }
}
