const textOid = 25;
const headerBytes = 20;

/**
 * A `text[]` as PostgreSQL sends and receives it in binary (array_recv): a Buffer, which pg passes on as it is.
 *
 * As text, every quote of every JSON body would be escaped here and unescaped there, a fifth of the work of an append.
 */
export function textArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, headerBytes));
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(textOid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = headerBytes;
  for (const [index, value] of values.entries()) {
    at = buffer.writeInt32BE(lengths[index] as number, at);
    at += buffer.write(value, at);
  }
  return buffer;
}
