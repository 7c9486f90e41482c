import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from '#kernel';
import { type Console, Failure } from './command.js';

export interface Place {
  readonly databaseUrl: string;
  readonly dataDir: string;
}

/**
 * Runs `work` on an embedded database of its own in a new folder, which is removed afterwards, also on Ctrl-C, unless it is `keep`.
 *
 * @throws Failure where `keep` is a folder that holds something
 */
export async function onOwnServer<T>(
  keep: string | undefined,
  { tell }: Console,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const dataDir = keep === undefined ? await mkdtemp(join(tmpdir(), 'entente-round-')) : await emptyFolder(keep);
  const starting = startPostgres({ dataDir: join(dataDir, 'postgres'), log: tell });
  const clear = async (): Promise<void> => {
    await (await starting.catch(() => undefined))?.stop();
    if (keep === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  const interrupted = (): void => void clear().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work({ databaseUrl: (await starting).url, dataDir });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await clear();
  }
}

async function emptyFolder(given: string): Promise<string> {
  const folder = resolve(given);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length === 0) return folder;
  throw new Failure({
    en: `${folder} is not empty: --keep needs a new folder.`,
    zh: `${folder} 不是空文件夹：--keep 须指定新文件夹。`,
  });
}
