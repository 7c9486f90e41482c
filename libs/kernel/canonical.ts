import { hash } from 'node:crypto';

/**
 * Canonical JSON of RFC 8785 (JCS): one text per value, whatever the order of insertion.
 *
 * @throws TypeError for what JSON cannot hold: undefined, bigint, function, symbol, NaN, infinities, lone surrogates, cycles too deep
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a lone surrogate cannot be kept in the log');
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
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    return canonicalObject({ ...value });
  }
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

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256(text: string | Uint8Array, encoding: 'hex' | 'base64url' = 'base64url'): string {
  return hash('sha256', text, encoding);
}
