import { setTimeout as wait } from 'node:timers/promises';
import { commandIdOf, type Receipt } from '#kernel';
import type { Chance } from '../../../apps/server/chance.js';
import type { Sent } from './invariants.js';

const answerWithinMs = 8_000;
const givenUpAfterMs = 60_000;
const pauseMs = 40;

interface Session {
  readonly cookie: string;
  readonly csrfToken: string;
}

export interface Order {
  readonly person: string;
  /** `case/gdmooc.round.course/submit-review`: what follows /v1/ */
  readonly path: string;
  readonly body: object;
  /** The revision that it decides on. */
  readonly revision?: number;
  /** Code of the refusal that is as good an answer, where what is asked for may come too late. */
  readonly unless?: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Habits {
  /** Doors that lead to one installation; each request takes one by lot. */
  readonly doors: readonly string[];
  readonly chance: Chance;
  /** How often each command is sent at the same time; once unless told. */
  readonly copies?: number;
  /** How many of the requests lose their connection before the answer comes, from 0 to 1; none unless told. */
  readonly impatience?: number;
}

/** The server's own: the address of an order is its stream. */
function commandIdOfOrder(key: string, { person, path }: Order): string {
  const [category, id] = path.split('/');
  return commandIdOf(key, person, `${category}-${id}`);
}

/** People of the demonstration at their browsers: they send again, under the same key, until they have an answer. */
export class People {
  /** Everything that was sent, with its answer. */
  readonly sent: Sent[] = [];
  /** Answers that nobody should ever get. */
  readonly surprises: string[] = [];
  /** Requests without an answer: connections lost, and doors that were closed. */
  lost = 0;
  private readonly sessions = new Map<string, Promise<Session>>();
  private readonly orders = new Map<string, Order>();
  private requests = 0;

  constructor(private habits: Habits) {}

  /** Signs people in, so that from now on they go through other doors of the same installation, which let nobody in with a click. */
  async moveTo(doors: readonly string[], persons: readonly string[]): Promise<void> {
    await Promise.all(persons.map((person) => this.session(person)));
    this.habits = { ...this.habits, doors };
  }

  /**
   * Sends a command until it is answered.
   *
   * @throws Error where it is refused: the people of these tests ask for nothing that is not theirs, but for what its order says
   */
  async send(order: Order): Promise<Receipt | undefined> {
    const key = `key-${this.habits.chance.between(0, 2 ** 47, `key.${this.orders.size}`)}-${this.orders.size}`;
    this.orders.set(key, order);
    const answers = await Promise.all(Array.from({ length: this.habits.copies ?? 1 }, () => this.answered(order, key)));
    const [{ status, body }] = answers as [Answer];
    const what = `${order.path} by ${order.person} under ${key}`;
    const commandId = commandIdOfOrder(key, order);
    if (new Set(answers.map(outcomeOf)).size > 1) this.surprises.push(`${what}: ${JSON.stringify(answers)}`);
    if (status !== 200) {
      const refusal = String((body as { readonly code?: string }).code);
      this.sent.push({ commandId, what, refusal });
      if (refusal === order.unless) return undefined;
      this.surprises.push(`${what}: ${status} ${JSON.stringify(body)}`);
      throw new Error(`${what} was refused: ${JSON.stringify(body)}`);
    }
    const receipt = receiptOf(body);
    this.sent.push({ commandId, what, receipt });
    return receipt;
  }

  /** Sends every command once more, under its key: each must get its first answer. @returns those that do not */
  async sendAllAgain(): Promise<readonly string[]> {
    const first = new Map(this.sent.map(({ commandId, receipt, refusal }) => [commandId, receipt ? shown(receipt) : refusal]));
    const different: string[] = [];
    const waiting = [...this.orders];
    const sender = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [key, order] = next;
        const { status, body } = await this.answered(order, key);
        const answer = status === 200 ? shown(receiptOf(body)) : (body as { readonly code?: string }).code;
        if (answer === undefined || answer !== first.get(commandIdOfOrder(key, order)))
          different.push(`I7 ${order.path} under ${key}: ${status} ${JSON.stringify(body)}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, sender));
    return different;
  }

  /** What shows who somebody is, for a request by hand. */
  async headersOf(person: string): Promise<Readonly<Record<string, string>>> {
    const { cookie, csrfToken } = await this.session(person);
    return { cookie, 'x-csrf-token': csrfToken };
  }

  /** Reads a page until it is there. */
  async read<T>(person: string, path: string): Promise<T> {
    const { status, body } = await this.until(async () => {
      const { cookie } = await this.session(person);
      return this.request('GET', path, { cookie });
    });
    if (status !== 200) throw new Error(`${path} for ${person}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  private answered({ person, path, body, revision }: Order, key: string): Promise<Answer> {
    return this.until(async () => {
      const { cookie, csrfToken } = await this.session(person);
      const headers = {
        cookie,
        'x-csrf-token': csrfToken,
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
      };
      return this.request('POST', `/v1/${path}`, headers, body);
    });
  }

  /** Asks again while there is no answer, or only the one that says to ask again. */
  private async until(ask: () => Promise<Answer>): Promise<Answer> {
    const deadline = Date.now() + givenUpAfterMs;
    for (;;) {
      try {
        const answer = await ask();
        if (answer.status < 500) return answer;
        if (answer.status !== 503) this.surprises.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      } catch (failure) {
        if (Date.now() > deadline) throw failure;
      }
      this.lost += 1;
      if (Date.now() > deadline) throw new Error(`no answer within ${givenUpAfterMs} ms`);
      await wait(pauseMs);
    }
  }

  private async request(method: string, path: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Answer> {
    const { doors, chance, impatience = 0 } = this.habits;
    this.requests += 1;
    const door = chance.oneOf(doors, `door.${this.requests}`);
    const isImpatient = method === 'POST' && chance.of(`impatience.${this.requests}`) < impatience;
    const patienceMs = isImpatient ? chance.between(0, 12, `patience.${this.requests}`) : answerWithinMs;
    const response = await fetch(`${door}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  private session(person: string): Promise<Session> {
    const known = this.sessions.get(person) ?? this.signIn(person);
    this.sessions.set(person, known);
    known.catch(() => this.sessions.delete(person));
    return known;
  }

  private async signIn(person: string): Promise<Session> {
    const response = await fetch(`${this.habits.doors[0]}/v1/sign-in/demonstration`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (!response.ok) throw new Error(`${person} is not let in: ${await response.text()}`);
    const { csrfToken } = (await response.json()) as Session;
    const cookie = response.headers
      .getSetCookie()
      .map((one) => one.split(';', 1)[0])
      .find((one) => !one?.endsWith('='));
    return { cookie: cookie ?? '', csrfToken };
  }
}

/** A receipt as an answer tells it. */
export const receiptOf = (body: unknown): Receipt => {
  const { position, ...receipt } = body as Omit<Receipt, 'position'> & { readonly position: string };
  return { ...receipt, position: BigInt(position) };
};

/** Of two answers to one command: each refusal names the request that it answers. */
const outcomeOf = ({ status, body }: Answer): string => JSON.stringify([status, { ...(body as object), instance: '' }]);

const shown = ({ stream, revision, position, events }: Receipt): string => [stream, revision, position, ...events].join();
