import { expect, test } from '@jest/globals';
import { type Append, type Appended, InMemoryEventStore, UnavailableError, VirtualClock } from '#kernel';
import { asOperator, errandContexts, errandHandling, errandRules } from '../../../test/support/errands.js';
import { Ahead } from './ahead.js';
import { Dispatcher } from './dispatcher.js';
import { InMemoryOwedEffects } from './owed.memory.js';

const start = Date.parse('2026-03-02T01:00:00.000Z');

/** Counts what is appended, and to some streams nothing can be. */
class WatchedStore extends InMemoryEventStore {
  readonly appends: string[] = [];
  away = '';

  override async append(append: Append): Promise<Appended> {
    if (append.stream === this.away) throw new UnavailableError('away');
    this.appends.push(append.events.map(({ type }) => type).join(' '));
    return super.append(append);
  }
}

function ahead(rules = errandRules) {
  const store = new WatchedStore();
  const clock = new VirtualClock(start);
  const handling = errandHandling(store, clock);
  const owed = new InMemoryOwedEffects(errandRules, store);
  const dispatcher = new Dispatcher({ handling, contexts: errandContexts, store, clock, owed, loads: async () => ({}) });
  const faults: unknown[] = [];
  const runner = new Ahead({ rules, dispatcher, clock, atOnce: 8, isTaken: () => false, report: (fault) => faults.push(fault) });
  handling.follow(runner);
  const errand = errandContexts['case'];
  if (errand === undefined) throw new Error('no errands');
  return {
    store,
    owed,
    dispatcher,
    runner,
    faults,
    run: async (data: object) => {
      await handling.handle(errand, 'a.1', { type: 'RunErrand', data }, asOperator('run'));
      await runner.settled();
    },
  };
}

const later = new Date(start + 3_600_000).toISOString();

test('steps of one stream stand in one append, and another stream hears of it once that is durable', async () => {
  const { store, owed, dispatcher, run } = ahead();
  await run({ steps: 3, tally: 'a.t' });
  expect(store.appends).toEqual(['ErrandBegun StepTaken StepTaken StepTaken', 'Counted']);
  expect(dispatcher.tally).toMatchObject({ sent: 4 });
  await owed.follow();
  expect(owed.size).toBe(0);
});

test('what is due later, or needs a lookup, is left to the view of what is owed', async () => {
  const { store, owed, run } = ahead();
  await run({ steps: 1, tally: 'a.t', remindAt: later });
  expect(store.appends).toEqual(['ErrandBegun StepTaken', 'Counted']);
  await owed.follow();
  expect(owed.all.map(({ name }) => name)).toEqual(['remind']);
});

test('what cannot be sent is still owed', async () => {
  const { store, owed, runner, run } = ahead();
  store.away = 'tally-a.t';
  await run({ steps: 2, tally: 'a.t' });
  expect(store.appends).toEqual(['ErrandBegun StepTaken StepTaken']);
  await owed.follow();
  expect(owed.all.map(({ name }) => name)).toEqual(['count']);
  expect([...runner.seenTo]).toEqual([]);
});

test('nobody else takes what was sent until the view has come past it', async () => {
  const { runner, run } = ahead();
  await run({ steps: 2, tally: 'a.t' });
  expect([...runner.seenTo]).toEqual(['effect.3.0']);
  runner.forget(3n);
  expect([...runner.seenTo]).toEqual(['effect.3.0']);
  runner.forget(4n);
  expect([...runner.seenTo]).toEqual([]);
});

test('where it cannot be told what follows, the append stands all the same, and the fault is reported', async () => {
  const fault = new Error('no such definition');
  const { store, faults, run } = ahead({ ...errandRules, effectsOf: () => Promise.reject(fault) });
  await run({ steps: 3 });
  expect(store.appends).toEqual(['ErrandBegun']);
  expect(faults).toEqual([fault]);
});
