import type { Caller, Clock, CommandHandling, States } from '#kernel';
import type { Accounts, Invitation } from './accounts.postgres.js';
import type { Attempts } from './attempts.postgres.js';
import type { DemonstrationSignIn } from './demonstration.js';
import { type CookieRules, cookieIn, type RequestParts, requireOwnPage, requireOwnWrite } from './door.js';
import type { Erasure } from './erasure.js';
import type { Person } from './identity.decider.js';
import { personContext } from './identity.module.js';
import type { MachineKeys } from './keys.postgres.js';
import type { OidcLogins } from './oidc-logins.postgres.js';
import type { OidcSignIn, OidcStart } from './oidc.js';
import { badKey, keyOfAnotherAlliance, notLinked, personDisabled } from './refusals.js';
import type { OpenSession, Session, Sessions, SignInMethod } from './sessions.postgres.js';

/** Who sent a request: a person by a session, or a machine key that acts for one. */
export interface SignedIn {
  /** `person-…` */
  readonly person: string;
  readonly session?: OpenSession;
  readonly key?: {
    readonly id: string;
    /** `machine-…`, for PersonCaller. */
    readonly actor: string;
    /** The only alliance it may be used in. */
    readonly alliance: string;
    readonly powers: readonly string[];
  };
}

/** A session that has just begun: the cookie's token, told once. */
export interface NewSession {
  readonly token: string;
  readonly session: OpenSession;
}

/** From where somebody signs in. */
export type SignInPlace = RequestParts & { readonly agent?: string | undefined };

export interface IdentityParts {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly keys: MachineKeys;
  readonly oidc: OidcSignIn;
  readonly logins: OidcLogins;
  readonly erasure: Erasure;
  readonly demonstration?: DemonstrationSignIn;
  readonly clock: Clock;
  readonly commands: CommandHandling;
  readonly states: States;
  readonly cookies: CookieRules;
  readonly isOwnOrigin: (origin: string) => boolean;
}

const isActive = ({ state }: { readonly state: Person }): boolean => state.status === 'active';

/** Whether a person is registered, and neither disabled nor erased, as the log has it now. */
export const personMayAct =
  (states: States) =>
  async (person: string): Promise<boolean> =>
    isActive(await states.fresh<Person>(person));

/** Everything that a door asks about people and their ways in. Made by `openIdentity`. */
export class Identity {
  readonly sessions: Sessions;
  readonly keys: MachineKeys;
  readonly oidc: OidcSignIn;
  readonly erasure: Erasure;
  /** Undefined outside the demonstration. */
  readonly demonstration: DemonstrationSignIn | undefined;
  readonly cookies: CookieRules;

  constructor(private readonly parts: IdentityParts) {
    ({ sessions: this.sessions, keys: this.keys, oidc: this.oidc, erasure: this.erasure, cookies: this.cookies } = parts);
    this.demonstration = parts.demonstration;
  }

  /**
   * Who sends this request. A write that rests on a cookie must come from an own page and carry its session's CSRF token.
   *
   * @returns undefined for nobody: no cookie, or a session that has ended
   * @throws DomainError identity.cross-site, identity.json-only; identity.bad-key for an Authorization that opens nothing;
   *   identity.too-many-attempts after 20 of those from one address
   */
  async authenticate(parts: RequestParts): Promise<SignedIn | undefined> {
    if (parts.authorization !== undefined) return this.byKey(parts.authorization, parts.ip);
    const token = cookieIn(parts.cookie, this.cookies.session);
    const session = token === undefined ? undefined : await this.sessions.find(token);
    if (session === undefined || !this.isOfNow(session) || !(await this.mayAct(session.person))) {
      requireOwnPage(parts, this.parts.isOwnOrigin);
      return undefined;
    }
    requireOwnWrite(parts, this.parts.isOwnOrigin, session.csrfToken);
    return { person: session.person, session };
  }

  /**
   * Whether what opened a door would open it now. Asking is no use of a session: a page that only listens must not keep it alive.
   *
   * For answers that go on for long: ask every few seconds, and end them on false.
   */
  async isStill({ person, session, key }: SignedIn): Promise<boolean> {
    if (!(await personMayAct(this.parts.states)(person))) return false;
    return session === undefined ? this.keys.lives(key?.id ?? '') : this.sessions.lives(session.id);
  }

  /**
   * Whether a person may act, as this process has it, without a question to the log: what is done here counts at once, what is done
   * elsewhere once `keepUp` has heard of it, or a session is asked for anew.
   */
  mayAct(person: string): boolean | Promise<boolean> {
    const known = this.parts.states.known<Person>(person);
    return known === undefined ? this.parts.states.load<Person>(person).then(isActive) : isActive(known);
  }

  /** What one click has opened ends with the demonstration, whatever the same database is used for then. */
  private isOfNow({ method }: Session): boolean {
    return method !== 'demonstration' || this.demonstration !== undefined;
  }

