import { expect, test } from '@jest/globals';
import { InMemoryEventStore, type RecordedEvent, VirtualClock } from '#kernel';
import { asOperator, errandContexts, errandHandling, errandRules } from '../../../test/support/errands.js';
import { Consequences } from './consequences.js';
import { Dispatcher } from './dispatcher.js';
import { concernsOwed, type DueEffect, Owed } from './owed.js';
import { InMemoryOwedEffects } from './owed.memory.js';
import { SimulatedRuntime } from './simulation.js';

const start = Date.parse('2026-03-02T01:00:00.000Z');
const errand = errandContexts['case'] as (typeof errandContexts)[string];

/** A log of forty errands, half-way through. */
async function aLog() {
  const store = new InMemoryEventStore();
  const clock = new VirtualClock(start);
  const handling = errandHandling(store, clock);
  const parts = { store, clock, handling, contexts: errandContexts, loads: async () => ({}) };
  const runtime = new SimulatedRuntime({ ...parts, rules: errandRules });
  for (let n = 0; n < 40; n += 1) {
    const remindAt = new Date(start + (n % 7) * 3_600_000).toISOString();
    const data = { steps: n % 5, tally: `a.${n % 3}`, ...(n % 2 === 0 ? { remindAt } : {}) };
    await handling.handle(errand, `a.${n}`, { type: 'RunErrand', data }, asOperator(`run-${n}`));
    await runtime.drain(clock.now() + 60_000);
    if (n % 4 === 0) await handling.handle(errand, `a.${n}`, { type: 'LeaveErrand', data: {} }, asOperator(`leave-${n}`));
  }
  return { ...parts, runtime };
}

async function owedIn(
  store: InMemoryEventStore,
  { batch, capacity, takes = () => true }: { batch: number; capacity: number; takes?: (event: RecordedEvent) => boolean },
) {
  const owed = new Owed(errandRules.settles);
  const consequences = new Consequences(errandRules, store, capacity);
  for (let through = 0n; ;) {
    const slice = await store.readAll(through, { limit: batch });
    if (slice.events.length === 0) return [...owed.values()];
    const events = slice.events.filter(takes);
    const effects = await consequences.of(events);
    for (const [index, event] of events.entries()) owed.take(event, effects[index] ?? []);
    through = slice.through;
  }
}

test('what is owed does not depend on how the log is read', async () => {
  const { store } = await aLog();
  const atOnce = await owedIn(store, { batch: 10_000, capacity: 5_000 });
  expect(atOnce.length).toBeGreaterThan(5);
  expect(await owedIn(store, { batch: 1, capacity: 1 })).toEqual(atOnce);
  expect(await owedIn(store, { batch: 7, capacity: 3 })).toEqual(atOnce);
});

test('what does not concern anything owed could be left out of the log', async () => {
  const { store, handling } = await aLog();
  const tally = errandContexts['tally'] as (typeof errandContexts)[string];
  const before = await owedIn(store, { batch: 10_000, capacity: 5_000 });
  // Anyone may guess the id of the command that an effect will send.
  for (const { commandId } of before.slice(0, 3))
    await handling.handle(tally, 'a.0', { type: 'Count', data: { of: 'case-a.0' } }, asOperator(commandId));
  const atOnce = await owedIn(store, { batch: 10_000, capacity: 5_000 });
  expect(atOnce).toEqual(before);
  expect(await owedIn(store, { batch: 7, capacity: 5_000, takes: concernsOwed(errandRules) })).toEqual(atOnce);
});

test('a batch that was rolled back and comes again gives rise to the same', async () => {
  const { store } = await aLog();
  const { events } = await store.readAll(0n, { limit: 10_000 });
  const consequences = new Consequences(errandRules, store);
  const first = await consequences.of(events);
  expect(await consequences.of(events)).toEqual(first);
  const half = Math.floor(events.length / 2);
  expect(await consequences.of(events.slice(half))).toEqual(first.slice(half));
});

test('an effect that is delivered ten times at once happens once', async () => {
  const store = new InMemoryEventStore();
  const clock = new VirtualClock(start);
  const handling = errandHandling(store, clock);
  await handling.handle(errand, 'a.1', { type: 'RunErrand', data: { steps: 1, tally: 'a.t' } }, asOperator('run'));
  const owed = new InMemoryOwedEffects(errandRules, store);
  const { taken } = await owed.take(start, { limit: 10 });
  const effect = taken[0]?.effect as DueEffect;
  const dispatchers = Array.from(
    { length: 10 },
    () =>
      new Dispatcher({
        // Each worker has states of its own.
        handling: errandHandling(store, clock),
        contexts: errandContexts,
        store,
        clock,
        owed,
        loads: async () => ({}),
      }),
  );
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.carryOut({ effect, attempts: 0 })));
  await dispatchers[0]?.carryOut({ effect, attempts: 0 });
  expect((await store.read('case-a.1')).map(({ type }) => type)).toEqual(['ErrandBegun', 'StepTaken']);
  for (const { tally } of dispatchers) expect(tally).toMatchObject({ refused: 0, failed: 0 });
});

test('what a refused effect has come to is on record', async () => {
  const { runtime, handling, clock } = await aLog();
  await handling.handle(errand, 'a.balk', { type: 'RunErrand', data: { steps: -1, tally: '' } }, asOperator('balk'));
  await runtime.drain(clock.now());
  expect(await runtime.incidents()).toMatchObject([{ refusal: 'case.balked', attempts: 1, effect: { name: 'balk' } }]);
});
