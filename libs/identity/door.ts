import { derivedFrom, sameText } from './secrets.js';
import { crossSite, jsonOnly } from './refusals.js';

/** What identity needs of an HTTP request: header fields as they came. */
export interface RequestParts {
  readonly method: string;
  /** Network address of the sender, behind proxies that are trusted. */
  readonly ip: string;
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
  readonly origin?: string | undefined;
  /** Sec-Fetch-Site */
  readonly fetchSite?: string | undefined;
  /** X-CSRF-Token */
  readonly csrfToken?: string | undefined;
  readonly contentType?: string | undefined;
}

/** How the cookies of an installation are called and guarded. */
export interface CookieRules {
  /** Holds the session's token. */
  readonly session: string;
  /** Holds the token of a sign-in that is away at a university. */
  readonly login: string;
  readonly secure: boolean;
}

/** Whether a host, as it stands in an address, means this machine. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * The cookies of an installation at this address: `__Host-` behind https; plain names on http, which only this machine may use.
 *
 * @throws Error for http anywhere else, where anyone on the way could take the session over
 */
export function cookieRulesFor(publicUrl: string): CookieRules {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:') return { session: '__Host-entente', login: '__Host-entente-login', secure: true };
  if (protocol === 'http:' && isLoopback(hostname)) return { session: 'entente', login: 'entente-login', secure: false };
  throw new Error(`${publicUrl} must be https: over plain http anyone on the way could take a session over`);
}

/**
 * Which origins are this installation's: on this machine by whichever name it calls itself, with any port where it took a free one.
 */
export function ownOriginOf(publicUrl: string): (origin: string) => boolean {
  const own = new URL(publicUrl);
  if (own.protocol !== 'http:' || !isLoopback(own.hostname)) return (origin) => origin === own.origin;
  return (origin) => {
    if (!URL.canParse(origin)) return false;
    const { protocol, hostname, port } = new URL(origin);
    return protocol === 'http:' && isLoopback(hostname) && (port === own.port || own.port === '0');
  };
}

/** A Set-Cookie field. Not readable by scripts, not sent along with other sites' posts. */
export const cookieWith = (rules: CookieRules, name: string, token: string, maxAgeMs: number): string =>
  `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1000)}${rules.secure ? '; Secure' : ''}`;

/** The value of a cookie in a Cookie field; undefined where it is not there, or there twice. */
export function cookieIn(field: string | undefined, name: string): string | undefined {
  let value: string | undefined;
  for (const pair of (field ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    if (value !== undefined) return undefined;
    value = pair.slice(at + 1).trim();
  }
  return value;
}

/** The token that a page sends along with every write of a session: follows from the session's, leads nowhere back. */
export const csrfTokenOf = (sessionToken: string): string => derivedFrom(sessionToken, 'csrf');

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);
export const isWrite = ({ method }: RequestParts): boolean => !reads.has(method);

/** The bodies that a foreign page's form can post without being asked. */
const formTypes = /^\s*(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/**
 * Lets a write pass only if no foreign page can have sent it. For requests that a browser may have added a cookie to.
 *
 * @throws DomainError identity.cross-site, identity.json-only
 */
export function requireOwnPage(parts: RequestParts, isOwnOrigin: (origin: string) => boolean): void {
  if (!isWrite(parts)) return;
  if (parts.fetchSite !== undefined && parts.fetchSite !== 'same-origin') throw crossSite();
  if (parts.origin !== undefined && !isOwnOrigin(parts.origin)) throw crossSite();
  if (formTypes.test(parts.contentType ?? '')) throw jsonOnly();
}

/** As `requireOwnPage`, and the write carries the CSRF token of its session. @throws DomainError identity.cross-site, identity.json-only */
export function requireOwnWrite(parts: RequestParts, isOwnOrigin: (origin: string) => boolean, csrfToken: string): void {
  requireOwnPage(parts, isOwnOrigin);
  if (isWrite(parts) && !sameText(parts.csrfToken ?? '', csrfToken)) throw crossSite();
}
