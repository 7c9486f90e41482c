import { randomUUID } from 'node:crypto';
import { eventually } from './eventually.js';
import type { Answer, Caller } from './caller.js';
import { alliance, type House } from './house.js';
import { papers } from './papers.js';

/** As `GET /v1/cases/{case}` shows a case to whoever keeps it. */
export interface SeenCase {
  readonly number: string;
  readonly status: string;
  readonly version: number;
  readonly frozen?: { readonly at: string };
  readonly end?: { readonly id: string; readonly outcome: string };
  readonly visits: readonly SeenVisit[];
}

export interface SeenVisit {
  readonly stage: string;
  readonly dueAt?: string;
  readonly left?: { readonly outcome: string; readonly to: string; readonly explanation: { readonly arithmetic: unknown } };
  readonly assignments?: readonly {
    readonly id: string;
    readonly reviewer: string;
    readonly status: string;
    readonly principal?: string;
    readonly remindAt: string;
    readonly escalateAt: string;
    readonly replaceAt: string;
  }[];
  readonly awaited?: { readonly sitting: number };
  readonly sittings?: readonly {
    readonly sitting: number;
    readonly seats: readonly { readonly person: string; readonly role: string }[];
    readonly recused: readonly { readonly person: string }[];
    readonly votes: readonly { readonly person: string; readonly choice: string; readonly proxy?: string }[];
    readonly closesAt: string;
    readonly tie?: { readonly castingVote: string };
    readonly inquorate?: unknown;
  }[];
  readonly objections?: readonly { readonly id: string }[];
  readonly warnings?: readonly { readonly remedyDueAt: string }[];
}

export type Choice = 'for' | 'against' | 'abstain';

interface Rubric {
  readonly points: number;
  readonly criteria: readonly { readonly id: string }[];
}

interface Rubrics {
  readonly rubric?: Rubric;
  /** By the kind applied for. */
  readonly rubrics?: { readonly of: Readonly<Record<string, Rubric>> };
}

/** A course as an institution registers it. */
export const courseOf = (institution: string, title = '岭南古建筑', leader = `person-${randomUUID()}`): object => ({
  institution,
  title: { zh: title },
  kind: 'online',
  discipline: '08',
  credits: 2,
  hours: 32,
  runs: 4,
  leader,
  leaderName: '容闳',
});

/** One application of the demonstration alliance, moved on over HTTP by those whose turn it is. */
export class Application {
  /** As the course is registered. */
  readonly leader = `person-${randomUUID()}`;
  private stream: string | undefined;

  private constructor(
    private readonly house: House,
    readonly round: string,
    readonly institution: string,
    readonly course: string,
  ) {}

  /** Registers a course of an institution, to be submitted in a round. */
  static async register(house: House, round: string, institution: string, title = '岭南古建筑'): Promise<Application> {
    const application = new Application(house, round, institution, randomUUID());
    const address = `/v1/course/${alliance}.${application.course}/register-course`;
    expectAccepted(await application.dean.post(address, courseOf(institution, title, application.leader)));
    return application;
  }

  /** Registers and submits. */
  static async submitted(house: House, round: string, institution: string): Promise<Application> {
    const application = await Application.register(house, round, institution);
    expectAccepted(await application.submit());
    return application;
  }

  /** Where it is, as its receipt says; before it was submitted, where that is done. */
  get id(): string {
    return this.stream?.slice('case-'.length) ?? `${alliance}.${this.round}.${this.course}`;
  }

  /** The last part of its address. */
  get entry(): string {
    return this.id.slice(this.id.lastIndexOf('.') + 1);
  }

  get dean(): Caller {
    return this.house.seat('deans-office', { scope: this.institution });
  }

  get secretary(): Caller {
    return this.house.seat('secretariat', { role: 'chair' });
  }

  /** The form and files of a complete application, with changes. */
  paper(form: object = {}, more: object = {}): object {
    return {
      institution: this.institution,
      form: { title: '岭南古建筑', kind: 'online', cycles: 4, inTrainingPlan: true, summary: '特色', ...form },
      files: [{ slot: 'syllabus', ...papers.syllabus }],
      ...more,
    };
  }

  submit(form: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.handIn(this.dean, this.paper(form), headers);
  }

  async handIn(who: Caller, paper: object, headers: Record<string, string> = {}): Promise<Answer> {
    const path = `/v1/case/${alliance}.${this.round}.${this.course}/submit-application`;
    const answer = await who.post(path, paper, headers);
    if (answer.status === 200) this.stream = String(answer.body['stream']);
    return answer;
  }

  /** Sends a command about the case, with the ETag of what the sender can see of it; who is told that it has changed reads again. */
  async act(who: Caller, command: string, data: object): Promise<Answer> {
    return eventually(
      async () => this.actAt(await this.readBy(who), who, command, data),
      ({ body }) => body['code'] !== 'command.stale-revision',
    );
  }

