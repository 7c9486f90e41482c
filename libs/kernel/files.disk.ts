import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import {
  fileBytesAtMost,
  fileEmpty,
  fileHashDiffers,
  fileNotFound,
  Files,
  fileTooLarge,
  fileTypeRefused,
  type OpenedFile,
  type StoredFile,
} from './files.js';
import { mediaTypeOf } from './media-type.js';

const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** Files in a folder: `ab/cdef…` by their SHA-256, and `incoming` for what is still arriving. Several processes may share it. */
export class FilesOnDisk extends Files {
  private readonly incoming: string;
  private ready: Promise<void> | undefined;

  /** @param folder - made on first use */
  constructor(private readonly folder: string) {
    super();
    this.incoming = join(folder, 'incoming');
  }

  override async put(content: Readable, { expectedSha256 }: { readonly expectedSha256?: string } = {}): Promise<StoredFile> {
    this.ready ??= this.prepare().catch((failure: unknown) => {
      this.ready = undefined;
      throw failure;
    });
    await this.ready;
    const path = join(this.incoming, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    try {
      const stored = await receive(content, file);
      if (expectedSha256 !== undefined && expectedSha256 !== stored.sha256) throw fileHashDiffers(expectedSha256, stored.sha256);
      await file.sync();
      await this.moveIn(path, stored.sha256);
      return stored;
    } catch (failure) {
      await rm(path, { force: true });
      throw failure;
    } finally {
      await file.close();
    }
  }

  override async open(sha256: string): Promise<OpenedFile> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw fileNotFound();
    const file = await open(this.pathOf(sha256), 'r').catch(notThere);
    const { size: bytes } = await file.stat();
    const mediaType = await mediaTypeOf(file, bytes);
    if (mediaType === undefined) {
      await file.close();
      throw damaged(sha256);
    }
    const raw = file.createReadStream({ start: 0 });
    const content = verified(sha256);
    raw.on('error', (failure) => content.destroy(failure));
    content.on('close', () => raw.destroy());
    return { sha256, bytes, mediaType, content: raw.pipe(content) };
  }

  private pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256.slice(2));
  }

  /** Over what may be there already: the same content, or the ruin of it. */
  private async moveIn(path: string, sha256: string): Promise<void> {
    const target = this.pathOf(sha256);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncFolder(dirname(target));
    await syncFolder(this.folder);
  }

  /** What has lain in `incoming` for a day was left there by a process that died. */
  private async prepare(): Promise<void> {
    await mkdir(this.incoming, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const since = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      );
      if (since < Date.now() - abandonedAfterMs) await rm(path, { force: true });
    }
  }
}

async function receive(content: Readable, file: FileHandle): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content.iterator({ destroyOnReturn: false })) {
    const piece = Buffer.from(chunk as Uint8Array | string);
    bytes += piece.length;
    if (bytes > fileBytesAtMost) throw fileTooLarge();
    hash.update(piece);
    await file.writeFile(piece);
  }
  if (bytes === 0) throw fileEmpty();
  const mediaType = await mediaTypeOf(file, bytes);
  if (mediaType === undefined) throw fileTypeRefused();
  return { sha256: hash.digest('hex'), bytes, mediaType };
}

/** Lets a content through and holds its last piece back until the whole has proved to be what its name says. */
function verified(sha256: string): Transform {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const before = held;
      held = chunk;
      done(null, before);
    },
    flush(done) {
      if (hash.digest('hex') === sha256) done(null, held);
      else done(damaged(sha256));
    },
  });
}

const damaged = (sha256: string): Error => new Error(`file ${sha256} is damaged on disk: restore it from a backup`);

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}

function notThere(failure: NodeJS.ErrnoException): never {
  throw failure.code === 'ENOENT' ? fileNotFound() : failure;
}
