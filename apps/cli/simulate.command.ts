import {
  type EventStore,
  InMemoryEventStore,
  logMigrations,
  migrate,
  openPool,
  PostgresEventStore,
  runtimeRole,
  uuidv7,
} from '#kernel';
import { loadDefinition } from '#workflow';
import { workflowFile } from '../server/demonstration.js';
import { type Command, type Console, textOption, UsageError, wholeNumber } from './command.js';
import { institutionsIn } from './import.command.js';
import { withDatabase } from './installation.js';
import { provinceName } from './provinces.js';
import { type CaseOutcome, type DayReport, simulateAccreditation, type Simulated } from './simulation.js';

export const simulateCommand: Command = {
  words: ['simulate', 'accreditation'],
  parameters: '--institutions FILE [--applications 600] [--seed 7] [--store memory|postgres]',
  about: {
    en: 'Runs a whole round of course accreditation in virtual time, with invented people; prints outcomes and the hash of the log, the same for the same seed. Leaves nothing behind.',
    zh: '在虚拟时间中以虚构人员运行一整轮课程认定，输出结果与日志哈希；种子相同则哈希相同。运行后不留下任何数据。',
  },
  options: {
    institutions: { type: 'string' },
    applications: { type: 'string' },
    seed: { type: 'string' },
    store: { type: 'string' },
  },
  takes: [0, 0],

  async run(_given, options, console) {
    const file = textOption(options, 'institutions');
    if (file === undefined) throw new UsageError({ en: '--institutions FILE is missing.', zh: '缺少 --institutions 文件。' });
    const applications = wholeNumber(options, 'applications', 600, [1, 100_000]);
    const seed = wholeNumber(options, 'seed', 7, [0, Number.MAX_SAFE_INTEGER]);
    const kind = textOption(options, 'store') ?? 'memory';
    if (kind !== 'memory' && kind !== 'postgres')
      throw new UsageError({ en: '--store is memory or postgres.', zh: '--store 只能是 memory 或 postgres。' });
    const institutions = await institutionsIn(file, console);
    if (institutions === undefined) return 1;
    const { definition } = await loadDefinition(workflowFile('course-accreditation'));
    const startedAt = performance.now();
    const simulated = await withStore(kind, console, (store) =>
      simulateAccreditation({
        store,
        definition,
        institutions,
        applications,
        seed,
        progress: (day) => console.tell(dayLine(day, applications, console)),
      }),
    );
    report(simulated, (performance.now() - startedAt) / 1000, console);
    return simulated.incidents.length > 0 || simulated.cases.some(({ outcome }) => outcome === 'open') ? 1 : 0;
  },
};

function withStore<T>(kind: 'memory' | 'postgres', console: Console, work: (store: EventStore) => Promise<T>): Promise<T> {
  return kind === 'memory' ? work(new InMemoryEventStore()) : withDatabase(console, (url) => onPostgres(url, work));
}

/** In a database of its own, which is dropped afterwards: invented people have no place in a real log. */
async function onPostgres<T>(url: string, work: (store: EventStore) => Promise<T>): Promise<T> {
  const database = `entente_simulation_${uuidv7(Date.now()).replaceAll('-', '')}`;
  const own = new URL(url);
  own.pathname = `/${database}`;
  const pool = openPool(url, { max: 1 });
  await pool.query(`create database ${database} encoding 'UTF8' template template0`);
  try {
    await migrate(own.href, logMigrations);
    const store = new PostgresEventStore(own.href, { role: runtimeRole });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    await pool.query(`drop database ${database} with (force)`);
    await pool.end();
  }
}

const dayLine = ({ day, date, submitted, ended }: DayReport, applications: number, { language }: Console): string =>
  ({
    en: `day ${day} (${date}): ${submitted} of ${applications} submitted, ${ended} decided`,
    zh: `第 ${day} 天（${date}）：已申报 ${submitted}/${applications}，已办结 ${ended}`,
  })[language];

function report(
  { hash, events, days, institutions, cases, refusals, incidents }: Simulated,
  seconds: number,
  { say, language }: Console,
): void {
  say({ en: 'By province', zh: '按省份' }[language]);
  for (const line of table(cases, ({ province }) => provinceName(province), language)) say(line);
  say({ en: 'By kind', zh: '按课程类型' }[language]);
  for (const line of table(cases, ({ kind }) => kindNames[kind][language], language)) say(line);
  const refused = [...refusals].sort(([one], [other]) => (one < other ? -1 : 1)).map(([code, count]) => `${code} ${count}`);
  say(
    {
      en: `${cases.length} applications from ${institutions} institutions, ${days} days, ${events} events in ${seconds.toFixed(1)} s.`,
      zh: `${institutions} 所院校的 ${cases.length} 项申报，历时 ${days} 天，${events} 个事件，用时 ${seconds.toFixed(1)} 秒。`,
    }[language],
  );
  if (refused.length > 0) say({ en: `Refused: ${refused.join(', ')}`, zh: `被拒绝的指令：${refused.join('、')}` }[language]);
  for (const incident of incidents) say({ en: `The engine was refused: ${incident}`, zh: `引擎指令被拒：${incident}` }[language]);
  say(`SHA-256 ${hash}`);
}

const kindNames = {
  online: { en: 'online', zh: '线上' },
  offline: { en: 'offline', zh: '线下' },
  blended: { en: 'blended', zh: '线上线下混合式' },
  'virtual-simulation': { en: 'virtual simulation', zh: '虚拟仿真实验教学' },
  'social-practice': { en: 'social practice', zh: '社会实践' },
} as const;

const outcomes = ['granted', 'refused', 'withdrawn', 'open'] as const;
const outcomeNames = {
  granted: { en: 'recognised', zh: '认定' },
  refused: { en: 'refused', zh: '未认定' },
  withdrawn: { en: 'withdrawn', zh: '撤回' },
  open: { en: 'open', zh: '未办结' },
} as const;

function table(
  cases: readonly CaseOutcome[],
  group: (one: CaseOutcome) => string,
  language: Console['language'],
): readonly string[] {
  const names = [...new Set(cases.map(group))].sort((one, other) => (one < other ? -1 : 1));
  return names.map((name) => {
    const own = cases.filter((one) => group(one) === name);
    const counts = outcomes.map(
      (outcome) => `${outcomeNames[outcome][language]} ${own.filter((one) => one.outcome === outcome).length}`,
    );
    return `  ${name}: ${own.length} = ${counts.join(' + ')}`;
  });
}
