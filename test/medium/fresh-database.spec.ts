import { expect, test } from '@jest/globals';
import { Client } from 'pg';
import { freshDatabase } from '../support/postgres.js';

async function databaseNames(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  await client.end();
  return rows.map(({ datname }) => datname);
}

test('every suite has an empty database of its own, which goes away with it', async () => {
  const [one, other] = await Promise.all([freshDatabase('one'), freshDatabase('Other one!')]);
  const names = [one, other].map(({ url }) => new URL(url).pathname.slice(1));
  expect(names).toEqual([
    expect.stringMatching(/^test_one_[0-9a-f]{8}$/),
    expect.stringMatching(/^test_other_one__[0-9a-f]{8}$/),
  ]);
  expect(await databaseNames(one.url)).toEqual(expect.arrayContaining(names));
  await other.drop();
  expect(await databaseNames(one.url)).not.toContain(names[1]);
  await one.drop();
});
