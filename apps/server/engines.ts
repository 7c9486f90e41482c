import { join } from 'node:path';
import {
  Clock,
  CommandHandling,
  Drafts,
  EventStore,
  Files,
  FilesOnDisk,
  installationKeyIn,
  LogTail,
  logMigrations,
  migrate,
  openEventStoreDb,
  openPool,
  PostgresDrafts,
  PostgresEventStore,
  PostgresVault,
  runtimeRole,
  States,
  sweepVault,
  SystemClock,
  Vault,
  vaultMigrations,
  type View,
  ViewRunner,
} from '#kernel';
import { identityMigrations } from '#identity';
import {
  type Incident,
  type IncidentsAsked,
  incidentsIn,
  migrateQueue,
  owedView,
  owingRules,
  type Pace,
  startWorkflowRuntime,
  tryQueue,
  workflowMigrations,
  type WorkflowRuntime,
  openReviews,
  assign,
  assignmentsFrom,
  casesOfRound,
  applicationsOf,
  provisionalOf,
  entrantsOf,
  placesFrom,
} from '#workflow';
import { allContexts, views } from './contexts.js';
import { requireFolder } from './data-folder.js';
import { Hindrance } from './lifetime.js';
import type { RunningSettings } from './settings.js';

/** The parts that server, worker and command line are made of, on the engines that the settings name. */
export interface Engines {
  readonly clock: Clock;
  readonly store: EventStore;
  /** The end of the log, for all who follow it in this process. */
  readonly tail: LogTail;
  readonly states: States;
  readonly vault: Vault;
  readonly drafts: Drafts;
  readonly files: Files;
  readonly handling: CommandHandling;
  readonly runner: ViewRunner;
  /** Every view there is: what people see, and what is owed. */
  readonly followed: readonly View[];
  /** What is owed still: the one of them that belongs to the workflow runtime. */
  readonly owed: View;
  readonly pool: ReturnType<typeof openPool>;
  /** Steps of the engine that need somebody, of every alliance. */
  incidents(asked: IncidentsAsked, atLeast?: bigint): Promise<readonly Incident[]>;
  /** Follows the log from here on: views, and what workflows owe. */
  follow(report: (failure: unknown) => void, pacing?: Pacing): WorkflowRuntime;
  close(): Promise<void>;
}

/** When, and how many at once, effects are carried out, where that is not as usual. */
export interface Pacing {
  /** By which effects fall due. */
  readonly due: Clock;
  readonly pace: Partial<Pace>;
}

const lookupsOf = ({ runner, states, clock }: Pick<Engines, 'runner' | 'states' | 'clock'>) => ({
  entrants: entrantsOf(runner),
  places: placesFrom(runner),
  applications: applicationsOf(runner),
  provisional: provisionalOf(runner),
  assignment: assignmentsFrom({ states, cases: casesOfRound(runner), clock, assign }),
});

/** Which engines, and where they keep what they keep. */
type EngineSettings = Pick<RunningSettings, 'databaseUrl' | 'dataDir' | 'eventStore' | 'queue'>;

const openLog = async ({ databaseUrl, eventStore }: EngineSettings): Promise<EventStore> =>
  eventStore.kind === 'postgres' ? new PostgresEventStore(databaseUrl, { role: runtimeRole }) : openEventStoreDb(eventStore.url);

async function prepare({ databaseUrl, dataDir, queue, eventStore }: EngineSettings): Promise<void> {
  await requireDatabase(databaseUrl);
  await migrate(databaseUrl, [...logMigrations, ...vaultMigrations, ...identityMigrations, ...workflowMigrations]);
  if (queue.kind === 'postgres') await migrateQueue(databaseUrl);
  await requireFolder(dataDir);
  if (eventStore.kind === 'eventstoredb') await requireEventStoreDb(eventStore.url);
}

async function requireEventStoreDb(url: string): Promise<void> {
  const store = await openEventStoreDb(url);
  try {
    await store.head();
  } catch (failure) {
    throw unusable('EVENTSTORE_URL', url, failure);
  } finally {
    await store.close();
  }
}

async function requireDatabase(url: string): Promise<void> {
  const pool = openPool(url, { max: 1 });
  try {
    await pool.query('select 1');
  } catch (failure) {
    throw unusable('DATABASE_URL', url, failure);
  } finally {
    await pool.end();
  }
}

