import { beforeEach, describe, expect, test } from '@jest/globals';
import { IsString } from 'class-validator';
import {
  type Append,
  type Appended,
  type Caller,
  CommandHandling,
  context,
  type Decider,
  DomainError,
  InMemoryEventStore,
  InMemoryVault,
  isSealed,
  type Message,
  Personal,
  type ReadOptions,
  type RecordedEvent,
  type Sealable,
  sealed,
  States,
  UnavailableError,
  uuidv7,
  VirtualClock,
} from '#kernel';
import { type AllianceOptions, alliance, caller } from '../../test/support/alliance.js';

/** A list of applicants with a limit that another stream sets: small, and with everything a rule can ask for. */
type ListCommand =
  | Message<'Apply', { readonly name: Sealable; readonly to?: string }>
  | Message<'Close', object>
  | Message<'Open', object>
  | Message<'Ignore', object>;
type ListEvent =
  Message<'Applied', { readonly name: Sealable; readonly limit: number }> | Message<'Closed', object> | Message<'Opened', object>;
interface List {
  readonly applicants: readonly string[];
  readonly closed: boolean;
}

const list: Decider<ListCommand, ListEvent, List> = {
  category: 'list',
  permits: { Apply: 'apply', Close: 'close', Open: 'close', Ignore: 'apply' },
  initialState: { applicants: [], closed: false },
  consults: (command) => (command.type === 'Apply' ? ['limit-a'] : []),
  forwards: ({ type, data }, { id }) => {
    const to = type === 'Apply' ? data.to : undefined;
    return to === undefined ? undefined : { by: 'limit-a', to: (limit: number) => `${id}.${to}.${limit}` };
  },
  mayKnow: (_command, _state, { actor, loaded, consulted }) =>
    loaded('limit-a') ? actor !== 'person-walled' || consulted<number>('limit-a') > 2 : ['limit-a'],
  decide: (command, state, { actor, consulted }) => {
    if (command.type === 'Ignore') return [];
    if (command.type === 'Open') return state.closed ? [{ type: 'Opened', data: {} }] : [];
    if (state.closed) throw new DomainError('list.closed', { en: 'The list is closed.', zh: '名单已关闭。' });
    if (command.type === 'Close') return [{ type: 'Closed', data: {} }];
    const limit = consulted<number>('limit-a');
    if (state.applicants.includes(actor)) throw new DomainError('list.twice', { en: 'You have applied.', zh: '您已申请。' });
    if (state.applicants.length >= limit) throw new DomainError('list.full', { en: 'The list is full.', zh: '名单已满。' });
    return [{ type: 'Applied', data: { name: sealed(command.data.name), limit } }];
  },
  foldsFacts: true,
  evolve: (state, event, { actor }) =>
    event.type === 'Applied'
      ? { ...state, applicants: [...state.applicants, actor] }
      : { ...state, closed: event.type === 'Closed' },
};

const limit: Decider<Message<'SetLimit', { readonly limit: number }>, Message<'LimitSet', { readonly limit: number }>, number> = {
  category: 'limit',
  permits: { SetLimit: 'close' },
  initialState: 2,
  decide: ({ data }) => [{ type: 'LimitSet', data }],
  evolve: (_, { data }) => data.limit,
};

class Apply {
  @IsString() @Personal() name!: string;
}
class Close {}
class Open {}
class Ignore {}
class SetLimit {}
const lists = context(list, { Apply, Close, Open, Ignore });
const limits = context(limit, { SetLimit });

/** Lets another process append just before or while this one works. */
class BusyStore extends InMemoryEventStore {
  beforeAppend: (() => Promise<unknown>) | undefined;
  appends = 0;
  reads = 0;

  override async append(append: Append): Promise<Appended> {
    this.appends += 1;
    await this.beforeAppend?.();
    return super.append(append);
  }

  override async read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    this.reads += 1;
    return super.read(stream, options);
  }
}

const now = Date.parse('2026-03-02T01:00:00.000Z');
let store: BusyStore;
let vault: InMemoryVault;

/** One process: its own cache of states, on the shared log. */
function process(options: AllianceOptions = {}): CommandHandling {
  const states = new States(store);
  for (const decider of [list, limit, ...alliance(options)]) states.register(decider as never);
  return new CommandHandling(store, states, vault, new VirtualClock(now));
}

