import {
  LogTail,
  openPool,
  type OperatorCaller,
  type RecordedEvent,
  runtimeRole,
  SystemClock,
  UnavailableError,
  uuidv7,
  ViewRunner,
} from '#kernel';
import { PostgresEventStore } from '../libs/kernel/event-store.postgres.js';
import { owedView, startWorkflowRuntime } from '../libs/workflow/runtime/index.js';
import { journeyHandling, journeyRules, journeys } from './journey.js';

export const callerOfJourney = (): OperatorCaller => ({ kind: 'operator', alliance: 'a', commandId: uuidv7(Date.now()) });

/** A whole worker for journeys: log, view of what is owed, and runtime, on a database that was migrated. */
export function startTraveller(url: string) {
  const store = new PostgresEventStore(url, { role: runtimeRole });
  const pool = openPool(url, { max: 10, role: runtimeRole });
  const handling = journeyHandling(store);
  const contexts = { case: journeys };
  const view = owedView(journeyRules, store, Object.keys(contexts));
  const tail = new LogTail(store);
  const views = new ViewRunner(store, pool, [view], { tail });
  views.start();
  const runtime = startWorkflowRuntime({
    store,
    rules: journeyRules,
    view,
    views,
    pool,
    queue: { kind: 'postgres', url },
    clock: new SystemClock(),
    handling,
    contexts,
    loads: async () => ({}),
    report: (failure) => {
      if (!(failure instanceof UnavailableError)) console.error(failure);
    },
  });
  const send = (id: string, type: 'Start' | 'Signal') =>
    handling.handle(journeys, `a.${id}`, { type, data: {} }, callerOfJourney());
  return {
    store,
    tail,
    send,
    /** Whether what is owed has been looked through once. */
    isReady: () => runtime.status().lookedThroughAt > 0,
    stop: async (): Promise<void> => {
      await runtime.stop();
      await views.stop();
      await store.close();
      await pool.end();
    },
  };
}

/** Follows the log, as live updates do, and tells of journeys that come to a number of events. */
export class Progress {
  private readonly leaving = new AbortController();
  private readonly lengths = new Map<string, number>();
  private readonly waiting = new Map<string, () => void>();
  readonly running: Promise<void>;

  constructor(tail: LogTail) {
    this.running = this.follow(tail);
  }

  /** Resolves when the journey has so many events. */
  async come(id: string, events: number): Promise<void> {
    const stream = `case-a.${id}`;
    if ((this.lengths.get(stream) ?? 0) >= events) return;
    await new Promise<void>((resolve) => this.waiting.set(`${events} ${stream}`, resolve));
  }

  async stop(): Promise<void> {
    this.leaving.abort();
    await this.running;
  }

  private async follow(tail: LogTail): Promise<void> {
    const { signal } = this.leaving;
    for await (const { events } of tail.subscribe(0n, { limit: 1_000, signal })) for (const event of events) this.note(event);
  }

  private note({ stream, revision }: RecordedEvent): void {
    this.lengths.set(stream, revision + 1);
    const key = `${revision + 1} ${stream}`;
    this.waiting.get(key)?.();
    this.waiting.delete(key);
  }
}
