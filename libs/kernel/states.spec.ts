import { beforeEach, expect, test } from '@jest/globals';
import { type Decider, type Envelope, InMemoryEventStore, type Loaded, type Message, States } from '#kernel';
import { envelopes } from '../../test/support/envelopes.js';

type Happened = Message<'Happened', { readonly n: number }>;

const thing: Decider<never, Happened, readonly number[]> = {
  category: 'thing',
  permits: {},
  initialState: [],
  decide: () => [],
  evolve: (state, { data }) => [...state, data.n],
};

class CountingStore extends InMemoryEventStore {
  reads: string[] = [];
  ofMessages: string[] = [];
  override async messages(stream: string, from = 0): ReturnType<InMemoryEventStore['messages']> {
    this.ofMessages.push(`${stream} ${from}`);
    return super.messages(stream, from);
  }
  override async read(stream: string, options = {}): ReturnType<InMemoryEventStore['read']> {
    this.reads.push(`${stream} ${JSON.stringify(options)}`);
    return super.read(stream, options);
  }
}

let store: CountingStore;
let states: States;
const happen = (stream: string, from: number, count = 1) =>
  store.append({ stream, expectedLength: from, events: envelopes(stream, from, count) });

beforeEach(() => {
  store = new CountingStore();
  states = new States(store, 2);
  states.register(thing as never);
});

test('a state is read once, and then from where it ended', async () => {
  await happen('thing-a', 0, 2);
  const opening = (await store.read('thing-a'))[0]?.id;
  store.reads.length = 0;
  expect(await states.load('thing-a')).toEqual({ state: [0, 1], length: 2, opening });
  await happen('thing-a', 2);
  expect(await states.load('thing-a')).toEqual({ state: [0, 1], length: 2, opening });
  expect(await states.fresh('thing-a')).toEqual({ state: [0, 1, 2], length: 3, opening });
  expect(store.reads).toEqual(['thing-a {"from":0}', 'thing-a {"from":2}']);
});

test('a stream that does not exist has the initial state', async () => {
  expect(await states.load('thing-none')).toEqual({ state: [], length: 0 });
});

test('what was appended here need not be read again, and an older state never replaces a newer one', async () => {
  let after = await states.load('thing-a');
  const events = envelopes('thing-a', 0, 2);
  const [first, second] = events.map((event) => (after = states.after('thing-a', after, event)));
  states.keep('thing-a', second as Loaded);
  states.keep('thing-a', first as Loaded);
  expect(await states.load('thing-a')).toEqual({ state: [0, 1], length: 2, opening: events[0]?.id });
  expect(store.reads).toHaveLength(1);
});

test('an event of an older version is brought up to date before it is folded', async () => {
  const upcasting: Decider<never, Message<'Happened', { readonly title: string }>, readonly string[]> = {
    category: 'old',
    permits: {},
    initialState: [],
    decide: () => [],
    evolve: (state, { data }) => [...state, data.title],
    versions: { Happened: 3 },
    upcasters: {
      'Happened.1': ({ n }: { n: number }) => ({ name: `n${n}` }),
      'Happened.2': ({ name }: { name: string }) => ({ title: name.toUpperCase() }),
    },
  };
  states.register(upcasting as never);
  await happen('old-a', 0, 1);
  expect((await states.load('old-a')).state).toEqual(['N0']);
});

test('only a fold that asks for when or by whom, or knows older shapes, is read with more than its messages', async () => {
  const dated: Decider<never, Happened, readonly string[]> = {
    category: 'dated',
    permits: {},
    initialState: [],
    decide: () => [],
    foldsFacts: true,
    evolve: (state, { data }, { revision, actor }) => [...state, `${data.n} is ${revision} by ${actor}`],
  };
  states.register(dated as never);
  states.register({ ...thing, category: 'older', versions: { Happened: 1 } } as never);
  for (const stream of ['thing-a', 'dated-a', 'older-a']) await happen(stream, 0, 2);
  const folded = await Promise.all(['thing-a', 'dated-a', 'older-a'].map(async (stream) => (await states.load(stream)).state));
  expect(folded).toEqual([
    [0, 1],
    ['0 is 0 by person-1', '1 is 1 by person-1'],
    [0, 1],
  ]);
  expect(store.ofMessages).toEqual(['thing-a 0']);
});

test('a fold that does not declare the fact is given none, whether its events were read or have just been appended', async () => {
  const given: number[] = [];
  states.register({ ...thing, category: 'counting', evolve: (...taken: unknown[]) => given.push(taken.length) } as never);
  const [event] = envelopes('counting-a', 0, 1);
  states.after('counting-a', { state: [], length: 0 }, event as Envelope);
  await happen('counting-a', 0);
  await states.load('counting-a');
  expect(given).toEqual([2, 2]);
});

test('two deciders cannot claim one category, and a stream of none has no state', async () => {
  expect(() => states.register({ ...thing } as never)).toThrow(/thing/);
  states.register(thing as never);
  await expect(states.load('nobody-a')).rejects.toThrow(/no decider for nobody-a/);
});
