import {
  type Caller,
  CommandHandling,
  type Context,
  context,
  type Decider,
  derivedUuid,
  DomainError,
  type Envelope,
  type EventStore,
  InMemoryVault,
  type Message,
  States,
  SystemClock,
  uuidv7,
} from '#kernel';
import { type Case, registrationContext } from '#workflow';
import { compare, type Figure, perSecond } from './figure.js';
import type { BenchServer } from './server.js';
import { stateOnly } from '../test/support/state-only.js';

const callers = 200;
const people = 1000;

/**
 * Registrations per second for one event, durable: each person on a stream of their own, against the same command path with everybody
 * on the event's one stream. Both refuse whoever registers twice; who has a place is read off the log's order.
 */
export async function* registration(server: BenchServer): AsyncGenerator<Figure> {
  const { store } = await server.log('log');
  await found(store);
  const apart = takenApart(store);
  // In one process, which is the best that one stream can have: there its commands take turns and never conflict.
  const together = takenTogether(store);
  let round = 0;
  const rush = (register: (person: string) => Promise<unknown>) => () => {
    round += 1;
    const prefix = `person-${round}x`;
    return perSecond(callers, people, (index) => register(`${prefix}${index}`));
  };
  yield await compare(
    `registrations, ${callers} at once, a stream each (floor: one stream)`,
    '/s',
    rush((person) => together(`hall${round}`, person)),
    rush(apart),
  );
  await store.close();
}

const definition = { id: 'training', version: 1, hash: 'hash' };
const adoption = uuidv7(0);

const open: Partial<Case> = {
  status: 'open',
  definition,
  form: { places: 500 },
  visits: [
    {
      kind: 'registration',
      stage: 'registration',
      visit: 1,
      enteredAt: '2026-01-01T00:00:00.000Z',
      dueAt: '2126-01-01T00:00:00.000Z',
      overdue: [],
      sessions: [],
    },
  ],
};

const states: Readonly<Record<string, object>> = {
  'case-a.one.event': open,
  'definition-a.training': {
    latest: 1,
    versions: {
      1: { hash: 'hash', definition: { stages: [{ id: 'registration', kind: 'registration', power: 'register', places: 500 }] } },
    },
  },
  'charter-a': { version: 1, adoption, organs: {}, powers: { register: { organ: 'public' } }, rules: {} },
};

async function found(store: EventStore): Promise<void> {
  for (const [stream, data] of Object.entries(states)) {
    const command = uuidv7(Date.now());
    const meta = { alliance: 'a', actor: 'operator', power: 'found', charter: 1, proof: [], digest: '', correlation: command };
    const event: Envelope = {
      id: derivedUuid(command, '0'),
      stream,
      revision: 0,
      type: 'Given',
      version: 1,
      data,
      meta: { ...meta, command, recordedAt: new Date().toISOString() },
    };
    await store.append({ stream, expectedLength: 0, events: [event] });
  }
}

interface HallFilled {
  readonly people: ReadonlySet<string>;
}

/** What one would write first: the event holds who registered. */
const hall: Decider<Message<'Enter', object>, Message<'Entered', { readonly person: string }>, HallFilled> = {
  category: 'hall',
  permits: { Enter: 'register' },
  initialState: { people: new Set() },
  consults: () => ['case-a.one.event', 'definition-a.training'],
  decide: (_command, state, { actor }) => {
    if (state.people.has(actor)) throw new DomainError('hall.twice', { en: 'You are registered.', zh: '您已报名。' });
    return [{ type: 'Entered', data: { person: actor } }];
  },
  // Kept by reference: a copy for each registration would be the peer's own slowness, not the stream's.
  evolve: (state, { data }) => ({ people: (state.people as Set<string>).add(data.person) }),
};

class Enter {}
const halls: Context = context(hall, { Enter });

function commandsOn(store: EventStore, own: Context): (id: string, type: string, person: string) => Promise<unknown> {
  const known = new States(store, 50_000);
  for (const category of ['case', 'definition', 'charter', 'organ']) known.register(stateOnly(category, { status: 'none' }));
  known.register(own.decider);
  const commands = new CommandHandling(store, known, new InMemoryVault(), new SystemClock());
  return (id, type, person) => {
    const caller: Caller = { kind: 'person', alliance: 'a', commandId: uuidv7(Date.now()), actor: person, principal: person };
    return commands.handle(own, id, { type, data: {} }, caller);
  };
}

function takenApart(store: EventStore): (person: string) => Promise<unknown> {
  const send = commandsOn(store, registrationContext);
  return (person) => send(`a.one.event.${person}`, 'Register', person);
}

function takenTogether(store: EventStore): (id: string, person: string) => Promise<unknown> {
  const send = commandsOn(store, halls);
  return (id, person) => send(`a.${id}`, 'Enter', person);
}
