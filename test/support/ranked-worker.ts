import { CommandHandling, InMemoryVault, openPool, PostgresEventStore, runtimeRole, type States, ViewRunner } from '#kernel';
import { casesView, openReviews, owedView, owingRules, startWorkflowRuntime, type WorkflowRuntime } from '#workflow';
import { MovableClock } from './movable-clock.js';
import { contexts, statesOf } from './ranked-round.js';

export interface RankedWorker {
  readonly store: PostgresEventStore;
  readonly states: States;
  readonly handling: CommandHandling;
  /** Carries out what is owed from now on. */
  readonly begin: () => WorkflowRuntime;
  readonly stop: () => Promise<void>;
}

/** A process over the log of a ranked round in PostgreSQL, at an instant of that round. */
export function rankedWorker(url: string, atMs: number): RankedWorker {
  const store = new PostgresEventStore(url, { role: runtimeRole });
  const pool = openPool(url, { max: 8, role: runtimeRole });
  const clock = new MovableClock(atMs);
  const states = statesOf(store);
  const handling = new CommandHandling(store, states, new InMemoryVault(), clock);
  const rules = owingRules(states);
  const owed = owedView(rules, store, Object.keys(contexts));
  const views = new ViewRunner(store, pool, [casesView, owed]);
  let runtime: WorkflowRuntime | undefined;
  return {
    store,
    states,
    handling,
    begin() {
      views.start();
      const queue = { kind: 'postgres', url } as const;
      const report = (failure: unknown): void => console.error(failure);
      const loads = openReviews(views);
      runtime = startWorkflowRuntime({ store, rules, view: owed, views, pool, queue, handling, contexts, clock, loads, report });
      return runtime;
    },
    async stop() {
      await runtime?.stop();
      await views.stop();
      await store.close();
      await pool.end();
    },
  };
}
