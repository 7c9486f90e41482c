import { hash, randomBytes } from 'node:crypto';
import type { Clock, Sql } from '#kernel';
import { isNetwork, knownAddress } from './addresses.js';
import type { DemonstrationSignIn } from './demonstration.js';
import { badKeyOrder } from './refusals.js';
import { hashOf } from './secrets.js';
import type { SignInMethod } from './sessions.postgres.js';
import { ShortCache } from './short-cache.js';

const longestMs = 366 * 24 * 3_600_000;
const mostKeys = 20;
const keyPattern = /^uak_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface KeyOrder {
  readonly alliance: string;
  /** What its owner calls it. */
  readonly name: string;
  /** Powers of the charter that it may use for its owner; none for a key that only reads. */
  readonly powers: readonly string[];
  /** The only network it may be used from. */
  readonly network?: string;
  /** Milliseconds since 1970 UTC, within a year. */
  readonly expiresAt: number;
}

/** A key as its owner sees it: everything but the key. */
export interface MachineKey extends KeyOrder {
  readonly id: string;
  /** On whose behalf it acts. */
  readonly person: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

interface Row {
  id: string;
  person: string;
  alliance: string;
  name: string;
  powers: string[];
  network: string | null;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
}

const columns = 'id, person, alliance, name, powers, network, created_at, expires_at, last_used_at';
const keyOf = (row: Row): MachineKey => ({
  id: row.id,
  person: row.person,
  alliance: row.alliance,
  name: row.name,
  powers: row.powers,
  ...(row.network === null ? {} : { network: row.network }),
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at.getTime() }),
});

/** 28 random bytes, and four that follow from them and the id: a mistyped key is told without a query, a leaked one found by scanners. */
const checked = (id: string, random: Buffer): string =>
  Buffer.concat([random, hash('sha256', `uak_${id}_${random.toString('base64url')}`, 'buffer').subarray(0, 4)]).toString(
    'base64url',
  );

function idIn(text: string): string | undefined {
  const [, id, secret] = keyPattern.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return checked(id, Buffer.from(secret, 'base64url').subarray(0, 28)) === secret ? id : undefined;
}

/**
 * Machine keys `uak_<id>_<43 characters>`: programs that act for a person, within some of that person's powers. The hash alone is kept.
 *
 * A revoked key opens nothing at once in this process and within two seconds in others. One that was made after one click ends with the
 * demonstration.
 */
export class MachineKeys {
  private readonly cache: ShortCache<MachineKey>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    /** Whether a person is registered, and neither disabled nor erased. */
    private readonly mayAct: (person: string) => Promise<boolean>,
    /** Undefined outside the demonstration. */
    private readonly demonstration?: DemonstrationSignIn,
  ) {
    this.cache = new ShortCache(clock);
  }

  /**
   * A new key, told once. Two may live side by side, so that one can replace the other.
   *
   * @param method - how its owner was signed in; absent where the operator makes it
   * @throws DomainError identity.bad-key-order
   */
  async issue(
    person: string,
    order: KeyOrder,
    method?: SignInMethod,
  ): Promise<{ readonly token: string; readonly key: MachineKey }> {
    const now = this.clock.now();
    if (!(order.expiresAt > now && order.expiresAt <= now + longestMs)) throw badKeyOrder({ expiresAt: order.expiresAt });
    if (order.network !== undefined && !isNetwork(order.network)) throw badKeyOrder({ network: order.network });
    const id = randomBytes(8).toString('hex');
    const token = `uak_${id}_${checked(id, randomBytes(28))}`;
    const rows = await this.sql.query<Row>(
      `INSERT INTO identity.machine_key (id, token_hash, person, alliance, name, powers, network, created_at, expires_at, method)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $11
       WHERE (SELECT count(*) FROM identity.machine_key WHERE person = $3 AND expires_at > $8) < $10 RETURNING ${columns}`,
      [
        ...[id, hashOf(token), person, order.alliance, order.name, order.powers, order.network ?? null],
        ...[new Date(now), new Date(order.expiresAt), mostKeys, method ?? null],
      ],
    );
    if (rows[0] === undefined) throw badKeyOrder({ most: mostKeys });
    return { token, key: keyOf(rows[0]) };
  }

  /** The living key of a text, used from this address; undefined for any other text or place. */
  async find(text: string, address: string): Promise<MachineKey | undefined> {
    const id = idIn(text);
    if (id === undefined) return undefined;
    const key = await this.cache.get(`${text} ${address}`, () => this.touch(id, text, address));
    return key !== undefined && this.clock.now() < key.expiresAt ? key : undefined;
  }

  /** Whether a key lives, by its id. Not a use of it. */
  async lives(id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `SELECT FROM identity.machine_key WHERE id = $1 AND expires_at > $2 AND (method IS DISTINCT FROM 'demonstration' OR $3)`,
      [id, new Date(this.clock.now()), this.demonstration !== undefined],
    );
    return rows.length === 1;
  }

  /** The keys of a person, expired ones included, last made first. */
  async list(person: string): Promise<readonly MachineKey[]> {
    const rows = await this.sql.query<Row>(
      `SELECT ${columns} FROM identity.machine_key WHERE person = $1 ORDER BY created_at DESC LIMIT 100`,
      [person],
    );
    return rows.map(keyOf);
  }

  /** Ends a key of a person. @returns whether there was one */
  async revoke(person: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(`DELETE FROM identity.machine_key WHERE person = $1 AND id = $2 RETURNING id`, [
      person,
      id,
    ]);
    this.cache.drop((key) => key.id === id && key.person === person);
    return rows.length === 1;
  }

  /** Ends every key of a person. Twice is once. */
  async forget(person: string): Promise<void> {
    await this.sql.query(`DELETE FROM identity.machine_key WHERE person = $1`, [person]);
    this.cache.drop((key) => key.person === person);
  }

  private async touch(id: string, text: string, address: string): Promise<MachineKey | undefined> {
    const rows = await this.sql.query<Row>(
      `UPDATE identity.machine_key SET last_used_at = greatest(last_used_at, $3)
       WHERE id = $1 AND token_hash = $2 AND expires_at > $3 AND (network IS NULL OR $4::inet <<= network)
         AND (method IS DISTINCT FROM 'demonstration' OR $5) RETURNING ${columns}`,
      [id, hashOf(text), new Date(this.clock.now()), knownAddress(address), this.demonstration !== undefined],
    );
    return rows[0] !== undefined && (await this.mayAct(rows[0].person)) ? keyOf(rows[0]) : undefined;
  }
}
