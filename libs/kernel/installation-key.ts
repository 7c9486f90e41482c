import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readFile, rm } from 'node:fs/promises';

const keyBytes = 32;

/**
 * The installation key of a text: 64 hexadecimal digits or 44 characters of base64.
 *
 * @throws TypeError where it is not 32 bytes; the message does not repeat the text
 */
export function installationKeyOf(text: string): Uint8Array {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64');
  if (key.length !== keyBytes) throw new TypeError('an installation key is 32 bytes, as 64 hexadecimal digits or in base64');
  return key;
}

/**
 * The installation key kept in a file of mode 0600, made on first use. Two processes that start at once get the same one.
 *
 * Without this file nobody opens the vault again: back it up apart from the database.
 * @throws TypeError where the file holds something else
 */
export async function installationKeyIn(path: string): Promise<Uint8Array> {
  const known = await readFile(path, 'utf8').catch(absent);
  if (known !== undefined) return installationKeyOf(known);
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  await file.writeFile(randomBytes(keyBytes).toString('hex'));
  await file.sync();
  await file.close();
  // A link is made whole or not at all, and never over another process's key.
  await link(draft, path).catch(ifThere);
  await rm(draft);
  return installationKeyOf(await readFile(path, 'utf8'));
}

function absent(failure: NodeJS.ErrnoException): undefined {
  if (failure.code !== 'ENOENT') throw failure;
}

function ifThere(failure: NodeJS.ErrnoException): void {
  if (failure.code !== 'EEXIST') throw failure;
}
