// Before every command of package.json. Plain Node without packages: nothing may be installed yet, and an old Node must get as far as its
// sentence.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ran } from './child.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function fail(en, zh) {
  console.error(en + '\n' + zh);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24) return;
  fail(
    `Entente needs Node 20.19 or later, 22.12 or later, or 24; this is ${process.versions.node}. Install one of them and try again.`,
    `Entente 需要 Node 20.19 及以上、22.12 及以上或 24；当前为 ${process.versions.node}。请安装后重试。`,
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm writes node_modules/.package-lock.json last, so a missing one is an installation that did not finish. */
function isInstalled() {
  const [wanted, found] = [packagesOf('package-lock.json'), packagesOf('node_modules/.package-lock.json')];
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '') return true;
    if (found[path] === undefined) return Boolean(optional || devOptional || link);
    return found[path].version === version;
  });
}

/** @param hold - takes whoever works here, whom the next start must wait for even where this one was killed */
async function install(hold) {
  // Not to standard output, which may be what a command is run for.
  console.error('Installing packages (once; a minute or so) …\n正在安装依赖（仅一次，约一分钟）…');
  const npm = process.env.npm_execpath;
  const settings = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const options = { cwd: root, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' && !npm };
  const program = npm ? [process.execPath, [npm, ...settings]] : ['npm', settings];
  const code = await ran(...program, options, hold).catch(({ message }) => void console.error(message));
  hold(process.pid);
  if (code !== 0) {
    fail(
      'The packages could not be installed (see above). Is the npm registry reachable? `npm config get registry` names it.',
      '依赖安装失败（见上）。请检查能否访问 npm 源：npm config get registry。',
    );
  }
}

/**
 * Installs what is missing, then does what must be done by one at a time: two starts of one clone, on different data folders, must not
 * install or build into each other.
 *
 * @param {() => Promise<void>} [work]
 */
export async function installed(work = () => Promise.resolve()) {
  checkNode();
  await alone(async (hold) => {
    if (!isInstalled()) await install(hold);
    await work();
  });
}

async function alone(work) {
  const lock = join(root, '.entente', 'preparing');
  try {
    mkdirSync(dirname(lock), { recursive: true });
    while (!taken(lock)) await new Promise((resolve) => setTimeout(resolve, 100));
  } catch ({ code, message }) {
    fail(
      `${root} cannot be written by this user (${code ?? message}): do this as its owner, or in a clone of your own.`,
      `当前用户无法写入 ${root}（${code ?? message}）：请以其所有者身份操作，或使用您自己的克隆。`,
    );
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work((pid) => writeFileSync(lock, String(pid)));
  } finally {
    release();
    process.off('exit', release);
  }
}

/** A link appears with its content or not at all. */
function taken(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(holder(lock))) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function holder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return process.pid; // released just now
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installed();
