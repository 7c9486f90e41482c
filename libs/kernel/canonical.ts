import { hash } from 'node:crypto';

/**
 * Canonical JSON of RFC 8785 (JCS): one text per value, whatever the order of insertion.
 *
 * @throws TypeError for what JSON or a table cannot hold: undefined, bigint, function, symbol, NaN, infinities, lone surrogates, NUL, cycles
 * too deep
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!isText(value)) throw new TypeError('a lone surrogate or NUL cannot be kept in the log');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be kept in the log`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} cannot be kept in the log`);
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += canonicalJson(values[index]);
  }
  return `${text}]`;
}

function canonicalObject(value: object): string {
  if (isOrdered(value)) return JSON.stringify(value);
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    return canonicalObject({ ...value });
  }
  const copy = inOrder(value);
  if (isOrdered(copy)) return JSON.stringify(copy);
  let text = '{';
  // The default order compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    // An absent optional property is not a member at all.
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${canonicalJson(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

/** The members that are there, in order; nothing for names that an object does not keep in the order in which they came. */
function inOrder(value: object): object | undefined {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (key === '__proto__') return undefined;
    if (member !== undefined) copy[key] = member;
  }
  return copy;
}

/** Whether JSON.stringify gives the canonical text as it is: ordered members, nothing that it would drop, mend or ask. */
function isOrdered(value: unknown): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return !value.includes(undefined) && value.every(isOrdered);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let before = '';
  for (const key of Object.keys(value)) {
    if (key < before || !isText(key) || key === 'toJSON') return false;
    if (!isOrdered((value as Readonly<Record<string, unknown>>)[key])) return false;
    before = key;
  }
  return true;
}

/** Whether every database and program can keep a text: no lone surrogates, no NUL. */
export const isText = (value: string): boolean => value.isWellFormed() && !value.includes('\0');

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256(text: string | Uint8Array, encoding: 'hex' | 'base64url' = 'base64url'): string {
  return hash('sha256', text, encoding);
}
