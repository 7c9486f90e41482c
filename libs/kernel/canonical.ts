import { hash } from 'node:crypto';

/**
 * Canonical JSON of RFC 8785 (JCS): one text per value, whatever the order of insertion.
 *
 * @throws TypeError for what JSON or a table cannot hold: undefined, bigint, function, symbol, NaN, infinities, lone surrogates, NUL, cycles
 * too deep
 */
export function canonicalJson(value: unknown): string {
  const arranged = arrange(value);
  const text = arranged === notToBeArranged ? written(value) : JSON.stringify(arranged);
  // Whatever is no text has been escaped; and so has much that is.
  if (text.includes('\\u')) requireText(value);
  return text;
}

/** An object whose members JavaScript will not keep in canonical order, or something that holds one. */
const notToBeArranged = Symbol('not to be arranged');

/** The value for which JSON.stringify gives the canonical text: itself wherever its members stand in order. */
function arrange(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'object') return Array.isArray(value) ? arrangeItems(value) : arrangeMembers(value as Members);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${typeof value === 'number' ? value : `a ${typeof value}`} cannot be kept in the log`);
}

type Members = Readonly<Record<string, unknown>>;

function arrangeItems(items: readonly unknown[]): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = arrange(items[index]);
    if (item === notToBeArranged) return item;
    if (item !== items[index]) copy ??= items.slice();
    if (copy !== undefined) copy[index] = item;
  }
  return copy ?? items;
}

function arrangeMembers(value: Members): unknown {
  const names = Object.keys(value);
  let asItIs = Object.getPrototypeOf(value) === Object.prototype;
  if (!isAscending(names)) {
    // The default order compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
    names.sort();
    asItIs = false;
  }
  const members: unknown[] = [];
  for (const name of names) {
    const member = value[name];
    // An absent optional property is not a member at all.
    const arranged = member === undefined ? undefined : arrange(member);
    if (arranged === notToBeArranged) return arranged;
    if (arranged !== member || arranged === undefined) asItIs = false;
    members.push(arranged);
  }
  return asItIs ? value : inOrder(names, members);
}

function inOrder(names: readonly string[], members: readonly unknown[]): unknown {
  const copy: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    if (name === '__proto__') return notToBeArranged;
    if (members[index] !== undefined) copy[name] = members[index];
  }
  // Numbers come first, by their value, however they were put in.
  return isAscending(Object.keys(copy)) ? copy : notToBeArranged;
}

function isAscending(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index] as string) < (names[index - 1] as string)) return false;
  }
  return true;
}

/** The canonical text, member by member. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  const members = Object.keys(value)
    .toSorted()
    .filter((name) => (value as Members)[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${written((value as Members)[name])}`);
  return `{${members.join()}}`;
}

function requireText(value: unknown): void {
  if (typeof value === 'string' && !isText(value)) throw new TypeError('a lone surrogate or NUL cannot be kept in the log');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    requireText(name);
    requireText(member);
  }
}

/** Whether every database and program can keep a text: no lone surrogates, no NUL. */
export const isText = (value: string): boolean => value.isWellFormed() && !value.includes('\0');

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256(text: string | Uint8Array, encoding: 'hex' | 'base64url' = 'base64url'): string {
  return hash('sha256', text, encoding);
}
