import { isNetwork } from '#identity';
import type { Text } from '#kernel';

interface Setting {
  readonly about: Text;
  /** Continues the sentence "it is …". */
  readonly allowed: Text;
  readonly allows: (value: string) => boolean;
  /** Absent: may be left out without a value taking its place. */
  readonly fallback?: string;
  /** Holds a password: never shown, not even when it is wrong. */
  readonly secret?: true;
}

/** One wrong setting. */
export interface Problem {
  readonly name: SettingName;
  readonly text: Text;
}

/** The environment cannot be started with; lists everything that is wrong with it at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.flatMap(({ text }) => [text.en, text.zh]).join('\n'));
  }
}

function oneOf(...values: readonly string[]): Pick<Setting, 'allowed' | 'allows'> {
  return {
    allowed: { en: `one of ${values.join(', ')}`, zh: `${values.join('、')} 之一` },
    allows: (value) => values.includes(value),
  };
}

function address(...schemes: readonly string[]): Pick<Setting, 'allowed' | 'allows'> {
  const shown = schemes.map((scheme) => `${scheme}://…`);
  return {
    allowed: { en: `an address ${shown.join(' or ')}`, zh: `${shown.join(' 或 ')} 形式的地址` },
    // A cluster's address lists several hosts, which is no URL of the web.
    allows: (value) =>
      schemes.some((scheme) => value.startsWith(`${scheme}://`)) &&
      URL.canParse(value.replace(/^([^:]+:\/\/[^/,?]+),[^/?]*/, '$1')),
  };
}

const networkNames = ['loopback', 'linklocal', 'uniquelocal'];

const ANY_TEXT = {
  allowed: { en: 'any text without spaces', zh: '不含空格的文字' },
  allows: (value: string) => !/\s/.test(value),
};

