import { resolve } from 'node:path';
import { isLoopback } from '#identity';
import type { Text } from '#kernel';
import { type Problem, SETTINGS, type SettingName, SettingsError } from './settings.table.js';

export { type Problem, SETTINGS, type SettingName, SettingsError } from './settings.table.js';

/** What the environment asked for, checked; see `settings.table.ts` for each one. */
export interface Settings {
  /** 0 means any free one. */
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Absent: the embedded server. */
  readonly databaseUrl?: string;
  readonly eventStore: { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly url: string };
  readonly queue: { readonly kind: 'postgres' } | { readonly kind: 'redis'; readonly url: string };
  readonly worker: 'inside' | 'none';
  /**
   * `asked`: refuse to start on a log that holds anything but the demonstration. `offered`: nothing was configured, so it
   * is on where the log is empty or holds the demonstration alone. `off`: never.
   */
  readonly demonstration: 'asked' | 'offered' | 'off';
  /** As people reach the server, without a slash at the end. Absent: http://localhost with the port listened on. */
  readonly publicUrl?: string;
  /** Addresses, networks and names of networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

/** Settings with the address of a database that runs, embedded or not: what a server or a worker is started with. */
export type RunningSettings = Settings & { readonly databaseUrl: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks every setting.
 *
 * @throws SettingsError naming every wrong one, with what it may be, in both languages
 */
export function readSettings(environment: Environment): Settings {
  const given = (name: SettingName): string | undefined => environment[name]?.trim() || SETTINGS[name].fallback;
  const problems = [...wrongValues(given), ...wrongTogether(given)];
  if (problems.length > 0) throw new SettingsError(problems);
  const must = (name: SettingName): string => given(name) ?? '';
  return {
    port: Number(must('PORT')),
    host: must('HOST'),
    dataDir: resolve(must('DATA_DIR')),
    ...present('databaseUrl', given('DATABASE_URL')),
    eventStore:
      must('EVENT_STORE') === 'eventstoredb' ? { kind: 'eventstoredb', url: must('EVENTSTORE_URL') } : { kind: 'postgres' },
    queue: must('QUEUE') === 'redis' ? { kind: 'redis', url: must('REDIS_URL') } : { kind: 'postgres' },
    worker: must('WORKER') as Settings['worker'],
    demonstration:
      given('DEMO') === undefined ? (isOutside(given) ? 'off' : 'offered') : given('DEMO') === 'true' ? 'asked' : 'off',
    ...present('publicUrl', given('PUBLIC_URL')?.replace(/\/$/, '')),
    trustedProxies: must('TRUSTED_PROXIES')
      .split(',')
      .map((one) => one.trim()),
    ...present(
      'oidc',
      given('OIDC_ISSUER') && {
        issuer: must('OIDC_ISSUER'),
        clientId: must('OIDC_CLIENT_ID'),
        clientSecret: must('OIDC_CLIENT_SECRET'),
      },
    ),
    logLevel: must('LOG_LEVEL') as Settings['logLevel'],
  };
}

type Given = (name: SettingName) => string | undefined;

function present<K extends string, V>(name: K, value: V | undefined | ''): { [P in K]?: V } {
  return value ? ({ [name]: value } as { [P in K]: V }) : {};
}

function wrongValues(given: Given): Problem[] {
  return (Object.keys(SETTINGS) as SettingName[]).flatMap((name) => {
    const value = given(name);
    const { allowed, allows, secret } = SETTINGS[name];
    if (value === undefined || allows(value)) return [];
    const shown = secret ? '…' : value;
    return [
      {
        name,
        text: {
          en: `${name}=${shown} is not possible: it is ${allowed.en}.`,
          zh: `${name}=${shown} 不可用：应为${allowed.zh}。`,
        },
      },
    ];
  });
}

/** Whether others than whoever sits at this machine are meant to reach the server, or it keeps what is not its own. */
function isOutside(given: Given): boolean {
  const url = given('PUBLIC_URL');
  return (
    given('NODE_ENV') === 'production' ||
    given('DATABASE_URL') !== undefined ||
    given('EVENT_STORE') === 'eventstoredb' ||
    given('OIDC_ISSUER') !== undefined ||
    isReachable(given('HOST') ?? '') ||
    (url !== undefined && URL.canParse(url) && !isLoopback(new URL(url).hostname))
  );
}

/** Whether more than this machine reaches a server that listens there. */
const isReachable = (host: string): boolean => !(isLoopback(host) || host === '::1');

function wrongTogether(given: Given): Problem[] {
  const oidc = (['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const).filter((name) => given(name) === undefined);
  return [
    ...(given('EVENT_STORE') === 'eventstoredb' ? missing(given, ['EVENTSTORE_URL'], 'EVENT_STORE=eventstoredb') : []),
    ...(given('WORKER') === 'none' ? missing(given, ['DATABASE_URL'], 'WORKER=none') : []),
    ...(given('QUEUE') === 'redis' ? missing(given, ['REDIS_URL'], 'QUEUE=redis') : []),
    ...(oidc.length < 3 ? missing(given, oidc, 'OIDC_…') : []),
    ...(given('DEMO') === 'true' && isOutside(given) ? [DEMONSTRATION_OUTSIDE] : []),
    ...(isOutside(given) && isPlain(given('PUBLIC_URL')) ? [PLAIN_PUBLIC_URL] : []),
  ];
}

function missing(given: Given, names: readonly SettingName[], because: string): Problem[] {
  return names
    .filter((name) => given(name) === undefined)
    .map((name) => ({
      name,
      text: {
        en: `${name} is missing: ${because} needs it. It is ${SETTINGS[name].allowed.en}.`,
        zh: `缺少 ${name}：${because} 需要它，应为${SETTINGS[name].allowed.zh}。`,
      },
    }));
}

const DEMONSTRATION_OUTSIDE: Problem = {
  name: 'DEMO',
  text: {
    en: 'DEMO=true lets anybody sign in as anybody, so it is possible only on the embedded database and for this machine alone: unset DEMO, or unset DATABASE_URL, EVENT_STORE, OIDC_…, NODE_ENV=production, and a HOST or PUBLIC_URL that others reach.',
    zh: 'DEMO=true 允许任何人以任何身份登录，因此只能用于内嵌数据库且仅限本机访问：请取消 DEMO，或取消 DATABASE_URL、EVENT_STORE、OIDC_…、NODE_ENV=production，以及他人可访问的 HOST 或 PUBLIC_URL。',
  },
};

const PLAIN_PUBLIC_URL: Problem = {
  name: 'PUBLIC_URL',
  text: {
    en: 'PUBLIC_URL is not https, and browsers keep secure cookies only over https: put the server behind TLS and give its https address.',
    zh: 'PUBLIC_URL 不是 https 地址，而浏览器只在 https 下保存安全 Cookie：请为服务器配置 TLS，并填写 https 地址。',
  },
};

const NAMELESS: Text = {
  en: 'PUBLIC_URL is not set: others reach this server, but people sign in on this machine alone. Give the https address at which they reach it.',
  zh: '未设置 PUBLIC_URL：他人可以访问本服务器，但只能在本机登录。请填写用户访问所用的 https 地址。',
};

function isPlain(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).protocol === 'http:' && !isLoopback(new URL(url).hostname);
}

/** Names in the environment that are probably meant to be settings, and settings that change nothing. */
export function doubtfulSettings(environment: Environment): Text[] {
  const known = Object.keys(SETTINGS) as SettingName[];
  const misspelt = Object.keys(environment).flatMap((name) => {
    const meant = name in SETTINGS ? undefined : known.find((setting) => looksLike(name, setting));
    return meant
      ? [{ en: `${name} is not a setting; did you mean ${meant}?`, zh: `${name} 不是有效设置；您是否想用 ${meant}？` }]
      : [];
  });
  const idle = (name: SettingName, setting: SettingName, value: string): Text[] =>
    environment[name] && environment[setting] !== value
      ? [{ en: `${name} is not used without ${setting}=${value}.`, zh: `未设置 ${setting}=${value}，${name} 不起作用。` }]
      : [];
  const { HOST: host = '', PUBLIC_URL: url = '' } = environment;
  const isNameless = host.trim() !== '' && isReachable(host.trim()) && url.trim() === '';
  return [
    ...misspelt,
    ...(isNameless ? [NAMELESS] : []),
    ...idle('EVENTSTORE_URL', 'EVENT_STORE', 'eventstoredb'),
    ...idle('REDIS_URL', 'QUEUE', 'redis'),
  ];
}

function looksLike(name: string, setting: SettingName): boolean {
  const [given, known] = [name, setting].map((text) =>
    text
      .toUpperCase()
      .replace(/^ENTENTE_/, '')
      .replaceAll('_', ''),
  );
  if (given === undefined || known === undefined) return false;
  // Short names have too many neighbours among the variables of other programs.
  return given === known || (known.length >= 7 && distance(given, known) <= 1);
}

/** Letters to insert, remove or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
