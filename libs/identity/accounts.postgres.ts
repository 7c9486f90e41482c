import { hash, verify } from '@node-rs/argon2';
import { DatabaseError } from 'pg';
import type { Clock, Sql } from '#kernel';
import { Attempts } from './attempts.postgres.js';
import { badInvitation, badLogin, linkedElsewhere, loginTaken, weakPassword, wrongCredentials } from './refusals.js';
import { hashOf, isToken, newToken } from './secrets.js';

/** OWASP's first choice for argon2id (the package's default algorithm): 19 MiB, two passes, one lane. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const invitationLifetimeMs = 7 * 24 * 3_600_000;

/** One-time, and shown once: only its hash is kept. */
export interface Invitation {
  readonly token: string;
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number;
}

/**
 * Who may sign in as whom: local accounts, links to university accounts, and the invitations that lead to either.
 *
 * An account is made, and its password set again, by an invitation only. There is no default password and no other way in.
 */
export class Accounts {
  /** Checked where there is no account, so that an unknown name takes as long as a wrong password. */
  private readonly nobody = hash(newToken(), argon2);

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly attempts: Attempts,
  ) {}

  /** A new invitation; an earlier one of the same person no longer works. */
  async invite(person: string): Promise<Invitation> {
    const token = newToken();
    const expiresAt = this.clock.now() + invitationLifetimeMs;
    await this.sql.query(
      `INSERT INTO identity.invitation (token_hash, person, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (person) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
      [hashOf(token), person, new Date(expiresAt)],
    );
    return { token, expiresAt };
  }

  /**
   * Sets name and password of the invited person, uses the invitation up and ends the person's sessions, in one step.
   *
   * @returns the person
   * @throws DomainError identity.invitation-used, bad-login, weak-password, login-taken
   */
  async setPassword(invitation: string, login: string, password: string): Promise<string> {
    const name = plainLogin(login);
    requireStrength(name, password);
    // A bad token must not cost a hash.
    if (!isToken(invitation) || (await this.invited(hashOf(invitation))) === undefined) throw badInvitation();
    const encoded = await hash(password.normalize('NFKC'), argon2);
    const rows = await this.sql
      .query<{ person: string }>(
        `WITH used AS (DELETE FROM identity.invitation WHERE token_hash = $1 AND expires_at > $2 RETURNING person),
           ended AS (DELETE FROM identity.session USING used WHERE session.person = used.person)
         INSERT INTO identity.account (person, login, password, set_at) SELECT person, $3, $4, $2 FROM used
         ON CONFLICT (person) DO UPDATE SET login = excluded.login, password = excluded.password, set_at = excluded.set_at
         RETURNING person`,
        [hashOf(invitation), new Date(this.clock.now()), name, encoded],
      )
      .catch(refuseTakenLogin);
    if (rows[0] === undefined) throw badInvitation();
    return rows[0].person;
  }

  /**
   * The person with this name and password.
   *
   * @throws DomainError identity.wrong-credentials, the same and as slowly for a name that nobody has; identity.too-many-attempts
   */
  async personWith(login: string, password: string, address: string): Promise<string> {
    const name = comparable(login);
    await this.attempts.begin(name, address);
    const rows = await this.sql.query<{ person: string; password: string }>(
      `SELECT person, password FROM identity.account WHERE login = $1`,
      [name],
    );
    const matches = await verify(rows[0]?.password ?? (await this.nobody), password.normalize('NFKC'));
    if (rows[0] === undefined || !matches) throw wrongCredentials();
    await this.attempts.succeeded(name, address);
    return rows[0].person;
  }

  /** The person whom this account of this issuer was linked to by an invitation; the same subject of another issuer is another account. */
  async personLinkedTo(issuer: string, subject: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ person: string }>(
      `SELECT person FROM identity.oidc_link WHERE issuer = $1 AND subject = $2`,
      [issuer, subject],
    );
    return rows[0]?.person;
  }

  /**
   * Links a university account to the invited person and uses the invitation up.
   *
   * @param invitation - the hash of its token
   * @throws DomainError identity.invitation-used; identity.linked-elsewhere where the account is somebody else's
   */
  async link(invitation: Buffer, issuer: string, subject: string): Promise<string> {
    const invited = await this.invited(invitation);
    if (invited === undefined) throw badInvitation();
    const holder = await this.personLinkedTo(issuer, subject);
    if (holder !== undefined && holder !== invited) throw linkedElsewhere();
    const rows = await this.sql.query<{ person: string }>(
      `WITH used AS (DELETE FROM identity.invitation WHERE token_hash = $1 AND expires_at > $2 RETURNING person)
       INSERT INTO identity.oidc_link AS known (issuer, subject, person, linked_at) SELECT $3, $4, person, $2 FROM used
       ON CONFLICT (issuer, subject) DO UPDATE SET linked_at = excluded.linked_at WHERE known.person = excluded.person
       RETURNING person`,
      [invitation, new Date(this.clock.now()), issuer, subject],
    );
    if (rows[0] === undefined) throw badInvitation();
    return rows[0].person;
  }

  /** Removes every way in that a person has. Twice is once. */
  async forget(person: string): Promise<void> {
    for (const table of ['account', 'invitation', 'oidc_link']) {
      await this.sql.query(`DELETE FROM identity.${table} WHERE person = $1`, [person]);
    }
  }

  /** Removes invitations that have expired. */
  async sweep(): Promise<void> {
    await this.sql.query(`DELETE FROM identity.invitation WHERE expires_at <= $1`, [new Date(this.clock.now())]);
  }

  private async invited(invitation: Buffer): Promise<string | undefined> {
    const rows = await this.sql.query<{ person: string }>(
      `SELECT person FROM identity.invitation WHERE token_hash = $1 AND expires_at > $2`,
      [invitation, new Date(this.clock.now())],
    );
    return rows[0]?.person;
  }
}

/** One spelling per name: full-width and half-width, upper and lower case are the same name. */
const comparable = (login: string): string => login.normalize('NFKC').trim().toLowerCase();

function plainLogin(login: string): string {
  const name = comparable(login);
  if (!/^[\p{L}\p{N}._@+-]{3,64}$/u.test(name)) throw badLogin();
  return name;
}

function requireStrength(login: string, password: string): void {
  const characters = Array.from(password.normalize('NFKC'));
  const tooPlain = new Set(characters).size < 5 || characters.join('').toLowerCase().includes(login);
  if (characters.length < 12 || characters.length > 128 || tooPlain) throw weakPassword();
}

function refuseTakenLogin(failure: unknown): never {
  throw failure instanceof DatabaseError && failure.constraint === 'account_login_key' ? loginTaken() : failure;
}
