import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { decrypt, encrypt } from './cipher.js';
import { answering, type Migration, runtimeRole } from './database.postgres.js';
import { type Disclosure, disclosedValue, type Origin, personErased, Vault } from './vault.js';

/**
 * The tables of the vault. Everything that lies under a person's key lies in this schema, so that one erasure reaches all of it.
 *
 * The function erases: the key first, because who writes under it holds it shared; then what was written until that moment.
 *
 * They are in a schema of their own for the sake of backups: what is erased must leave those too, so keep them for a short term.
 */
export const vaultMigrations: readonly Migration[] = [
  {
    id: 'vault.1',
    sql: `
create schema vault;
create table vault.key (
  person text collate "C" primary key,
  wrapped_key bytea,
  erased_at timestamptz,
  check ((wrapped_key is null) = (erased_at is not null))
);
create table vault.disclosure (
  digest text collate "C" primary key,
  person text collate "C" not null references vault.key,
  ciphertext bytea not null
);
create index disclosure_by_person on vault.disclosure (person);
create sequence vault.draft_revision;
create table vault.draft (
  person text collate "C" not null references vault.key,
  key text collate "C" not null,
  revision bigint not null default nextval('vault.draft_revision'),
  ciphertext bytea not null,
  primary key (person, key)
);
create function vault.erase(erased text) returns void language plpgsql as $$
begin
  insert into vault.key (person, erased_at) values (erased, now())
    on conflict (person) do update set wrapped_key = null, erased_at = coalesce(vault.key.erased_at, now());
  delete from vault.disclosure where person = erased;
  delete from vault.draft where person = erased;
end $$;
grant execute on function vault.erase to ${runtimeRole};
grant usage on schema vault to ${runtimeRole};
grant usage on sequence vault.draft_revision to ${runtimeRole};
grant select, insert, update on vault.key to ${runtimeRole};
grant select, insert, delete on vault.disclosure to ${runtimeRole};
grant select, insert, update, delete on vault.draft to ${runtimeRole};
`,
  },
  {
    id: 'vault.2',
    sql: `
alter table vault.disclosure
  add stream text collate "C", add event text collate "C", add kept_at timestamptz not null default now(),
  add proved boolean not null default true;
create index disclosure_unproved on vault.disclosure (kept_at) where not proved;
grant update (proved) on vault.disclosure to ${runtimeRole};
`,
  },
];

interface KeyRow {
  readonly wrapped_key: Buffer | null;
}

interface StoredDisclosure {
  readonly digest: string;
  readonly person: string;
  readonly ciphertext: Buffer;
  readonly wrapped_key: Buffer;
}

const keysInMemory = 10_000;
const digestsPerQuery = 10_000;

/**
 * The vault in PostgreSQL: every person's values under their own data key, which is wrapped by the key of the installation.
 *
 * A key, once made, never changes; so a cached one is right until its person is erased, and every write looks whether that has happened.
 */
export class PostgresVault extends Vault {
  private readonly keys = new Map<string, Promise<Uint8Array>>();

  /**
   * @param installationKey - 32 bytes; see installationKeyIn
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly installationKey: Uint8Array,
  ) {
    super();
  }

  /** Whether this installation key is the one that the vault was filled under: to be asked at start. */
  async isOurs(): Promise<boolean> {
    const [row] = await this.query<KeyRow & { readonly person: string }>(
      'select person, wrapped_key from vault.key where wrapped_key is not null limit 1',
      [],
    );
    if (row?.wrapped_key == null) return true;
    try {
      this.unwrap(row.person, row.wrapped_key);
      return true;
    } catch {
      return false;
    }
  }

  override async keyOf(person: string): Promise<Uint8Array> {
    const known = this.keys.get(person);
    const key = known ?? this.readKey(person);
    this.keys.delete(person);
    this.keys.set(person, key);
    if (this.keys.size > keysInMemory) this.keys.delete(this.keys.keys().next().value as string);
    try {
      return await key;
    } catch (failure) {
      if (this.keys.get(person) === key) this.keys.delete(person);
      throw failure;
    }
  }

  private async readKey(person: string): Promise<Uint8Array> {
    const found = (await this.keyRow(person)) ?? (await this.makeKey(person));
    if (found.wrapped_key === null) throw personErased();
    return this.unwrap(person, found.wrapped_key);
  }

