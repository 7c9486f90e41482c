import { openPool, runtimeRole, SystemClock, ViewRunner } from '#kernel';
import { PostgresEventStore } from '../../libs/kernel/event-store.postgres.js';
import {
  type Loads,
  owedView,
  type Pace,
  type QueueAddress,
  startWorkflowRuntime,
  type WorkflowRuntime,
} from '../../libs/workflow/runtime/index.js';
import { errandContexts, errandHandling, errandRules } from './errands.js';

export interface ErrandWorker {
  readonly store: PostgresEventStore;
  readonly handling: ReturnType<typeof errandHandling>;
  readonly views: ViewRunner;
  readonly view: ReturnType<typeof owedView>;
  readonly runtime: WorkflowRuntime;
  readonly failures: readonly unknown[];
  readonly stop: () => Promise<void>;
}

export interface ErrandWorkerOptions {
  readonly url: string;
  readonly queue: QueueAddress;
  readonly loads?: Loads;
  readonly pace?: Partial<Pace>;
  readonly contexts?: typeof errandContexts;
}

/** A whole worker: log, view and runtime, on a database that was migrated. */
export function startErrandWorker({ url, queue, loads, pace, contexts = errandContexts }: ErrandWorkerOptions): ErrandWorker {
  const store = new PostgresEventStore(url, { role: runtimeRole });
  const pool = openPool(url, { max: 10, role: runtimeRole });
  const clock = new SystemClock();
  const handling = errandHandling(store, clock);
  const view = owedView(errandRules, store, Object.keys(contexts));
  const views = new ViewRunner(store, pool, [view]);
  views.start();
  const failures: unknown[] = [];
  const runtime = startWorkflowRuntime({
    store,
    rules: errandRules,
    view,
    views,
    pool,
    queue,
    clock,
    handling,
    contexts,
    loads: loads ?? (async () => ({})),
    report: (failure) => failures.push(failure),
    pace: pace ?? {},
  });
  const stop = async (): Promise<void> => {
    await runtime.stop();
    await views.stop();
    await store.close();
    await pool.end();
  };
  return { store, handling, views, view, runtime, failures, stop };
}
