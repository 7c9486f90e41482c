import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readSettings, SETTINGS } from '../../apps/server/settings.js';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = parse(await readFile('docker-compose.yml', 'utf8'), { merge: true }) as Compose;
const dockerfile = await readFile('Dockerfile', 'utf8');
const { server, worker, log, queue, database } = compose.services;
const ours = { server, worker };
const operator: Record<string, string> = {
  POSTGRES_PASSWORD: 'one',
  REDIS_PASSWORD: 'two',
  PUBLIC_URL: 'https://entente.example.edu',
};

/** As docker compose fills in what the operator gave. */
function environmentOf(service: Service | undefined): Record<string, string> {
  const filled = (text: string): string =>
    text.replaceAll(/\$\{(\w+)(?::\?[^}]*|:-([^}]*))?\}/g, (_, name: string, usual = '') => operator[name] ?? usual);
  return Object.fromEntries(Object.entries(service?.environment ?? {}).map(([name, value]) => [name, filled(value)]));
}

test('server, worker, log, queue and database are there, and nothing else', () => {
  expect(Object.keys(compose.services).toSorted()).toEqual(['database', 'log', 'queue', 'server', 'worker']);
});

test.each(Object.entries(ours))('every variable of the %s is a setting', (_, service) => {
  expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(Object.keys(environmentOf(service))));
});

test('the settings are those of many machines, and they are accepted', () => {
  expect(readSettings(environmentOf(server))).toMatchObject({
    eventStore: { kind: 'eventstoredb' },
    queue: { kind: 'redis' },
    worker: 'none',
    demonstration: 'off',
    host: '0.0.0.0',
  });
});

test('server and worker are set alike and share the key of the vault', () => {
  expect(environmentOf(worker)).toEqual(environmentOf(server));
  expect(worker?.volumes).toEqual(server?.volumes);
  expect(server?.volumes).toEqual([`entente:${environmentOf(server)['DATA_DIR']}`]);
});

test('every address in the settings is one of a service that they wait for', () => {
  const { DATABASE_URL, EVENTSTORE_URL, REDIS_URL, PORT } = environmentOf(server);
  const hosts = [DATABASE_URL, EVENTSTORE_URL, REDIS_URL].map((url) => new URL(String(url)).hostname);
  expect(hosts).toEqual(['database', 'log', 'queue']);
  for (const service of Object.values(ours))
    expect(Object.keys(service?.depends_on ?? {})).toEqual(expect.arrayContaining(hosts));
  for (const host of hosts) expect(compose.services[host]?.healthcheck?.test).toBeDefined();
  expect(server?.ports).toEqual([`${String(PORT)}:${String(PORT)}`]);
});

test('nothing of ours starts before what it waits for answers, and each is asked at the port that the settings name', () => {
  const asked = (name: string): string => compose.services[name]?.healthcheck?.test.join(' ') ?? '';
  for (const service of Object.values(ours))
    for (const [name, { condition }] of Object.entries(service?.depends_on ?? {}))
      expect([name, condition, asked(name) === '']).toEqual([name, 'service_healthy', false]);
  expect(Object.keys(worker?.depends_on ?? {})).toContain('server');
  const { EVENTSTORE_URL, PORT } = environmentOf(server);
  expect(asked('log')).toContain(`localhost:${new URL(String(EVENTSTORE_URL)).port}/health/live`);
  expect(asked('server')).toContain(`localhost:${PORT}/health`);
});

test('the passwords that the server gives are the ones that the engines were given', () => {
  const { DATABASE_URL, REDIS_URL } = environmentOf(server);
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = environmentOf(database);
  expect(new URL(String(DATABASE_URL))).toMatchObject({
    username: POSTGRES_USER,
    password: POSTGRES_PASSWORD,
    pathname: `/${String(POSTGRES_DB)}`,
  });
  expect(new URL(String(REDIS_URL)).password).toBe(environmentOf(queue)['REDIS_PASSWORD']);
});

test('PostgreSQL counts as healthy only once it takes connections from others, which it does not while it is first set up', () => {
  const { POSTGRES_USER, POSTGRES_DB } = environmentOf(database);
  expect(database?.healthcheck?.test.at(-1)).toBe(`pg_isready -h localhost -U ${POSTGRES_USER} -d ${POSTGRES_DB}`);
});

test('nothing starts on a password that nobody chose', () => {
  const text = JSON.stringify(compose);
  for (const name of Object.keys(operator)) expect(text).toContain(`\${${name}:?`);
});

test('what must survive a restart is on a volume, and Redis forgets nothing', () => {
  const named = Object.values(compose.services).flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0]));
  expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
  expect(queue?.command?.join(' ')).toContain('--appendonly yes --maxmemory-policy noeviction');
  expect(environmentOf(log)['KURRENTDB_MEM_DB']).toBe('false');
});

test('the image runs what the build makes', async () => {
  const entries = [dockerfile.match(/CMD \[.*"(dist\/[^"]+)"\]/)?.[1], worker?.command?.at(-1)];
  expect(entries).toEqual(['dist/apps/server/main.js', 'dist/apps/worker/main.js']);
  for (const entry of entries)
    await readFile(
      String(entry)
        .replace(/^dist\//, '')
        .replace(/\.js$/, '.ts'),
    );
  for (const [, name = ''] of dockerfile.matchAll(/^ENV (.*)$/gm)) {
    for (const variable of name.split(' ')) expect(Object.keys(SETTINGS)).toContain(variable.split('=')[0]);
  }
});
