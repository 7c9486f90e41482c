import type { Pool } from 'pg';
import { answering, type Clock, type CommandHandling, type EventStore, type Sql, type States, type Vault } from '#kernel';
import { Accounts } from './accounts.postgres.js';
import { Attempts } from './attempts.postgres.js';
import { type DemonstrationProof, DemonstrationSignIn } from './demonstration.js';
import { cookieRulesFor, ownOriginOf } from './door.js';
import { Erasure } from './erasure.js';
import { personContext } from './identity.module.js';
import { Identity, personMayAct } from './identity.js';
import { MachineKeys } from './keys.postgres.js';
import { OidcLogins } from './oidc-logins.postgres.js';
import { type OidcProvider, OidcSignIn } from './oidc.js';
import { Sessions } from './sessions.postgres.js';

export interface IdentityOptions {
  /** The database that `identityMigrations` were applied to. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly states: States;
  /** Where erasures are heard of. */
  readonly tail: Pick<EventStore, 'subscribe'>;
  readonly vault: Vault;
  readonly commands: CommandHandling;
  /** Where browsers find the installation: https, or http on this machine. */
  readonly publicUrl: string;
  readonly oidcProviders?: readonly OidcProvider[];
  /** Switches one-click sign-in on. */
  readonly demonstration?: DemonstrationProof | undefined;
}

/** Identity on PostgreSQL. @throws Error for a public address that sessions are not safe at */
export function openIdentity(options: IdentityOptions): Identity {
  const { pool, clock, states, tail, vault, commands, publicUrl } = options;
  states.register(personContext.decider);
  const sql: Sql = {
    query: <R>(text: string, values: readonly unknown[] = []) =>
      answering(async () => (await pool.query(text, [...values])).rows as readonly R[]),
  };
  const attempts = new Attempts(sql, clock);
  const accounts = new Accounts(sql, clock, attempts);
  const sessions = new Sessions(sql, clock, personMayAct(states));
  const demonstration = options.demonstration && new DemonstrationSignIn(options.demonstration, states);
  const keys = new MachineKeys(sql, clock, personMayAct(states), demonstration);
  const logins = new OidcLogins(sql, clock);
  return new Identity({
    accounts,
    attempts,
    sessions,
    keys,
    logins,
    oidc: new OidcSignIn(options.oidcProviders ?? [], publicUrl, logins),
    erasure: new Erasure(commands, tail, vault, clock, [accounts, sessions, keys], (person) => states.fresh(person)),
    ...(demonstration === undefined ? {} : { demonstration }),
    clock,
    commands,
    states,
    cookies: cookieRulesFor(publicUrl),
    isOwnOrigin: ownOriginOf(publicUrl),
  });
}
