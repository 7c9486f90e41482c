import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { intArray, textArray, uuidArray } from '../../libs/kernel/arrays.postgres.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase('arrays');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

test('PostgreSQL reads of an array what was put into it', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')));
  const numbers = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  await fc.assert(
    fc.asyncProperty(texts, numbers, fc.array(fc.uuid()), async (text, number, uuid) => {
      const { rows } = await client.query('select $1::text[] as text, $2::int[] as number, $3::uuid[]::text[] as uuid', [
        textArray(text),
        intArray(number),
        uuidArray(uuid),
      ]);
      expect(rows[0]).toEqual({ text, number, uuid });
    }),
  );
});

test.each(['', 'x', '018f0000-0000-7000-8000-00000000000g', '018f000000007000800000000000000000000000'])(
  'what is no UUID is not sent as one: "%s"',
  (text) => {
    expect(() => uuidArray([text])).toThrow(TypeError);
  },
);