const apply = (name = '张三') => ({ type: 'Apply', data: { name } });
const close = { type: 'Close', data: {} };
const open = { type: 'Open', data: {} };

beforeEach(() => {
  store = new BusyStore();
  vault = new InMemoryVault();
});

const events = async (stream = 'list-a.1') => (await store.read(stream)).map(({ type }) => type);
const code = (expected: string) => expect.objectContaining({ code: expected }) as unknown;

describe('an accepted command', () => {
  test('is answered with where its events stand, and carries the proof of its power', async () => {
    const sender = caller('person-1', { correlation: 'c-1', causation: 'e-1' });
    const receipt = await process().handle(lists, 'a.1', apply(), sender);
    const [event] = await store.read('list-a.1');
    expect(receipt).toEqual({ stream: 'list-a.1', revision: 0, position: 1n, events: [event?.id] });
    expect(event).toMatchObject({
      revision: 0,
      version: 1,
      meta: {
        alliance: 'a',
        actor: 'person-1',
        power: 'apply',
        charter: 1,
        proof: ['adoption', 'seat-of-person-1'],
        command: sender.commandId,
        causation: 'e-1',
        correlation: 'c-1',
        recordedAt: '2026-03-02T01:00:00.000Z',
      },
    });
  });

  test('that changes nothing is answered with how things stand', async () => {
    const commands = process();
    await commands.handle(lists, 'a.1', apply(), caller('person-1'));
    expect(await commands.handle(lists, 'a.1', { type: 'Ignore', data: {} }, caller('person-2'))).toMatchObject({
      revision: 0,
      position: 1n,
      events: [],
    });
  });
});

describe('the same command id', () => {
  test('twice is one event and the first receipt, at once or later, here or in another process', async () => {
    const sender = caller('person-1');
    const commands = process();
    const [first, other] = await Promise.all([
      commands.handle(lists, 'a.1', apply(), sender),
      commands.handle(lists, 'a.1', apply(), sender),
    ]);
    expect(other).toEqual(first);
    await commands.handle(lists, 'a.1', apply(), caller('person-2'));
    expect(await commands.handle(lists, 'a.1', apply(), sender)).toEqual(first);
    expect(await process().handle(lists, 'a.1', apply(), sender)).toEqual(first);
    expect(await events()).toEqual(['Applied', 'Applied']);
  });

  test('is answered with the first receipt though a rule would now refuse it', async () => {
    const sender = caller('person-1');
    const first = await process().handle(lists, 'a.1', apply(), sender);
    await process().handle(lists, 'a.1', close, caller('person-2'));
    expect(await process().handle(lists, 'a.1', apply(), sender)).toEqual(first);
  });

  test('is answered with the first receipt though nothing is left for it to change', async () => {
    const commands = process();
    await commands.handle(lists, 'a.1', close, caller('person-1'));
    const sender = caller('person-1');
    const first = await commands.handle(lists, 'a.1', open, sender);
    expect(first.events).toHaveLength(1);
    expect(await commands.handle(lists, 'a.1', open, sender)).toEqual(first);
    expect(await process().handle(lists, 'a.1', open, sender)).toEqual(first);
  });

  test('for another command is refused', async () => {
    const sender = caller('person-1');
    await process().handle(lists, 'a.1', apply(), sender);
    await expect(process().handle(lists, 'a.1', apply('李四'), sender)).rejects.toEqual(code('command.id-reused'));
    await expect(process().handle(lists, 'a.1', close, sender)).rejects.toEqual(code('command.id-reused'));
    expect(await events()).toEqual(['Applied']);
  });

  test('of a workflow stands for its effect: the first outcome is the answer', async () => {
    const engine: Caller = { kind: 'engine', alliance: 'a', commandId: uuidv7(now), workflow: 'review', proof: ['case-1'] };
    const first = await process().handle(limits, 'a', { type: 'SetLimit', data: { limit: 3 } }, engine);
    expect(await process().handle(limits, 'a', { type: 'SetLimit', data: { limit: 4 } }, engine)).toEqual(first);
  });
});