  /** The version of the case that somebody has before them. */
  async readBy(who: Caller): Promise<string | undefined> {
    const { headers } = await who.get(`/v1/cases/${this.id}`);
    return headers.get('etag') ?? undefined;
  }

  /** As `act`, on a version read before. */
  async actAt(version: string | undefined, who: Caller, command: string, data: object): Promise<Answer> {
    return who.post(`/v1/case/${this.id}/${command}`, data, version === undefined ? {} : { 'if-match': version });
  }

  /** As `act`, for what must be accepted. */
  async done(who: Caller, command: string, data: object): Promise<Answer> {
    return expectAccepted(await this.act(who, command, data));
  }

  /** As the secretariat sees it. */
  async seen(): Promise<SeenCase> {
    const { body } = await this.secretary.get(`/v1/cases/${this.id}`);
    return body['case'] as SeenCase;
  }

  /** The visit of a stage that is open now, once there is one that is as it is waited for. */
  async at(stage: string, isReady: (visit: SeenVisit) => boolean = () => true): Promise<SeenVisit> {
    return eventually(async () =>
      (await this.seen()).visits.find((visit) => visit.stage === stage && visit.left === undefined && isReady(visit)),
    );
  }

  async ended(): Promise<NonNullable<SeenCase['end']>> {
    return eventually(async () => (await this.seen()).end);
  }

  /** Goes through all checks. */
  async toPanel(): Promise<SeenVisit> {
    await this.done(this.dean, 'pass-check', { stage: 'endorsement' });
    await this.done(this.house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
    await this.done(this.secretary, 'pass-check', { stage: 'formal-check' });
    return this.at('expert-review', ({ assignments = [] }) => assignments.length >= 3);
  }

  async review(reviewer: string, share = 1, stage = 'expert-review'): Promise<Answer> {
    const who = this.house.person(reviewer);
    const { body } = await who.get(`/v1/cases/${this.id}`);
    const { stages } = body['definition'] as { stages: ({ id: string } & Rubrics)[] };
    const { kind } = (body['case'] as { form: { kind: string } }).form;
    const { rubric, rubrics } = stages.find(({ id }) => id === stage) ?? {};
    const { points = 0, criteria = [] } = rubrics?.of[kind] ?? rubric ?? {};
    const scores = criteria.map(({ id }) => ({ criterion: id, points: Math.floor(points * share) }));
    return this.done(who, 'submit-review', { stage, scores, vetoes: [], comment: '设计完整，建议认定。' });
  }

  async toBallot(): Promise<SeenVisit> {
    const { assignments = [] } = await this.toPanel();
    for (const { reviewer } of assignments) await this.review(reviewer);
    return this.at('committee', ({ sittings = [] }) => sittings.length === 1);
  }

  /** Those who may vote in the last sitting. */
  async electors(stage = 'committee'): Promise<readonly string[]> {
    const { sittings = [] } = await this.at(stage, (visit) => (visit.sittings ?? []).length > 0);
    const { seats = [], recused = [] } = sittings.at(-1) ?? {};
    return seats.map(({ person }) => person).filter((person) => !recused.some((one) => one.person === person));
  }

  vote(person: string, choice: Choice, stage = 'committee'): Promise<Answer> {
    return this.act(this.house.person(person), 'cast-vote', { stage, choice });
  }

  async toPublicity(): Promise<SeenVisit> {
    await this.toBallot();
    return this.carried();
  }

  /** Everyone who may votes for it. */
  async carried(stage = 'committee'): Promise<SeenVisit> {
    for (const person of await this.electors(stage)) expectAccepted(await this.vote(person, 'for', stage));
    return this.at('publicity');
  }
}

interface Version {
  readonly id: string;
  readonly version: number;
}

/** Opens a round that takes applications from now until an instant, as that of the demonstration unless told; the receipt. */
export async function openRound(
  house: House,
  round: string,
  closesAt: string,
  { id, version }: Version = { id: 'alliance-recognition', version: 1 },
): Promise<Answer> {
  return expectAccepted(
    await house.seat('secretariat', { role: 'chair' }).post(`/v1/round/${alliance}.${round}/open-round`, {
      definition: { id, version },
      title: { en: `Round ${round}`, zh: `${round} 轮次` },
      opensAt: new Date(house.clock.now() - 1_000).toISOString(),
      closesAt,
      seed: 'drawn in public',
    }),
  );
}

/** @throws Error with what was answered, unless it was a receipt */
export function expectAccepted(answer: Answer): Answer {
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}

/** Status and code of a refusal. */
export const refusedWith = ({ status, body }: Answer) => ({ status, code: body['code'] });
