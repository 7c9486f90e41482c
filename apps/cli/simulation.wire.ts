import { DomainError, type Text } from '#kernel';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; an empty object where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Sending {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | object;
}

/** Everybody's way to one server. Counts what was sent, and how it was answered. */
export class Wire {
  requests = 0;
  /** How long each command took to be answered, in milliseconds. */
  readonly commandMs: number[] = [];
  /** Answers that say that the server failed: method, path, status. */
  readonly failures: string[] = [];

  constructor(private readonly url: string) {}

  async send({ method, path, headers = {}, body }: Sending): Promise<Answer> {
    this.requests += 1;
    const isFile = body instanceof Uint8Array;
    const type = isFile ? 'application/octet-stream' : 'application/json';
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) this.failures.push(`${method} ${path} ${response.status}`);
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Answer['body']) : {} };
  }

  /** As `send`, for a command: its time counts. */
  async command(path: string, headers: Readonly<Record<string, string>>, body: object): Promise<Answer> {
    const since = performance.now();
    const answer = await this.send({ method: 'POST', path, headers, body });
    this.commandMs.push(performance.now() - since);
    return answer;
  }
}

/** @throws DomainError for a refusal; Error for any other answer that is none of the 2xx */
export function accepted(answer: Answer, asked: string): Answer {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return answer;
  const { code, text } = body as { code?: string; text?: Text };
  if (status >= 400 && status < 500 && code !== undefined && text !== undefined)
    throw new DomainError(code as `${string}.${string}`, text);
  throw new Error(`${asked} was answered with ${status} ${JSON.stringify(body)}`);
}
