import { exec as execute } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { stopPostgres } from '../../libs/kernel/embedded.postgres.js';
import { Child, isAlive } from './support/child.js';
import { eventually } from '../support/eventually.js';
import { childEnvironment, freePort } from './support/server.js';

const exec = promisify(execute);

let dataDir: string;
let port: number;
const children: Child[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'entente-start-'));
  port = await freePort();
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.end('SIGKILL');
  await stopPostgres(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
});

interface Place {
  readonly dataDir: string;
  readonly port: number;
}

// Every start here is the first of its folder; the demonstration would take longest, and is not the matter.
const startedIn = (place: Place, settings: Readonly<Record<string, string>>, command: readonly string[]): Child =>
  Child.node(command, {
    env: childEnvironment({ DATA_DIR: place.dataDir, PORT: String(place.port), DEMO: 'false', ...settings }),
  });

const main = ['scripts/start.mjs'];

function start(settings: Readonly<Record<string, string>> = {}, command: readonly string[] = main): Child {
  const child = startedIn({ dataDir, port }, settings, command);
  children.push(child);
  return child;
}

async function healthy(child: Child, at = port): Promise<void> {
  expect(await child.says(/Entente is ready: (\S+)/)).toBe(`http://localhost:${String(at)}`);
  expect(await health(at)).toBe(200);
}

const health = async (at: number): Promise<number> => (await fetch(`http://127.0.0.1:${String(at)}/health`)).status;

async function postmaster(): Promise<number> {
  return parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'));
}

test('after SIGTERM, SIGINT or SIGHUP, even twice, nothing is left running', async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const server = start();
    await healthy(server);
    const database = await postmaster();
    void server.end(signal);
    expect([signal, await server.end(signal), await isAlive(database)]).toEqual([signal, 0, false]);
    await expect(fetch(`http://127.0.0.1:${String(port)}/health`)).rejects.toThrow('fetch failed');
  }
});

test('a signal in the middle of the start ends it cleanly too', async () => {
  const server = start();
  await eventually(() => stat(join(dataDir, 'postgres.log')).catch(() => stat(join(dataDir, 'postgres')).catch(() => undefined)));
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await postmaster().then(isAlive, () => false)).toBe(false);
});

test('after a kill -9 the next start takes the running database over', async () => {
  const first = start();
  await healthy(first);
  const database = await postmaster();
  await first.end('SIGKILL');
  const second = start();
  await healthy(second);
  expect(await postmaster()).toBe(database);
  expect(await second.end('SIGTERM')).toBe(0);
});

describe('on a clone where nothing is installed', () => {
  /** In place of npm, which would take a minute: says what it was asked, and works on until it is told to stop, or may end. */
  const npmOfTests = `
    const { appendFileSync, existsSync } = require('node:fs');
    const say = (line) => appendFileSync('said', line + '\\n');
    process.on('SIGTERM', () => { say('stopped'); process.exit(1); });
    say('begun ' + process.argv[2]);
    setInterval(() => { if (existsSync('end')) { say('ended'); process.exit(1); } }, 10);`;

  const said = (): Promise<string[]> =>
    readFile(join(dataDir, 'said'), 'utf8').then(
      (text) => text.trim().split('\n'),
      () => [],
    );
  const begun = (): Promise<string[]> => eventually(said, ([first]) => first === 'begun ci');

  const environment = () => ({ ...childEnvironment({}), npm_execpath: join(dataDir, 'npm.cjs'), npm_lifecycle_event: '' });

  function startClone(): Child {
    const child = Child.node([join(dataDir, 'scripts', 'start.mjs')], { env: environment() });
    children.push(child);
    return child;
  }

  beforeEach(async () => {
    await mkdir(join(dataDir, 'scripts'));
    for (const file of [
      'scripts/start.mjs',
      'scripts/build.mjs',
      'scripts/installed.mjs',
      'scripts/child.mjs',
      'package.json',
      'package-lock.json',
    ])
      await copyFile(file, join(dataDir, file));
    await writeFile(join(dataDir, 'npm.cjs'), npmOfTests);
  });

  test.each(['test', 'check', 'bench', 'entente'])('npm run %s installs first', async (command) => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    await writeFile(join(dataDir, 'end'), '');
    const before = exec(scripts[`pre${command}`] as string, { cwd: dataDir, env: environment() });
    await expect(before).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The packages could not be installed'),
    });
    expect(await said()).toEqual(['begun ci', 'ended']);
  });

  test('a signal while packages are installed ends npm too', async () => {
    const clone = startClone();
    await begun();
    expect(await clone.end('SIGTERM')).toBe(0);
    expect(await said()).toEqual(['begun ci', 'stopped']);
  });

  test('after a kill -9 the next start waits for an installation that is still under way', async () => {
    const first = startClone();
    await begun();
    process.kill(first.pid, 'SIGKILL');
    const second = startClone();
    const another = startClone();
    const outcome = Promise.race([second.end(), another.end()]);
    expect(await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 500, 'waits'))])).toBe('waits');
    await writeFile(join(dataDir, 'end'), '');
    expect([await second.end(), await another.end()]).toEqual([1, 1]);
    expect(await said()).toEqual(['begun ci', 'ended', 'begun ci', 'ended', 'begun ci', 'ended']);
    expect(second.output).toContain('The packages could not be installed');
  });
});

