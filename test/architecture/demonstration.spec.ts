import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('only the server says that it is the demonstration: nothing else makes its proof', async () => {
  const callers: string[] = [];
  for (const folder of ['apps', 'libs', 'bench', 'scripts']) {
    for (const name of await readdir(folder, { recursive: true })) {
      const file = join(folder, name);
      if (!/\.(ts|tsx|mjs)$/.test(file) || /\.spec\.ts$|node_modules/.test(file)) continue;
      if (/\bproofOfDemonstration\(/.test(await readFile(file, 'utf8'))) callers.push(file);
    }
  }
  expect(callers.toSorted()).toEqual(['apps/server/server.ts', 'libs/identity/demonstration.ts']);
});
