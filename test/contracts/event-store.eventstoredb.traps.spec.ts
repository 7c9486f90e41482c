// What only this adapter has to get right: a network between it and the log, a client with known faults, a server that may drop events.
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Append,
  canonicalJson,
  type Context,
  type LogSlice,
  type Receipt,
  type Sequel,
  type Sequels,
  sha256,
  type Step,
  SystemClock,
  uuidv7,
} from '#kernel';
import { EventStoreDbEventStore } from '../../libs/kernel/event-store.eventstoredb.js';
import { envelopes } from '../support/envelopes.js';
import { asOperator, errandContexts, errandHandling } from '../support/errands.js';
import { EventStoreDbDouble, type Fault } from '../support/eventstoredb-double/double.js';
import { type Acknowledged, faultsOf, histories, play } from '../support/histories.js';

const hastyMs = 300;

let double: EventStoreDbDouble;
let log: EventStoreDbEventStore;
beforeEach(async () => {
  double = await EventStoreDbDouble.start();
  log = new EventStoreDbEventStore(double.url);
});
afterEach(async () => {
  await log.close();
  double.stop();
});

/** Gives up soon, where a server is silent on purpose; the connection stands already. */
async function hasty(): Promise<void> {
  await log.close();
  log = new EventStoreDbEventStore(double.url, { timeoutMs: hastyMs });
  await log.head().catch(() => undefined);
}

const appendOf = (stream: string, from: number, count = 1): Append => ({
  stream,
  expectedLength: from,
  events: envelopes(stream, from, count),
});

describe('an append', () => {
  test('that holds a bigint is refused at once, and the next one goes through', async () => {
    const append = appendOf('thing-a', 0);
    const events = append.events.map((event) => ({ ...event, data: { n: 1n } }));
    await expect(log.append({ ...append, events })).rejects.toThrow(TypeError);
    expect(double.calls).toEqual([]);
    expect((await log.append(append)).revision).toBe(0);
  });

  test('is kept as the exact bytes that an auditor hashes, with members in the order of numbers as text', async () => {
    const events = envelopes('thing-a', 0, 1).map((event) => ({ ...event, data: { 10: 'ten', 9: 'nine', é: '章程' } }));
    await log.append({ stream: 'thing-a', expectedLength: 0, events });
    const [kept] = double.log.stream('thing-a') ?? [];
    expect(sha256(kept?.data ?? '')).toBe(sha256(canonicalJson(events[0])));
    expect(kept).toMatchObject({ id: events[0]?.id, type: 'Happened' });
  });

  test('of more than 1 MiB is refused before the server is asked', async () => {
    const events = envelopes('thing-a', 0, 1).map((event) => ({ ...event, data: 'x'.repeat(1024 * 1024) }));
    await expect(log.append({ stream: 'thing-a', expectedLength: 0, events })).rejects.toMatchObject({ code: 'shape.too-large' });
    expect(double.calls).toEqual([]);
  });

  test('of nearly 1 MiB is kept', async () => {
    const events = envelopes('thing-a', 0, 1).map((event) => ({ ...event, data: 'x'.repeat(1024 * 1024 - 2_000) }));
    expect((await log.append({ stream: 'thing-a', expectedLength: 0, events })).revision).toBe(0);
  });

  test.each<Fault>(['not-leader', 'unavailable', 'cancelled'])('that meets %s is sent again and written once', async (fault) => {
    double.next('append', fault);
    double.next('append', fault);
    expect(await log.append(appendOf('thing-a', 0, 2))).toMatchObject({ revision: 1, repeated: false });
    expect(double.calls.filter((call) => call === 'append')).toHaveLength(3);
    expect(await log.read('thing-a')).toHaveLength(2);
  });

  test('is given up after a bounded number of repetitions', async () => {
    for (let times = 0; times < 20; times += 1) double.next('append', 'unavailable');
    await expect(log.append(appendOf('thing-a', 0))).rejects.toMatchObject({ name: 'UnavailableError' });
    expect(double.calls.filter((call) => call === 'append').length).toBeLessThan(10);
  });

  test('whose connection is lost after the commit is written once, and its position is that of its last event', async () => {
    double.next('append', 'dropped-after-commit');
    const { position, revision } = await log.append(appendOf('thing-a', 0, 2));
    const events = await log.read('thing-a');
    expect(events).toHaveLength(2);
    expect({ position, revision }).toEqual({ position: events[1]?.position, revision: 1 });
  });

  test.each<Fault>(['silent', 'silent-after-commit'])(
    'that is met with %s fails in time, and the same ids resolve it',
    async (fault) => {
      await hasty();
      const append = appendOf('thing-a', 0, 2);
      double.next('append', fault);
      const began = Date.now();
      await expect(log.append(append)).rejects.toMatchObject({ name: 'UnavailableError' });
      expect(Date.now() - began).toBeLessThan(10 * hastyMs);
      const again = await log.append(append);
      expect(again).toMatchObject({ revision: 1, repeated: fault === 'silent-after-commit' });
      expect(again.position).toBe((await log.read('thing-a'))[1]?.position);
      expect(double.log.stream('thing-a')).toHaveLength(2);
    },
  );

  test('that another process made before is recognised, wherever in the stream it stands', async () => {
    const command = uuidv7(Date.now());
    const other = new EventStoreDbEventStore(double.url);
    const first = await other.append({ stream: 'thing-a', expectedLength: 0, events: envelopes('thing-a', 0, 1, command) });
    await other.append(appendOf('thing-a', 1, 3));
    await other.close();
    const again = await log.append({ stream: 'thing-a', expectedLength: 4, events: envelopes('thing-a', 4, 1, command) });
    expect(again).toEqual({ ...first, repeated: true });
    expect(double.log.stream('thing-a')).toHaveLength(4);
  });
});

