import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConcurrencyError, derivedUuid, type Envelope, type EventStore, uuidv7 } from '#kernel';

/** Envelopes for a test stream, from revision `from` on. */
export function envelopes(stream: string, from: number, count: number, commandId = uuidv7(Date.now())): readonly Envelope[] {
  return Array.from({ length: count }, (_, index) => ({
    id: derivedUuid(commandId, String(index)),
    stream,
    revision: from + index,
    type: 'Happened',
    version: 1,
    data: { n: from + index, 中文: '联盟 “章程” \u0000 é' },
    meta: {
      alliance: 'a',
      actor: 'person-1',
      power: 'test',
      charter: 1,
      proof: [],
      command: commandId,
      digest: 'd',
      correlation: commandId,
      recordedAt: '2026-03-01T00:00:00.000Z',
    },
  }));
}

/** What every event store adapter promises. Call it once per adapter; `open` hands out an empty log each time. */
export function eventStoreContract(adapter: string, open: () => Promise<EventStore>): void {
  describe(`event store contract: ${adapter}`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    test('a stream that does not exist is empty', async () => {
      expect(await store.read('thing-none')).toEqual([]);
    });

    test('events come back as they were appended, in order', async () => {
      const events = envelopes('thing-a', 0, 3);
      const { revision, repeated } = await store.append({ stream: 'thing-a', expectedLength: 0, events });
      expect({ revision, repeated }).toEqual({ revision: 2, repeated: false });
      expect((await store.read('thing-a')).map(({ position: _, ...event }) => event)).toEqual(events);
    });

    test('of two writers at the same length exactly one wins', async () => {
      const writes = await Promise.allSettled(
        [1, 2].map(() => store.append({ stream: 'thing-b', expectedLength: 0, events: envelopes('thing-b', 0, 1) })),
      );
      expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(writes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(ConcurrencyError) });
      expect(await store.read('thing-b')).toHaveLength(1);
    });
  });
}
