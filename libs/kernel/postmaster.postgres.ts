import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Binaries, embeddedBinaries, type RunAs } from './embedded-binaries.js';

export interface EmbeddedPostgresOptions {
  /** Folder of the database cluster alone; made when absent. The server's log is written beside it, as `<dataDir>.log`. */
  readonly dataDir: string;
  /** Chosen among the free ones when absent. A server that still runs keeps the port it has. */
  readonly port?: number;
  /** How long an owner that was killed may take to be gone; 3,000 unless told. */
  readonly ownerGoneWithinMs?: number;
  /** Hears one sentence about anything unusual: taking over, starting again, moving an unfinished folder aside. */
  readonly log?: (line: string) => void;
}

/** A PostgreSQL server that answers. */
export interface RunningPostgres {
  /** Of the database `entente`, as its superuser, on 127.0.0.1; holds the password. */
  readonly url: string;
  readonly port: number;
  /** Of the postmaster. */
  readonly pid: number;
}

export const DATABASE = 'entente';
const LOCK_FILE = 'postmaster.pid';
const PASSWORD_FILE = 'entente.password';
const NOBODY: RunAs = { uid: 65534, gid: 65534 };
/** Crash recovery replays the log since the last checkpoint; `max_wal_size` bounds that. */
const READY_WITHIN_MS = 120_000;
const LEFTOVERS_GONE_WITHIN_MS = 15_000;
/** Asked to wait for connections that are just closing, then not to, then to leave the clean-up to the next start. */
const STOPPING = [
  ['SIGTERM', 1_000],
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 10_000],
] as const;

const SERVER_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // What people wrote stands in statements and in the details of errors, and has no place in a log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  jit: 'off',
};

/**
 * Makes the database cluster if there is none, starts its server if none runs, and waits until it answers.
 *
 * Safe to call at any moment, from several processes, and after any kill -9: whatever lives is used, whatever is left
 * over is waited out or replaced. Nobody owns the server: it runs until `stopPostgres`. See `startPostgres` for one owner.
 *
 * @throws Error naming the cause when the cluster cannot be made or the server does not start
 */
export async function ensurePostgres({
  dataDir: given,
  port,
  log = () => undefined,
}: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(given);
  const runAs = await userFor(dataDir);
  const binaries = await embeddedBinaries(runAs);
  await initialised(dataDir, binaries, runAs, log);
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const running = (await postmasterOf(dataDir)) ?? (await launched(dataDir, binaries, runAs, port, log));
    const url = await urlOf(dataDir, running.port);
    if (await answers(url, running.pid, dataDir, until)) return { ...running, url };
    if (Date.now() > until) throw new Error(`PostgreSQL in ${dataDir} did not get ready; its log is ${dataDir}.log.`);
  }
}

/** Stops the server of this folder, if one runs, and waits until it is gone; what is committed is on disk either way. */
export async function stopPostgres(given: string): Promise<void> {
  const dataDir = resolve(given);
  const pid = parseInt(await lockOf(dataDir));
  for (const [signal, withinMs] of STOPPING) {
    if (!(await isPostmaster(pid, dataDir))) return;
    signalled(pid, signal);
    const until = Date.now() + withinMs;
    while (Date.now() < until) {
      if (!(await isPostmaster(pid, dataDir))) return;
      await wait(20);
    }
  }
}

function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Removes half-made clusters that a killed process left beside this folder. Only the owner of the folder may call it. */
export async function removeUnfinished(dataDir: string): Promise<void> {
  const [parent, prefix] = [dirname(resolve(dataDir)), `${basename(dataDir)}.new-`];
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(prefix)) await rm(join(parent, entry), { recursive: true, force: true });
  }
}