test('a command with what follows from it in one append has its own position on its receipt, and effects have theirs', async () => {
  const handling = errandHandling(log, new SystemClock());
  const told: bigint[] = [];
  const follow = async (step: Step): Promise<Sequels> => ({
    commands: step.event.type === 'ErrandBegun' ? [step1After(step)] : [],
    appended: (position) => told.push(position),
  });
  handling.follow({ follow });
  const run = (): Promise<Receipt> =>
    handling.handle(errand, 'a.x', { type: 'RunErrand', data: { steps: 1, tally: '' } }, asOperator('run'));
  const first = await run();
  expect(await run()).toEqual(first);
  const events = await log.read('case-a.x');
  expect(events.map(({ type }) => type)).toEqual(['ErrandBegun', 'StepTaken']);
  expect(told).toEqual(events.map(({ position }) => position));
  expect(first.position).toBe(events[0]?.position);
});

const errand = errandContexts['case'] as Context;

const step1After = ({ event }: Step): Sequel => ({
  context: errand,
  command: { type: 'TakeStep', data: { step: 1 } },
  caller: asOperator(`step after ${event.id}`),
});

describe('a reader', () => {
  test.each<Fault>(['not-leader', 'unavailable', 'cancelled'])('that meets %s reads again', async (fault) => {
    await log.append(appendOf('thing-a', 0, 3));
    double.next('read', fault);
    expect(await log.read('thing-a')).toHaveLength(3);
    double.next('read', fault);
    expect((await log.readAll(0n, { limit: 10 })).events).toHaveLength(3);
  });

  test('is told in time that the server is silent', async () => {
    await hasty();
    for (const reading of [
      () => log.read('thing-a'),
      () => log.readAll(0n, { limit: 10 }),
      () => log.head(),
      () => log.find('thing-a', uuidv7(Date.now())),
    ]) {
      double.next('read', 'silent');
      await expect(reading()).rejects.toMatchObject({ name: 'UnavailableError' });
    }
  });

  test('sees none of the events that the server and its projections write', async () => {
    await log.append(appendOf('thing-a', 0));
    await log.append(appendOf('case-a', 0));
    expect(double.log.records.filter(({ stream }) => stream.startsWith('$')).length).toBeGreaterThan(3);
    const { events, through } = await log.readAll(0n, { limit: 100 });
    expect(events.map(({ stream }) => stream)).toEqual(['thing-a', 'case-a']);
    expect(await log.head()).toBe(through);
  });

  test('leaves out what another program keeps on the same server', async () => {
    double.log.append('shop-1', 'no-stream', [
      { id: uuidv7(1), type: 'Sold', contentType: 'application/json', data: Buffer.from('{}'), metadata: new Uint8Array() },
    ]);
    await log.append(appendOf('thing-a', 0));
    expect((await log.readAll(0n, { limit: 100 })).events.map(({ stream }) => stream)).toEqual(['thing-a']);
    await expect(log.read('shop-1')).rejects.toThrow('did not write');
  });

  test('refuses a log in which a stream of the alliance may lose events, until that is undone', async () => {
    await log.append(appendOf('thing-a', 0));
    const operator = EventStoreDBClient.connectionString(double.url);
    await operator.setStreamMetadata('thing-a', { maxCount: 5 });
    await expect(log.readAll(0n, { limit: 100 })).rejects.toThrow('$maxCount');
    await operator.setStreamMetadata('thing-a', {});
    expect((await log.readAll(0n, { limit: 100 })).events).toHaveLength(1);
    await operator.dispose();
  });
});

