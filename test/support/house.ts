import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { charterContext } from '#charter';
import {
  CommandHandling,
  type Context,
  installationKeyIn,
  openPool,
  type OperatorCaller,
  PostgresEventStore,
  PostgresVault,
  States,
  uuidv7,
} from '#kernel';
import type { RunningServer } from '../../apps/server/server.js';
import { allContexts } from '../../apps/server/contexts.js';
import { childEnvironment } from '../faults/support/server.js';
import { eventually } from './eventually.js';
import { Caller } from './caller.js';
import type { Order } from './house.child.js';
import { MovableClock } from './movable-clock.js';
import { handedIn } from './papers.js';
import { freshDatabase } from './postgres.js';

export const alliance = 'gdmooc';

interface Role {
  readonly person: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly institution: string | null;
  readonly seats: readonly { readonly organ: string; readonly scope: string | null; readonly role: string }[];
}

export interface HouseOptions {
  /** The instant of the start, ISO 8601. */
  readonly at?: string;
  /** Written to the database before the server starts. */
  readonly prepare?: (databaseUrl: string) => Promise<void>;
}

type Started = Pick<RunningServer, 'url' | 'routes'>;

/** The whole server in a process of its own, with the demonstration alliance, on a database of its own, and a clock that can be moved. */
export class House {
  private readonly callers = new Map<string, Caller>();
  private roles: readonly Role[] = [];

  private constructor(
    private readonly dataDir: string,
    readonly databaseUrl: string,
    private running: Launched,
    readonly clock: MovableClock,
    readonly sql: pg.Pool,
    private readonly dispose: () => Promise<void>,
  ) {}

  static async open({ at = '2026-04-20T01:00:00.000Z', prepare }: HouseOptions = {}): Promise<House> {
    const database = await freshDatabase('house');
    const dataDir = await mkdtemp(join(tmpdir(), 'entente-house-'));
    await prepare?.(database.url);
    await handedIn(dataDir);
    const running = await launched(database.url, dataDir, at).catch(async (failure: unknown) => {
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
      throw failure;
    });
    const sql = openPool(database.url, { max: 2 });
    const house = new House(dataDir, database.url, running, new MovableClock(Date.parse(at)), sql, async () => {
      await sql.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });
    await house.moveTo(Date.parse(at));
    house.roles = await eventually(async () => {
      const { status, body } = await house.nobody().get('/v1/demonstration');
      return status === 200 ? (body['items'] as readonly Role[]) : undefined;
    });
    return house;
  }

  get server(): Started {
    return this.running.started;
  }

  get url(): string {
    return this.server.url;
  }

  /** Everything the server has written. */
  get output(): string {
    return this.running.said.join('');
  }

  get people(): readonly Role[] {
    return this.roles;
  }

  async head(): Promise<string> {
    const { rows } = await this.sql.query<{ head: string }>(`select coalesce(max(position), 0)::text as head from event`);
    return rows[0]?.head ?? '0';
  }

  /** Somebody who is not signed in. */
  nobody(): Caller {
    return new Caller(this);
  }

  /** A person of the demonstration, in a session of their own. */
  person(id: string): Caller {
    const known = this.callers.get(id) ?? new Caller(this, id);
    this.callers.set(id, known);
    return known;
  }

  /** Whoever holds a seat; the first of them. */
  seat(organ: string, { role, scope }: { readonly role?: string; readonly scope?: string } = {}): Caller {
    const [found] = this.holders(organ, { ...(role ? { role } : {}), ...(scope ? { scope } : {}) });
    if (found === undefined) throw new Error(`nobody sits in ${organ}`);
    return this.person(found.person);
  }

  holders(organ: string, { role, scope }: { readonly role?: string; readonly scope?: string } = {}): readonly Role[] {
    return this.roles.filter(({ seats }) =>
      seats.some(
        (seat) =>
          seat.organ === organ && (role === undefined || seat.role === role) && (scope === undefined || seat.scope === scope),
      ),
    );
  }

  /** Somebody of the demonstration who holds no seat. */
  outsider(): Caller {
    const found = this.roles.find(({ seats }) => seats.length === 0);
    if (found === undefined) throw new Error('everybody holds a seat');
    return this.person(found.person);
  }

