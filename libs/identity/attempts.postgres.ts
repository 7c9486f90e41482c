import type { Clock, Sql } from '#kernel';
import { addressOfOneParty } from './addresses.js';
import { tooManyAttempts, tooManyAway } from './refusals.js';
import { hashOf } from './secrets.js';

const windowMs = 15 * 60_000;
const trustMs = 30 * 24 * 3_600_000;
/** How many may be away at a university from one address: a whole campus can have one. */
const mostAway = 300;

interface Counted {
  readonly bucket: Buffer;
  readonly bad: number;
  readonly window_ends_at: Date;
  readonly trusted_until: Date | null;
}

/**
 * Counts failed attempts in windows of 15 minutes, per network address and per name at an address.
 *
 * Never per name alone: whoever knows a name must not be able to lock its owner out. A name that has signed in from an address within
 * 30 days is not held up by what others fail there: one student must not lock a campus out.
 */
export class Attempts {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    /** Failures allowed in a window. */
    private readonly limit = 20,
  ) {}

  /**
   * Counts a password attempt as failed before it is tried, so that a thousand at once are not tried at once.
   * @throws DomainError identity.too-many-attempts
   */
  async begin(login: string, address: string): Promise<void> {
    const pair = pairBucket(login, address);
    const counted = await this.count([pair, addressBucket(address)]);
    const ofPair = counted.find(({ bucket }) => bucket.equals(pair)) as Counted;
    const trusted = ofPair.trusted_until !== null && ofPair.trusted_until.getTime() > this.clock.now();
    this.refuseBeyond(trusted ? [ofPair] : counted);
  }

  /** Takes the attempt that `begin` counted back, and trusts this name at this address. */
  async succeeded(login: string, address: string): Promise<void> {
    const now = this.clock.now();
    await this.sql.query(`UPDATE identity.attempt SET bad = 0, trusted_until = $2 WHERE bucket = $1`, [
      pairBucket(login, address),
      new Date(now + trustMs),
    ]);
    await this.sql.query(`UPDATE identity.attempt SET bad = greatest(bad - 1, 0) WHERE bucket = $1`, [addressBucket(address)]);
  }

  /** Counts a machine key that was not good. @throws DomainError identity.too-many-attempts */
  async failed(address: string): Promise<void> {
    this.refuseBeyond(await this.count([addressBucket(address)]));
  }

  /** Counts a sign-in that leaves for a university as one that does not come back. @throws DomainError identity.too-many-away */
  async left(address: string): Promise<void> {
    const [away] = await this.count([awayBucket(address)]);
    if (away === undefined || away.bad <= mostAway) return;
    await this.cameBack(address);
    throw tooManyAway(away.window_ends_at.getTime() - this.clock.now());
  }

  /** Takes back what `left` counted. */
  async cameBack(address: string): Promise<void> {
    await this.sql.query(`UPDATE identity.attempt SET bad = greatest(bad - 1, 0) WHERE bucket = $1`, [awayBucket(address)]);
  }

  /** Removes what no longer counts. */
  async sweep(): Promise<void> {
    await this.sql.query(
      `DELETE FROM identity.attempt WHERE window_ends_at <= $1 AND (trusted_until IS NULL OR trusted_until <= $1)`,
      [new Date(this.clock.now())],
    );
  }

  private async count(buckets: readonly Buffer[]): Promise<readonly Counted[]> {
    const now = this.clock.now();
    // One order for everybody, or two of these would wait for each other.
    const inOrder = [...buckets].sort((one, other) => one.compare(other));
    const rows = await this.sql.query<Counted>(
      `INSERT INTO identity.attempt AS known (bucket, bad, window_ends_at) SELECT bucket, 1, $3 FROM unnest($1::bytea[]) AS t (bucket)
       ON CONFLICT (bucket) DO UPDATE SET
         bad = CASE WHEN known.window_ends_at <= $2 THEN 1 ELSE least(known.bad, 1000000) + 1 END,
         window_ends_at = CASE WHEN known.window_ends_at <= $2 THEN $3 ELSE known.window_ends_at END
       RETURNING bucket, bad, window_ends_at, trusted_until`,
      [inOrder, new Date(now), new Date(now + windowMs)],
    );
    return rows;
  }

  private refuseBeyond(counted: readonly Counted[]): void {
    const beyond = counted.filter(({ bad }) => bad > this.limit).map(({ window_ends_at }) => window_ends_at.getTime());
    if (beyond.length > 0) throw tooManyAttempts(Math.max(...beyond) - this.clock.now());
  }
}

const addressBucket = (address: string): Buffer => hashOf(`address\n${addressOfOneParty(address)}`);
const awayBucket = (address: string): Buffer => hashOf(`away\n${addressOfOneParty(address)}`);
const pairBucket = (login: string, address: string): Buffer => hashOf(`pair\n${login}\n${addressOfOneParty(address)}`);
