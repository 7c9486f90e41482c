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
  private closed = false;
  private retry: NodeJS.Timeout | undefined;
  private trailing: NodeJS.Timeout | undefined;
  private lastSentMs = 0;

  constructor(
    private readonly url: string,
    private readonly role: string | undefined,
    private readonly heard: () => void,
  ) {}

  /** Connects, and connects again for as long as it is open. Twice is once. */
  open(): void {
    if (this.client !== undefined || this.closed) return;
    // Losing a doorbell in a crash is harmless, so it need not wait for the disk.
    const client = new pg.Client(
      connectionTo(this.url, {
        ...(this.role === undefined ? {} : { role: this.role }),
        settings: { synchronous_commit: 'off' },
      }),
    );
    this.client = client;
    const lost = (): void => {
      if (this.client !== client) return;
      this.client = undefined;
      void client.end().catch(() => undefined);
      if (!this.closed) this.retry = setTimeout(() => this.open(), retryMs).unref();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => this.heard());
    client
      .connect()
      .then(() => client.query(`listen ${channel}`), lost)
      .catch(lost);
  }

  /** Rings at the other processes: at once, or at the end of the interval. */
  ring(): void {
    this.open();
    if (this.trailing !== undefined || this.closed) return;
    const waitMs = this.lastSentMs + intervalMs - performance.now();
    if (waitMs <= 0) this.send();
    else this.trailing = setTimeout(() => this.send(), waitMs).unref();
  }

  private send(): void {
    this.trailing = undefined;
    this.lastSentMs = performance.now();
    this.client?.query(`notify ${channel}`).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    clearTimeout(this.trailing);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