test('when npm is killed the server does not stay behind', async () => {
  const npm = start({}, [String(process.env['npm_execpath'] ?? (await npmProgram())), 'start']);
  await healthy(npm);
  const database = await postmaster();
  await npm.end('SIGKILL');
  const gone = await eventually(async () => ((await isAlive(database)) ? undefined : 'gone'));
  expect(gone).toBe('gone');
});

describe('beside a server that runs', () => {
  let first: Child;
  let place: Place;
  beforeAll(async () => {
    place = { dataDir: await mkdtemp(join(tmpdir(), 'entente-start-')), port: await freePort() };
    first = startedIn(place, {}, main);
    await healthy(first, place.port);
  });
  afterAll(async () => {
    await first.end('SIGTERM');
    await rm(place.dataDir, { recursive: true, force: true });
  });

  test('a port in use is named, with what to do, before anything is started', async () => {
    const other = join(dataDir, 'other');
    const second = start({ DATA_DIR: other, PORT: String(place.port) });
    expect(await second.end()).toBe(1);
    expect(second.output).toContain(
      `Port ${String(place.port)} is in use by another program. Stop that one, or start on another port: PORT=${String(place.port + 1)} npm start`,
    );
    expect(second.output).toContain(`端口 ${String(place.port)} 已被其他程序占用`);
    await expect(stat(other)).rejects.toThrow('ENOENT');
    expect(await health(place.port)).toBe(200);
  });

  test('a data folder in use is named', async () => {
    const second = start({ DATA_DIR: place.dataDir });
    expect(await second.end()).toBe(1);
    expect(second.output).toContain(`is in use by process ${String(first.pid)}`);
    expect(await health(place.port)).toBe(200);
  });

  test('another runs on a folder and port of its own, and ends alone', async () => {
    const second = start();
    await healthy(second);
    expect(await second.end('SIGTERM')).toBe(0);
    expect(await health(place.port)).toBe(200);
  });
});

test('what a setting names and cannot be used is told by the name of the setting, and nothing is left running', async () => {
  const file = join(dataDir, 'a-file');
  await writeFile(file, '');
  const cases = [
    [{ DATA_DIR: file }, `DATA_DIR=${file} is not a folder that can be written`, '不是可写的文件夹'],
    [
      { DATABASE_URL: `postgres://someone:hidden@127.0.0.1:${port}/none` },
      `DATABASE_URL: postgres://127.0.0.1:${port}/none`,
      '无法使用',
    ],
    [
      { QUEUE: 'redis', REDIS_URL: `redis://someone:hidden@127.0.0.1:${port}` },
      `REDIS_URL: redis://127.0.0.1:${port} cannot be used: connect ECONNREFUSED`,
      '无法使用',
    ],
    [
      { EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: `esdb://someone:hidden@127.0.0.1:${port}?tls=false` },
      `EVENTSTORE_URL: esdb://127.0.0.1:${port}?tls=false cannot be used`,
      '无法使用',
    ],
  ] as const;
  const told = async ([settings, en, zh]: (typeof cases)[number]): Promise<void> => {
    const folder = join(dataDir, Object.keys(settings).join('-'));
    const server = start({ DATA_DIR: folder, PORT: String(await freePort()), ...settings });
    expect(await server.end()).toBe(1);
    expect(server.output).toContain(en);
    expect(server.output).toContain(zh);
    expect(server.output).not.toMatch(/hidden|\n\s+at /);
    await expect(stat(join(folder, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  };
  await Promise.all(cases.map(told));
});

test('wrong settings are all named, in both languages, and nothing is started', async () => {
  const server = start({ PORT: 'eighty', QUEUE: 'rabbit', EVENT_STORE_URL: 'esdb://x' });
  expect(await server.end()).toBe(1);
  for (const line of ['PORT=eighty is not possible', 'QUEUE=rabbit 不可用', 'did you mean EVENTSTORE_URL?'])
    expect(server.output).toContain(line);
  await expect(stat(join(dataDir, 'postgres'))).rejects.toThrow('ENOENT');
});

async function npmProgram(): Promise<string> {
  const found = (process.env['PATH'] ?? '').split(':').map((folder) => realpath(join(folder, 'npm')).catch(() => undefined));
  const program = (await Promise.all(found)).find((path) => path !== undefined);
  if (program === undefined) throw new Error('npm is not on the PATH.');
  return program;
}
