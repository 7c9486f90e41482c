import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fileBytesAtMost } from './files.js';
import { FilesOnDisk } from './files.disk.js';

const pdf = Buffer.from('%PDF-1.7\n申请书');
const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const inPieces = (content: Buffer, size = 7): Readable =>
  Readable.from(Array.from({ length: Math.ceil(content.length / size) }, (_, n) => content.subarray(n * size, (n + 1) * size)));

/** A ZIP file with these entries, all empty. */
function zip(...names: readonly string[]): Buffer {
  const entry = (name: string, signature: number, length: number): Buffer => {
    const header = Buffer.alloc(length);
    header.writeUInt32LE(signature);
    header.writeUInt16LE(Buffer.byteLength(name), length === 30 ? 26 : 28);
    return Buffer.concat([header, Buffer.from(name)]);
  };
  const local = Buffer.concat(names.map((name) => entry(name, 0x04_03_4b_50, 30)));
  const directory = Buffer.concat(names.map((name) => entry(name, 0x02_01_4b_50, 46)));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06_05_4b_50);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

describe('files on disk', () => {
  let folder: string;
  let files: FilesOnDisk;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entente-files-'));
    files = new FilesOnDisk(folder);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const filesThere = async (): Promise<readonly string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);

  test('a file comes back as it was sent, under its hash', async () => {
    const stored = await files.put(inPieces(pdf), { expectedSha256: hashOf(pdf) });
    expect(stored).toEqual({ sha256: hashOf(pdf), bytes: pdf.length, mediaType: 'application/pdf' });
    const { content, ...described } = await files.open(stored.sha256);
    expect(described).toEqual(stored);
    expect(await buffer(content)).toEqual(pdf);
  });

  test('a folder that could not be made at first is made with the next file', async () => {
    const late = new FilesOnDisk(join(folder, 'late'));
    await writeFile(join(folder, 'late'), 'in the way');
    await expect(late.put(inPieces(pdf))).rejects.toThrow('late');
    await rm(join(folder, 'late'));
    expect((await late.put(inPieces(pdf))).sha256).toBe(hashOf(pdf));
  });

  test('the same content sent by many at once is there once', async () => {
    const stored = await Promise.all(Array.from({ length: 8 }, () => files.put(inPieces(pdf))));
    expect(new Set(stored.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await filesThere()).toEqual([hashOf(pdf).slice(2)]);
  });

  test('what a file is, is seen from its content', async () => {
    const office = ['[Content_Types].xml', '_rels/.rels'];
    const kinds: readonly (readonly [Buffer, string])[] = [
      [Buffer.from('89504e470d0a1a0a0000', 'hex'), 'image/png'],
      [Buffer.from('ffd8ffe000104a46', 'hex'), 'image/jpeg'],
      [Buffer.from('\u0000\u0000\u0000\u0020ftypisom', 'latin1'), 'video/mp4'],
      [zip('课件/第一讲.pdf', '课件/'), 'application/zip'],
      [zip(...office, 'word/document.xml'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      [zip(...office, 'xl/workbook.xml'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      [zip(...office, 'ppt/presentation.xml'), 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    ];
    for (const [content, mediaType] of kinds) expect(await files.put(inPieces(content))).toMatchObject({ mediaType });
  });

  test('programs, scripts, macros, archives of programs, archives that break out and broken ones are refused, and nothing of them is left', async () => {
    const refused = [
      Buffer.from('MZ\u0090'),
      Buffer.from('<script>alert(1)</script>'),
      Buffer.from('#!/bin/sh\n%PDF-1.7'),
      zip('a.txt', 'setup.EXE'),
      zip('../../etc/passwd'),
      zip('C:\\a.txt'),
      zip('META-INF/MANIFEST.MF', 'Main.class'),
      zip('[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin'),
      zip('[Content_Types].xml', 'word/document.xml').subarray(0, 60),
      Buffer.from('P'),
      Buffer.from('PK\u0003\u0004PK\u0005\u0006'),
    ];
    for (const content of refused) {
      await expect(files.put(inPieces(content))).rejects.toMatchObject({ code: 'file.type-refused' });
    }
    await expect(files.put(Readable.from([]))).rejects.toMatchObject({ code: 'file.empty' });
    expect(await filesThere()).toEqual([]);
  });

  test('a file that did not arrive as it was sent is refused', async () => {
    await expect(files.put(inPieces(pdf), { expectedSha256: hashOf(Buffer.from('other')) })).rejects.toMatchObject({
      code: 'file.hash-differs',
    });
    expect(await filesThere()).toEqual([]);
  });

  test('a file of 50 MB is taken, a larger one is refused before it has arrived', async () => {
    const piece = Buffer.alloc(1024 * 1024, '%PDF-');
    let sent = 0;
    const pieces = (count: number) =>
      Readable.from(
        (function* () {
          for (sent = 0; sent < count; sent += 1) yield piece;
        })(),
      );
    expect(await files.put(pieces(50))).toMatchObject({ bytes: fileBytesAtMost });
    await expect(files.put(pieces(1_000))).rejects.toMatchObject({ code: 'file.too-large' });
    expect(sent).toBeLessThan(100);
    const refused = pieces(1_000);
    await files.put(refused).catch(() => undefined);
    expect(refused.destroyed).toBe(false);
    expect(await filesThere()).toHaveLength(1);
  });

  test('a sender who breaks off leaves nothing', async () => {
    const broken = Readable.from(
      (function* () {
        yield pdf;
        throw new Error('connection reset');
      })(),
    );
    await expect(files.put(broken)).rejects.toThrow('connection reset');
    expect(await filesThere()).toEqual([]);
  });

  test('there is no way out of the folder', async () => {
    for (const name of ['../../etc/passwd', '', 'A'.repeat(64), hashOf(pdf)]) {
      await expect(files.open(name)).rejects.toMatchObject({ code: 'file.not-found' });
    }
  });

  test('a file that was changed on disk does not pass for the one that was sent, until it is sent again', async () => {
    const { sha256 } = await files.put(inPieces(pdf));
    const path = join(folder, sha256.slice(0, 2), sha256.slice(2));
    await writeFile(path, '%PDF-1.7\nother');
    await expect(files.open(sha256).then(({ content }) => buffer(content))).rejects.toThrow('damaged');
    await writeFile(path, 'MZ');
    await expect(files.open(sha256)).rejects.toThrow('damaged');
    await files.put(inPieces(pdf));
    expect(await buffer((await files.open(sha256)).content)).toEqual(pdf);
  });

  test('what a process left behind that died is cleared away, what is still arriving is not', async () => {
    await mkdir(join(folder, 'incoming'));
    await writeFile(join(folder, 'incoming', 'old'), '');
    await writeFile(join(folder, 'incoming', 'new'), '');
    await utimes(join(folder, 'incoming', 'old'), 1, 1);
    await files.put(inPieces(pdf));
    expect(await readdir(join(folder, 'incoming'))).toEqual(['new']);
  });
});
