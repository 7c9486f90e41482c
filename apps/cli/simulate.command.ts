import { randomBytes } from 'node:crypto';
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
import { type Command, type Console, type Options, textOption, UsageError, wholeNumber } from './command.js';
import { institutionsIn } from './import.command.js';
import { withDatabase } from './installation.js';
import { provinceName } from './provinces.js';
import type { CaseOutcome } from './simulation.history.js';
import type { Account, SimulatedOverHttp } from './simulation.over-http.js';
import { refusalRows } from './simulation.hostile.js';
import { onOwnServer } from './simulation.place.js';
import type { DayReport, RoundOrder } from './simulation.round.js';
import { simulateAccreditation, type Simulated } from './simulation.js';

export const simulateCommand: Command = {
  words: ['simulate', 'accreditation'],
  parameters: '--institutions FILE [--applications 600] [--seed 7] [--store memory|postgres | --over http [--keep FOLDER]]',
  about: {
    en: 'Runs a whole round of course accreditation in virtual time, with invented people; prints outcomes and the hash of the history, the same for the same seed. With --over http everyone acts through a server of its own, each in a session of their own. Leaves nothing behind, unless --keep names a new folder.',
    zh: '在虚拟时间中以虚构人员运行一整轮课程认定，输出结果与历史哈希；种子相同则哈希相同。加 --over http 时启动独立服务器，每个人均以自己的会话经 HTTP 操作。除非以 --keep 指定新文件夹，运行后不留下任何数据。',
  },
  options: {
    institutions: { type: 'string' },
    applications: { type: 'string' },
    seed: { type: 'string' },
    store: { type: 'string' },
    over: { type: 'string' },
    keep: { type: 'string' },
  },
  takes: [0, 0],

  async run(_given, options, console) {
    const file = textOption(options, 'institutions');
    if (file === undefined) throw new UsageError({ en: '--institutions FILE is missing.', zh: '缺少 --institutions 文件。' });
    const applications = wholeNumber(options, 'applications', 600, [1, 100_000]);
    const seed = wholeNumber(options, 'seed', 7, [0, Number.MAX_SAFE_INTEGER]);
    const where = placeOf(options);
    const institutions = await institutionsIn(file, console);
    if (institutions === undefined) return 1;
    const { definition } = await loadDefinition(workflowFile('course-accreditation'));
    const progress = (day: DayReport): void => console.tell(dayLine(day, applications, console));
    const order: RoundOrder = { definition, institutions, applications, seed, progress };
    const startedAt = performance.now();
    if (where === 'http') {
      const keep = textOption(options, 'keep');
      // A whole server, which no other command needs.
      const { simulateOverHttp } = await import('./simulation.over-http.js');
      const account = { login: 'secretary', password: randomBytes(12).toString('base64url') };
      const overHttp = await onOwnServer(keep, console, (place) =>
        simulateOverHttp({ ...order, ...place, ...(keep === undefined ? {} : { account }) }),
      );
      report(overHttp, (performance.now() - startedAt) / 1000, console);
      reportTraffic(overHttp, console);
      if (keep !== undefined) tellOfKept(keep, account, console);
      return overHttp.faults.length > 0 || isUnfinished(overHttp) ? 1 : 0;
    }
    const simulated = await withStore(where, console, (store) => simulateAccreditation({ ...order, store }));
    report(simulated, (performance.now() - startedAt) / 1000, console);
    return isUnfinished(simulated) ? 1 : 0;
  },
};

const tellOfKept = (folder: string, { login, password }: Account, { tell, language }: Console): void =>
  tell(
    {
      en: `Kept in ${folder}. To look around as the secretary: DATA_DIR=${folder} npm start, then sign in as "${login}" with "${password}".`,
      zh: `已保存在 ${folder}。以秘书长身份查看：DATA_DIR=${folder} npm start，然后以“${login}”和密码“${password}”登录。`,
    }[language],
  );

const isUnfinished = ({ incidents, cases }: Simulated): boolean =>
  incidents.length > 0 || cases.some(({ outcome }) => outcome === 'open');

function placeOf(options: Options): 'memory' | 'postgres' | 'http' {
  const [store, over] = [textOption(options, 'store'), textOption(options, 'over')];
  if (over !== undefined && over !== 'http') throw new UsageError({ en: '--over is http.', zh: '--over 只能是 http。' });
  if (over !== undefined && store !== undefined)
    throw new UsageError({ en: 'Give --store or --over, not both.', zh: '--store 与 --over 不能同时使用。' });
  if (over === undefined && textOption(options, 'keep') !== undefined)
    throw new UsageError({ en: '--keep goes with --over http.', zh: '--keep 须与 --over http 一起使用。' });
  const place = over ?? store ?? 'memory';
  if (place === 'memory' || place === 'postgres' || place === 'http') return place;
  throw new UsageError({ en: '--store is memory or postgres.', zh: '--store 只能是 memory 或 postgres。' });
}

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
  { hash, events, days, institutions, cases, hostile, refusals, incidents }: Simulated,
  seconds: number,
  { say, language }: Console,
): void {
  say({ en: 'By province', zh: '按省份' }[language]);
  for (const line of table(cases, ({ province }) => provinceName(province), language)) say(line);
  say({ en: 'By kind', zh: '按课程类型' }[language]);
  for (const line of table(cases, ({ kind }) => kindNames[kind][language], language)) say(line);
  say({ en: 'What went against it', zh: '异常情形' }[language]);
  for (const { name, count } of [...refusalRows(refusals), ...hostile]) say(`  ${name[language]}: ${count}`);
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

function reportTraffic(
  { requests, commands, seconds, p50Ms, p99Ms, faults, cases }: SimulatedOverHttp,
  { say, tell, language }: Console,
): void {
  const rate = Math.round(commands / seconds);
  const [p50, p99] = [p50Ms, p99Ms].map((ms) => ms.toFixed(1));
  say(
    {
      en: `${requests} requests over HTTP in ${seconds.toFixed(1)} s; ${commands} of them commands, ${rate} a second, answered in ${p50} ms (p50), ${p99} ms (p99).`,
      zh: `经 HTTP 发送 ${requests} 个请求，用时 ${seconds.toFixed(1)} 秒；其中指令 ${commands} 条，每秒 ${rate} 条，应答时间 p50 ${p50} 毫秒、p99 ${p99} 毫秒。`,
    }[language],
  );
  for (const fault of faults) tell(fault[language]);
  if (faults.length > 0) return;
  const granted = cases.filter(({ outcome }) => outcome === 'granted').length;
  say(
    {
      en: `The public register lists these ${granted} courses and no other; the timeline of each gives its reasons; nothing is owed; the server never failed.`,
      zh: `公开名册恰好列出这 ${granted} 门课程；每门课程的经过均载明理由；没有待执行事项；服务器从未出错。`,
    }[language],
  );
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
