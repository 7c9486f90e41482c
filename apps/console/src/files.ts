import { write } from './api.js';
import type { FileKept } from './shapes.js';

/** A file's SHA-256: what it is, in 64 lower-case hexadecimal digits. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends a file under its hash. The same file again changes nothing. */
export async function upload(file: Blob): Promise<Omit<FileKept, 'slot'>> {
  return write('PUT', `/v1/files/${await sha256Of(file)}`, file);
}

/** `1.5 MB`, the same in both languages. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(0)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
