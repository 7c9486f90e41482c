import { expect, test } from '@jest/globals';
import { type Decider, InMemoryEventStore, type Message, States } from '#kernel';
import { envelopes } from '../../test/support/envelopes.js';
import { replay } from './replay.command.js';

/** Each event follows from the one before it. */
const thing: Decider<never, Message<'Happened', { readonly n: number }>, number> = {
  category: 'thing',
  permits: {},
  initialState: 0,
  decide: () => [],
  evolve: (state, { data }) => {
    if (data.n !== state) throw new Error(`${data.n} does not follow from ${state}`);
    return state + 1;
  },
};

test('where the clocks of two servers differ, a stream is replayed up to the first event that was later', async () => {
  const store = new InMemoryEventStore();
  const at = ['09:00:00', '09:00:05', '09:00:03'].map((time) => `2026-03-02T${time}.000Z`);
  const events = envelopes('thing-a', 0, 3).map((event, index) => ({
    ...event,
    meta: { ...event.meta, recordedAt: at[index] as string },
  }));
  await store.append({ stream: 'thing-a', expectedLength: 0, events });
  const states = new States(store);
  states.register(thing as never);
  const as = (until: string) => replay(store, states, 'thing-a', { until: Date.parse(until) });
  expect(await as('2026-03-02T09:00:04.000Z')).toMatchObject({ revision: 0, state: 1 });
  expect(await as('2026-03-02T09:00:05.000Z')).toMatchObject({ revision: 2, state: 3 });
  expect(await replay(store, states, 'thing-a', { position: 2n })).toMatchObject({ revision: 1, state: 2 });
});
