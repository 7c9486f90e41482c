import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { doubtfulSettings, readSettings, SETTINGS, type SettingName, SettingsError } from './settings.js';
import { settingsDocument } from './settings.table.js';

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ name }) => name);
  }
}

const DATABASE_URL = 'postgres://entente:secret@db/entente';

test('with nothing set, everything is embedded and the demonstration is offered', () => {
  expect(readSettings({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataDir: expect.stringMatching(/^\/.*\.data$/),
    eventStore: { kind: 'postgres' },
    queue: { kind: 'postgres' },
    worker: 'inside',
    demonstration: 'offered',
    logLevel: 'warn',
    trustedProxies: ['loopback'],
  });
});

test('a setting left empty is a setting left out', () => {
  expect(readSettings({ PORT: '', DATABASE_URL: ' ' })).toEqual(readSettings({}));
});

test('every wrong setting is named at once, with what it may be, in both languages', () => {
  const read = () => readSettings({ PORT: 'eighty', EVENT_STORE: 'mongo', QUEUE: 'redis', LOG_LEVEL: 'loud' });
  expect(read).toThrow('PORT=eighty is not possible: it is a whole number from 0 to 65535.');
  expect(read).toThrow('EVENT_STORE=mongo 不可用：应为postgres、eventstoredb 之一。');
  expect(read).toThrow('REDIS_URL is missing: QUEUE=redis needs it.');
  expect(read).toThrow('LOG_LEVEL=loud');
});

const impossible = {
  PORT: 'eighty',
  HOST: 'all of them',
  DATA_DIR: 'a\0b',
  DATABASE_URL: 'mysql://db/entente',
  EVENT_STORE: 'mongo',
  EVENTSTORE_URL: 'http://log:2113',
  QUEUE: 'rabbit',
  REDIS_URL: 'http://queue:6379',
  WORKER: 'outside',
  DEMO: 'yes',
  PUBLIC_URL: 'entente.example.edu',
  TRUSTED_PROXIES: 'everybody',
  OIDC_ISSUER: 'http://id.example.edu',
  OIDC_CLIENT_ID: 'two words',
  OIDC_CLIENT_SECRET: 'two words',
  LOG_LEVEL: 'loud',
  NODE_ENV: 'staging',
} satisfies Record<SettingName, string>;

test.each(Object.entries(impossible))('%s=%j is refused, with what it may be', (name, value) => {
  const { allowed, secret } = SETTINGS[name as SettingName];
  const read = () => readSettings({ [name]: value });
  expect(read).toThrow(`${name}=${secret ? '…' : value} is not possible: it is ${allowed.en}.`);
  expect(read).toThrow(`${name}=${secret ? '…' : value} 不可用：应为${allowed.zh}。`);
});

test.each(['65536', '-1', '80.5', ' ', '1e3', '0x50'].filter((port) => port.trim()))('%s is no port', (PORT) => {
  expect(problemsOf({ PORT })).toEqual(['PORT']);
});

test('a password is not repeated when the setting that holds it is wrong', () => {
  expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).toThrow(/^(?!.*hunter2)DATABASE_URL=…/s);
});

test('workers of their own need a database that they can reach', () => {
  expect(problemsOf({ WORKER: 'none' })).toEqual(['DATABASE_URL']);
  expect(readSettings({ WORKER: 'none', DATABASE_URL }).worker).toBe('none');
});

test('a cluster may be given by all its hosts', () => {
  const EVENTSTORE_URL = 'esdb+discover://admin:changeit@one:2113,two:2113,three:2113?tls=true';
  expect(readSettings({ DATABASE_URL, EVENT_STORE: 'eventstoredb', EVENTSTORE_URL }).eventStore).toEqual({
    kind: 'eventstoredb',
    url: EVENTSTORE_URL,
  });
});

