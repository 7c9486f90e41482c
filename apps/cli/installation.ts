import { join } from 'node:path';
import { type Identity, openIdentity } from '#identity';
import { DataFolderInUse, ensurePostgres, type EventStore, startPostgres } from '#kernel';
import { type Engines, openEngines } from '../server/engines.js';
import { readSettings, type RunningSettings, type Settings } from '../server/settings.js';
import { type Console, Failure, textOption, type Options } from './command.js';

/** Runs `work` on the installation that the settings name, beside a server that may be running on it. */
export const withInstallation = <T>(
  console: Console,
  work: (engines: Engines, settings: RunningSettings) => Promise<T>,
): Promise<T> =>
  withDatabase(console, async (databaseUrl, settings) => {
    const running = { ...settings, databaseUrl };
    const engines = await openEngines(running);
    try {
      return await work(engines, running);
    } finally {
      await engines.close();
    }
  });

/** As `withInstallation`, for what concerns people and their ways in. */
export const withIdentity = <T>(console: Console, work: (identity: Identity, engines: Engines) => Promise<T>): Promise<T> =>
  withInstallation(console, (engines, { publicUrl = 'http://localhost' }) =>
    work(openIdentity({ ...engines, commands: engines.handling, publicUrl }), engines),
  );

/** Runs `work` while the database that the settings name, or the embedded one, answers at `url`. */
export async function withDatabase<T>(
  { environment, tell }: Console,
  work: (url: string, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = readSettings(environment);
  const database = await databaseOf(settings, tell);
  try {
    return await work(database.url, settings);
  } finally {
    await database.release();
  }
}

interface Database {
  readonly url: string;
  readonly release: () => Promise<void>;
}

/** The embedded server is started for as long as the command runs, unless another process has started it. */
async function databaseOf({ databaseUrl, dataDir }: Settings, log: (line: string) => void): Promise<Database> {
  if (databaseUrl !== undefined) return { url: databaseUrl, release: async () => undefined };
  const options = { dataDir: join(dataDir, 'postgres'), log };
  try {
    // Whoever owns it is welcome: nothing is to be waited for.
    const own = await startPostgres({ ...options, ownerGoneWithinMs: 0 });
    return { url: own.url, release: () => own.stop() };
  } catch (failure) {
    if (!(failure instanceof DataFolderInUse)) throw failure;
    return { url: (await ensurePostgres(options)).url, release: async () => undefined };
  }
}

/** The alliance that `--alliance` names, or the only one that the log knows. */
export async function allianceOf(options: Options, store: EventStore): Promise<string> {
  const asked = textOption(options, 'alliance');
  if (asked !== undefined) return asked;
  const known = await foundedAlliances(store);
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  throw new Failure(
    only === undefined
      ? {
          en: 'No alliance has been founded here yet: entente found ALLIANCE CHARTER',
          zh: '此处尚未成立联盟，请先运行：entente found 联盟代码 章程文件',
        }
      : {
          en: `There are several alliances; choose one with --alliance: ${known.join(', ')}`,
          zh: `存在多个联盟，请用 --alliance 指定：${known.join('、')}`,
        },
  );
}

async function foundedAlliances(store: EventStore): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['charter'] });
    for (const { meta } of events) found.add(meta.alliance);
    if (through === after) return [...found];
    after = through;
  }
}