describe('a subscriber', () => {
  const follow = async (after: bigint, enough: number, meanwhile: (seen: number) => void): Promise<readonly LogSlice[]> => {
    const leaving = new AbortController();
    const slices: LogSlice[] = [];
    for await (const slice of log.subscribe(after, { limit: 10, signal: leaving.signal })) {
      slices.push(slice);
      const seen = slices.flatMap(({ events }) => events).length;
      if (seen >= enough) leaving.abort();
      else meanwhile(seen);
    }
    return slices;
  };
  const revisionsOf = (slices: readonly LogSlice[]): readonly number[] =>
    slices.flatMap(({ events }) => events.map(({ revision }) => revision));

  test('whose connection is cut again and again sees every event once', async () => {
    await log.append(appendOf('thing-a', 0));
    const slices = await follow(0n, 6, (seen) => {
      double.dropConnections();
      void pause(30).then(() => log.append(appendOf('thing-a', seen)));
    });
    expect(revisionsOf(slices)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('outlives a server that refuses, falls silent, and is no longer the leader', async () => {
    await hasty();
    for (const fault of ['unavailable', 'silent', 'not-leader', 'cancelled'] as const) double.next('read', fault);
    const appended = pause(20).then(async () => {
      const writer = new EventStoreDbEventStore(double.url);
      await pause(2_000);
      await writer.append(appendOf('thing-a', 0, 2));
      await writer.close();
    });
    expect(revisionsOf(await follow(0n, 2, () => undefined))).toEqual([0, 1]);
    await appended;
  });

  test('is let go when the log is closed', async () => {
    const following = follow(0n, 1, () => undefined);
    await pause(50);
    await log.close();
    expect(await following).toEqual([]);
  });
});

describe('whatever clients do side by side', () => {
  /** Positions have gaps here, and guards are not atomic: the judge gets places in the order, and no guards. */
  const judged = async (store: EventStoreDbEventStore, acknowledged: readonly Acknowledged[]): Promise<readonly string[]> => {
    const { events } = await store.readAll(0n, { limit: 10_000 });
    const places = new Map(events.map(({ position }, index) => [position, BigInt(index + 1)]));
    const placeOf = (position: bigint): bigint => places.get(position) ?? 0n;
    return faultsOf(
      events.map((event) => ({ ...event, position: placeOf(event.position) })),
      acknowledged.map((each) => ({ ...each, position: placeOf(each.position), guard: undefined })),
    );
  };
  const mishaps = fc.array(
    fc.oneof(
      fc.record({
        call: fc.constantFrom('append' as const, 'read' as const),
        fault: fc.constantFrom<Fault>('unavailable', 'not-leader', 'cancelled'),
      }),
      fc.constant({ call: 'append' as const, fault: 'dropped-after-commit' as const }),
    ),
    { maxLength: 4 },
  );

  test('and whatever befalls the connection, nothing is lost, doubled or reordered', async () => {
    await fc.assert(
      fc.asyncProperty(histories, mishaps, async (history, faults) => {
        const own = await EventStoreDbDouble.start();
        const stores = [new EventStoreDbEventStore(own.url), new EventStoreDbEventStore(own.url)] as const;
        for (const { call, fault } of faults) own.next(call, fault);
        try {
          expect(await judged(stores[0], await play(stores, history))).toEqual([]);
        } finally {
          await Promise.all(stores.map((store) => store.close()));
          own.stop();
        }
      }),
      { numRuns: 25, interruptAfterTimeLimit: 15_000 },
    );
  });
});
