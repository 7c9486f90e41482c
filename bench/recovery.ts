import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { derivedUuid, type Envelope, type EventStore, migrate, uuidv7 } from '#kernel';
import { migrateQueue, workflowMigrations } from '../libs/workflow/runtime/index.js';
import { type Figure, figure } from './figure.js';
import { branches, journeyHandling, journeys, steps } from './journey.js';
import type { BenchServer } from './server.js';
import { callerOfJourney } from './traveller.js';

const inFlight = 200;
const waiting = 10_000;
const allowedMs = 1_000;
const atTheWait = 1 + steps + branches;

/**
 * A worker is killed with cases in flight, and killed again in the same steps: how long after it has opened are all at their next wait.
 * And: with cases that wait for people, how long from opening to the first that goes on. The floor is what we allow ourselves.
 */
export async function* recovery(server: BenchServer): AsyncGenerator<Figure> {
  const { url, store } = await server.log('recovery');
  await migrate(url, workflowMigrations);
  await migrateQueue(url);
  const handling = journeyHandling(store);
  const send = (id: string, type: 'Start' | 'Signal') =>
    handling.handle(journeys, `a.${id}`, { type, data: {} }, callerOfJourney());

  let worker = await opened(url);
  const ids = Array.from({ length: inFlight }, () => uuidv7(Date.now()));
  await Promise.all(ids.map((id) => send(id, 'Start')));
  for (const share of [0.3, 0.35]) {
    while ((await store.head()) < BigInt(Math.round(inFlight * atTheWait * share))) await wait(1);
    await killed(worker.process);
    worker = await opened(url);
  }
  const begin = performance.now();
  while ((await store.head()) < BigInt(inFlight * atTheWait)) await wait(2);
  const tookMs = worker.openedInMs + performance.now() - begin;
  await mustBeOnce(store, ids);
  yield figure(`${inFlight} cases at their next wait after two kills (floor: allowed)`, 'ms', tookMs, allowedMs);
  await killed(worker.process);

  for (let from = 0; from < waiting; from += 500)
    await Promise.all(Array.from({ length: 500 }, (_, index) => laidOut(store, `waiting-${from + index}`)));
  // The view takes them in first: that is no part of a restart.
  await killed((await opened(url)).process);
  const again = await opened(url);
  const asked = performance.now();
  const head = await store.head();
  await send('waiting-0', 'Signal');
  while ((await store.head()) < head + 2n) await wait(1);
  const answeredMs = again.openedInMs + performance.now() - asked;
  yield figure(`first case goes on after a restart with ${waiting} waiting (floor: allowed)`, 'ms', answeredMs, allowedMs);
  await killed(again.process);
  await store.close();
}

async function opened(url: string): Promise<{ readonly process: ChildProcess; readonly openedInMs: number }> {
  const child = fork(fileURLToPath(new URL('traveller.child.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, JOURNEY_DATABASE: url },
  });
  const [{ openedInMs }] = (await once(child, 'message')) as [{ openedInMs: number }];
  return { process: child, openedInMs };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** @throws Error where a step was left out, or taken twice */
async function mustBeOnce(store: EventStore, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const told = (await store.read(`case-a.${id}`)).map(({ type, data }) => `${type} ${JSON.stringify(data)}`);
    if (told.length !== atTheWait || new Set(told).size !== atTheWait) throw new Error(`${id}: ${told.join(', ')}`);
  }
}

/** A journey that has come to its wait, as it stands in the log. */
async function laidOut(store: EventStore, id: string): Promise<void> {
  const stream = `case-a.${id}`;
  const told: readonly (readonly [string, object])[] = [
    ['Started', {}],
    ...Array.from({ length: steps }, (_, index) => ['StepTaken', { step: index + 1, ok: true }] as const),
    ...Array.from({ length: branches }, (_, branch) => ['BranchTaken', { branch }] as const),
  ];
  const ids = told.map(() => uuidv7(Date.now()));
  const events = told.map(([type, data], revision): Envelope => {
    const before = ids[revision <= steps ? revision - 1 : steps];
    const place = revision <= steps ? 0 : revision - steps - 1;
    const command = before === undefined ? uuidv7(Date.now()) : derivedUuid(before, `effect.${place}`);
    return { id: ids[revision] as string, stream, revision, type, version: 1, data, meta: metaOf(command, before) };
  });
  await store.append({ stream, expectedLength: 0, events });
}

const metaOf = (command: string, causation: string | undefined): Envelope['meta'] => ({
  alliance: 'a',
  actor: causation === undefined ? 'operator' : 'engine',
  power: 'operate-workflow',
  charter: 1,
  proof: ['adoption'],
  command,
  digest: 'x'.repeat(43),
  ...(causation === undefined ? {} : { causation }),
  correlation: command,
  recordedAt: new Date().toISOString(),
});