/** PostgreSQL refuses root; the owner of an existing folder stays its owner. */
async function userFor(dataDir: string): Promise<RunAs | undefined> {
  const folder = await stat(dataDir).catch(() => undefined);
  const self = process.getuid?.();
  if (self !== 0) {
    if (folder && self !== undefined && folder.uid !== self) {
      throw new Error(
        `${dataDir} belongs to another user (${String(folder.uid)}): start as that user or as root, or choose another DATA_DIR.`,
      );
    }
    return undefined;
  }
  return folder && folder.uid !== 0 ? { uid: folder.uid, gid: folder.gid } : NOBODY;
}

/**
 * A name of a process's own working directory that works even where the folders above it are closed to its user:
 * it is entered while the process is still root, and this name is followed without walking the path.
 */
function own(folder: string, runAs: RunAs | undefined): string {
  return runAs && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env['SystemRoot'] };
}

async function initialised(
  dataDir: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
  log: (line: string) => void,
): Promise<void> {
  if (await exists(join(dataDir, PASSWORD_FILE))) return;
  await mkdir(dirname(dataDir), { recursive: true });
  if (await isFilled(dataDir)) {
    const aside = `${dataDir}.unfinished-${new Date().toISOString().replaceAll(/[^0-9T]/g, '')}`;
    log(`${dataDir} holds no finished database; it is moved to ${aside} and a new one is made.`);
    await rename(dataDir, aside);
  }
  const fresh = await mkdtemp(`${dataDir}.new-`);
  try {
    await madeCluster(fresh, binaries, runAs);
    await rename(join(fresh, 'cluster'), dataDir);
  } catch (error) {
    // Another process may have finished the same folder first.
    if (!(await exists(join(dataDir, PASSWORD_FILE)))) throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The password file is what says that a cluster is finished, so it is written last. */
async function madeCluster(fresh: string, { initdb }: Binaries, runAs: RunAs | undefined): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(fresh, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const cluster = join(fresh, 'cluster');
  await mkdir(cluster, { mode: 0o700 });
  if (runAs) await Promise.all([fresh, passwordFile, cluster].map((path) => chown(path, runAs.uid, runAs.gid)));
  const here = own(cluster, runAs);
  const collation = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${DATABASE}`, `--pwfile=${here}/../password`];
  const child = spawn(initdb, [`--pgdata=${here}`, ...collation, ...access], {
    cwd: cluster,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...runAs,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The database could not be made in ${fresh}: ${complaint.trim()}`);
  const kept = join(cluster, PASSWORD_FILE);
  await writeFile(kept, password, { mode: 0o600, flush: true });
  if (runAs) await chown(kept, runAs.uid, runAs.gid);
}

async function launched(
  dataDir: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
  port: number | undefined,
  log: (line: string) => void,
): Promise<Omit<RunningPostgres, 'url'>> {
  const until = Date.now() + LEFTOVERS_GONE_WITHIN_MS;
  if (await staleLockRemoved(dataDir)) log(`The database in ${dataDir} was not stopped cleanly; it recovers now.`);
  for (;;) {
    const complaint = await launchedOnce(dataDir, binaries, runAs, port ?? (await freePort()));
    const running = await postmasterOf(dataDir);
    if (running) return running;
    const leftover = /shared memory block|lock file/.test(complaint);
    const lostTheRaceForAPort = port === undefined && complaint.includes('could not bind');
    if (!(leftover || lostTheRaceForAPort) || Date.now() > until) {
      throw new Error(`PostgreSQL did not start in ${dataDir}: ${complaint || `see ${dataDir}.log`}`);
    }
    await wait(100);
  }
}

/** Returns when the server has written its lock file, or with its complaint when it ended first. */
async function launchedOnce(dataDir: string, { postgres }: Binaries, runAs: RunAs | undefined, port: number): Promise<string> {
  const output = await open(`${dataDir}.log`, 'a', 0o600);
  try {
    const { size } = await output.stat();
    const settings = Object.entries({ ...SERVER_SETTINGS, port, cluster_name: await clusterName(dataDir) }).flatMap(
      ([name, value]) => ['-c', `${name}=${String(value)}`],
    );
    // Its own session, or Ctrl-C would stop the database before those who still write to it.
    const child = spawn(postgres, ['-D', own(dataDir, runAs), ...settings], {
      cwd: dataDir,
      detached: true,
      env: environment(),
      stdio: ['ignore', output.fd, output.fd],
      ...runAs,
    });
    child.unref();
    const ended = new AbortController();
    child.once('error', () => ended.abort()).once('exit', () => ended.abort());
    while (!ended.signal.aborted && (await postmasterOf(dataDir))?.pid !== child.pid) await wait(5);
    return ended.signal.aborted ? await complaintIn(`${dataDir}.log`, size) : '';
  } finally {
    await output.close();
  }
}

async function complaintIn(logFile: string, from: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(from).toString('utf8').split('\n');
  return lines.filter((line) => /FATAL|ERROR|could not|HINT/.test(line)).join('\n');
}

/** The live server of this folder, from its lock file; the address in its sixth line says that the port is really its own. */
async function postmasterOf(dataDir: string): Promise<Omit<RunningPostgres, 'url'> | undefined> {
  const lock = (await lockOf(dataDir)).split('\n');
  const [pid, port, address] = [Number(lock[0]), Number(lock[3]), lock[5]];
  return pid > 0 && port > 0 && address && (await isPostmaster(pid, dataDir)) ? { pid, port } : undefined;
}

/** A number alone proves nothing: it may belong to another process by now, or to one that has ended and was not waited for. */
async function isPostmaster(pid: number, dataDir: string): Promise<boolean> {
  const [command, name] = await Promise.all([commandLine(pid), clusterName(dataDir)]).catch(() => ['', '']);
  return name !== '' && command.includes(`cluster_name=${name}`);
}

/** Empty when the process has ended. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${String(pid)}/cmdline`, 'utf8');
  return (await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout;
}

async function clusterName(dataDir: string): Promise<string> {
  return createHash('sha256')
    .update(await passwordOf(dataDir))
    .digest('hex')
    .slice(0, 16);
}

/**
 * PostgreSQL sees for itself that the process of its lock file has ended, but not that its number was given to another
 * process of the same user; then it would refuse to start for as long as that one lives.
 */
async function staleLockRemoved(dataDir: string): Promise<boolean> {
  const lock = await lockOf(dataDir);
  const pid = parseInt(lock);
  // An empty lock file is one that a starting server is about to fill.
  if (!(pid > 0) || (await isPostmaster(pid, dataDir))) return false;
  if ((await lockOf(dataDir)) === lock) await rm(join(dataDir, LOCK_FILE), { force: true });
  return true;
}

async function lockOf(dataDir: string): Promise<string> {
  return readFile(join(dataDir, LOCK_FILE), 'utf8').catch(() => '');
}

async function passwordOf(dataDir: string): Promise<string> {
  return readFile(join(dataDir, PASSWORD_FILE), 'utf8');
}

async function urlOf(dataDir: string, port: number): Promise<string> {
  return `postgres://${DATABASE}:${await passwordOf(dataDir)}@127.0.0.1:${String(port)}/${DATABASE}`;
}

/** False when the server ended while it was waited for. */
async function answers(url: string, pid: number, dataDir: string, until: number): Promise<boolean> {
  while (Date.now() < until) {
    const code = await refusalOf(url);
    if (code === undefined) return true;
    if (code === '3D000') await createDatabase(url);
    // Starting up or shutting down; not listening yet; connection cut.
    else if (!['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET'].includes(code))
      throw new Error(`PostgreSQL in ${dataDir} refuses connections (${code}).`);
    else if (!(await isPostmaster(pid, dataDir))) return false;
    else await wait(20);
  }
  return false;
}

async function refusalOf(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? 'ECONNRESET';
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url.replace(/[^/]*$/, 'postgres') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`).catch((error: { code?: string }) => {
      // Two processes may get here together: "already exists" is what both want.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function isFilled(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (entries) => entries.length > 0,
    () => false,
  );
}
