import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { notice } from './notices.js';

export interface RedisDatabase {
  readonly url: string;
  readonly keys: (pattern: string) => Promise<readonly string[]>;
  /** Wipes it. */
  readonly flush: () => Promise<void>;
}

export interface TestRedis extends RedisDatabase {
  /** The next of the sixteen databases of the server; the first again after the last. */
  readonly next: () => RedisDatabase;
  /** Kills the server as a crash would. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same port and files. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Whether a `redis-server` stands on the PATH. Where none does, the summary of the test run says what did not run. */
export function redisIsHere(suite: string): boolean {
  const program = executable();
  if (program === undefined) notice(`${suite} DID NOT RUN on Redis: no redis-server on the PATH (apt-get install redis-server)`);
  else notice(`${suite} ran on ${program}`);
  return program !== undefined;
}

function executable(): string | undefined {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'redis-server'));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A Redis server of its own, with an append-only file as in production. */
export async function startRedis(): Promise<TestRedis> {
  const program = executable();
  if (program === undefined) throw new Error('no redis-server on the PATH');
  const folder = await mkdtemp(join(tmpdir(), 'entente-redis-'));
  const port = await freePort();
  let server = await launched(program, folder, port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  };
  const database = (db: number): RedisDatabase => ({
    url: `redis://127.0.0.1:${port}/${db}`,
    keys: (pattern) => talking(port, (redis) => redis.keys(pattern), db),
    flush: () => talking(port, async (redis) => void (await redis.flushdb()), db),
  });
  let last = 0;
  return {
    ...database(0),
    next: () => database((last = (last + 1) % 16)),
    crash: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGKILL');
      server = await launched(program, folder, port);
    },
    stop: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launched(program: string, folder: string, port: number): Promise<ChildProcess> {
  const settings = { dir: folder, port, bind: '127.0.0.1', appendonly: 'yes', appendfsync: 'everysec', save: '' };
  const server = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: 'ignore' },
  );
  // Whatever becomes of this process, the server does not outlive it for long: nothing unrefs it.
  process.once('exit', () => server.kill('SIGKILL'));
  await talking(port, async (redis) => void (await redis.ping()));
  return server;
}

async function talking<T>(port: number, work: (redis: Redis) => Promise<T>, db = 0): Promise<T> {
  const redis = new Redis({ port, db, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
