import { beforeEach, expect, test } from '@jest/globals';
import { IsString } from 'class-validator';
import {
  type Append,
  type Appended,
  CommandHandling,
  context,
  type Decider,
  derivedUuid,
  DomainError,
  type Follower,
  InMemoryEventStore,
  InMemoryVault,
  type Message,
  Personal,
  type Sealable,
  sealed,
  type Sequel,
  States,
  type Step,
  VirtualClock,
} from '#kernel';
import { alliance, caller } from '../../test/support/alliance.js';

/** A count that goes down by itself, and refuses what is not its next number. */
type CountCommand =
  | Message<'Begin', { readonly from: number }>
  | Message<'Lower', { readonly to: number }>
  | Message<'Idle', object>
  | Message<'Sign', { readonly name: Sealable }>;
type CountEvent =
  | Message<'Begun', { readonly from: number }>
  | Message<'Lowered', { readonly to: number }>
  | Message<'Signed', { readonly name: Sealable }>;

const count: Decider<CountCommand, CountEvent, number> = {
  category: 'count',
  permits: { Begin: 'apply', Lower: 'apply', Idle: 'apply', Sign: 'apply' },
  initialState: 0,
  consults: ({ type }) => (type === 'Lower' ? ['pace-a'] : []),
  decide: (command, state) => {
    switch (command.type) {
      case 'Begin':
        return [{ type: 'Begun', data: command.data }];
      case 'Lower':
        if (command.data.to !== state - 1) throw new DomainError('count.not-next', { en: 'Not the next.', zh: '不是下一个。' });
        return [{ type: 'Lowered', data: command.data }];
      case 'Idle':
        return [];
      case 'Sign':
        return [{ type: 'Signed', data: { name: sealed(command.data.name) } }];
    }
  },
  evolve: (state, event) => (event.type === 'Begun' ? event.data.from : event.type === 'Lowered' ? event.data.to : state),
};

const pace: Decider<Message<'Change', object>, Message<'Changed', object>, null> = {
  category: 'pace',
  permits: { Change: 'apply' },
  initialState: null,
  decide: () => [{ type: 'Changed', data: {} }],
  evolve: () => null,
};

class Plain {}
class Sign {
  @IsString() @Personal() name!: string;
}
const counts = context(count, { Begin: Plain, Lower: Plain, Idle: Plain, Sign });
const paces = context(pace, { Change: Plain });

/** Takes no more than so many events at once, and lets another append before it. */
class NarrowStore extends InMemoryEventStore {
  atOnce = Infinity;
  before: (() => Promise<unknown>) | undefined;
  readonly sizes: number[] = [];

  override async append(append: Append): Promise<Appended> {
    await this.before?.();
    if (append.events.length > this.atOnce) throw new Error('too many');
    const appended = await super.append(append);
    if (!appended.repeated) this.sizes.push(append.events.length);
    return appended;
  }
}

const now = Date.parse('2026-03-02T01:00:00.000Z');
let store: NarrowStore;
let heard: string[];

/** @param commands - what follows from an event, beside the state after it */
function handling(commands: (step: Step) => readonly Message[] = down): CommandHandling {
  const states = new States(store);
  for (const decider of [count, pace, ...alliance({})]) states.register(decider as never);
  const made = new CommandHandling(store, states, new InMemoryVault(), new VirtualClock(now));
  const follower: Follower = {
    follow: async (step) => ({
      commands: commands(step).map((command, index) => sequelOf(step, command, index)),
      appended: (position, done) => heard.push(`${step.event.type} at ${position} of ${done.size}`),
    }),
  };
  made.follow(follower);
  return made;
}

const sequelOf = ({ event }: Step, command: Message, index: number): Sequel => ({
  context: counts,
  command,
  caller: {
    kind: 'engine',
    alliance: 'a',
    workflow: 'review',
    proof: [event.id],
    commandId: derivedUuid(event.id, `effect.${index}`),
    causation: event.id,
    correlation: event.meta.correlation,
  },
});

