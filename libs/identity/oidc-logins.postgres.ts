import type { Clock, Sql } from '#kernel';
import { hashOf } from './secrets.js';

const lifetimeMs = 10 * 60_000;

/** Sign-ins that are away at a university: by the hash of a token that the browser holds, each good for one return within ten minutes. */
export class OidcLogins {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  async begin(token: string, provider: string, invitation: string | undefined): Promise<void> {
    await this.sql.query(
      `INSERT INTO identity.oidc_login (token_hash, provider, invitation_hash, expires_at) VALUES ($1, $2, $3, $4)`,
      [hashOf(token), provider, invitation === undefined ? null : hashOf(invitation), new Date(this.clock.now() + lifetimeMs)],
    );
  }

  /** The sign-in that this browser began with this provider, once. */
  async take(token: string, provider: string): Promise<{ readonly invitation?: Buffer } | undefined> {
    const rows = await this.sql.query<{ invitation_hash: Buffer | null }>(
      `DELETE FROM identity.oidc_login WHERE token_hash = $1 AND provider = $2 AND expires_at > $3 RETURNING invitation_hash`,
      [hashOf(token), provider, new Date(this.clock.now())],
    );
    if (rows[0] === undefined) return undefined;
    return rows[0].invitation_hash === null ? {} : { invitation: rows[0].invitation_hash };
  }

  /** Removes sign-ins that did not come back. */
  async sweep(): Promise<void> {
    await this.sql.query(`DELETE FROM identity.oidc_login WHERE expires_at <= $1`, [new Date(this.clock.now())]);
  }
}
