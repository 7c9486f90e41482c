import pg from 'pg';
import { connectionTo } from './database.postgres.js';

const channel = 'entente_log';
const retryMs = 250;

/** How often other processes are told at most: a NOTIFY is a commit of its own. */
const intervalMs = 20;

/**
 * Tells other processes that the log has grown, and hears it from them, over one connection of its own.
 *
 * Never inside the transaction of an append: a NOTIFY there makes commits wait for each other. It is a doorbell only: while the
 * connection is down nothing is heard, and readers look for themselves.
 */
export class LogSignal {
  private client: pg.Client | undefined;
  private ready = false;
  private owed = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  /** The database's process behind the connection: it hears its own bell too. */
  private self: number | undefined;

  constructor(
    private readonly url: string,
    private readonly role: string | undefined,
    private readonly heard: () => void,
  ) {}

  /** Connects, and connects again for as long as it is open. Twice is once. */
  open(): void {
    if (this.client !== undefined || this.closed) return;
    // Losing a doorbell in a crash is harmless, so it need not wait for the disk.
    const settings = { synchronous_commit: 'off' };
    const client = new pg.Client(connectionTo(this.url, { ...(this.role === undefined ? {} : { role: this.role }), settings }));
    this.client = client;
    let isLost = false;
    // An error is followed by the end: one loss, one new connection.
    const lost = (): void => {
      if (isLost) return;
      isLost = true;
      this.ready = false;
      void client.end().catch(() => undefined);
      if (!this.closed) this.timer = setTimeout(() => this.reopen(), retryMs).unref();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ processId }) => {
      if (processId !== this.self) this.heard();
    });
    this.listen(client).catch(lost);
  }

  private reopen(): void {
    this.client = undefined;
    this.open();
  }

  private async listen(client: pg.Client): Promise<void> {
    await client.connect();
    await client.query(`listen ${channel}`);
    const { rows } = await client.query<{ self: number }>('select pg_backend_pid() as self');
    this.self = rows[0]?.self;
    this.ready = true;
    // What happened on the way here was heard by nobody.
    this.heard();
    if (this.owed) this.ring();
  }

  /** Rings at the other processes: at once, or at the end of the interval. */
  ring(): void {
    this.open();
    this.owed = true;
    if (!this.ready) return;
    this.ready = false;
    this.owed = false;
    const { client } = this;
    client?.query(`notify ${channel}`).then(
      () => {
        this.timer = setTimeout(() => this.rest(), intervalMs).unref();
      },
      () => undefined,
    );
  }

  private rest(): void {
    this.ready = true;
    if (this.owed) this.ring();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }
}
