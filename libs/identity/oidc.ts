import * as openid from 'openid-client';
import { type DomainError, type Text, UnavailableError } from '#kernel';
import { isLoopback } from './door.js';
import type { OidcLogins } from './oidc-logins.postgres.js';
import { noSuchProvider, oidcRefused } from './refusals.js';
import { derivedFrom, newToken } from './secrets.js';

/** A university, or a federation of them, that vouches for its people by OpenID Connect. */
export interface OidcProvider {
  /** Lower-case words joined by dashes: part of its callback address, `<publicUrl>/v1/sign-in/oidc/callback/<name>`. */
  readonly name: string;
  readonly title: Text;
  /** https; http only on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How it signs id tokens; RS256 unless told. `none` and shared secrets are never taken. */
  readonly signedWith?: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
}

/** Where to send the browser, and what it has to bring back. */
export interface OidcStart {
  readonly location: string;
  /** For the login cookie. */
  readonly token: string;
}

/** An account at a university: the subject is unique within its issuer only. */
export interface OidcAccount {
  readonly issuer: string;
  readonly subject: string;
  /** Hash of the invitation that the sign-in was begun with. */
  readonly invitation?: Buffer;
}

/**
 * Sign-in by the code flow with PKCE, state, nonce and a callback address per provider, so that no provider can pass off another's answer.
 *
 * State, nonce and verifier all follow from one token in the browser's cookie; the database knows its hash, and lets it come back once.
 */
export class OidcSignIn {
  private readonly configurations = new Map<string, Promise<openid.Configuration>>();

  constructor(
    private readonly providers: readonly OidcProvider[],
    private readonly publicUrl: string,
    private readonly logins: OidcLogins,
  ) {}

  /** What a sign-in page offers. */
  offered(): readonly Pick<OidcProvider, 'name' | 'title'>[] {
    return this.providers.map(({ name, title }) => ({ name, title }));
  }

  /**
   * Begins a sign-in.
   *
   * @param invitation - links the account that comes back to the invited person
   * @throws DomainError identity.provider-not-found
   * @throws UnavailableError when the provider does not answer
   */
  async start(name: string, invitation?: string): Promise<OidcStart> {
    const provider = this.provider(name);
    const configuration = await this.configuration(provider);
    const token = newToken();
    await this.logins.begin(token, name, invitation);
    const location = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback(name),
      scope: 'openid',
      state: derivedFrom(token, 'state'),
      nonce: derivedFrom(token, 'nonce'),
      code_challenge: await openid.calculatePKCECodeChallenge(derivedFrom(token, 'verifier')),
      code_challenge_method: 'S256',
    });
    return { location: location.href, token };
  }

  /**
   * Ends a sign-in with what the browser brought back. Good once.
   *
   * @param query - of the callback address, with its question mark
   * @param token - of the login cookie
   * @throws DomainError identity.oidc-refused with a reason for the protocol
   * @throws UnavailableError when the provider does not answer
   */
  async finish(name: string, query: string, token: string | undefined): Promise<OidcAccount> {
    const provider = this.provider(name);
    const login = token === undefined ? undefined : await this.logins.take(token, name);
    if (token === undefined || login === undefined) throw oidcRefused({ provider: name, reason: 'login-unknown' });
    const configuration = await this.configuration(provider);
    const tokens = await openid
      .authorizationCodeGrant(configuration, new URL(`${this.callback(name)}${query}`), {
        expectedState: derivedFrom(token, 'state'),
        expectedNonce: derivedFrom(token, 'nonce'),
        pkceCodeVerifier: derivedFrom(token, 'verifier'),
        idTokenExpected: true,
      })
      .catch((failure: unknown) => {
        throw asRefusal(name, failure);
      });
    const claims = tokens.claims();
    if (claims === undefined) throw oidcRefused({ provider: name, reason: 'no-id-token' });
    return { issuer: claims.iss, subject: claims.sub, ...login };
  }

  private provider(name: string): OidcProvider {
    const provider = this.providers.find((known) => known.name === name);
    if (provider === undefined) throw noSuchProvider();
    return provider;
  }

  private callback(name: string): string {
    return new URL(`/v1/sign-in/oidc/callback/${name}`, this.publicUrl).href;
  }

  private configuration(provider: OidcProvider): Promise<openid.Configuration> {
    const known = this.configurations.get(provider.name);
    if (known !== undefined) return known;
    const made = discover(provider).catch((failure: unknown) => {
      this.configurations.delete(provider.name);
      throw asRefusal(provider.name, failure);
    });
    this.configurations.set(provider.name, made);
    return made;
  }
}

function discover({ issuer, clientId, clientSecret, signedWith = 'RS256' }: OidcProvider): Promise<openid.Configuration> {
  const url = new URL(issuer);
  const onThisMachine = url.protocol === 'http:' && isLoopback(url.hostname);
  return openid.discovery(
    url,
    clientId,
    { client_secret: clientSecret, id_token_signed_response_alg: signedWith },
    openid.ClientSecretBasic(clientSecret),
    // The id token comes over a connection to the provider itself; its signature is checked all the same.
    { timeout: 10, execute: [openid.enableNonRepudiationChecks, ...(onThisMachine ? [openid.allowInsecureRequests] : [])] },
  );
}

function asRefusal(provider: string, failure: unknown): DomainError | UnavailableError {
  const { code, error } = failure as { code?: unknown; error?: unknown };
  // fetch fails with a TypeError whatever was wrong with the network.
  if (failure instanceof TypeError || code === 'OAUTH_TIMEOUT') return new UnavailableError(`${provider} does not answer`);
  const reason = [error, code].find((text) => typeof text === 'string' && /^[\w.-]{1,60}$/.test(text));
  return oidcRefused({ provider, reason: reason ?? 'unknown' });
}