  private async makeKey(person: string): Promise<KeyRow> {
    const wrapped = encrypt(this.installationKey, person, randomBytes(32));
    await this.query('insert into vault.key (person, wrapped_key) values ($1, $2) on conflict do nothing', [person, wrapped]);
    return (await this.keyRow(person)) as KeyRow;
  }

  private async keyRow(person: string): Promise<KeyRow | undefined> {
    return (await this.query<KeyRow>('select wrapped_key from vault.key where person = $1', [person]))[0];
  }

  private unwrap(person: string, wrapped: Buffer): Uint8Array {
    return decrypt(this.installationKey, person, wrapped);
  }

  override async keep(disclosures: readonly Disclosure[], origin?: Origin): Promise<readonly string[]> {
    const persons = [...new Set(disclosures.map(({ of }) => of))];
    const keys = new Map(await Promise.all(persons.map(async (person) => [person, await this.keyOf(person)] as const)));
    const rows = disclosures.map(({ sealed: digest, of, disclosure }) => ({
      digest,
      of,
      ciphertext: encrypt(keys.get(of) as Uint8Array, digest, Buffer.from(disclosure, 'utf8')),
    }));
    const [kept] = await this.query<{ living: string; added: string[] }>(keepAll, [
      persons,
      rows.map(({ digest }) => digest),
      rows.map(({ of }) => of),
      rows.map(({ ciphertext }) => ciphertext),
      origin?.stream ?? null,
      origin?.event ?? null,
    ]);
    if (Number(kept?.living) === persons.length) return kept?.added ?? [];
    for (const person of persons) this.keys.delete(person);
    throw personErased();
  }

  override async open(digests: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const opened = new Map<string, unknown>();
    for (let from = 0; from < digests.length; from += digestsPerQuery) {
      const rows = await this.query<StoredDisclosure>(
        `select digest, person, ciphertext, wrapped_key from vault.disclosure join vault.key using (person)
         where digest = any($1) and wrapped_key is not null`,
        [digests.slice(from, from + digestsPerQuery)],
      );
      const keys = new Map(rows.map(({ person, wrapped_key: wrapped }) => [person, wrapped]));
      const unwrapped = new Map([...keys].map(([person, wrapped]) => [person, this.unwrap(person, wrapped)]));
      for (const { digest, person, ciphertext } of rows) {
        opened.set(digest, disclosedValue(decrypt(unwrapped.get(person) as Uint8Array, digest, ciphertext).toString('utf8')));
      }
    }
    return opened;
  }

  override async unproved(olderThanMs: number, limit: number): Promise<readonly (Origin & { readonly digest: string })[]> {
    return this.query<Origin & { readonly digest: string }>(
      `select digest, stream, event from vault.disclosure
       where not proved and kept_at <= now() - $1 * interval '1 millisecond' order by kept_at limit $2`,
      [olderThanMs, limit],
    );
  }

  override async prove(digests: readonly string[]): Promise<void> {
    await this.query('update vault.disclosure set proved = true where digest = any($1)', [digests]);
  }

  override async forget(digests: readonly string[]): Promise<void> {
    await this.query('delete from vault.disclosure where digest = any($1)', [digests]);
  }

  override async erase(person: string): Promise<void> {
    try {
      await this.query('select vault.erase($1)', [person]);
    } finally {
      this.keys.delete(person);
    }
  }

  private query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly R[]> {
    return answering(async () => (await this.pool.query<R>(text, [...values])).rows);
  }
}

/**
 * All or none: nothing is kept where one of the persons is erased. The shared lock makes an erasure wait, or this see it.
 * Rows go in by digest, so that two who keep the same ones do not wait for each other.
 */
const keepAll = `
  with living as materialized (
    select person from vault.key where person = any($1) and wrapped_key is not null order by person for share
  ), added as (
    insert into vault.disclosure (digest, person, ciphertext, stream, event, proved)
    select digest, person, ciphertext, $5::text, $6::text, $6::text is null from unnest($2::text[], $3::text[], $4::bytea[]) as value (digest, person, ciphertext)
    where (select count(*) from living) = cardinality($1)
    order by digest
    on conflict (digest) do nothing
    returning digest
  )
  select (select count(*) from living) as living, array(select digest from added) as added`;
