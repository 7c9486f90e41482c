import { type Clock, DomainError, sha256 } from '#kernel';
import { nothingToDo } from '../server/rehearsal.scene.js';
import { accepted, type Answer, type Wire } from './simulation.wire.js';

/** Sessions of people who do nothing for half an hour are over. */
const idleMs = 30 * 60_000;
/** As many tasks as the server lists at most. */
const tasksListed = 500;

interface Session {
  readonly headers: Readonly<Record<string, string>>;
  readonly csrf: string;
}

interface Tasks {
  readonly cases: ReadonlySet<string>;
  readonly isWhole: boolean;
}

/** One person before their browser: signs in where that is over, looks at their tasks, opens a case, and sends what its page would send. */
export class Visitor {
  private session: { readonly begun: Promise<Session>; usedAtMs: number } | undefined;
  private tasks: { readonly listed: Promise<Tasks>; readonly atMs: number } | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly clock: Clock,
    private readonly alliance: string,
    readonly person: string,
  ) {}

  /** @param seen - position of the log that the answer must include */
  async get(path: string, seen?: bigint): Promise<Answer> {
    const { headers } = await this.signedIn();
    const after = seen === undefined ? {} : { 'entente-after': String(seen) };
    return this.wire.send({ method: 'GET', path, headers: { ...headers, ...after } });
  }

  async put(file: Uint8Array): Promise<void> {
    const path = `/v1/files/${sha256(file, 'hex')}`;
    accepted(await this.wire.send({ method: 'PUT', path, headers: await this.writing(), body: file }), `PUT ${path}`);
  }

  async post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return accepted(await this.wire.command(path, { ...(await this.writing()), ...headers }, body), `POST ${path}`);
  }

  /** Opens a case that is in the list of their tasks. @returns its ETag @throws DomainError where it is not there */
  async taskAbout(id: string, seen: bigint): Promise<string> {
    const { cases, isWhole } = await this.tasksNow(seen);
    if (isWhole && !cases.has(id)) throw notListed();
    return this.open(id);
  }

  /** Opens a case. @returns its ETag @throws DomainError where it is nothing that they may know of */
  async open(id: string): Promise<string> {
    const answer = await this.get(`/v1/cases/${id}`);
    if (answer.status === 404) throw notListed();
    return accepted(answer, `GET /v1/cases/${id}`).headers.get('etag') ?? '';
  }

  /** Whoever has much to do at one time looks at the list once. */
  private tasksNow(seen: bigint): Promise<Tasks> {
    const atMs = this.clock.now();
    if (this.tasks?.atMs !== atMs) this.tasks = { listed: this.listTasks(seen), atMs };
    return this.tasks.listed;
  }

  private async listTasks(seen: bigint): Promise<Tasks> {
    const path = `/v1/alliances/${this.alliance}/tasks`;
    const { body } = accepted(await this.get(path, seen), `GET ${path}`);
    const items = body['items'] as readonly { readonly id: string }[];
    return { cases: new Set(items.map(({ id }) => id)), isWhole: items.length < tasksListed };
  }

  private async writing(): Promise<Record<string, string>> {
    const { headers, csrf } = await this.signedIn();
    return { ...headers, 'x-csrf-token': csrf };
  }

  private signedIn(): Promise<Session> {
    const now = this.clock.now();
    if (this.session === undefined || now >= this.session.usedAtMs + idleMs)
      this.session = { begun: this.signIn(), usedAtMs: now };
    this.session.usedAtMs = now;
    return this.session.begun;
  }

  private async signIn(): Promise<Session> {
    const path = '/v1/sign-in/demonstration';
    const body = { person: this.person };
    const { headers, body: session } = accepted(await this.wire.send({ method: 'POST', path, body }), `POST ${path}`);
    const pairs = headers.getSetCookie().map((field) => field.split(';', 1)[0] ?? '');
    const cookie = pairs.find((pair) => !pair.endsWith('=')) ?? '';
    return { headers: { cookie }, csrf: String(session['csrfToken']) };
  }
}

const notListed = (): DomainError =>
  new DomainError(nothingToDo, {
    en: 'There is nothing to be done about this any more, or not by this person.',
    zh: '此事已无须办理，或不由该人员办理。',
  });
