import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installationKeyIn, installationKeyOf } from './installation-key.js';

describe('installation key', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entente-key-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('ten who start at once in an empty folder get the same key, which only the owner may read', async () => {
    const path = join(folder, 'installation.key');
    const keys = await Promise.all(Array.from({ length: 10 }, () => installationKeyIn(path)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['installation.key']);
  });

  test('a key is read in hexadecimal and in base64, and nothing else passes for one', async () => {
    const key = Buffer.alloc(32, 7);
    expect(installationKeyOf(`${key.toString('hex')}\n`)).toEqual(key);
    expect(installationKeyOf(key.toString('base64'))).toEqual(key);
    expect(() => installationKeyOf('secret')).toThrow(/32 bytes/);
    await writeFile(join(folder, 'empty.key'), '');
    await expect(installationKeyIn(join(folder, 'empty.key'))).rejects.toThrow(/32 bytes/);
  });
});
