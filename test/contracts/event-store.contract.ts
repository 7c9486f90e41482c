import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalJson, ConcurrencyError, envelopeOf, type EventStore, type LogSlice, uuidv7 } from '#kernel';
import { envelopes } from '../support/envelopes.js';

/** Appends events of a command of its own. */
const happen = (store: EventStore, stream: string, from: number, count = 1) =>
  store.append({ stream, expectedLength: from, events: envelopes(stream, from, count) });

const idsOf = (slices: readonly LogSlice[]): readonly string[] => slices.flatMap(({ events }) => events.map(({ id }) => id));

/** Follows the log until `enough` events have been seen. */
async function follow(store: EventStore, enough: number, after = 0n, categories?: readonly string[]): Promise<LogSlice[]> {
  const leaving = new AbortController();
  const slices: LogSlice[] = [];
  const options = { limit: 3, signal: leaving.signal, ...(categories === undefined ? {} : { categories }) };
  for await (const slice of store.subscribe(after, options)) {
    slices.push(slice);
    if (idsOf(slices).length >= enough) leaving.abort();
  }
  return slices;
}

/**
 * What every event store adapter promises. Call it once per adapter; `open` hands out an empty log each time.
 *
 * Positions need only increase: an adapter whose positions are dense says so in a suite of its own.
 */
export function eventStoreContract(adapter: string, open: () => Promise<EventStore>): void {
  describe(`event store contract: ${adapter}`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    appending(() => store);
    repeating(() => store);
    guarding(() => store);
    reading(() => store);
    readingAll(() => store);
    subscribing(() => store);
  });
}

