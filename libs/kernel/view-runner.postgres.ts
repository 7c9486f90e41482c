import type pg from 'pg';
import { SystemClock } from './clock.js';
import { UnavailableError } from './errors.js';
import type { EventStore, LogSlice } from './event-store.js';
import { leading } from './leadership.postgres.js';
import { LogTail } from './log-tail.js';
import { type Sql, type View, Views } from './view.js';
import { batchAtMost, rebuildView, type ViewSources } from './view-rebuild.postgres.js';
import { applySlice, checkpointIn, inSnapshot, isAbsent, liveSchema, positionsOf } from './view-tables.postgres.js';

export interface ViewRunnerOptions {
  /** How long a reader is kept waiting for a position; 2,000 unless told. */
  readonly patienceMs?: number;
  /** Shared with others who follow the log in this process; its own unless told. */
  readonly tail?: LogTail;
}

export interface ViewStatus {
  readonly name: string;
  readonly version: number;
  /** Every event up to here has been considered, as far as this process knows. */
  readonly position: bigint;
  /**
   * `standby`: another process applies, or none. `stuck`: the next batch fails, and is tried again.
   * `superseded`: the tables are of a higher version than this process knows; it leaves them alone.
   */
  readonly state: 'standby' | 'building' | 'following' | 'stuck' | 'superseded';
  /** Failures in a row. */
  readonly failures: number;
  readonly error?: string;
}

/** A view has taken events. */
export interface ViewMove {
  readonly view: string;
  readonly position: bigint;
}

interface Followed {
  readonly view: View;
  readonly schema: string;
  state: ViewStatus['state'];
  /** Position of the checkpoint, as written or read last. */
  applied: bigint;
  /** There is no event of the view's categories between `applied` and here. */
  considered: bigint;
  failures: number;
  error: string | undefined;
}

/** Connections the pool must allow: one for leadership, two for a build, one to read. */
const connectionsAtLeast = 4;
const runnerLock = 4_711_020;
const watchMs = 250;
const askAgainMs = 50;
const supersededMs = 5_000;
/** How late the checkpoint of a view may be written that has nothing to take. */
const considerMs = 200;
const longestPauseMs = 30_000;
/**
 * How long a view leaves the log alone when it has moved: not at all to speak of after one event, longer the more there were, so that under
 * load they are looked at together, the view's own and the others.
 */
const restAfter = (events: bigint): number => Math.min(Number(events), 25);
/** Whatever clock the alliance lives by, and also where that stands still: nobody waits for an answer in its time. */
const machineClock = new SystemClock();

/**
 * Keeps views up to date with the log, and answers from them.
 *
 * Of all processes that call `start` on one database one applies, and the others stand by; every process may read.
 */
export class ViewRunner extends Views {
  private readonly followed: ReadonlyMap<string, Followed>;
  private readonly sources: ViewSources;
  private readonly tail: LogTail;
  private readonly patienceMs: number;
  private readonly listeners = new Set<(move: ViewMove) => void>();
  private readonly waiting = new Set<AbortController>();
  /** How often a view of this process has moved. */
  private moves = 0;
  private readonly ending = new AbortController();
  private running: readonly Promise<void>[] = [];
  private lastBuild: Promise<void> = Promise.resolve();
  private leads = false;
  private report: (failure: unknown) => void = () => undefined;

  /**
   * @param pool - under the role that makes the schemas; at least four connections
   * @throws TypeError for a name that cannot be a schema's, two views of one name, or too small a pool
   */
  constructor(
    private readonly store: EventStore,
    private readonly pool: pg.Pool,
    private readonly views: readonly View[],
    { patienceMs = 2_000, tail = new LogTail(store) }: ViewRunnerOptions = {},
  ) {
    super();
    if (pool.options.max < connectionsAtLeast)
      throw new TypeError(`views need a pool of at least ${connectionsAtLeast} connections`);
    this.tail = tail;
    this.patienceMs = patienceMs;
    this.sources = { pool, store, clock: machineClock };
    this.followed = new Map(views.map((view) => [view.name, followed(view)]));
    if (this.followed.size < views.length) throw new TypeError('two views have the same name');
  }

  /**
   * Applies events from now on, in this process or in whichever leads. Once.
   *
   * @param report - takes what a view is stuck on, once for each time that it gets stuck, and what keeps this process from leading
   */
  start(report: (failure: unknown) => void = () => undefined): void {
    this.report = report;
    const { signal } = this.ending;
    this.running = [
      leading(this.pool, runnerLock, { clock: machineClock, signal, report }, (held) => this.lead(held)),
      this.watch(signal),
    ];
  }

