import { hash, randomFillSync } from 'node:crypto';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is a UUID in its canonical, lower-case form. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

const variantNibble = (nibble: string): string => '89ab'[Number.parseInt(nibble, 16) & 3] as string;

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

function randomHex(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}

/** A new UUIDv7 (RFC 9562 section 5.7) whose time is `nowMs`. */
export function uuidv7(nowMs: number): string {
  const random = randomHex();
  const time = nowMs.toString(16).padStart(12, '0');
  return dashed(`${time}7${random.slice(0, 3)}${variantNibble(random.charAt(3))}${random.slice(4, 19)}`);
}

/**
 * The id of a command that its sender gave a key: one key, sent by one sender to one address, is one command.
 *
 * Two senders, or two streams, never meet in one: the ids of events, which follow from it, are unique in the log.
 */
export const commandIdOf = (key: string, sender: string, stream: string): string => derivedUuid(key, `${sender}\n${stream}`);

/**
 * The same UUID for the same parent and name, always.
 *
 * The child of a UUIDv7 keeps its time and is a UUIDv7; the child of anything else is a UUIDv8 (RFC 9562 section 5.8), all hash.
 */
export function derivedUuid(parent: string, name: string): string {
  const digest = hash('sha256', `${parent}\n${name}`, 'hex');
  const tail = `${digest.slice(0, 3)}${variantNibble(digest.charAt(3))}${digest.slice(4, 19)}`;
  return parent.charAt(14) === '7' && isUuid(parent)
    ? dashed(`${parent.slice(0, 8)}${parent.slice(9, 13)}7${tail}`)
    : dashed(`${digest.slice(20, 32)}8${tail}`);
}