const down = ({ after: { state } }: Step): readonly Message[] =>
  (state as number) > 0 ? [{ type: 'Lower', data: { to: (state as number) - 1 } }] : [];

const begin = (from: number): Message => ({ type: 'Begin', data: { from } });
const told = async () => (await store.read('count-a')).map(({ type, data }) => [type, ...Object.values(data as object)]);

beforeEach(() => {
  store = new NarrowStore();
  heard = [];
});

test('what follows at once stands in one append with what it follows from, each step under its own command', async () => {
  const first = caller('person-1');
  const receipt = await handling().handle(counts, 'a', begin(2), first);
  const events = await store.read('count-a');
  expect(events.map(({ type, revision }) => [type, revision])).toEqual([
    ['Begun', 0],
    ['Lowered', 1],
    ['Lowered', 2],
  ]);
  expect(store.sizes).toEqual([3]);
  expect(events.map(({ meta }) => [meta.actor, meta.causation])).toEqual([
    ['person-1', undefined],
    ['engine', events[0]?.id],
    ['engine', events[1]?.id],
  ]);
  expect(events.map(({ meta }) => meta.command)).toEqual([
    first.commandId,
    ...events.slice(0, 2).map(({ id }) => derivedUuid(id, 'effect.0')),
  ]);
  expect(new Set(events.map(({ meta }) => meta.correlation))).toEqual(new Set([first.commandId]));
  expect(heard).toEqual(['Begun at 1 of 3', 'Lowered at 2 of 3', 'Lowered at 3 of 3']);
  expect(receipt).toEqual({ stream: 'count-a', revision: 0, position: 1n, events: [events[0]?.id] });
});

test('the receipt of a command is the same when it is sent twice', async () => {
  const once = caller('person-1');
  const first = await handling().handle(counts, 'a', begin(3), once);
  expect(await handling().handle(counts, 'a', begin(3), once)).toEqual(first);
  expect(store.sizes).toEqual([4]);
});

test('what is refused, changes nothing or holds personal data is left out, and the rest goes on', async () => {
  const refused = { type: 'Lower', data: { to: 9 } };
  const unknown = { type: 'Vanish', data: {} };
  const signed = { type: 'Sign', data: { name: '张三' } };
  await handling((step) => [refused, { type: 'Idle', data: {} }, unknown, signed, ...down(step)]).handle(
    counts,
    'a',
    begin(1),
    caller('person-1'),
  );
  expect(await told()).toEqual([
    ['Begun', 1],
    ['Lowered', 0],
  ]);
});

test('nobody fails by what would follow: where all cannot be appended, the command stands alone', async () => {
  store.atOnce = 1;
  await handling().handle(counts, 'a', begin(2), caller('person-1'));
  expect(await told()).toEqual([['Begun', 2]]);
  expect(heard).toEqual(['Begun at 1 of 1']);
});

test('a command waits for nothing that only what follows rests on', async () => {
  const other = handling(() => []);
  store.before = async () => {
    store.before = undefined;
    await other.handle(paces, 'a', { type: 'Change', data: {} }, caller('person-2'));
  };
  await handling().handle(counts, 'a', begin(2), caller('person-1'));
  expect(await told()).toEqual([['Begun', 2]]);
});

test('where another has written to the stream, all is decided again', async () => {
  const mine = handling();
  await mine.handle(counts, 'a', begin(1), caller('person-1'));
  await handling(() => []).handle(counts, 'a', begin(5), caller('person-2'));
  await mine.handle(counts, 'a', { type: 'Lower', data: { to: 4 } }, caller('person-1'));
  expect((await told()).slice(2)).toEqual([['Begun', 5], ...[4, 3, 2, 1, 0].map((to) => ['Lowered', to])]);
  expect(store.sizes).toEqual([2, 1, 5]);
});

test('what follows without end leaves room for others', async () => {
  await handling().handle(counts, 'a', begin(1_000), caller('person-1'));
  expect((await told()).length).toBeLessThan(100);
});