  /** @throws DomainError identity.wrong-credentials, too-many-attempts, disabled, cross-site, json-only */
  async signIn(login: string, password: string, place: SignInPlace): Promise<NewSession> {
    requireOwnPage(place, this.parts.isOwnOrigin);
    const person = await this.parts.accounts.personWith(login, password, place.ip);
    return this.begin(person, 'password', place);
  }

  /** Signs in the person whom the demonstration's visitor chose. @throws DomainError identity.not-found, cross-site, json-only */
  async signInToDemonstration(demonstration: DemonstrationSignIn, person: string, place: SignInPlace): Promise<NewSession> {
    requireOwnPage(place, this.parts.isOwnOrigin);
    await demonstration.requireDemonstrated(person);
    return this.begin(person, 'demonstration', place);
  }

  /** Begins a sign-in by OpenID Connect. @throws DomainError as OidcSignIn.start; identity.too-many-away, cross-site, json-only */
  async startOidc(provider: string, invitation: string | undefined, parts: RequestParts): Promise<OidcStart> {
    requireOwnPage(parts, this.parts.isOwnOrigin);
    await this.parts.attempts.left(parts.ip);
    return this.oidc.start(provider, invitation);
  }

  /**
   * Ends a sign-in by OpenID Connect; where it was begun with an invitation, links the account first.
   *
   * @throws DomainError identity.oidc-refused, not-linked, linked-elsewhere, invitation-used, disabled
   */
  async finishOidc(provider: string, query: string, place: SignInPlace): Promise<NewSession> {
    const { issuer, subject, invitation } = await this.oidc.finish(provider, query, cookieIn(place.cookie, this.cookies.login));
    const { accounts } = this.parts;
    const person =
      invitation === undefined
        ? await accounts.personLinkedTo(issuer, subject)
        : await accounts.link(invitation, issuer, subject);
    if (person === undefined) throw notLinked();
    const begun = await this.begin(person, 'oidc', place);
    await this.parts.attempts.cameBack(place.ip);
    return begun;
  }

  /** Sets name and password of an invited person; ends their sessions. @throws DomainError as Accounts.setPassword; identity.cross-site */
  async setPassword(invitation: string, login: string, password: string, parts: RequestParts): Promise<void> {
    requireOwnPage(parts, this.parts.isOwnOrigin);
    await this.parts.accounts.setPassword(invitation, login, password);
  }

  /** Ends the session that a request rests on, if any. */
  async signOut({ cookie }: RequestParts): Promise<void> {
    const token = cookieIn(cookie, this.cookies.session);
    if (token !== undefined) await this.sessions.end(token);
  }

  /**
   * Invites a person, under a power and on record: who may invite could otherwise become anybody.
   *
   * The same command again makes a new token, and the earlier one no longer works.
   * @throws DomainError when the charter or the rule says no
   */
  async invite(person: string, caller: Caller): Promise<Invitation> {
    await this.parts.commands.handle(personContext, person.replace(/^person-/, ''), { type: 'InvitePerson', data: {} }, caller);
    return this.parts.accounts.invite(person);
  }

  /**
   * Carries erasures out as they are recorded, those that a crash cut short first, hears who is disabled elsewhere, and sweeps once an
   * hour, until `signal` aborts.
   *
   * Run it in every process that opens doors; in several it does no harm.
   * @param report - takes failures; what failed is tried again
   */
  async keepUp(signal: AbortSignal, report: (failure: unknown) => void): Promise<void> {
    await Promise.all([this.erasure.follow(signal, report), this.sweepHourly(signal, report)]);
  }

  /** Removes what has expired. */
  async sweep(): Promise<void> {
    const { sessions, accounts, attempts, logins } = this.parts;
    for (const swept of [sessions, accounts, attempts, logins]) await swept.sweep();
  }

  private async sweepHourly(signal: AbortSignal, report: (failure: unknown) => void): Promise<void> {
    const { clock } = this.parts;
    while (!signal.aborted) {
      await this.sweep().catch(report);
      await clock.waitUntil(clock.now() + 3_600_000, signal);
    }
  }

  private async byKey(authorization: string, ip: string): Promise<SignedIn> {
    const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const key = text === undefined ? undefined : await this.keys.find(text, ip);
    if (key !== undefined && (await this.mayAct(key.person))) {
      const { id, person, alliance, powers } = key;
      return { person, key: { id, actor: `machine-${id}`, alliance, powers } };
    }
    await this.parts.attempts.failed(ip);
    throw badKey();
  }

  /** A new session for every sign-in; the one that the browser had is over. */
  private async begin(person: string, method: SignInMethod, place: SignInPlace): Promise<NewSession> {
    if (!(await personMayAct(this.parts.states)(person))) throw personDisabled();
    await this.signOut(place);
    const { token, session } = await this.sessions.start(person, method, place.agent);
    return { token, session };
  }
}

/** A key opens the doors of one alliance. @throws DomainError identity.key-alliance */
export function requireKeyFor({ key }: SignedIn, alliance: string): void {
  if (key !== undefined && key.alliance !== alliance) throw keyOfAnotherAlliance({ alliance });
}
