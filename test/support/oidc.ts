import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Takes the header and claims of an id token, and says what the relying party shall get instead. */
export type Forgery = (token: { header: Record<string, unknown>; claims: Record<string, unknown> }) => {
  readonly header?: object;
  readonly claims?: object;
  /** `none` leaves it out, `foreign` signs with a key that the provider does not publish, `secret` with the client's secret. */
  readonly signature?: 'none' | 'foreign' | 'secret';
};

/** A real OpenID provider of a university, on this machine, that signs in whoever comes as `subject`. */
export interface University {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next. */
  subject: string;
  /** Set it to let the university lie. */
  forgery: Forgery | undefined;
  /** Walks a browser from an authorization address to where it is sent back; returns that address. */
  visit(location: string): Promise<URL>;
  close(): Promise<void>;
}

const clientId = 'entente';
const clientSecret = 'a-secret-between-two-of-at-least-32-bytes';
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Starts the provider. @param callback - of the relying party, where browsers are sent back to */
export async function startUniversity(callback: string): Promise<University> {
  const { privateKey } = pair();
  const state: { subject: string; forgery: Forgery | undefined } = { subject: 'student-1', forgery: undefined };
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/token') === true) forging(response, () => state.forgery, privateKey);
    answer(request, response).catch((failure: unknown) => response.destroy(failure as Error));
  });
  const issuer = `http://127.0.0.1:${await listening(server)}`;
  const provider = new Provider(issuer, configurationOf(callback, privateKey));
  const callbackOf = provider.callback();
  answer = (request, response) =>
    request.url?.startsWith('/interaction/') === true
      ? provider.interactionFinished(request, response, { login: { accountId: state.subject } })
      : callbackOf(request, response);
  return Object.assign(state, {
    issuer,
    clientId,
    clientSecret,
    visit: (location: string) => walk(location, callback),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

interface GrantContext {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly provider: { Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> } };
  };
}

const configurationOf = (callback: string, key: KeyObject) => ({
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback] }],
  jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'university', alg: 'RS256', use: 'sig' }] },
  cookies: { keys: ['only-for-tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
  loadExistingGrant: async ({ oidc }: GrantContext) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

async function walk(location: string, callback: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(location);
  for (let steps = 0; steps < 10; steps += 1) {
    if (url.href.startsWith(callback)) return url;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const field of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (field.split(';')[0] as string).split('=');
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`${url.href} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    url = new URL(next, url);
  }
  throw new Error('the browser was sent around in circles');
}

/** Replaces the id token in the token endpoint's answer just before it is sent. */
function forging(response: ServerResponse, forgery: () => Forgery | undefined, key: KeyObject): void {
  const end = response.end.bind(response) as (body?: unknown) => ServerResponse;
  response.end = ((body?: unknown) => {
    const forge = forgery();
    if (forge === undefined || response.statusCode !== 200) return end(body);
    const answer = JSON.parse(String(body)) as { id_token: string };
    response.removeHeader('content-length');
    return end(JSON.stringify({ ...answer, id_token: forged(answer.id_token, forge, key) }));
  }) as ServerResponse['end'];
}

function forged(token: string, forge: Forgery, key: KeyObject): string {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const lie = forge({ header, claims });
  const signed = [lie.header ?? header, lie.claims ?? claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  if (lie.signature === 'none') return `${signed}.`;
  if (lie.signature === 'secret') return `${signed}.${createHmac('sha256', clientSecret).update(signed).digest('base64url')}`;
  const signer = lie.signature === 'foreign' ? pair().privateKey : key;
  return `${signed}.${sign('sha256', Buffer.from(signed), signer).toString('base64url')}`;
}
