import {
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
  const views = new ViewRunner(store, pool, [view]);
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

/** Follows the log and tells of journeys that come to a number of events. */
export class Progress {
  private readonly leaving = new AbortController();
  private readonly lengths = new Map<string, number>();
  private readonly waiting = new Map<string, () => void>();
  /** Milliseconds between consecutive steps of a journey, as they were recorded by whoever followed the log. */
  readonly stepMs: number[] = [];
  private readonly lastStep = new Map<string, number>();
  readonly running: Promise<void>;

  constructor(store: PostgresEventStore, after: bigint) {
    this.running = this.follow(store, after);
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

  private async follow(store: PostgresEventStore, after: bigint): Promise<void> {
    const { signal } = this.leaving;
    for await (const { events } of store.subscribe(after, { limit: 1_000, signal })) for (const event of events) this.note(event);
  }

  private note({ stream, revision, type, meta }: RecordedEvent): void {
    this.lengths.set(stream, revision + 1);
    const key = `${revision + 1} ${stream}`;
    this.waiting.get(key)?.();
    this.waiting.delete(key);
    if (type !== 'StepTaken') return;
    const at = Date.parse(meta.recordedAt);
    const before = this.lastStep.get(stream);
    if (before !== undefined) this.stepMs.push(at - before);
    this.lastStep.set(stream, at);
  }
}
