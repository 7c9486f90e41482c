import type pg from 'pg';
import { decrypt, encrypt } from './cipher.js';
import { answering } from './database.postgres.js';
import { changedElsewhere, type Draft, Drafts, draftsPerPersonAtMost, requireDraftSize, tooManyDrafts } from './drafts.js';
import { personErased, type Vault } from './vault.js';

interface Written {
  readonly revision: string | null;
  readonly living: boolean;
  readonly drafts: string;
}

/** Drafts in PostgreSQL, in the schema of the vault (`vaultMigrations`) and under its keys. */
export class PostgresDrafts extends Drafts {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
  ) {
    super();
  }

  override async save(person: string, key: string, expectedRevision: number, value: string): Promise<number> {
    requireDraftSize(value);
    const ciphertext = encrypt(await this.vault.keyOf(person), placeOf(person, key), Buffer.from(value, 'utf8'));
    const [written] = await this.query<Written>(expectedRevision === 0 ? insertDraft : updateDraft, [
      person,
      key,
      ciphertext,
      ...(expectedRevision === 0 ? [] : [expectedRevision]),
    ]);
    if (written?.living !== true) throw personErased();
    if (written.revision !== null) return Number(written.revision);
    const theirs = await this.load(person, key);
    if (theirs?.value === value) return theirs.revision;
    if (theirs === undefined && expectedRevision === 0 && Number(written.drafts) >= draftsPerPersonAtMost) throw tooManyDrafts();
    throw changedElsewhere(value, theirs);
  }

  override async load(person: string, key: string): Promise<Draft | undefined> {
    const [row] = await this.query<{ revision: string; ciphertext: Buffer }>(
      'select revision, ciphertext from vault.draft where person = $1 and key = $2',
      [person, key],
    );
    if (row === undefined) return undefined;
    const value = decrypt(await this.vault.keyOf(person), placeOf(person, key), row.ciphertext);
    return { value: value.toString('utf8'), revision: Number(row.revision) };
  }

  override async discard(person: string, key: string): Promise<void> {
    await this.query('delete from vault.draft where person = $1 and key = $2', [person, key]);
  }

  private query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly R[]> {
    return answering(async () => (await this.pool.query<R>(text, [...values])).rows);
  }
}

const placeOf = (person: string, key: string): string => JSON.stringify(['draft', person, key]);

/** Holding the key shared, so that an erasure waits for this write and removes it, or is seen by it. */
const ifLiving = `
  with living as materialized (
    select person from vault.key where person = $1 and wrapped_key is not null for share
  ), own as (
    select count(*) as drafts from vault.draft where person = $1
  )`;

const outcome = `
  select (select revision from written) as revision, exists (select from living) as living, (select drafts from own) as drafts`;

const insertDraft = `${ifLiving}, written as (
    insert into vault.draft (person, key, ciphertext)
    select person, $2, $3::bytea from living where (select drafts from own) < ${draftsPerPersonAtMost}
    on conflict do nothing
    returning revision
  ) ${outcome}`;

const updateDraft = `${ifLiving}, written as (
    update vault.draft set revision = nextval('vault.draft_revision'), ciphertext = $3
    where person = (select person from living) and key = $2 and revision = $4
    returning revision
  ) ${outcome}`;
