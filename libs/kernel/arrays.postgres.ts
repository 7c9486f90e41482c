import { isUuid } from './identifiers.js';

/** `int4`, `text` and `uuid` in the catalogue of every PostgreSQL. */
const oids = { int: 23, text: 25, uuid: 2950 } as const;
const headerBytes = 20;
const uuidBytes = 16;

/**
 * Arrays as PostgreSQL sends and receives them in binary (array_recv): Buffers, which pg passes on as they are.
 *
 * As text, every quote of every JSON body would be escaped here and unescaped there, a fifth of the work of an append.
 */
export function textArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const buffer = begun(oids.text, values.length, sum(lengths));
  let at = headerBytes;
  for (const [index, value] of values.entries()) {
    at = buffer.writeInt32BE(lengths[index] as number, at);
    at += buffer.write(value, at);
  }
  return buffer;
}

/** As `textArray`, of whole numbers of 32 bits. */
export function intArray(values: readonly number[]): Buffer {
  const buffer = begun(oids.int, values.length, 4 * values.length);
  let at = headerBytes;
  for (const value of values) at = buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
  return buffer;
}

/** As `textArray`, of UUIDs. @throws TypeError for a text that is none */
export function uuidArray(values: readonly string[]): Buffer {
  const buffer = begun(oids.uuid, values.length, uuidBytes * values.length);
  let at = headerBytes;
  for (const value of values) {
    if (!isUuid(value)) throw new TypeError(`${value} is no UUID`);
    at = buffer.writeInt32BE(uuidBytes, at);
    at += buffer.write(value.replaceAll('-', ''), at, 'hex');
  }
  return buffer;
}

/** One dimension that begins at 1, without nulls, and room for so many bytes of values, each with its length before it. */
function begun(oid: number, count: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + 4 * count + bytes);
  for (const [place, field] of [1, 0, oid, count, 1].entries()) buffer.writeInt32BE(field, 4 * place);
  return buffer;
}

const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);
