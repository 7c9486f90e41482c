import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '#kernel';
import { requireFolder } from './data-folder.js';
import { requireQueue } from './engines.js';
import { complain, Hindrance, type Lifetime, live, tell } from './lifetime.js';
import { startServer } from './server.js';
import { doubtfulSettings, readSettings, type RunningSettings, type Settings } from './settings.js';

/** A server that was killed a moment ago, or is just ending, still holds its port. */
const PORT_FREE_WITHIN_MS = 2_000;

/** Runs a server from its settings, with the embedded database where no other is given, until a signal ends it. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  await live(async (lifetime) => {
    for (const doubt of doubtfulSettings(environment)) tell(doubt);
    const settings = readSettings(environment);
    await portIsFree(settings);
    if (settings.worker === 'inside') await requireQueue(settings);
    const running = await withDatabase(settings, lifetime);
    const starting = startServer(running);
    lifetime.onEnd(async () => (await starting.catch(() => undefined))?.close());
    const { url } = await starting;
    tell({ en: `Entente is ready: ${url}`, zh: `Entente 已就绪：${url}` });
  });
}

async function withDatabase(settings: Settings, lifetime: Lifetime): Promise<RunningSettings> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl !== undefined) return { ...settings, databaseUrl };
  await requireFolder(dataDir);
  const starting = startPostgres({ dataDir: join(dataDir, 'postgres'), log: (line) => console.warn(line) });
  // Before it is ready: a signal during the start waits for it and then stops it.
  lifetime.onEnd(async () => (await starting.catch(() => undefined))?.stop());
  const postgres = await starting;
  void postgres.lost.then((error) => {
    complain(error);
    lifetime.end(1);
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
