import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PREFIX = 'entente-test-run-';

/** globalSetup of Jest: a folder for what the suites of this run share; what killed runs left behind is removed. */
export default async function runBegins() {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length)))) await removed(join(tmpdir(), name));
  }
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.env.ENTENTE_TEST_RUN = folder;
}

export async function runEnds() {
  await removed(process.env.ENTENTE_TEST_RUN);
}

async function removed(folder) {
  const postmaster = postmasterIn(join(folder, 'postgres'));
  if (postmaster > 0 && isAlive(postmaster)) {
    process.kill(postmaster, 'SIGINT');
    for (let left = 500; left > 0 && postmasterIn(join(folder, 'postgres')) > 0; left -= 1) await wait(20);
  }
  rmSync(folder, { recursive: true, force: true });
}

function postmasterIn(dataDir) {
  try {
    return parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
