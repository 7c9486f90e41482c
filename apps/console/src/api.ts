/** A text in both languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;

/** A refusal as the server states it: what to do, in both languages. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Text,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(code);
  }
}

const unreachable: Text = {
  en: 'The server cannot be reached. What you entered is still here: try again in a moment.',
  zh: '无法连接服务器。您输入的内容仍在，请稍后重试。',
};

/** The last position that this page has written: every read asks for an answer that includes it. */
let written = 0n;
let csrfToken = '';

/** Keeps the token of the session for writes. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

interface Sending {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send<T>(path: string, { method = 'GET', body, headers = {} }: Sending = {}): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined || body instanceof Blob ? {} : { 'content-type': 'application/json' }),
      ...(body instanceof Blob ? { 'content-type': 'application/octet-stream' } : {}),
      'entente-after': written.toString(),
      ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal(0, 'console.unreachable', unreachable, {});
  });
  const position = response.headers.get('entente-position');
  if (position !== null && BigInt(position) > written) written = BigInt(position);
  if (response.status === 204) return undefined as T;
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.ok) return answer as T;
  const details = {
    ...(answer['details'] as object | undefined),
    ...('faults' in answer ? { faults: answer['faults'] } : {}),
  };
  throw new Refusal(
    response.status,
    typeof answer['code'] === 'string' ? answer['code'] : 'console.unreadable',
    (answer['text'] as Text | undefined) ?? unreachable,
    details,
  );
}

/** Reads a view. A view that is still catching up is asked again, a few times. */
export async function read<T>(path: string): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send<T>(path);
    } catch (failure) {
      if (!(failure instanceof Refusal) || failure.status !== 503 || attempt === 3) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 500 * (attempt + 1)));
    }
  }
}

export interface Receipt {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

export interface CommandOptions {
  /** The revision that was read, for commands that decide on it. */
  readonly revision?: number;
  /** The same key again is the same command: keep it over retries. */
  readonly key?: string;
}

/** Sends a command. After a lost answer it is sent again under the same key, so it takes effect once. */
export async function command(
  context: string,
  id: string,
  name: string,
  data: object,
  options: CommandOptions = {},
): Promise<Receipt> {
  const headers = {
    'idempotency-key': options.key ?? crypto.randomUUID(),
    ...(options.revision === undefined ? {} : { 'if-match': `"${options.revision}"` }),
  };
  const sending: Sending = { method: 'POST', body: data, headers };
  try {
    return await send<Receipt>(`/v1/${context}/${id}/${name}`, sending);
  } catch (failure) {
    if (!(failure instanceof Refusal) || (failure.status !== 0 && failure.status !== 503)) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 700));
    return send<Receipt>(`/v1/${context}/${id}/${name}`, sending);
  }
}

/** A write that is not a command: sign-in, drafts, files. */
export const write = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> =>
  send<T>(path, { method, body: body ?? (method === 'DELETE' ? undefined : {}) });
