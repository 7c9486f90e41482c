import pg from 'pg';
import { UnavailableError } from './errors.js';

/**
 * The role that servers and workers run under: it appends and reads events and never changes or removes one.
 *
 * `migrate` makes it, without a login of its own: a pool takes it on with SET ROLE. It may make schemas, for views.
 */
export const runtimeRole = 'entente_runtime';

export interface PoolOptions {
  /** Connections at most. */
  readonly max: number;
  /** The role to act under; the one that signs in unless told. */
  readonly role?: string;
  /** Server settings of each connection, `statement_timeout` for one. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Connections to a database; opened as they are needed, so a wrong address shows at the first query. */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...connectionTo(url, options), max: options.max });
  // A connection that breaks between two queries would end the process without a listener: the pool has one while it is idle,
  // its user one while it works, and neither where the break comes in the same packet as the answer before it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** What a pg client needs to connect under a role. */
export function connectionTo(url: string, { role, settings = {} }: Omit<PoolOptions, 'max'>): pg.ClientConfig {
  const all = { ...(role === undefined ? {} : { role }), ...settings };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  return {
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'entente',
    ...(options.length === 0 ? {} : { options: options.join(' ') }),
  };
}

export interface Migration {
  /** Ids are applied once each, in the order given: a changed one is a new one. */
  readonly id: string;
  readonly sql: string;
}

const migrationLock = 4_711_001;

/**
 * Brings a database up to date: the runtime role, then every migration that is not in its table `migration` yet, each in a transaction.
 *
 * Safe to call at every start and from several processes at once. Call it as the owner, not as the runtime role.
 * @throws Error where the database does not keep UTF-8
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<void> {
  const client = new pg.Client(connectionTo(url, {}));
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${migrationLock})`);
    await requireUtf8(client);
    await client.query(foundation);
    const { rows } = await client.query<{ id: string }>('select id from migration');
    const applied = new Set(rows.map(({ id }) => id));
    for (const { id, sql } of migrations) if (!applied.has(id)) await applyOnce(client, id, sql);
  } finally {
    await client.end();
  }
}

async function requireUtf8(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string; name: string }>(
    `select pg_encoding_to_char(encoding) as encoding, datname as name from pg_database where datname = current_database()`,
  );
  const found = rows[0];
  if (found?.encoding === 'UTF8') return;
  throw new Error(`database "${found?.name}" is encoded in ${found?.encoding}: make it with ENCODING 'UTF8' TEMPLATE template0`);
}

async function applyOnce(client: pg.Client, id: string, sql: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into migration (id) values ($1)', [id]);
    await client.query('commit');
  } catch (failure) {
    await client.query('rollback');
    throw new Error(`migration ${id}: ${failure instanceof Error ? failure.message : String(failure)}`, { cause: failure });
  }
}

// Roles belong to the whole server, so another database's migration may be making the same one at this moment.
const foundation = `
do $$ begin
  if not exists (select from pg_roles where rolname = '${runtimeRole}') then
    create role ${runtimeRole} nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  if not pg_has_role(current_user, '${runtimeRole}', 'member') then
    grant ${runtimeRole} to current_user;
  end if;
end $$;
do $$ begin
  if not has_database_privilege('${runtimeRole}', current_database(), 'create') then
    execute format('grant create on database %I to ${runtimeRole}', current_database());
  end if;
end $$;
create table if not exists migration (id text primary key, applied_at timestamptz not null default now());
`;

/** Classes of SQLSTATE in which the server, not the statement, is at fault: connection, resources, operator, system, read-only. */
const serverFaults = /^(08|53|57|58|25006)/;

/** Whether a failure says nothing about the statement: the connection broke, or the server could not answer. */
export const isUnavailable = (failure: unknown): boolean =>
  !(failure instanceof pg.DatabaseError) || serverFaults.test(failure.code ?? '');

/** Runs queries, and turns a broken connection into UnavailableError. Only queries may stand in `work`. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (!isUnavailable(failure)) throw failure;
    throw new UnavailableError(`the database does not answer: ${failure instanceof Error ? failure.message : String(failure)}`);
  }
}