function appending(log: () => EventStore): void {
  test('events come back as they were appended, in order', async () => {
    const events = envelopes('thing-a', 0, 3);
    const { revision, repeated } = await log().append({ stream: 'thing-a', expectedLength: 0, events });
    expect({ revision, repeated }).toEqual({ revision: 2, repeated: false });
    expect((await log().read('thing-a')).map(envelopeOf)).toEqual(events);
  });

  test('the canonical text of an event is the same after the log as before it', async () => {
    const data = {
      名称: '联盟 “章程” \u0001\u2028 é é 𠮷',
      numbers: [0.1, 1e21, -0, 1e-7, 123456789012],
      empty: {},
      none: null,
      z: [true, ''],
    };
    const events = envelopes('thing-text', 0, 1).map((event) => ({ ...event, data }));
    await log().append({ stream: 'thing-text', expectedLength: 0, events });
    expect((await log().read('thing-text')).map((event) => canonicalJson(envelopeOf(event)))).toEqual(events.map(canonicalJson));
  });

  test('what JSON cannot hold is refused and nothing is written', async () => {
    const events = envelopes('thing-bad', 0, 2).map((event, index) => ({ ...event, data: index === 1 ? 1n : {} }));
    await expect(log().append({ stream: 'thing-bad', expectedLength: 0, events })).rejects.toThrow(TypeError);
    const withNul = events.map((event) => ({ ...event, data: { name: 'a\0b' } }));
    await expect(log().append({ stream: 'thing-bad', expectedLength: 0, events: withNul })).rejects.toThrow(TypeError);
    expect(await log().read('thing-bad')).toEqual([]);
  });

  test('an append of more than 1 MiB is refused with a sentence, and one of nearly 1 MiB is kept', async () => {
    const holding = (stream: string, characters: number) => ({
      stream,
      expectedLength: 0,
      events: envelopes(stream, 0, 2).map((event) => ({ ...event, data: '院'.repeat(characters / 2) })),
    });
    await expect(log().append(holding('thing-large', 350_000))).rejects.toMatchObject({ code: 'shape.too-large' });
    expect(await log().read('thing-large')).toEqual([]);
    expect(await log().append(holding('thing-small', 348_000))).toMatchObject({ revision: 1 });
  });

  test('a receipt names the revision and the position of the last event', async () => {
    await happen(log(), 'thing-r', 0);
    const { revision, position } = await happen(log(), 'thing-r', 1, 3);
    const last = (await log().read('thing-r')).at(-1);
    expect({ revision, position }).toEqual({ revision: last?.revision, position: last?.position });
  });

  test.each([0, 1, 3])('an append that expects %i events where there are two is refused', async (expectedLength) => {
    await happen(log(), 'thing-s', 0, 2);
    await expect(happen(log(), 'thing-s', expectedLength)).rejects.toMatchObject({
      name: 'ConcurrencyError',
      stream: 'thing-s',
      expected: expectedLength,
      actual: 2,
    });
    expect(await log().read('thing-s')).toHaveLength(2);
  });

  test('an append that expects events in a stream that does not exist is refused', async () => {
    await expect(happen(log(), 'thing-none', 1)).rejects.toMatchObject({ expected: 1, actual: 0 });
  });

  test('of many writers at the same length exactly one wins, with all of its events', async () => {
    const commands = Array.from({ length: 8 }, () => envelopes('thing-b', 0, 3));
    const writes = await Promise.allSettled(
      commands.map((events) => log().append({ stream: 'thing-b', expectedLength: 0, events })),
    );
    const winners = commands.filter((_, index) => writes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect((await log().read('thing-b')).map(envelopeOf)).toEqual(winners[0]);
    const losses = writes.flatMap((write) => (write.status === 'rejected' ? [write.reason as unknown] : []));
    expect(losses.filter((loss) => !(loss instanceof ConcurrencyError))).toEqual([]);
  });

  test('writers who read again after losing all get their turn, one at each length', async () => {
    const takeTurn = async (): Promise<number> => {
      for (;;) {
        const { length } = await log().read('thing-turn');
        const outcome = await happen(log(), 'thing-turn', length).catch((failure: unknown) => failure);
        if (!(outcome instanceof ConcurrencyError)) return length;
      }
    };
    const turns = await Promise.all(Array.from({ length: 6 }, takeTurn));
    expect(turns.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await log().read('thing-turn')).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
  });
}

function repeating(log: () => EventStore): void {
  test('an append sent twice is written once and answered the same', async () => {
    const append = { stream: 'thing-i', expectedLength: 0, events: envelopes('thing-i', 0, 2) };
    const first = await log().append(append);
    expect(await log().append(append)).toEqual({ ...first, repeated: true });
    expect(await log().read('thing-i')).toHaveLength(2);
  });

  test('an append sent twice at once is written once', async () => {
    const append = { stream: 'thing-w', expectedLength: 0, events: envelopes('thing-w', 0, 2) };
    const [one, other] = await Promise.all([log().append(append), log().append(append)]);
    expect({ ...one, repeated: false }).toEqual({ ...other, repeated: false });
    expect(await log().read('thing-w')).toHaveLength(2);
  });

  test('an append sent again after others have appended is answered with its first result', async () => {
    const append = { stream: 'thing-j', expectedLength: 1, events: envelopes('thing-j', 1, 2) };
    await happen(log(), 'thing-j', 0);
    const first = await log().append(append);
    await happen(log(), 'thing-j', 3, 2);
    expect(await log().append(append)).toEqual({ ...first, repeated: true });
    expect(await log().read('thing-j')).toHaveLength(5);
  });

  test('an append decided again at a later length is answered with its first result', async () => {
    const command = uuidv7(Date.now());
    const first = await log().append({ stream: 'thing-k', expectedLength: 0, events: envelopes('thing-k', 0, 1, command) });
    await happen(log(), 'thing-k', 1);
    const again = await log().append({ stream: 'thing-k', expectedLength: 2, events: envelopes('thing-k', 2, 1, command) });
    expect(again).toEqual({ ...first, repeated: true });
  });

  test('a repeated append is answered although its guards have moved on', async () => {
    const append = {
      stream: 'thing-l',
      expectedLength: 0,
      events: envelopes('thing-l', 0, 1),
      guards: [{ stream: 'seat-l', length: 0 }],
    };
    const first = await log().append(append);
    await happen(log(), 'seat-l', 0);
    expect(await log().append(append)).toEqual({ ...first, repeated: true });
  });

  test('the same ids in another stream are another append', async () => {
    const command = uuidv7(Date.now());
    await log().append({ stream: 'thing-m', expectedLength: 0, events: envelopes('thing-m', 0, 1, command) });
    const other = await log().append({ stream: 'thing-n', expectedLength: 0, events: envelopes('thing-n', 0, 1, command) });
    expect(other.repeated).toBe(false);
  });
}

function guarding(log: () => EventStore): void {
  const guarded = (stream: string, length: number) =>
    log().append({ stream: 'thing-g', expectedLength: 0, events: envelopes('thing-g', 0, 2), guards: [{ stream, length }] });

  test('an append goes through while what it rests on has not changed', async () => {
    await happen(log(), 'seat-a', 0, 2);
    expect((await guarded('seat-a', 2)).revision).toBe(1);
  });

  test('an append is refused once what it rests on has moved on, and nothing is written', async () => {
    await happen(log(), 'seat-a', 0, 2);
    await expect(guarded('seat-a', 1)).rejects.toMatchObject({
      name: 'ConcurrencyError',
      stream: 'seat-a',
      expected: 1,
      actual: 2,
    });
    expect(await log().read('thing-g')).toEqual([]);
  });

  test('an append may rest on a stream that does not exist', async () => {
    expect((await guarded('seat-none', 0)).revision).toBe(1);
  });
}

function reading(log: () => EventStore): void {
  test('a stream that does not exist is empty', async () => {
    expect(await log().read('thing-none')).toEqual([]);
  });

  test('a stream is read from a revision on, and no further than asked', async () => {
    await happen(log(), 'thing-p', 0, 5);
    const revisions = async (options: object) => (await log().read('thing-p', options)).map(({ revision }) => revision);
    expect(await revisions({ from: 2 })).toEqual([2, 3, 4]);
    expect(await revisions({ limit: 2 })).toEqual([0, 1]);
    expect(await revisions({ from: 1, limit: 2 })).toEqual([1, 2]);
    expect(await revisions({ from: 5 })).toEqual([]);
  });

  test('the messages of a stream are those of its events, and its opening is known where it is read from there', async () => {
    const events = envelopes('thing-m', 0, 3);
    await log().append({ stream: 'thing-m', expectedLength: 0, events });
    const messages = events.map(({ type, data }) => expect.objectContaining({ type, data }) as unknown);
    expect(await log().messages('thing-m')).toEqual({ messages, opening: events[0]?.id });
    expect(await log().messages('thing-m', 1)).toEqual({ messages: messages.slice(1) });
    expect(await log().messages('thing-m', 3)).toEqual({ messages: [] });
    expect(await log().messages('thing-none')).toEqual({ messages: [] });
  });

  test('messages and events read at once come back each to its reader', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `thing-both.${index}`);
    await Promise.all(names.map((name, index) => happen(log(), name, 0, index + 1)));
    const read = await Promise.all(
      names.map(async (name) => Promise.all([log().read(name, { from: 1 }), log().messages(name, 1), log().messages(name)])),
    );
    for (const [index, [events, { messages }, whole]] of read.entries()) {
      expect(events.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual(
        Array.from({ length: index }, (_, before) => `thing-both.${index} ${before + 1}`),
      );
      expect(messages.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
      expect(whole.messages).toHaveLength(index + 1);
      expect(whole.opening).toBe((await log().read(`thing-both.${index}`))[0]?.id);
    }
  });

  test('many streams read at once come back each to its reader', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `thing-many.${index}`);
    await Promise.all(names.map((name, index) => happen(log(), name, 0, (index % 3) + 1)));
    const streams = await Promise.all([...names, ...names].map((name) => log().read(name)));
    expect(streams.map(([first, ...rest]) => [first?.stream, rest.length])).toEqual(
      [...names, ...names].map((name) => [name, Number(name.slice('thing-many.'.length)) % 3]),
    );
  });

  test('an event is found by its stream and id, and nowhere else', async () => {
    const events = envelopes('thing-f', 0, 2);
    await log().append({ stream: 'thing-f', expectedLength: 0, events });
    const id = events[1]?.id as string;
    expect((await log().find('thing-f', id))?.revision).toBe(1);
    expect(await log().find('thing-other', id)).toBeUndefined();
    expect(await log().find('thing-f', uuidv7(Date.now()))).toBeUndefined();
  });
}

