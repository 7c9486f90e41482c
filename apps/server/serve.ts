import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DataFolderInUse, type EmbeddedPostgres, startPostgres, type Text } from '#kernel';
import { startServer } from './server.js';
import { doubtfulSettings, readSettings, type RunningSettings, type Settings, SettingsError } from './settings.js';

const STOPPED_WITHIN_MS = 20_000;
/** A server that was killed a moment ago, or is just ending, still holds its port. */
const PORT_FREE_WITHIN_MS = 2_000;

/** A start that cannot succeed until somebody changes something: told without a stack trace. */
class Hindrance extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}

/**
 * Runs a server from its settings until a signal ends it, and ends the process: 0 after a signal, 1 when it could not
 * start or lost its database for good.
 */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const stack: (() => Promise<void>)[] = [];
  const end = endOnce(stack);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  try {
    for (const doubt of doubtfulSettings(environment)) tell(doubt);
    const settings = readSettings(environment);
    await portIsFree(settings);
    const running = await withDatabase(settings, stack, end);
    const server = await startServer(running);
    stack.push(() => server.close());
    tell({ en: `Entente is ready: ${server.url}`, zh: `Entente 已就绪：${server.url}` });
  } catch (error) {
    complain(error);
    end(1);
  }
}

/** What was started last is stopped first. Signals come twice (the terminal's, and npm's copy of it): once is enough. */
function endOnce(stack: (() => Promise<void>)[]): (code: number) => void {
  let ending = false;
  return (code) => {
    if (ending) return;
    ending = true;
    const all = (async () => {
      for (let stop = stack.pop(); stop; stop = stack.pop()) await stop();
    })();
    const tooLong = wait(STOPPED_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`Stopping took more than ${String(STOPPED_WITHIN_MS / 1000)} s.`);
    });
    Promise.race([all, tooLong]).then(
      () => process.exit(code),
      (error: unknown) => {
        complain(error);
        process.exit(1);
      },
    );
  };
}

async function withDatabase(
  settings: Settings,
  stack: (() => Promise<void>)[],
  end: (code: number) => void,
): Promise<RunningSettings> {
  if (settings.databaseUrl !== undefined) return { ...settings, databaseUrl: settings.databaseUrl };
  const starting = startPostgres({ dataDir: join(settings.dataDir, 'postgres'), log: (line) => console.warn(line) });
  // Pushed before it is ready: a signal during the start waits for it and then stops it.
  stack.push(() =>
    starting.then(
      (postgres) => postgres.stop(),
      () => undefined,
    ),
  );
  const postgres: EmbeddedPostgres = await starting;
  void postgres.lost.then((error) => {
    complain(error);
    end(1);
  });
  return { ...settings, databaseUrl: postgres.url };
}

async function portIsFree({ port, host }: Settings): Promise<void> {
  const until = Date.now() + PORT_FREE_WITHIN_MS;
  for (;;) {
    const probe = createServer().listen(port, host);
    try {
      await once(probe, 'listening');
      probe.close();
      await once(probe, 'close');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw hindrance(error, { port, host });
      if (Date.now() > until) throw portInUse(port);
      await wait(100);
    }
  }
}

function portInUse(port: number): Hindrance {
  const other = port < 65_535 ? port + 1 : port - 1;
  return new Hindrance({
    en: `Port ${String(port)} is in use by another program. Stop that one, or start on another port: PORT=${String(other)} npm start`,
    zh: `端口 ${String(port)} 已被其他程序占用。请停止该程序，或换一个端口启动：PORT=${String(other)} npm start`,
  });
}

function hindrance(error: unknown, { port, host }: Pick<Settings, 'port' | 'host'>): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') {
    return new Hindrance({
      en: `PORT=${String(port)} may not be used by this user: take one above 1023.`,
      zh: `当前用户不能使用 PORT=${String(port)}：请选择 1023 以上的端口。`,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Hindrance({ en: `HOST=${host} is not an address of this machine.`, zh: `HOST=${host} 不是本机的地址。` });
  }
  return error;
}

function tell({ en, zh }: Text): void {
  console.log(`${en}\n${zh}`);
}

function complain(error: unknown): void {
  if (error instanceof Hindrance) console.error(`${error.text.en}\n${error.text.zh}`);
  else if (error instanceof SettingsError) console.error(error.message);
  else if (error instanceof DataFolderInUse)
    console.error(`${error.message}\n${error.dataDir} 正被 ${error.owner} 使用：请先停止它，或另选 DATA_DIR。`);
  else console.error(error);
}
