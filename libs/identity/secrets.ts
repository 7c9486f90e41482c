import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** A new opaque token: 256 random bits, 43 characters of base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const isToken = (text: string): boolean => tokenPattern.test(text);

/** What is kept of a token. A plain SHA-256 is enough: 256 random bits cannot be guessed, unlike a password. */
export const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Another secret that only the holder of the token can name: one for each purpose, and no way back. */
export const derivedFrom = (token: string, purpose: string): string => hash('sha256', `${purpose}:${token}`, 'base64url');

/** Compares in a time that does not depend on where texts of one length differ. */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