  /** Finishes the batches under way and stops. The pool stays open. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.running);
  }

  status(): readonly ViewStatus[] {
    return [...this.followed.values()].map(({ view, state, considered, failures, error }) => ({
      name: view.name,
      version: view.version,
      position: considered,
      state,
      failures,
      ...(error === undefined ? {} : { error }),
    }));
  }

  /**
   * Calls `listener` after each move of a view, in the order of each view's moves; a move of another process is seen within 250 ms.
   *
   * @returns a function that ends it
   */
  onMoved(listener: (move: ViewMove) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Builds a view anew beside the live one, which goes on answering, and swaps it in. In any process, whoever leads.
   *
   * @throws UnavailableError where it is being built already
   */
  async rebuild(name: string): Promise<void> {
    const { view } = this.find(name);
    await rebuildView(this.sources, view, this.ending.signal);
    this.moved(name, (await checkpointIn(this.pool, liveSchema(view)))?.position ?? 0n);
  }

  /**
   * Resolves when every view includes a position.
   *
   * @throws UnavailableError after `withinMs`, with the names of those that do not
   */
  async caughtUp(position: bigint, withinMs = 30_000): Promise<void> {
    const deadline = machineClock.now() + withinMs;
    for (;;) {
      const { moves } = this;
      const stored = await positionsOf(this.pool, this.views);
      const behind = [...this.followed.values()].filter(
        ({ view, ...known }) => reach(known, stored.get(view.name) ?? -1n) < position,
      );
      if (behind.length === 0) return;
      if (machineClock.now() >= deadline)
        throw new UnavailableError(`behind ${position}: ${behind.map(({ view }) => view.name).join(', ')}`);
      await this.moveAfter(moves, deadline);
    }
  }

  override async read<T>(view: View, queries: (sql: Sql, schema: string) => Promise<T>, atLeast = 0n): Promise<T> {
    const deadline = machineClock.now() + this.patienceMs;
    for (;;) {
      const { moves } = this;
      const answer = await this.answerFrom(this.find(view.name), queries, atLeast);
      if (answer !== undefined) return answer.value;
      if (machineClock.now() >= deadline) throw new UnavailableError(`view ${view.name} is not at position ${atLeast} yet`);
      await this.moveAfter(moves, deadline);
    }
  }

  private async answerFrom<T>(
    known: Followed,
    queries: (sql: Sql, schema: string) => Promise<T>,
    atLeast: bigint,
  ): Promise<{ readonly value: T } | undefined> {
    if (known.state === 'following' && known.considered < atLeast) return undefined;
    let version: number | undefined;
    try {
      return await inSnapshot(this.pool, known.schema, async (sql, at) => {
        version = at.version;
        return reach(known, at.position) < atLeast ? undefined : { value: await queries(sql, known.schema) };
      });
    } catch (failure) {
      // Tables that are not there, or not of the version that is asked: they are being built.
      if (isAbsent(failure) && version !== known.view.version) return undefined;
      throw failure;
    }
  }

  private find(name: string): Followed {
    const known = this.followed.get(name);
    if (known === undefined) throw new TypeError(`there is no view "${name}"`);
    return known;
  }

  private async lead(signal: AbortSignal): Promise<void> {
    this.leads = true;
    const all = [...this.followed.values()];
    await Promise.all(all.map((one) => this.follow(one, AbortSignal.any([signal]))));
    for (const one of all) one.state = 'standby';
    this.leads = false;
  }

  private async follow(one: Followed, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.bringUp(one, signal)) await this.consume(one, signal);
        else await machineClock.waitUntil(machineClock.now() + supersededMs, signal);
      } catch (failure) {
        if (signal.aborted) return;
        one.state = 'stuck';
        one.error = failure instanceof Error ? failure.message : String(failure);
        one.failures += 1;
        if (one.failures === 1 && !(failure instanceof UnavailableError)) this.report(stuck(one, failure));
        await machineClock.waitUntil(machineClock.now() + Math.min(100 * 2 ** (one.failures - 1), longestPauseMs), signal);
      }
    }
  }

  /** Makes sure that the tables are there, of this version; and learns how far they have got. False where they are of a higher one. */
  private async bringUp(one: Followed, signal: AbortSignal): Promise<boolean> {
    let stored = await checkpointIn(this.pool, one.schema);
    if (stored === undefined || stored.version < one.view.version) {
      one.state = 'building';
      await this.buildInTurn(one.view, signal);
      stored = await checkpointIn(this.pool, one.schema);
    }
    if (stored === undefined) throw new Error(`${one.schema} was dropped as soon as it was built`);
    one.applied = stored.position;
    one.considered = stored.position;
    if (stored.version > one.view.version) {
      one.state = 'superseded';
      return false;
    }
    // What failed must succeed before it counts as overcome; but where nothing is left to do, it is.
    if (one.failures === 0 || (await this.store.head()) <= stored.position) following(one);
    this.wake();
    return true;
  }

  /** One build at a time: each holds a connection for as long as it takes. */
  private buildInTurn(view: View, signal: AbortSignal): Promise<void> {
    const build = this.lastBuild.then(() => rebuildView(this.sources, view, signal));
    this.lastBuild = build.catch(() => undefined);
    return build;
  }

  /** Takes slice after slice, the next being read meanwhile; returns when another has moved the checkpoint. */
  private async consume(one: Followed, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const options = { limit: batchAtMost, categories: one.view.categories, signal: AbortSignal.any([signal, over.signal]) };
    const slices = this.tail.subscribe(one.applied, options);
    let upcoming = pull(slices);
    let due: Promise<'due'> | undefined;
    try {
      for (;;) {
        const next = await (due === undefined ? upcoming : Promise.race([upcoming, due]));
        if (next === 'due') {
          due = undefined;
          if (!(await this.take(one, { events: [], through: one.considered }))) return;
        } else if (next.done === true) {
          break;
        } else {
          const catchingUp = next.value.events.length === batchAtMost;
          if (catchingUp) upcoming = pull(slices);
          const slice = concerning(one.view, next.value);
          const moved = slice.through - one.considered;
          if (slice.events.length > 0) {
            if (!(await this.take(one, slice))) return;
            due = undefined;
          } else {
            one.considered = slice.through;
            this.wake();
            due ??= machineClock.waitUntil(machineClock.now() + considerMs, options.signal).then(() => 'due');
          }
          if (!catchingUp) {
            await machineClock.waitUntil(machineClock.now() + restAfter(moved), options.signal);
            upcoming = pull(slices);
          }
        }
      }
      if (one.considered > one.applied) await this.take(one, { events: [], through: one.considered });
      if (!signal.aborted) throw new UnavailableError('the log has been closed');
    } finally {
      over.abort();
      await upcoming.catch(() => undefined);
    }
  }

  private async take(one: Followed, slice: LogSlice): Promise<boolean> {
    if (!(await applySlice(this.pool, one.view, one.schema, one.applied, slice))) return false;
    one.applied = slice.through;
    one.considered = slice.through;
    following(one);
    if (slice.events.length > 0) this.moved(one.view.name, slice.through);
    else this.wake();
    return true;
  }

  /** Notices what another process has applied. */
  private async watch(signal: AbortSignal): Promise<void> {
    const seen = new Map<string, bigint>();
    while (!signal.aborted) {
      await machineClock.waitUntil(machineClock.now() + watchMs, signal);
      if (this.leads || this.listeners.size === 0) continue;
      const positions = await positionsOf(this.pool, this.views).catch(() => new Map<string, bigint>());
      for (const [name, position] of positions) {
        if (position > (seen.get(name) ?? position)) this.moved(name, position);
        seen.set(name, position);
      }
    }
  }

  private moved(view: string, position: bigint): void {
    this.wake();
    for (const listener of this.listeners) listener({ view, position });
  }

  private wake(): void {
    this.moves += 1;
    for (const waiter of this.waiting) waiter.abort();
  }

  /** Waits until a view has moved since there were so many moves, or long enough to ask the database whether another process has moved one. */
  private async moveAfter(moves: number, deadline: number): Promise<void> {
    if (this.moves > moves) return;
    const waiter = new AbortController();
    this.waiting.add(waiter);
    await machineClock.waitUntil(Math.min(deadline, machineClock.now() + askAgainMs), waiter.signal);
    this.waiting.delete(waiter);
  }
}

function followed(view: View): Followed {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(view.name)) throw new TypeError(`"${view.name}" cannot be the name of a view`);
  return { view, schema: liveSchema(view), state: 'standby', applied: 0n, considered: 0n, failures: 0, error: undefined };
}

const concerning = ({ concerns }: View, { events, through }: LogSlice): LogSlice => ({
  events: concerns === undefined ? events : events.filter(concerns),
  through,
});

const stuck = ({ view, considered }: Followed, cause: unknown): Error =>
  new Error(`the view ${view.name} is stuck after position ${considered}`, { cause });

function following(one: Followed): void {
  one.state = 'following';
  one.failures = 0;
  one.error = undefined;
}

/** How far a view includes the log whose checkpoint stands at `stored`, knowing what lies behind the checkpoint of `applied`. */
const reach = ({ applied, considered }: Pick<Followed, 'applied' | 'considered'>, stored: bigint): bigint =>
  stored >= applied && considered > stored ? considered : stored;

/** Asks for the next slice ahead of its use: a failure must not count as unhandled until then. */
function pull(slices: AsyncIterator<LogSlice>): Promise<IteratorResult<LogSlice>> {
  const pulled = slices.next();
  pulled.catch(() => undefined);
  return pulled;
}
