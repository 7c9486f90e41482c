import pg from 'pg';
import { counted, nobodyVoted, type Size, type Vote, voteOf } from './ballot.js';

/**
 * The floor: what anybody would write by hand with `pg` and prepared statements, one transaction per command, nothing around it.
 */
export class RawLog {
  private readonly pool: pg.Pool;

  constructor(url: string, connections: number) {
    this.pool = new pg.Pool({ connectionString: url, max: connections });
    // A server that stops must not end the process before it has cleaned up.
    this.pool.on('error', () => undefined);
  }

  async create(): Promise<void> {
    await this.pool.query(`
      create table raw_event (
        position bigserial unique, stream text not null, version int not null, type text not null,
        data jsonb not null, meta jsonb not null, recorded_at timestamptz not null default now(),
        primary key (stream, version)
      )`);
  }

  /** `streams` streams of `length` votes each: `<name>-0`, `<name>-1`, … */
  async seed(name: string, streams: number, length: number, size: Size): Promise<void> {
    await this.pool.query(
      `insert into raw_event (stream, version, type, data, meta)
       select $1 || '-' || s, v, 'VoteCast', $2::jsonb, '{}' from generate_series(0, $3 - 1) s, generate_series(1, $4) v`,
      [name, voteOf(1, size), streams, length],
    );
    await this.pool.query('analyze raw_event');
  }

  /** One command: reads the stream, folds it, decides, appends one event at the next version. */
  async vote(stream: string, vote: Vote): Promise<void> {
    const { length } = await this.read(stream);
    await this.pool.query({
      name: 'append',
      text: 'insert into raw_event (stream, version, type, data, meta) values ($1, $2, $3, $4, $5) returning position',
      values: [stream, length + 1, 'VoteCast', vote, {}],
    });
  }

  async read(stream: string): Promise<{ readonly length: number }> {
    const { rows } = await this.pool.query<{ data: Vote }>({
      name: 'read',
      text: 'select version, type, data, meta from raw_event where stream = $1 order by version',
      values: [stream],
    });
    rows.reduce((tally, { data }) => counted(tally, data), nobodyVoted);
    return rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