/** For whoever is about to follow the log. @throws Hindrance where the queue does not answer */
export async function requireQueue({ queue }: Pick<EngineSettings, 'queue'>): Promise<void> {
  if (queue.kind === 'redis')
    await tryQueue(queue).catch((failure: unknown) => {
      throw unusable('REDIS_URL', queue.url, failure);
    });
}

function unusable(setting: 'DATABASE_URL' | 'REDIS_URL' | 'EVENTSTORE_URL', url: string, failure: unknown): Hindrance {
  const address = url.replace(/\/\/[^@/]*@/, '//');
  const why = failure instanceof Error ? failure.message || failure.name : String(failure);
  return new Hindrance({
    en: `${setting}: ${address} cannot be used: ${why}. Start it, or correct the address.`,
    zh: `${setting}：${address} 无法使用：${why}。请启动该服务或更正地址。`,
  });
}

/** @throws Hindrance where the database's personal data were sealed under another key than that of the folder */
async function openVault(pool: ReturnType<typeof openPool>, dataDir: string): Promise<PostgresVault> {
  const file = join(dataDir, 'installation.key');
  const vault = new PostgresVault(pool, await installationKeyIn(file));
  if (await vault.isOurs()) return vault;
  await pool.end();
  throw new Hindrance({
    en: `DATA_DIR: ${file} is not the key that this database's personal data were sealed with. Put back the key that belongs to it, or choose the DATA_DIR that holds it.`,
    zh: `DATA_DIR：${file} 不是该数据库个人数据所用的密钥。请放回对应的密钥，或选择存有该密钥的 DATA_DIR。`,
  });
}

const categories = allContexts.map(({ name }) => name);

type Swept = Pick<Engines, 'vault' | 'store' | 'clock'>;

/** Keeps the vault free of what no event speaks of, until what it returns is called. */
function sweepHourly({ vault, store, clock }: Swept, report: (failure: unknown) => void): () => Promise<void> {
  const ending = new AbortController();
  const sweeping = (async () => {
    while (!ending.signal.aborted) {
      await clock.waitUntil(clock.now() + 3_600_000, ending.signal);
      if (!ending.signal.aborted) await sweepVault(vault, store).catch(report);
    }
  })();
  return () => {
    ending.abort();
    return sweeping;
  };
}

/** Migrates the database and opens everything. Nothing runs yet that was not asked for. */
export async function openEngines(settings: EngineSettings, clock: Clock = new SystemClock()): Promise<Engines> {
  const { databaseUrl, dataDir, queue } = settings;
  await prepare(settings);
  const pool = openPool(databaseUrl, { max: 16, role: runtimeRole });
  const vault = await openVault(pool, dataDir);
  const store = await openLog(settings);
  const states = new States(store);
  for (const { decider } of allContexts) states.register(decider);
  const handling = new CommandHandling(store, states, vault, clock);
  const rules = owingRules(states);
  const owed = owedView(rules, store, categories);
  const followed = [...views, owed];
  const tail = new LogTail(store);
  const runner = new ViewRunner(store, pool, followed, { tail });
  let runtime: WorkflowRuntime | undefined;
  let stopSweeping = async (): Promise<void> => undefined;
  return {
    clock,
    store,
    tail,
    states,
    vault,
    drafts: new PostgresDrafts(pool, vault),
    files: new FilesOnDisk(join(dataDir, 'files')),
    handling,
    runner,
    followed,
    owed,
    pool,
    incidents: (asked, atLeast) => incidentsIn(owed, runner, pool, asked, atLeast),
    follow(report, { due, pace } = { due: clock, pace: {} }) {
      runner.start(report);
      stopSweeping = sweepHourly({ vault, store, clock }, report);
      runtime = startWorkflowRuntime({
        store,
        rules,
        view: owed,
        views: runner,
        pool,
        queue: queue.kind === 'postgres' ? { kind: 'postgres', url: databaseUrl } : queue,
        handling,
        contexts: Object.fromEntries(allContexts.map((context) => [context.name, context])),
        clock: due,
        pace,
        loads: openReviews(runner),
        lookups: lookupsOf({ runner, states, clock }),
        report,
      });
      return runtime;
    },
    async close() {
      await stopSweeping();
      await runtime?.stop();
      await runner.stop();
      await store.close();
      await pool.end();
    },
  };
}