describe('a command that another writer overtakes', () => {
  test('is decided again on what is there now', async () => {
    const [here, there] = [process(), process()];
    await here.handle(lists, 'a.1', apply(), caller('person-1'));
    await there.handle(lists, 'a.1', apply(), caller('person-2'));
    await expect(here.handle(lists, 'a.1', apply(), caller('person-3'))).rejects.toEqual(code('list.full'));
    expect(await events()).toEqual(['Applied', 'Applied']);
  });

  test('is decided again where what it rests on has changed', async () => {
    const [here, there] = [process(), process()];
    await here.handle(lists, 'a.1', apply(), caller('person-1'));
    await there.handle(limits, 'a', { type: 'SetLimit', data: { limit: 1 } }, caller('person-2'));
    await expect(here.handle(lists, 'a.1', apply(), caller('person-3'))).rejects.toEqual(code('list.full'));
    expect(await events()).toEqual(['Applied']);
  });

  test('gives up after a bounded number of times, and may be sent again', async () => {
    const commands = process();
    let other = 0;
    store.beforeAppend = async () => {
      const { beforeAppend } = store;
      store.beforeAppend = undefined;
      await process().handle(limits, 'a', { type: 'SetLimit', data: { limit: 2 + (other += 1) } }, caller('person-2'));
      store.beforeAppend = beforeAppend;
    };
    await expect(commands.handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toThrow(UnavailableError);
    expect(other).toBe(20);
    store.beforeAppend = undefined;
    expect((await commands.handle(lists, 'a.1', apply(), caller('person-1'))).revision).toBe(0);
  });

  test('in the same process waits for its turn and costs no second attempt', async () => {
    const commands = process();
    await commands.handle(limits, 'a', { type: 'SetLimit', data: { limit: 100 } }, caller('person-1'));
    store.appends = 0;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => commands.handle(lists, 'a.1', apply(), caller(`person-${index}`))),
    );
    expect(await events()).toHaveLength(50);
    expect(store.appends).toBe(50);
  });
});

