import { setTimeout as wait } from 'node:timers/promises';
import {
  openPool,
  PostgresEventStore,
  rebuildAndCompare,
  type Receipt,
  type RecordedEvent,
  runtimeRole,
  States,
  SystemClock,
  UnavailableError,
  type View,
  ViewRunner,
} from '#kernel';
import { owedView, owingRules } from '#workflow';
import { allContexts, views } from '../../../apps/server/contexts.js';
import { dense, grouped, nothingTwice, sealedIn, wholeLog } from './log-facts.js';
import { effectsOnce, type Notes } from './owed-facts.js';

/** A command as its sender remembers it. */
export interface Sent {
  readonly commandId: string;
  /** For people: who sent what where. */
  readonly what: string;
  readonly receipt?: Receipt;
  /** Code of the refusal that was its last answer. */
  readonly refusal?: string;
}

export interface Evidence {
  readonly databaseUrl: string;
  readonly sent: readonly Sent[];
  /** Milliseconds since 1970 UTC. */
  readonly recoveredAt?: readonly number[];
  /** Of the clock that the installation goes by; that of the machine unless told. */
  readonly now?: () => number;
}

const settledWithinMs = 60_000;

/**
 * What must always hold (I1, I2, I3, I5, I6, I7 of the design) after a crash, a restart, a duplicate, or the loss of the queue; and that
 * what people wrote can still be read. Call it once whatever was broken runs again: it waits a minute for what is due.
 *
 * @returns everything that is wrong, in words that begin with the number of what is violated; nothing where all is well
 */
export async function violations({ databaseUrl, sent, recoveredAt = [], now = Date.now }: Evidence): Promise<readonly string[]> {
  const pool = openPool(databaseUrl, { max: 8, role: runtimeRole });
  const store = new PostgresEventStore(databaseUrl, { role: runtimeRole });
  try {
    const states = new States(store);
    for (const { decider } of allContexts) states.register(decider);
    const rules = owingRules(states);
    const categories = allContexts.map(({ name }) => name);
    const owed = owedView(rules, store, categories);
    const all = [...views, owed];
    const waited = await settled({ pool, store, all, now });
    // What falls due after the log was read, it cannot tell of.
    const readAt = now();
    const log = await wholeLog(store);
    const notes = await notesIn(pool);
    return [
      ...waited,
      ...acknowledged(log, sent),
      ...nothingTwice(log),
      ...dense(log),
      ...(await rebuiltEqual({ pool, store, all })),
      ...(await effectsOnce({ log, store, rules, notes, nowMs: readAt - 1_000, recoveredAt })),
      ...(await readable(log, pool)),
    ];
  } finally {
    await store.close();
    await pool.end();
  }
}

interface Opened {
  readonly pool: ReturnType<typeof openPool>;
  readonly store: PostgresEventStore;
  readonly all: readonly View[];
}

/** Waits until every view has caught up and nothing is due that nobody has answered for. */
async function settled({ pool, store, all, now }: Opened & { readonly now: () => number }): Promise<readonly string[]> {
  const reader = new ViewRunner(store, pool, all);
  const until = Date.now() + settledWithinMs;
  for (;;) {
    const left = Math.max(1, until - Date.now());
    const head = await store.head();
    const behind = await reader.caughtUp(head, left).then(
      () => undefined,
      (failure: unknown) => String(failure),
    );
    const due = behind === undefined ? await dueIn(pool, now()) : 0;
    if (behind === undefined && due === 0 && (await store.head()) === head) return [];
    if (Date.now() > until)
      return [behind === undefined ? `I6 ${due} effects are still owed a minute later` : `I5 views are behind: ${behind}`];
    await wait(50);
  }
}

async function dueIn(pool: Opened['pool'], nowMs: number): Promise<number> {
  const { rows } = await pool.query<{ due: number }>(
    `select count(*)::int as due from view_owed.effect e left join workflow.note n on n.effect = e.note
     where e.due_at <= $1 and n.outcome is null`,
    [new Date(nowMs)],
  );
  return rows[0]?.due ?? 0;
}

async function notesIn(pool: Opened['pool']): Promise<Notes> {
  const { rows } = await pool.query<{ effect: string; outcome: string | null }>('select effect, outcome from workflow.note');
  return new Map(rows.map(({ effect, outcome }) => [effect, outcome]));
}

/** I1 and I7: what was acknowledged is there as its receipt says, what was refused left nothing, and everything got one answer. */
function acknowledged(log: readonly RecordedEvent[], sent: readonly Sent[]): readonly string[] {
  const byCommand = grouped(log, ({ meta }) => meta.command);
  return sent.flatMap(({ commandId, what, receipt, refusal }) => {
    const found = byCommand.get(commandId) ?? [];
    if (receipt === undefined && refusal === undefined) return [`I7 ${what} never got an answer`];
    if (receipt === undefined)
      return found.length === 0 ? [] : [`I7 ${what} was refused (${refusal}) and left ${found.length} events`];
    const last = found.at(-1);
    if (receipt.events.length === 0) return last === undefined ? [] : [`I7 ${what} was told that nothing changed`];
    if (last === undefined) return [`I1 ${what} is lost: ${receipt.stream} at ${receipt.position}`];
    const same =
      found.map(({ id }) => id).join() === receipt.events.join() &&
      last.stream === receipt.stream &&
      last.revision === receipt.revision &&
      last.position === receipt.position;
    return same ? [] : [`I1 ${what} is not where its receipt says: ${receipt.stream} at ${receipt.position}`];
  });
}

/** I5 */
async function rebuiltEqual({ pool, store, all }: Opened): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const view of all) {
    const difference = await rebuildAndCompare({ pool, store, clock: new SystemClock() }, view).catch((failure: unknown) => {
      if (failure instanceof UnavailableError) return failure.message;
      throw failure;
    });
    if (difference !== undefined) wrong.push(`I5 ${view.name}: ${JSON.stringify(difference)}`);
  }
  return wrong;
}

/** Whatever was written can be read, but for what was erased. */
async function readable(log: readonly RecordedEvent[], pool: Opened['pool']): Promise<readonly string[]> {
  const written = log.flatMap(({ data }) => sealedIn(data));
  const { rows } = await pool.query<{ digest: string }>(
    `select digest from unnest($1::text[], $2::text[]) as written (digest, person)
     where digest not in (select digest from vault.disclosure)
       and person not in (select person from vault.key where erased_at is not null)`,
    [written.map(({ sealed }) => sealed), written.map(({ of }) => of)],
  );
  return rows.map(({ digest }) => `the vault has lost what stands under ${digest}`);
}