const TABLE = {
  PORT: {
    about: { en: 'Port of the HTTP server; 0 takes any free one.', zh: 'HTTP 服务端口；0 表示任意空闲端口。' },
    allowed: { en: 'a whole number from 0 to 65535', zh: '0 至 65535 的整数' },
    allows: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
    fallback: '3000',
  },
  HOST: {
    about: {
      en: 'Address to listen on; 0.0.0.0 for every network of the machine.',
      zh: '监听地址；0.0.0.0 表示本机所有网络。',
    },
    allowed: { en: 'an IP address or a host name', zh: 'IP 地址或主机名' },
    allows: (value) => /^[\w.:-]+$/.test(value),
    fallback: '127.0.0.1',
  },
  DATA_DIR: {
    about: {
      en: 'Folder of the embedded database, of uploaded files and of the key that personal data are sealed with: back all of it up.',
      zh: '内嵌数据库、上传文件与个人数据密钥所在的文件夹，应整体备份。',
    },
    allowed: { en: 'a folder that can be written', zh: '可写的文件夹' },
    allows: (value) => !value.includes('\0'),
    fallback: '.data',
  },
  DATABASE_URL: {
    about: {
      en: 'PostgreSQL for views, vault, queue and log; without it an embedded one is started in DATA_DIR.',
      zh: '用于视图、保险库、队列与日志的 PostgreSQL；未设置时在 DATA_DIR 中启动内嵌数据库。',
    },
    ...address('postgres', 'postgresql'),
    secret: true,
  },
  EVENT_STORE: {
    about: { en: 'Where the log is kept.', zh: '日志存放之处。' },
    ...oneOf('postgres', 'eventstoredb'),
    fallback: 'postgres',
  },
  EVENTSTORE_URL: {
    about: {
      en: 'EventStoreDB or KurrentDB, for EVENT_STORE=eventstoredb.',
      zh: 'EventStoreDB 或 KurrentDB 的地址，用于 EVENT_STORE=eventstoredb。',
    },
    ...address('esdb', 'esdb+discover'),
    secret: true,
  },
  QUEUE: {
    about: { en: 'Where BullMQ keeps its jobs.', zh: 'BullMQ 任务存放之处。' },
    ...oneOf('postgres', 'redis'),
    fallback: 'postgres',
  },
  REDIS_URL: {
    about: { en: 'Redis with append-only files, for QUEUE=redis.', zh: '开启 AOF 的 Redis 地址，用于 QUEUE=redis。' },
    ...address('redis', 'rediss'),
    secret: true,
  },
  WORKER: {
    about: {
      en: 'Whether the server also follows the log (views, workflow effects), or worker processes of their own do.',
      zh: '服务器是否同时跟随日志（视图、流程效果），还是由独立的 worker 进程承担。',
    },
    ...oneOf('inside', 'none'),
    fallback: 'inside',
  },
  DEMO: {
    about: {
      en: 'The demonstration alliance, where a visitor signs in as any of its people. Without a value it is on where nothing is configured that keeps data elsewhere or lets others in, and the log is empty or holds the demonstration alone.',
      zh: '演示联盟：访客可以其中任何人的身份登录。未设置时，仅在未配置外部存储、也不对外开放，且日志为空或只含演示数据时开启。',
    },
    ...oneOf('true', 'false'),
  },
  PUBLIC_URL: {
    about: {
      en: 'The address at which people reach the server; without it http://localhost and the port.',
      zh: '用户访问服务器的地址；未设置时为 http://localhost 加端口。',
    },
    allowed: {
      en: 'an address https://… or http://… of a host, without a path: the server answers at the root of a host of its own',
      zh: '主机地址 https://… 或 http://…，不带路径：服务只能位于主机的根路径',
    },
    allows: (value) =>
      /^https?:\/\/[^,]+$/.test(value) && URL.canParse(value) && new URL(value).href === `${new URL(value).origin}/`,
  },
  TRUSTED_PROXIES: {
    about: {
      en: 'Proxies whose X-Forwarded-For is believed: whoever else sends one is taken for its own network address.',
      zh: '可信任其 X-Forwarded-For 的代理；其他来源一律以其自身网络地址为准。',
    },
    allowed: {
      en: 'addresses, networks like 10.0.0.0/8, or loopback, linklocal, uniquelocal, with commas between',
      zh: '以逗号分隔的地址、网段（如 10.0.0.0/8）或 loopback、linklocal、uniquelocal',
    },
    allows: (value) => value.split(',').every((one) => networkNames.includes(one.trim()) || isNetwork(one.trim())),
    fallback: 'loopback',
  },
  OIDC_ISSUER: {
    about: {
      en: 'OpenID Connect provider for sign-in; needs the two below.',
      zh: '用于登录的 OpenID Connect 提供方；需与以下两项同时设置。',
    },
    allowed: { en: 'an address https://…, or http:// on this machine', zh: 'https://… 形式的地址，本机可用 http://' },
    allows: (value) => URL.canParse(value) && /^(https:\/\/|http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$))/.test(value),
  },
  OIDC_CLIENT_ID: { about: { en: 'Name of this server at the provider.', zh: '本服务器在提供方处的标识。' }, ...ANY_TEXT },
  OIDC_CLIENT_SECRET: {
    about: { en: 'Secret of this server at the provider.', zh: '本服务器在提供方处的密钥。' },
    ...ANY_TEXT,
    secret: true,
  },
  LOG_LEVEL: {
    about: {
      en: 'The least serious lines of the log that are written to standard output. That the server is ready, and why it is not, is always said.',
      zh: '写入标准输出的最低日志级别；启动完成及启动失败的原因始终输出。',
    },
    ...oneOf('error', 'warn', 'info', 'debug'),
    fallback: 'warn',
  },
  NODE_ENV: {
    about: { en: 'With `production` there is never a demonstration.', zh: '设为 production 时绝不开启演示。' },
    ...oneOf('production', 'development', 'test'),
    fallback: 'development',
  },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof TABLE;

/** Every setting there is, in the order in which they are documented. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = TABLE;

/** `docs/generated/settings.md`. */
export function settingsDocument(): string {
  const rows = Object.entries(SETTINGS).map(([name, { about, allowed, fallback }]) =>
    [
      `\`${name}\``,
      `${about.en}<br>${about.zh}`,
      `${allowed.en}<br>${allowed.zh}`,
      fallback === undefined ? '' : `\`${fallback}\``,
    ].join(' | '),
  );
  return [
    '# Settings · 设置',
    '',
    'Environment variables, checked when the server, a worker or the command line starts. Generated from `apps/server/settings.table.ts`.',
    '',
    '服务器、worker 或命令行启动时检查的环境变量。由 `apps/server/settings.table.ts` 生成。',
    '',
    '| name · 名称 | what it is · 说明 | what it may be · 取值 | default · 默认值 |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
