// Beside the contract: what must hold between processes, and what the tables themselves give away. Only a database has either.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { type Disclosure, migrate, openPool, PostgresDrafts, PostgresVault, runtimeRole, sha256, vaultMigrations } from '#kernel';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { draftsContract } from './drafts.contract.js';
import { vaultContract } from './vault.contract.js';

let database: TestDatabase;
let pool: pg.Pool;
let owner: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase('vault');
  await migrate(database.url, vaultMigrations);
  pool = openPool(database.url, { max: 8, role: runtimeRole });
  owner = openPool(database.url, { max: 1 });
});
beforeEach(async () => {
  await owner.query('truncate vault.key cascade');
});
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()]);
  await database.drop();
});

const installationKey = randomBytes(32);
const openVault = () => new PostgresVault(pool, installationKey);
const close = async () => undefined;

vaultContract('PostgreSQL', async () => ({ vault: openVault(), close }));
draftsContract('PostgreSQL', async () => {
  const vault = openVault();
  return { drafts: new PostgresDrafts(pool, vault), vault, close };
});

const disclosureOf = (person: string, text: string): Disclosure => {
  const disclosure = Buffer.from(JSON.stringify(['salt', 'name', text])).toString('base64url');
  return { sealed: sha256(disclosure), of: person, disclosure };
};

describe('vault in PostgreSQL', () => {
  test('a process that holds a key in memory keeps nothing under it once another has erased its person', async () => {
    const [here, there] = [openVault(), openVault()];
    const drafts = new PostgresDrafts(pool, here);
    const value = disclosureOf('person-a', '李雷');
    await here.keep([value]);
    await there.erase('person-a');
    expect((await here.open([value.sealed])).size).toBe(0);
    await expect(drafts.save('person-a', 'review.1', 0, '{}')).rejects.toMatchObject({ code: 'vault.erased' });
    await expect(here.keep([disclosureOf('person-a', '韩梅梅')])).rejects.toMatchObject({ code: 'vault.erased' });
    await expect(here.keyOf('person-a')).rejects.toMatchObject({ code: 'vault.erased' });
  });

  test('an erased person leaves a date and nothing else', async () => {
    const vault = openVault();
    await vault.keep([disclosureOf('person-a', '李雷')]);
    await new PostgresDrafts(pool, vault).save('person-a', 'review.1', 0, '"李雷"');
    await vault.erase('person-a');
    const { rows } = await owner.query(
      `select wrapped_key, erased_at <= now() as dated, (select count(*)::int from vault.disclosure) as disclosures,
              (select count(*)::int from vault.draft) as drafts from vault.key`,
    );
    expect(rows).toEqual([{ wrapped_key: null, dated: true, disclosures: 0, drafts: 0 }]);
  });

  test('no value and no key stands in the tables in clear', async () => {
    const vault = openVault();
    await vault.keep([disclosureOf('person-a', 'Li Lei')]);
    await new PostgresDrafts(pool, vault).save('person-a', 'review.1', 0, '"Li Lei"');
    const { rows } = await owner.query<{ dump: string }>(
      `select string_agg(encode(bytes, 'hex'), ' ') as dump from (
         select wrapped_key as bytes from vault.key union all select ciphertext from vault.disclosure union all select ciphertext from vault.draft
       ) as everything`,
    );
    const dump = rows[0]?.dump ?? '';
    expect(dump.split(' ')).toHaveLength(3);
    expect(dump).not.toContain(Buffer.from('Li Lei').toString('hex'));
    expect(dump).not.toContain(Buffer.from(await vault.keyOf('person-a')).toString('hex'));
  });

  test('with another installation key nothing opens', async () => {
    const value = disclosureOf('person-a', '李雷');
    expect(await openVault().isOurs()).toBe(true);
    await openVault().keep([value]);
    expect(await openVault().isOurs()).toBe(true);
    expect(await new PostgresVault(pool, randomBytes(32)).isOurs()).toBe(false);
    await expect(new PostgresVault(pool, randomBytes(32)).open([value.sealed])).rejects.toThrow('unable to authenticate');
  });

  test('a ciphertext that was moved to another digest does not open', async () => {
    const vault = openVault();
    const [mine, yours] = [disclosureOf('person-a', '60'), disclosureOf('person-a', '95')];
    await vault.keep([mine, yours]);
    await owner.query(
      'update vault.disclosure set ciphertext = (select ciphertext from vault.disclosure where digest = $1) where digest = $2',
      [yours.sealed, mine.sealed],
    );
    await expect(vault.open([mine.sealed])).rejects.toThrow('unable to authenticate');
  });

  test('ten thousand values open in one answer', async () => {
    const vault = openVault();
    const values = Array.from({ length: 12_000 }, (_, n) => disclosureOf(`person-${n % 50}`, `name ${n}`));
    await vault.keep(values);
    const opened = await vault.open(values.map(({ sealed }) => sealed));
    expect(opened.size).toBe(12_000);
    expect(opened.get(values[11_999]?.sealed ?? '')).toBe('name 11999');
  });
});