function readingAll(log: () => EventStore): void {
  test('an empty log has nothing to read and its head at zero', async () => {
    expect(await log().readAll(0n, { limit: 10 })).toEqual({ events: [], through: 0n });
    expect(await log().head()).toBe(0n);
  });

  test('all events come in one order, the order of each stream within it, each exactly once', async () => {
    const names = ['one-a', 'two-b', 'one-c'];
    await Promise.all(
      names.map(async (name) => {
        for (const from of [0, 2, 4]) await happen(log(), name, from, 2);
      }),
    );
    const slices: LogSlice[] = [];
    for (let after = 0n; ;) {
      const slice = await log().readAll(after, { limit: 4 });
      if (slice.through === after) break;
      expect(slice.events.length).toBeLessThanOrEqual(4);
      slices.push(slice);
      after = slice.through;
    }
    const events = slices.flatMap((slice) => slice.events);
    expect(new Set(events.map(({ id }) => id)).size).toBe(18);
    expect(events.map(({ position }) => position)).toEqual(
      events.map(({ position }) => position).toSorted((a, b) => Number(a - b)),
    );
    for (const name of names)
      expect(events.filter(({ stream }) => stream === name).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(slices.at(-1)?.through).toBe(await log().head());
  });

  test('events of one append stand side by side', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, index) => happen(log(), `thing-${index}`, 0, 3)));
    const { events } = await log().readAll(0n, { limit: 100 });
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 5 }, () => [0, 1, 2]).flat());
  });

  test('a filter leaves out other categories, and the reader learns how far it has looked', async () => {
    await happen(log(), 'one-a', 0);
    await happen(log(), 'two-a', 0);
    await happen(log(), 'one-a', 1);
    const { position: last } = await happen(log(), 'twos-a', 0);
    const { events, through } = await log().readAll(0n, { limit: 10, categories: ['one', 'three'] });
    expect(events.map(({ stream }) => stream)).toEqual(['one-a', 'one-a']);
    expect(through).toBe(last);
    expect(await log().readAll(through, { limit: 10, categories: ['one'] })).toEqual({ events: [], through });
  });

  test('a filter of several categories keeps the one order and the limit', async () => {
    for (let from = 0; from < 4; from += 1) for (const name of ['one-a', 'two-a', 'three-a']) await happen(log(), name, from);
    const first = await log().readAll(0n, { limit: 5, categories: ['three', 'one', 'one'] });
    expect(first.events.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual([
      'one-a 0',
      'three-a 0',
      'one-a 1',
      'three-a 1',
      'one-a 2',
    ]);
    const second = await log().readAll(first.through, { limit: 5, categories: ['three', 'one'] });
    expect(second.events.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual(['three-a 2', 'one-a 3', 'three-a 3']);
  });
}

function subscribing(log: () => EventStore): void {
  test('a subscriber gets what was there before, then what comes', async () => {
    await happen(log(), 'thing-a', 0, 4);
    const following = follow(log(), 7);
    await happen(log(), 'thing-b', 0);
    await happen(log(), 'thing-a', 4, 2);
    expect(idsOf(await following)).toEqual((await log().readAll(0n, { limit: 100 })).events.map(({ id }) => id));
  });

  test('a subscriber who comes back with its checkpoint misses nothing and sees nothing twice', async () => {
    await happen(log(), 'thing-a', 0, 4);
    const before = await follow(log(), 3);
    await happen(log(), 'thing-a', 4, 3);
    const after = await follow(log(), 4, before.at(-1)?.through);
    expect(idsOf([...before, ...after])).toEqual((await log().readAll(0n, { limit: 100 })).events.map(({ id }) => id));
  });

  test('a subscriber to one category is told how far the log has been looked through', async () => {
    await happen(log(), 'one-a', 0);
    const { position } = await happen(log(), 'two-a', 0);
    const slices = await follow(log(), 1, 0n, ['one']);
    expect(slices.flatMap(({ events }) => events.map(({ stream }) => stream))).toEqual(['one-a']);
    expect(slices.at(-1)?.through).toBe(position);
  });

  test('a subscriber who leaves while it waits is let go', async () => {
    const leaving = new AbortController();
    const waiting = (async () => {
      for await (const _ of log().subscribe(0n, { limit: 10, signal: leaving.signal }))
        throw new Error('there was nothing to see');
      return 'left';
    })();
    setTimeout(() => leaving.abort(), 20);
    expect(await waiting).toBe('left');
  });
}
