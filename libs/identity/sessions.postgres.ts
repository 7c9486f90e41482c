import { randomUUID } from 'node:crypto';
import type { Clock, Sql } from '#kernel';
import { csrfTokenOf } from './door.js';
import { hashOf, isToken, newToken } from './secrets.js';
import { ShortCache } from './short-cache.js';

/** A session ends when it has not been used for so long. */
export const idleMs = 30 * 60_000;
/** A session ends so long after the sign-in, however busy. */
export const longestMs = 12 * 3_600_000;

export type SignInMethod = 'password' | 'oidc' | 'demonstration';

export interface Session {
  /** Names the session without opening it. */
  readonly id: string;
  readonly person: string;
  readonly method: SignInMethod;
  /** Milliseconds since 1970 UTC. */
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  /** The browser, as it called itself at sign-in. */
  readonly agent: string;
}

/** A session to whoever has its token. */
export interface OpenSession extends Session {
  /** What a page sends along with every write of the session. */
  readonly csrfToken: string;
}

interface Row {
  id: string;
  person: string;
  method: SignInMethod;
  agent: string;
  signed_in_at: Date;
  last_seen_at: Date;
}

const columns = 'id, person, method, agent, signed_in_at, last_seen_at';
const sessionOf = (row: Row): Session => ({
  id: row.id,
  person: row.person,
  method: row.method,
  agent: row.agent,
  signedInAt: row.signed_in_at.getTime(),
  lastSeenAt: row.last_seen_at.getTime(),
});

/**
 * Sessions: opaque tokens, of which the database knows the hash. In PostgreSQL and not in Redis: a flush must neither sign everybody
 * out nor bring an ended session back.
 *
 * A session that was ended opens nothing at once in this process and within two seconds in others. Whether its person may
 * act, `Identity` asks at every request.
 */
export class Sessions {
  private readonly cache: ShortCache<OpenSession>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    /** Whether a person is registered, and neither disabled nor erased. */
    private readonly mayAct: (person: string) => Promise<boolean>,
  ) {
    this.cache = new ShortCache(clock);
  }

  /** A new session under a new token, which is told once. */
  async start(
    person: string,
    method: SignInMethod,
    agent = '',
  ): Promise<{ readonly token: string; readonly session: OpenSession }> {
    const token = newToken();
    const now = this.clock.now();
    const rows = await this.sql.query<Row>(
      `INSERT INTO identity.session (token_hash, id, person, method, agent, signed_in_at, last_seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING ${columns}`,
      [hashOf(token), randomUUID(), person, method, agent.slice(0, 200), new Date(now)],
    );
    return { token, session: { ...sessionOf(rows[0] as Row), csrfToken: csrfTokenOf(token) } };
  }

  /** The living session of a token, which thereby has been used; undefined for any other text. */
  async find(token: string): Promise<OpenSession | undefined> {
    if (!isToken(token)) return undefined;
    const session = await this.cache.get(token, () => this.touch(token));
    return session !== undefined && this.clock.now() < session.signedInAt + longestMs ? session : undefined;
  }

  /** Whether a session lives, by its id. Not a use of it. */
  async lives(id: string): Promise<boolean> {
    const now = this.clock.now();
    const rows = await this.sql.query(`SELECT FROM identity.session WHERE id = $1 AND last_seen_at > $2 AND signed_in_at > $3`, [
      id,
      new Date(now - idleMs),
      new Date(now - longestMs),
    ]);
    return rows.length === 1;
  }

  /** The living sessions of a person, last used first. */
  async list(person: string): Promise<readonly Session[]> {
    const now = this.clock.now();
    const rows = await this.sql.query<Row>(
      `SELECT ${columns} FROM identity.session WHERE person = $1 AND last_seen_at > $2 AND signed_in_at > $3
       ORDER BY last_seen_at DESC LIMIT 100`,
      [person, new Date(now - idleMs), new Date(now - longestMs)],
    );
    return rows.map(sessionOf);
  }

  /** Ends the session of a token. Twice is once. */
  async end(token: string): Promise<void> {
    const rows = await this.sql.query<{ id: string }>(`DELETE FROM identity.session WHERE token_hash = $1 RETURNING id`, [
      hashOf(token),
    ]);
    this.cache.drop(({ id }) => id === rows[0]?.id);
  }

  /** Ends one of a person's sessions by its id. @returns whether there was one */
  async revoke(person: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(`DELETE FROM identity.session WHERE person = $1 AND id = $2 RETURNING id`, [person, id]);
    this.cache.drop((session) => session.id === id && session.person === person);
    return rows.length === 1;
  }

  /** Ends every session of a person. Twice is once. */
  async forget(person: string): Promise<void> {
    await this.sql.query(`DELETE FROM identity.session WHERE person = $1`, [person]);
    this.cache.drop((session) => session.person === person);
  }

  /** Removes sessions that have ended by time. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.sql.query(`DELETE FROM identity.session WHERE last_seen_at <= $1 OR signed_in_at <= $2`, [
      new Date(now - idleMs),
      new Date(now - longestMs),
    ]);
  }

  private async touch(token: string): Promise<OpenSession | undefined> {
    const now = this.clock.now();
    const rows = await this.sql.query<Row>(
      `UPDATE identity.session SET last_seen_at = greatest(last_seen_at, $2)
       WHERE token_hash = $1 AND last_seen_at > $3 AND signed_in_at > $4 RETURNING ${columns}`,
      [hashOf(token), new Date(now), new Date(now - idleMs), new Date(now - longestMs)],
    );
    if (rows[0] === undefined || !(await this.mayAct(rows[0].person))) return undefined;
    return { ...sessionOf(rows[0]), csrfToken: csrfTokenOf(token) };
  }
}
