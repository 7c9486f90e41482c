import { eventually } from './eventually.js';
import type { MovableClock } from './movable-clock.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the answer; an empty object where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

interface Address {
  readonly url: string;
  readonly clock: MovableClock;
  /** The position of the last event. */
  head(): Promise<string>;
}

type HeaderFields = Readonly<Record<string, string>>;

/** Somebody with a browser, or a program: signs in with one click where that is over, and sends what a page would send. */
export class Caller {
  private session: { readonly cookie: string; readonly csrf: string; readonly sinceMs: number } | undefined;

  /** @param person - nobody, where absent */
  constructor(
    private readonly house: Address,
    readonly id?: string,
  ) {}

  /** An answer that includes all that has happened, whoever did it; it is asked for until lists have caught up. */
  async get(path: string, headers: HeaderFields = {}): Promise<Answer> {
    if ('entente-after' in headers) return this.send('GET', path, undefined, headers);
    const asked = { 'entente-after': await this.house.head(), ...headers };
    return eventually(
      () => this.send('GET', path, undefined, asked),
      ({ status, body }) => status !== 503 || body['code'] !== 'server.unavailable',
    );
  }

  post(path: string, body: unknown, headers: HeaderFields = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  async send(method: string, path: string, body?: unknown, headers: HeaderFields = {}): Promise<Answer> {
    const sent = await this.identified(headers);
    const asItIs = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const content = asItIs ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, this.house.url), {
      method,
      redirect: 'manual',
      headers: { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...sent },
      ...(content === undefined ? {} : { body: content }),
    });
    return answerOf(response);
  }

  /** The fields that say who asks, before those that are given. */
  async identified(headers: HeaderFields = {}): Promise<Record<string, string>> {
    if (this.id === undefined || 'authorization' in headers) return { ...headers };
    const { cookie, csrf } = await this.signedIn();
    return { cookie, 'x-csrf-token': csrf, ...headers };
  }

  /** Signs in anew with the next request. */
  forgetSession(): void {
    this.session = undefined;
  }

  private async signedIn() {
    const now = this.house.clock.now();
    if (this.session !== undefined && now - this.session.sinceMs < 20 * 60_000 && now >= this.session.sinceMs)
      return this.session;
    const response = await fetch(new URL('/v1/sign-in/demonstration', this.house.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person: this.id }),
    });
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    const cookie = response.headers
      .getSetCookie()
      .map((field) => field.split(';', 1)[0] ?? '')
      .find((pair) => !pair.endsWith('='));
    this.session = { cookie: cookie ?? '', csrf: csrfToken, sinceMs: now };
    return this.session;
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** The field that asks for an answer which includes what was accepted. */
export const after = ({ headers }: Answer): Record<string, string> => ({
  'entente-after': headers.get('entente-position') ?? '',
});
