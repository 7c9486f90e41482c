import { expect, test } from '@jest/globals';
import { derivedUuid, InMemoryEventStore, VirtualClock } from '#kernel';
import { asOperator, errandContexts, errandHandling, errandRules } from '../../../test/support/errands.js';
import { SimulatedRuntime } from './simulation.js';

const start = Date.parse('2026-03-02T01:00:00.000Z');
const hour = 3_600_000;

function simulated() {
  const store = new InMemoryEventStore();
  const clock = new VirtualClock(start);
  const handling = errandHandling(store, clock);
  const runtime = new SimulatedRuntime({
    rules: errandRules,
    store,
    clock,
    handling,
    contexts: errandContexts,
    loads: async () => ({ 'person-1': 2 }),
  });
  const errand = errandContexts['case'];
  if (errand === undefined) throw new Error('no errands');
  return {
    store,
    clock,
    runtime,
    run: (id: string, data: object) => handling.handle(errand, `a.${id}`, { type: 'RunErrand', data }, asOperator(`run-${id}`)),
    leave: (id: string) => handling.handle(errand, `a.${id}`, { type: 'LeaveErrand', data: {} }, asOperator(`leave-${id}`)),
  };
}

const later = (ms: number): string => new Date(start + ms).toISOString();

async function typesOf(store: InMemoryEventStore) {
  return (await store.readAll(0n, { limit: 1_000 })).events.map(({ type, stream }) => `${stream} ${type}`);
}

test('what an event gives rise to happens at once, and what follows from that', async () => {
  const { store, runtime, run } = simulated();
  await run('1', { steps: 2, tally: 'a.t' });
  await runtime.drain(start);
  expect(await typesOf(store)).toEqual(['case-a.1 ErrandBegun', 'case-a.1 StepTaken', 'case-a.1 StepTaken', 'tally-a.t Counted']);
  expect(runtime.tally).toEqual({ sent: 3, nothingToDo: 0, refused: 0, failed: 0 });
  expect(runtime.waiting).toBe(0);
});

test('what is due later happens at its instant, earliest first', async () => {
  const { store, clock, runtime, run } = simulated();
  await run('late', { steps: 0, tally: 'a.t', remindAt: later(2 * hour) });
  await run('early', { steps: 0, tally: 'a.t', remindAt: later(hour) });
  await runtime.drain(start + hour - 1);
  expect(await typesOf(store)).not.toContainEqual(expect.stringContaining('Reminded'));
  await runtime.drain(start + 3 * hour);
  const { events } = await store.readAll(0n, { limit: 1_000 });
  const reminders = events.filter(({ type }) => type === 'Reminded').map(({ stream, meta }) => [stream, meta.recordedAt]);
  expect(reminders).toEqual([
    ['case-a.early', later(hour)],
    ['case-a.late', later(2 * hour)],
  ]);
  expect(clock.now()).toBe(start + 3 * hour);
});

test('a stage that was left reminds nobody', async () => {
  const { store, runtime, run, leave } = simulated();
  await run('1', { steps: 0, tally: 'a.t', remindAt: later(hour) });
  await runtime.drain(start + 1);
  await leave('1');
  await runtime.drain(start + 2 * hour);
  expect(await typesOf(store)).toEqual(['case-a.1 ErrandBegun', 'tally-a.t Counted', 'case-a.1 ErrandLeft']);
});

test('the engine acts in the name of the workflow and says from what', async () => {
  const { store, runtime, run } = simulated();
  await run('1', { steps: 1, tally: 'a.t' });
  await runtime.drain(start);
  const [begun, step] = await store.read('case-a.1');
  expect(step?.meta).toMatchObject({
    actor: 'engine',
    causation: begun?.id,
    correlation: begun?.meta.correlation,
    proof: ['adoption', begun?.id],
  });
});

test('a command that asks for loads gets them just before it is sent', async () => {
  const { store, runtime, run } = simulated();
  await run('1', { steps: 0, tally: 'a.t', remindAt: later(hour) });
  await runtime.drain(start + hour);
  const counted = await store.read('tally-a.t');
  expect(counted.map(({ data }) => data)).toEqual([{ of: 'case-a.1' }, { of: 'case-a.1', loads: { 'person-1': 2 } }]);
});

test('the same history leads to the same log', async () => {
  const logs = await Promise.all(
    [1, 2].map(async () => {
      const { store, runtime, run } = simulated();
      for (let n = 0; n < 20; n += 1)
        await run(String(n), { steps: n % 4, tally: `a.${n % 3}`, remindAt: later(((n * 7) % 5) * hour) });
      await runtime.drain(start + 10 * hour);
      return JSON.stringify((await store.readAll(0n, { limit: 1_000 })).events, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    }),
  );
  expect(logs[0]).toBe(logs[1]);
});

test('nobody settles an effect by borrowing the id of its command', async () => {
  const { store, clock, runtime, run } = simulated();
  await run('1', { steps: 0, tally: 'a.t', remindAt: later(hour) });
  const [begun] = await store.read('case-a.1');
  const borrowed = asOperator(derivedUuid(begun?.id ?? '', 'effect.1'));
  const errand = errandContexts['case'];
  if (errand === undefined) throw new Error('no errands');
  await errandHandling(store, clock).handle(errand, 'a.2', { type: 'RunErrand', data: { steps: 0, tally: 'a.u' } }, borrowed);
  await runtime.drain(start + hour);
  expect(await typesOf(store)).toContain('case-a.1 Reminded');
});

test('a simulation stops at a bug', async () => {
  const { store, clock, run } = simulated();
  const runtime = new SimulatedRuntime({
    rules: errandRules,
    store,
    clock,
    handling: errandHandling(store, clock),
    contexts: {},
    loads: async () => ({}),
  });
  await run('1', { steps: 0, tally: 'a.t' });
  await expect(runtime.drain(start)).rejects.toThrow('there is no context "tally"');
});