test('sign-in elsewhere is configured whole or not at all', () => {
  expect(problemsOf({ OIDC_ISSUER: 'https://id.example.edu' })).toEqual(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  expect(problemsOf({ OIDC_ISSUER: 'http://id.example.edu', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' })).toEqual([
    'OIDC_ISSUER',
  ]);
  expect(readSettings({ OIDC_ISSUER: 'http://127.0.0.1:9000', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }).oidc).toEqual({
    issuer: 'http://127.0.0.1:9000',
    clientId: 'a',
    clientSecret: 'b',
  });
});

test.each([
  { NODE_ENV: 'production' },
  { DATABASE_URL },
  { DATABASE_URL, EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: 'esdb://node:2113' },
  { HOST: '0.0.0.0' },
  { PUBLIC_URL: 'https://entente.example.edu' },
  { OIDC_ISSUER: 'https://id.example.edu', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
])('nobody switches the demonstration on with %j', (outside) => {
  expect(problemsOf({ ...outside, DEMO: 'true' })).toEqual(['DEMO']);
  expect(readSettings(outside).demonstration).toBe('off');
});

test('on this machine, by whichever of its names, the demonstration is offered', () => {
  for (const given of [{ HOST: 'localhost' }, { HOST: '::1' }, { HOST: '127.0.0.2', PUBLIC_URL: 'http://localhost:8080' }])
    expect(readSettings(given).demonstration).toBe('offered');
  expect(problemsOf({ PUBLIC_URL: 'http://127.evil.com' })).toEqual(['PUBLIC_URL']);
});

test('the demonstration can be asked for and switched off', () => {
  expect(readSettings({ DEMO: 'true' }).demonstration).toBe('asked');
  expect(readSettings({ DEMO: 'false' }).demonstration).toBe('off');
});

test('outside the demonstration people sign in over https, or on this machine', () => {
  expect(problemsOf({ DATABASE_URL, PUBLIC_URL: 'http://entente.example.edu' })).toEqual(['PUBLIC_URL']);
  expect(readSettings({ DATABASE_URL, PUBLIC_URL: 'http://localhost:8080/' }).publicUrl).toBe('http://localhost:8080');
  expect(readSettings({ DATABASE_URL, PUBLIC_URL: 'https://entente.example.edu/' }).publicUrl).toBe(
    'https://entente.example.edu',
  );
});

test('people reach the server at a host, not at a path of one', () => {
  const wrong = [
    'https://x.edu/entente',
    'https://x.edu/?a',
    'https://x.edu/#a',
    'https://a:b@x.edu',
    'https://a.edu,b.edu',
    'x.edu',
  ];
  for (const PUBLIC_URL of wrong) expect(problemsOf({ PUBLIC_URL })).toEqual(['PUBLIC_URL']);
});

test('a misspelt setting is pointed out, and the variables of other programs are not', () => {
  const others = {
    PATH: '/bin',
    HOME: '/root',
    HOSTNAME: 'vm',
    PWD: '/',
    LOGNAME: 'root',
    TERM: 'dumb',
    SHELL: '/bin/sh',
    TEST_DATABASE_URL: DATABASE_URL,
  };
  expect(doubtfulSettings(others)).toEqual([]);
  const names = ['DATABSE_URL', 'EVENT_STORE_URL', 'EVENTSTORE', 'ENTENTE_PORT', 'PUBLIC_URI', 'data_dir'];
  const warnings = doubtfulSettings(Object.fromEntries(names.map((name) => [name, 'x']))).map(
    ({ en }) => en.match(/mean (.*)\?/)?.[1],
  );
  expect(warnings).toEqual(['DATABASE_URL', 'EVENTSTORE_URL', 'EVENT_STORE', 'PORT', 'PUBLIC_URL', 'DATA_DIR']);
});

test('a server that others reach and nobody can sign in to is pointed out', () => {
  const told = (environment: Record<string, string>) => doubtfulSettings(environment).map(({ en }) => en);
  expect(told({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^PUBLIC_URL is not set/)]);
  expect(told({ HOST: '0.0.0.0', PUBLIC_URL: 'https://entente.example.edu' })).toEqual([]);
  expect(told({ HOST: '127.0.0.1' })).toEqual([]);
});

test('an address that nothing uses is pointed out', () => {
  expect(doubtfulSettings({ REDIS_URL: 'redis://x' })).toEqual([
    expect.objectContaining({ en: 'REDIS_URL is not used without QUEUE=redis.' }),
  ]);
  expect(doubtfulSettings({ REDIS_URL: 'redis://x', QUEUE: 'redis' })).toEqual([]);
});

test('the document of the settings is the one generated from them', async () => {
  expect(await readFile('docs/generated/settings.md', 'utf8')).toBe(settingsDocument());
});
