import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { Hindrance } from './lifetime.js';

/** Makes the folder where it is missing. @throws Hindrance where it cannot be written */
export async function requireFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    throw new Hindrance({
      en: `DATA_DIR=${dataDir} is not a folder that can be written (${code}): choose another, or give this user the right to it.`,
      zh: `DATA_DIR=${dataDir} 不是可写的文件夹（${code}）：请另选文件夹，或授予当前用户写入权限。`,
    });
  }
}