describe('a refusal', () => {
  test('that would change nothing in a state that is behind is decided once more on a fresh one', async () => {
    const [here, there] = [process(), process()];
    await here.handle(lists, 'a.1', { type: 'Ignore', data: {} }, caller('person-1'));
    await there.handle(lists, 'a.1', close, caller('person-1'));
    await here.handle(lists, 'a.1', open, caller('person-1'));
    expect(await events()).toEqual(['Closed', 'Opened']);
  });

  test('decided on a state that is behind is decided once more on a fresh one', async () => {
    const [here, there] = [process(), process()];
    await here.handle(lists, 'a.1', apply(), caller('person-1'));
    await here.handle(lists, 'a.1', apply(), caller('person-2'));
    await there.handle(limits, 'a', { type: 'SetLimit', data: { limit: 3 } }, caller('person-1'));
    expect((await here.handle(lists, 'a.1', apply(), caller('person-3'))).revision).toBe(2);
  });

  test('writes nothing', async () => {
    const commands = process();
    await commands.handle(lists, 'a.1', apply(), caller('person-1'));
    await expect(commands.handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toEqual(code('list.twice'));
    expect(await events()).toEqual(['Applied']);
  });

  test('meets whoever decides on something that has changed since they opened it', async () => {
    const commands = process();
    await commands.handle(lists, 'a.1', apply(), caller('person-1'));
    const seen = { ifRevision: 0 };
    await commands.handle(lists, 'a.1', apply(), caller('person-2', seen));
    await expect(commands.handle(lists, 'a.1', close, caller('person-2', seen))).rejects.toEqual(code('command.stale-revision'));
  });
});

describe('authority', () => {
  test('ends with the seat, on the next command', async () => {
    const seats = {
      seats: [
        { person: 'person-1', until: '2026-03-02T01:00:00.000Z' },
        { person: 'person-2', until: '2026-03-02T01:00:00.001Z' },
      ],
    };
    await expect(process(seats).handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toEqual(code('authority.no-seat'));
    expect((await process(seats).handle(lists, 'a.1', apply(), caller('person-2'))).revision).toBe(0);
  });

  test('is refused to whoever never sat there', async () => {
    await expect(process({ seats: [] }).handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toEqual(
      code('authority.no-seat'),
    );
  });

  test('ends at the alliance: another one finds nothing', async () => {
    await process().handle(lists, 'a.1', apply(), caller('person-1'));
    const stranger = { ...caller('person-1'), alliance: 'b' };
    await expect(process().handle(lists, 'a.1', apply(), stranger)).rejects.toEqual(code('list.not-found'));
    await expect(process().handle(lists, 'ab.1', apply(), caller('person-1'))).rejects.toEqual(code('list.not-found'));
  });

  test('says nothing of a stream to whoever may not know of it, whatever it is that they are refused', async () => {
    const of = (seats: readonly string[]) =>
      process({ seats: seats.map((person) => ({ person, until: '2030-01-01T00:00:00.000Z' })) });
    const all = ['person-1', 'person-walled'];
    await of(all).handle(lists, 'a.1', apply(), caller('person-1'));
    await of(all).handle(lists, 'a.1', close, caller('person-1'));
    const nothing = code('list.not-found');
    const walled = caller('person-walled');
    await expect(of(all).handle(lists, 'a.1', apply(), walled)).rejects.toEqual(nothing);
    await expect(of(all).handle(lists, 'a.1', open, { ...walled, ifRevision: 0 })).rejects.toEqual(nothing);
    await expect(of([]).handle(lists, 'a.1', close, walled)).rejects.toEqual(nothing);
    await expect(of([]).handle(lists, 'a.1', close, caller('person-1'))).rejects.toEqual(code('authority.no-seat'));
  });
});

test('a command goes on to the address that another stream tells', async () => {
  const command = { type: 'Apply', data: { name: '张三', to: 'list' } };
  const { stream } = await process().handle(lists, 'a.any', command, caller('person-1'));
  expect(stream).toBe('list-a.any.list.2');
});

describe('personal data', () => {
  const digestOf = async (): Promise<string> => {
    const [event] = (await store.read('list-a.1')) as [RecordedEvent];
    const { name } = event.data as { name: unknown };
    if (!isSealed(name)) throw new Error('in clear');
    return name.sealed;
  };

  test('stands in the vault, and only its digest in the log', async () => {
    await process().handle(lists, 'a.1', apply('张三'), caller('person-1'));
    expect(JSON.stringify((await store.read('list-a.1'))[0]?.data)).not.toContain('张三');
    expect(await vault.open([await digestOf()])).toEqual(new Map([[await digestOf(), '张三']]));
  });

  test('is sealed where a shape inherits it from another', async () => {
    class ApplyLater extends Apply {}
    await process().handle(context(list, { Apply: ApplyLater, Close, Open, Ignore }), 'a.1', apply('张三'), caller('person-1'));
    expect(await vault.open([await digestOf()])).toEqual(new Map([[await digestOf(), '张三']]));
  });

  const vaultAsked = (): { kept: string[]; keysOf: string[] } => {
    const asked = { kept: [] as string[], keysOf: [] as string[] };
    const keep = vault.keep.bind(vault);
    const keyOf = vault.keyOf.bind(vault);
    vault.keep = async (disclosures) => {
      asked.kept.push(...disclosures.map((disclosure) => disclosure.sealed));
      return keep(disclosures);
    };
    vault.keyOf = async (person) => {
      asked.keysOf.push(person);
      return keyOf(person);
    };
    return asked;
  };

  test('of a command that a rule or the charter refuses never reaches the vault, and no key is made', async () => {
    await process().handle(lists, 'a.1', close, caller('person-2'));
    const asked = vaultAsked();
    await expect(process().handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toEqual(code('list.closed'));
    await expect(process().handle(lists, 'a.1', apply(), caller('person-stranger'))).rejects.toEqual(code('authority.no-seat'));
    expect(asked).toEqual({ kept: [], keysOf: [] });
  });

  test('of a command that became unlawful in the last moment is forgotten', async () => {
    const asked = vaultAsked();
    const other = process();
    store.beforeAppend = async () => {
      store.beforeAppend = undefined;
      await other.handle(lists, 'a.1', close, caller('person-2'));
    };
    await expect(process().handle(lists, 'a.1', apply(), caller('person-1'))).rejects.toEqual(code('list.closed'));
    expect(asked.kept).toHaveLength(1);
    expect(await vault.open(asked.kept)).toEqual(new Map());
  });

  test('of an accepted command outlives a refused one of the same id', async () => {
    const sender = caller('person-1');
    await process().handle(lists, 'a.1', apply('张三'), sender);
    await expect(process().handle(lists, 'a.2', close, sender)).resolves.toBeDefined();
    await process().handle(lists, 'a.1', apply('张三'), sender);
    expect(await vault.open([await digestOf()])).toEqual(new Map([[await digestOf(), '张三']]));
  });
});