  /** Waits until the views are up to date and nothing is owed any more that is due. */
  async settled(): Promise<void> {
    const asked = async (): Promise<{ readonly behind: boolean; readonly due: number } | undefined> => {
      const { rows } = await this.sql
        .query<{ behind: boolean; due: number }>(
          `select (select coalesce(max(position), 0) from event) > least((select position from view_owed._checkpoint),
           (select position from view_cases._checkpoint)) as behind,
           (select count(*)::int from view_owed.effect e left join workflow.note n on n.effect = e.note
            where e.due_at <= $1 and n.outcome is null) as due`,
          [new Date(this.clock.now())],
        )
        .catch(notBuiltYet);
      return rows[0];
    };
    await eventually(asked, ({ behind, due }) => !behind && due === 0);
  }

  /** What the operator of the installation does beside the server, in a process of its own. */
  async operator(context: Context, id: string, type: string, data: object): Promise<void> {
    await this.operated(alliance, context, id === '' ? alliance : `${alliance}.${id}`, { type, data });
  }

  /** Another alliance beside the first, on the same installation. */
  async found(other: string, document: object): Promise<void> {
    await this.operated(other, charterContext, other, { type: 'AdoptCharter', data: { document } });
  }

  private async operated(of: string, context: Context, id: string, command: { type: string; data: object }): Promise<void> {
    const store = new PostgresEventStore(this.databaseUrl);
    const states = new States(store);
    for (const { decider } of allContexts) states.register(decider);
    const vault = new PostgresVault(this.sql, await installationKeyIn(join(this.dataDir, 'installation.key')));
    const caller: OperatorCaller = { kind: 'operator', alliance: of, commandId: uuidv7(this.clock.now()) };
    await new CommandHandling(store, states, vault, this.clock).handle(context, id, command, caller);
    await store.close();
  }

  async moveTo(atMs: number): Promise<void> {
    this.clock.moveTo(atMs);
    await this.tell({ order: 'move', atMs });
  }

  /** Stops the clock at an instant until it is moved again. */
  async holdAt(at: string): Promise<void> {
    this.clock.holdAt(Date.parse(at));
    await this.tell({ order: 'hold', atMs: Date.parse(at) });
  }

  /** Lets time pass in steps of half a day, so that whatever falls due on the way is done on the way. */
  async passTo(at: string): Promise<void> {
    const end = Date.parse(at);
    for (let next = this.clock.now(); next < end;) {
      next = Math.min(end, next + 43_200_000);
      await this.moveTo(next);
      await this.settled();
    }
  }

  /** Kills the server and everything in it, and starts another on the same database once time has passed without any. */
  async awayUntil(at: string): Promise<void> {
    const ended = once(this.running.child, 'exit');
    this.running.child.kill('SIGKILL');
    await ended;
    this.clock.moveTo(Date.parse(at));
    this.running = await launched(this.databaseUrl, this.dataDir, at);
    await this.moveTo(this.clock.now());
  }

  async close(): Promise<void> {
    const ended = once(this.running.child, 'exit');
    this.running.child.send({ order: 'end' } satisfies Order);
    await ended;
    await this.dispose();
  }

  private async tell(order: Order): Promise<void> {
    const done = once(this.running.child, 'message');
    this.running.child.send(order);
    await done;
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly started: Started;
  readonly said: readonly string[];
}

async function launched(databaseUrl: string, dataDir: string, at: string): Promise<Launched> {
  const child = fork('test/support/house.child.ts', [databaseUrl, dataDir, at], {
    env: childEnvironment({}),
    execArgv: ['--conditions=entente-source', '--import', './test/support/typescript.mjs'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return { child, said, started: await firstMessage<Started>(child, said) };
}

async function firstMessage<T>(child: ChildProcess, said: readonly string[]): Promise<T> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the server did not start:\n${said.join('')}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return message;
}

/** The views of a server that has just started may still be on their way. */
function notBuiltYet(failure: unknown): { readonly rows: [] } {
  if ((failure as { code?: string }).code === '42P01') return { rows: [] };
  throw failure;
}
