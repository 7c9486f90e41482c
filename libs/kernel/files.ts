import type { Readable } from 'node:stream';
import { DomainError } from './errors.js';

export interface StoredFile {
  /** SHA-256 of the content, 64 lower-case hexadecimal digits: its name for ever. */
  readonly sha256: string;
  readonly bytes: number;
  /** By the content, never by what the sender said. */
  readonly mediaType: string;
}

export interface OpenedFile extends StoredFile {
  /** The content. Ends in an error, before its last piece, where the disk no longer holds what was put there. */
  readonly content: Readable;
}

export const fileBytesAtMost = 50 * 1024 * 1024;

/** Port to attachments: content under its own hash. The same content is there once, however often it is put. */
export abstract class Files {
  /**
   * Keeps a content; it is on the disk for good when this resolves. What is refused leaves nothing behind,
   * and what of it has not arrived yet is left unread, so that the sender can still be answered.
   *
   * @throws DomainError file.too-large, file.empty, file.type-refused, file.hash-differs
   */
  abstract put(content: Readable, options?: { readonly expectedSha256?: string }): Promise<StoredFile>;
  /** @throws DomainError file.not-found */
  abstract open(sha256: string): Promise<OpenedFile>;
}

export const fileTooLarge = (): DomainError =>
  new DomainError(
    'file.too-large',
    { en: 'A file may have 50 MB. Make it smaller, or split it.', zh: '单个文件不得超过 50 MB，请压缩或拆分后再上传。' },
    { bytesAtMost: fileBytesAtMost },
  );

export const fileEmpty = (): DomainError =>
  new DomainError('file.empty', { en: 'This file is empty. Choose another one.', zh: '该文件为空，请重新选择。' });

export const fileTypeRefused = (): DomainError =>
  new DomainError('file.type-refused', {
    en: 'Only PDF, PNG, JPEG, MP4, Word, Excel or PowerPoint files without macros, and ZIP files without programs are taken. Save the file in one of these formats.',
    zh: '仅接受 PDF、PNG、JPEG、MP4、不含宏的 Word、Excel、PowerPoint 文件以及不含程序的 ZIP 压缩包，请另存为上述格式后上传。',
  });

export const fileHashDiffers = (expected: string, actual: string): DomainError =>
  new DomainError(
    'file.hash-differs',
    { en: 'The file did not arrive as it was sent. Send it again.', zh: '文件在传输中发生变化，请重新上传。' },
    { expected, actual },
  );

export const fileNotFound = (): DomainError =>
  new DomainError('file.not-found', { en: 'There is no such file.', zh: '没有这个文件。' });
