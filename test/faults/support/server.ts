import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stopPostgres } from '../../../libs/kernel/embedded.postgres.js';
import { Child } from './child.js';
import { eventually } from '../../support/eventually.js';
import { handedIn } from '../../support/papers.js';

export interface ServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Its own, and removed at the end, when absent. */
  readonly dataDir?: string;
  /** A free one when absent. */
  readonly port?: number;
}

/** The built server on a data folder and port of its own, to be killed and started again. */
export class ServerUnderTest {
  private constructor(
    readonly dataDir: string,
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
    private child: Child,
  ) {}

  /** Builds what is stale of the server, not of the console; starts, and waits until it is healthy. */
  static async start({ dataDir, port: wanted, environment = {} }: ServerOptions = {}): Promise<ServerUnderTest> {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'sources']);
    const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'entente-server-')));
    await handedIn(folder);
    const port = wanted ?? (await freePort());
    const server = new ServerUnderTest(folder, port, environment, launched(folder, port, environment));
    await server.healthy();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get pid(): number {
    return this.child.pid;
  }

  /** Everything it has written since it was last started. */
  get output(): string {
    return this.child.output;
  }

  /** Of the postmaster of its embedded database. */
  async postgresPid(): Promise<number> {
    return parseInt(await readFile(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8'));
  }

  /** kill -9 of the server alone: its database lives on, without an owner. */
  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** kill -9 of the postmaster, under whatever load there is. */
  async killPostgres(): Promise<void> {
    process.kill(await this.postgresPid(), 'SIGKILL');
  }

  /** After an end of any kind; same folder, same port. */
  async startAgain(): Promise<void> {
    this.child = launched(this.dataDir, this.port, this.environment);
    await this.healthy();
  }

  /** Waits until it answers that it is; an end of the process meanwhile is an error that shows what it said. */
  async healthy(): Promise<void> {
    await eventually(async () => {
      this.child.mustLive();
      return fetch(`${this.url}/health`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    });
  }

  /** The exit code, or the signal that it died of. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    return this.child.end(signal);
  }

  /** Ends whatever is left and removes the folder. */
  async dispose(): Promise<void> {
    await this.child.end('SIGKILL');
    await stopPostgres(join(this.dataDir, 'postgres'));
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

function launched(dataDir: string, port: number, environment: Readonly<Record<string, string>>): Child {
  return Child.node(['--enable-source-maps', '--max-semi-space-size=64', 'dist/apps/server/main.js'], {
    env: childEnvironment({ DATA_DIR: dataDir, PORT: String(port), ...environment }),
  });
}

/** That of the tests, less what would configure the server or Node behind the test's back. */
export function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, ...inherited } = process.env;
  return { ...inherited, ...settings };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
