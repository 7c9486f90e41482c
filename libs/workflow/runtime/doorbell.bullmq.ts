import { createPostgresBackend, createRedisBackend, type JobsOptions, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { connectionTo, runtimeRole, UnavailableError } from '#kernel';
import { type Bell, Doorbell } from './doorbell.js';

/** Where the queue lives. */
export type QueueAddress =
  { readonly kind: 'postgres'; readonly url: string; readonly role?: string } | { readonly kind: 'redis'; readonly url: string };

export interface BullDoorbellOptions {
  /** Bells answered at once in this process. */
  readonly concurrency: number;
  /** Hears of a queue that does not answer. Nothing is lost by it. */
  readonly report: (failure: unknown) => void;
}

const queueName = 'workflow-steps';
const answersWithinMs = 5_000;
/** Whoever dies while answering is found out within these; the ring is then another's. */
const recovery = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 1_000 };

/** Makes or updates the tables of the queue. Call it as the role that will use them. Safe to call at every start. */
export async function migrateQueue(url: string, role: string = runtimeRole): Promise<void> {
  const client = new pg.Client(connectionTo(url, { role }));
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

/** Whether a queue answers. @throws what it, or the way to it, complains of */
export async function tryQueue(address: QueueAddress): Promise<void> {
  let queue: Queue | undefined;
  try {
    await inTime(
      new Promise((resolve, reject) => {
        queue = queueAt(address, { report: reject });
        queue.waitUntilReady().then(resolve, reject);
      }),
    );
  } finally {
    // Not waited for: with a Redis that is away, BullMQ never hears of the end.
    queue?.disconnect().catch(() => undefined);
  }
}

interface Queue {
  waitUntilReady(): Promise<unknown>;
  addBulk(jobs: { name: string; data: Record<string, never>; opts: JobsOptions }[]): Promise<unknown>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

interface Worker {
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

/**
 * A doorbell on BullMQ: delayed jobs that hold nothing but an id. Each job goes as it is done, so that the same bell may be set again.
 */
export class BullDoorbell extends Doorbell {
  private readonly queue: Queue;
  private worker: Worker | undefined;

  constructor(
    private readonly address: QueueAddress,
    private readonly options: BullDoorbellOptions,
  ) {
    super();
    this.queue = queueAt(address, options);
  }

  override async set(bells: readonly Bell[]): Promise<void> {
    if (bells.length === 0) return;
    const now = Date.now();
    const jobs = bells.map(({ id, atMs }) => ({
      name: 'ring',
      data: {},
      opts: { jobId: id, delay: Math.max(0, atMs - now), removeOnComplete: true, removeOnFail: true },
    }));
    await inTime(this.queue.waitUntilReady().then(() => this.queue.addBulk(jobs)));
  }

  override answer(ring: (id: string) => Promise<void>): void {
    this.worker = workerAt(this.address, this.options, ring);
  }

  /** Where the queue does not answer, the rings under way are left to it. */
  override async close(): Promise<void> {
    try {
      await inTime(Promise.all([this.worker?.close(), this.queue.close()]));
    } catch (failure) {
      this.options.report(failure);
      // Ends the attempts to reconnect; but with a Redis that is away, BullMQ waits for ever to hear of the end.
      for (const part of [this.worker, this.queue]) part?.disconnect().catch(this.options.report);
    }
  }
}

function postgresConnection({ url, role = runtimeRole }: { readonly url: string; readonly role?: string }, max: number) {
  const { connectionString = url, options = '' } = connectionTo(url, { role });
  return { connectionString, options, max };
}

function queueAt(address: QueueAddress, { report }: Pick<BullDoorbellOptions, 'report'>): Queue {
  const queue =
    address.kind === 'postgres'
      ? new (withBackend(createPostgresBackend).Queue)(queueName, { connection: postgresConnection(address, 2) })
      : new (withBackend(createRedisBackend).Queue)(queueName, { connection: { url: address.url, enableOfflineQueue: false } });
  queue.on('error', report);
  return queue;
}

function workerAt(
  address: QueueAddress,
  { concurrency, report }: BullDoorbellOptions,
  ring: (id: string) => Promise<void>,
): Worker {
  const answer = ({ id }: { id?: string | undefined }): Promise<void> => (id === undefined ? Promise.resolve() : ring(id));
  const options = { ...recovery, concurrency, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
  const worker =
    address.kind === 'postgres'
      ? new (withBackend(createPostgresBackend).Worker)(queueName, answer, {
          ...options,
          connection: postgresConnection(address, 4),
        })
      : new (withBackend(createRedisBackend).Worker)(queueName, answer, { ...options, connection: { url: address.url } });
  worker.on('error', report);
  return worker;
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UnavailableError('the queue does not answer')), answersWithinMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
