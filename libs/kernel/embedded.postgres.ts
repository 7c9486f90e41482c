import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import {
  type EmbeddedPostgresOptions,
  ensurePostgres,
  removeUnfinished,
  type RunningPostgres,
  stopPostgres,
} from './postmaster.postgres.js';

export { type EmbeddedPostgresOptions, ensurePostgres, type RunningPostgres, stopPostgres } from './postmaster.postgres.js';

/** Another live process owns the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  constructor(
    readonly dataDir: string,
    /** Of the owner, as it called itself. */
    readonly owner: string,
  ) {
    super(`${dataDir} is in use by ${owner}: stop that one first, or choose another DATA_DIR.`);
  }
}

/** Any number; held in the database of the cluster by its one owner. */
const OWNER_LOCK = 4_736_836_853;
/** A killed owner is noticed by the server as soon as the system closes its connection. */
const OWNER_GONE_WITHIN_MS = 3_000;
const RECOVERIES = { atMost: 5, withinMs: 60_000 };

/** An embedded server with this process as its one owner. */
export class EmbeddedPostgres {
  private stopping = false;
  private recovering: Promise<void> | undefined;
  private readonly recoveries: number[] = [];
  private giveUp: (error: Error) => void = () => undefined;

  /** Resolves when the server was lost and could not be brought back; never, as long as all is well. */
  readonly lost = new Promise<Error>((resolve) => (this.giveUp = resolve));

  private constructor(
    private readonly options: EmbeddedPostgresOptions,
    private running: RunningPostgres,
    private owner: Client,
  ) {
    this.watch();
  }

  /** @internal Use `startPostgres`. */
  static async started(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const { running, owner } = await taken(options);
    await removeUnfinished(options.dataDir);
    return new EmbeddedPostgres(options, running, owner);
  }

  /** Of the database `entente`, as its superuser, on 127.0.0.1; holds the password. The same after a recovery. */
  get url(): string {
    return this.running.url;
  }

  get port(): number {
    return this.running.port;
  }

  /** Of the postmaster; another one after a recovery. */
  get pid(): number {
    return this.running.pid;
  }

  /** Stops the server and waits until it is gone. A second call waits for the first. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.recovering;
    await this.owner.end().catch(() => undefined);
    await stopPostgres(this.options.dataDir);
  }

  /** One recovery after the other: a server may be lost again before the last one has quite ended. */
  private watch(): void {
    this.owner.once('end', () => {
      this.recovering = Promise.resolve(this.recovering).then(() => this.recovered());
    });
  }

  private async recovered(): Promise<void> {
    if (this.stopping) return;
    const { dataDir, log = () => undefined } = this.options;
    log(`The database in ${dataDir} went away; it is started again.`);
    try {
      this.countRecovery();
      ({ running: this.running, owner: this.owner } = await taken({ ...this.options, port: this.running.port }));
      this.watch();
    } catch (cause) {
      this.giveUp(new Error(`The database in ${dataDir} went away and could not be brought back.`, { cause }));
    }
  }

  private countRecovery(): void {
    const now = Date.now();
    this.recoveries.push(now);
    const recent = this.recoveries.filter((at) => at > now - RECOVERIES.withinMs).length;
    if (recent > RECOVERIES.atMost)
      throw new Error(`It went away ${String(recent)} times within ${String(RECOVERIES.withinMs / 1000)} s.`);
  }
}

/**
 * Starts the embedded PostgreSQL of a data folder and owns it: nobody else may, until `stop`.
 *
 * Runs as root (PostgreSQL then runs as another user) and as an ordinary user. A server left behind by a killed owner is
 * taken over, a killed server recovers, a half-made cluster is made again; a server that dies while it is owned is
 * started again on the same port.
 *
 * @throws DataFolderInUse when another live process owns the folder
 * @throws Error naming the cause when the cluster cannot be made or the server does not start
 */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.started(options);
}

/** The server found running may be the one that its last owner is just stopping: then there is another one to be had. */
async function taken(options: EmbeddedPostgresOptions, attempts = 5): Promise<{ running: RunningPostgres; owner: Client }> {
  const running = await ensurePostgres(options);
  try {
    return { running, owner: await owned(options, running.url) };
  } catch (error) {
    if (error instanceof DataFolderInUse || attempts === 1) throw error;
    return taken(options, attempts - 1);
  }
}

/** A lock of a connection cannot be left behind: it ends with its process, however that ends. */
async function owned(
  { dataDir, ownerGoneWithinMs = OWNER_GONE_WITHIN_MS }: EmbeddedPostgresOptions,
  url: string,
): Promise<Client> {
  const owner = new Client({ connectionString: url, application_name: `process ${String(process.pid)}`, keepAlive: true });
  owner.on('error', () => undefined);
  await owner.connect();
  const until = Date.now() + ownerGoneWithinMs;
  for (;;) {
    const { rows } = await owner.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [OWNER_LOCK]);
    if (rows[0]?.held) return owner;
    if (Date.now() >= until) break;
    await wait(50);
  }
  const { rows } = await owner.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = $1 AND granted`,
    [OWNER_LOCK],
  );
  await owner.end();
  throw new DataFolderInUse(dataDir, rows[0]?.name ?? 'another process');
}
