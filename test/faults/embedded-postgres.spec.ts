import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { DataFolderInUse, startPostgres, stopPostgres } from '../../libs/kernel/embedded.postgres.js';
import { notice } from '../support/notices.js';
import { Child, isAlive } from './support/child.js';
import { eventually } from '../support/eventually.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
let dataDir: string;
const children: Child[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entente-faults-'));
  dataDir = join(folder, 'postgres');
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.end('SIGKILL');
  for (const name of await readdir(folder)) await stopPostgres(join(folder, name));
  await rm(folder, { recursive: true, force: true });
});

function owner(...args: string[]): Child {
  const child = Child.script('test/faults/support/owner.ts', args);
  children.push(child);
  return child;
}

async function ready(child: Child): Promise<{ url: string; pid: number }> {
  return JSON.parse(await child.says(/(\{.*\})/)) as { url: string; pid: number };
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function written(url: string): Promise<void> {
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
}

test('what is committed is on disk, and only this machine with the password reaches it', async () => {
  const postgres = await startPostgres({ dataDir });
  const settings = [
    'fsync',
    'full_page_writes',
    'synchronous_commit',
    'data_checksums',
    'listen_addresses',
    'server_encoding',
    'TimeZone',
  ];
  expect(await query(postgres.url, `SELECT current_setting(name) FROM unnest('{${settings.join()}}'::text[]) AS name`)).toEqual([
    'on',
    'on',
    'on',
    'on',
    '127.0.0.1',
    'UTF8',
    'UTC',
  ]);
  await expect(query(postgres.url.replace(/:[^:@]*@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect((await stat(join(dataDir, 'entente.password'))).mode & 0o777).toBe(0o600);
  await postgres.stop();
  expect(await isAlive(postgres.pid)).toBe(false);
});

test('what people wrote is not repeated in the log of the server', async () => {
  const postgres = await startPostgres({ dataDir });
  await query(postgres.url, 'CREATE TABLE people (name text PRIMARY KEY)');
  const insert = `INSERT INTO people VALUES ('Wang Fang')`;
  await query(postgres.url, insert);
  await expect(query(postgres.url, insert)).rejects.toThrow('duplicate key');
  await postgres.stop();
  const log = await readFile(`${dataDir}.log`, 'utf8');
  expect(log).toContain('duplicate key');
  expect(log).not.toContain('Wang Fang');
});

test('a server whose owner was killed is taken over as it runs', async () => {
  const first = owner(dataDir);
  const { url, pid } = await ready(first);
  await written(url);
  await first.end('SIGKILL');
  expect(await isAlive(pid)).toBe(true);
  const postgres = await startPostgres({ dataDir });
  expect(postgres.pid).toBe(pid);
  expect(await query(postgres.url, 'SELECT answer FROM kept')).toEqual([42]);
  await postgres.stop();
});

test('a killed server comes back under its owner, at the same address, with everything committed', async () => {
  const postgres = await startPostgres({ dataDir });
  const { pid, url } = postgres;
  await written(url);
  process.kill(pid, 'SIGKILL');
  await eventually(() => (postgres.pid === pid ? undefined : true));
  expect(postgres.url).toBe(url);
  expect(await query(url, 'SELECT answer FROM kept')).toEqual([42]);
  await postgres.stop();
  expect(await isAlive(postgres.pid)).toBe(false);
});

test('after owner and server were killed together, the next start recovers', async () => {
  const first = owner(dataDir);
  const { url, pid } = await ready(first);
  await written(url);
  await first.end('SIGKILL');
  process.kill(pid, 'SIGKILL');
  const postgres = await startPostgres({ dataDir });
  expect(await query(postgres.url, 'SELECT answer FROM kept')).toEqual([42]);
  await postgres.stop();
});

test('a lock file that names a process of somebody else keeps nobody out', async () => {
  await (await startPostgres({ dataDir })).stop();
  const { uid, gid } = await stat(dataDir);
  const stranger = spawn('sleep', ['60'], { ...(isRoot && { uid, gid }) });
  await writeFile(join(dataDir, 'postmaster.pid'), [stranger.pid, dataDir, 1, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n'));
  const postgres = await startPostgres({ dataDir });
  expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
  await postgres.stop();
});

test.each([5, 60, 250])('a start killed %i ms into making the database leaves nothing in the way', async (afterMs) => {
  const first = owner(dataDir);
  await eventually(async () => (await readdir(folder)).find((name) => name.startsWith('postgres.new-')));
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await first.end('SIGKILL');
  const postgres = await startPostgres({ dataDir });
  expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
  await postgres.stop();
  expect((await readdir(folder)).toSorted()).toEqual(['postgres', 'postgres.log']);
});

test('a folder with half a database is moved aside, not deleted', async () => {
  await mkdir(join(dataDir, 'base'), { recursive: true });
  await writeFile(join(dataDir, 'PG_VERSION'), '18\n');
  const said: string[] = [];
  const postgres = await startPostgres({ dataDir, log: (line) => said.push(line) });
  await postgres.stop();
  const aside = (await readdir(folder)).find((name) => name.startsWith('postgres.unfinished-'));
  expect(said).toEqual([expect.stringContaining(String(aside))]);
  expect(await readFile(join(folder, String(aside), 'PG_VERSION'), 'utf8')).toBe('18\n');
});

test('a folder has one owner, and the second is told who it is', async () => {
  const postgres = await startPostgres({ dataDir });
  const second = owner(dataDir);
  expect(await second.end()).toBe(1);
  expect(second.output).toContain(`is in use by process ${String(process.pid)}`);
  await expect(startPostgres({ dataDir, ownerGoneWithinMs: 0 })).rejects.toThrow(DataFolderInUse);
  expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
  await postgres.stop();
});

test('of two that start together on an empty folder, exactly one owns it', async () => {
  const both = [owner(dataDir), owner(dataDir)];
  const outcomes = await Promise.all(
    both.map((child) =>
      ready(child).then(
        () => 'owner',
        (error: Error) => error.message,
      ),
    ),
  );
  expect(outcomes.toSorted()).toEqual([expect.stringContaining('is in use by process'), 'owner']);
});

test('two run side by side on folders and ports of their own', async () => {
  const [one, other] = await Promise.all([startPostgres({ dataDir }), startPostgres({ dataDir: join(folder, 'other') })]);
  await written(one.url);
  expect(one.port).not.toBe(other.port);
  await expect(query(other.url, 'SELECT answer FROM kept')).rejects.toThrow('does not exist');
  await one.stop();
  expect(await query(other.url, 'SELECT 1')).toEqual([1]);
  await other.stop();
});

test('a port that is taken is named', async () => {
  const one = await startPostgres({ dataDir });
  await expect(startPostgres({ dataDir: join(folder, 'other'), port: one.port })).rejects.toThrow(`Address already in use`);
  await one.stop();
});

test('an ordinary user owns its database, and needs no help', async () => {
  const self = process.getuid?.() ?? 0;
  const other = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  const home = join(folder, 'home');
  await mkdir(home);
  if (isRoot) await Promise.all([chmod(folder, 0o755), chown(home, 65_534, 65_534)]);
  const reader = Child.node(['--eval', "fs.accessSync('package.json')"], other);
  if ((await reader.end()) !== 0)
    return notice('Starting as an ordinary user DID NOT RUN: this clone is closed to other users, so root cannot try it.');
  const ordinary = Child.script('test/faults/support/owner.ts', [join(home, 'postgres')], other);
  children.push(ordinary);
  const { url } = await ready(ordinary);
  expect(await query(url, 'SELECT 1')).toEqual([1]);
  expect((await stat(join(home, 'postgres'))).uid).toBe(other.uid ?? self);
  expect(await ordinary.end('SIGTERM')).toBe(0);
});

test('root may keep the folder where PostgreSQL itself could not go', async () => {
  await chmod(folder, 0o700);
  const postgres = await startPostgres({ dataDir });
  expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
  expect((await stat(dataDir)).uid === 0).toBe(false);
  await postgres.stop();
});
