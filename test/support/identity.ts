import { randomUUID } from 'node:crypto';
import {
  CommandHandling,
  InMemoryEventStore,
  InMemoryVault,
  migrate,
  openPool,
  type OperatorCaller,
  runtimeRole,
  States,
  uuidv7,
  VirtualClock,
} from '#kernel';
import { identityMigrations, type IdentityOptions, openIdentity, personContext } from '#identity';
import { freshDatabase } from './postgres.js';
import { stateOnly } from './state-only.js';

/** A charter in force from the beginning, which lets the operator register people and nobody else. */
const charter = stateOnly('charter', {
  version: 1,
  adoption: 'adoption',
  organs: { secretariat: { scope: 'alliance' } },
  powers: { 'register-person': { organ: 'secretariat', operator: true } },
  rules: {},
});

const nobodySits = stateOnly('organ', { seats: [] });

/** Identity on a PostgreSQL database of its own, with a log in memory and a clock that stands still. */
export async function identityOnPostgres(options: Partial<IdentityOptions> = {}) {
  const database = await freshDatabase('identity');
  await migrate(database.url, identityMigrations);
  const pool = openPool(database.url, { max: 8, role: runtimeRole });
  const clock = new VirtualClock(Date.parse('2026-03-02T01:00:00.000Z'));
  const store = new InMemoryEventStore();
  const states = new States(store);
  const vault = new InMemoryVault();
  const commands = new CommandHandling(store, states, vault, clock);
  for (const decider of [charter, nobodySits]) states.register(decider);
  const parts = { pool, clock, states, store, tail: store, vault, commands, publicUrl: 'http://127.0.0.1:3000' };
  const open = () => openIdentity({ ...parts, states: withDeciders(store), ...options });
  const identity = openIdentity({ ...parts, ...options });

  const operator = (alliance = 'a'): OperatorCaller => ({ kind: 'operator', alliance, commandId: uuidv7(clock.now()) });
  const tell = (person: string, type: string, data: object, alliance = 'a') =>
    commands.handle(personContext, person.slice('person-'.length), { type, data }, operator(alliance));
  return {
    ...parts,
    identity,
    /** A second process on the same database and log. */
    open,
    operator,
    tell,
    register: async (alliance = 'a'): Promise<string> => {
      const person = `person-${randomUUID()}`;
      await tell(person, 'RegisterPerson', { person, name: { zh: '李华', en: 'Li Hua' }, email: 'li@example.org' }, alliance);
      return person;
    },
    disable: (person: string) => tell(person, 'DisablePerson', { person, reason: '离职' }),
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}

function withDeciders(store: InMemoryEventStore): States {
  const states = new States(store);
  for (const decider of [charter, nobodySits]) states.register(decider);
  return states;
}

/** A request from a browser at an address. */
export const from = (ip: string, cookie?: string) => ({
  method: 'POST',
  ip,
  contentType: 'application/json',
  ...(cookie === undefined ? {} : { cookie }),
});
