import {
  CommandHandling,
  type Context,
  derivedUuid,
  DomainError,
  type Envelope,
  type EventStore,
  InMemoryEventStore,
  InMemoryVault,
  type Receipt,
  type RecordedEvent,
  type Seat,
  States,
  VirtualClock,
} from '#kernel';
import {
  bulkContext,
  type BulkPreview,
  type Case,
  caseContext,
  type CaseState,
  type Definition,
  type Doing,
  calendarContext,
  assignHere,
  assignmentContext,
  assignmentsFrom,
  casesInLog,
  entrantsInLog,
  loadDefinition,
  owingRules,
  previewBulk,
  type Ranking,
  rankingContext,
  type RankingState,
  type RankingStage,
  SimulatedRuntime,
} from '#workflow';
import { definitionContext, roundContext } from '../../apps/server/contexts.js';
import { stateOnly } from './state-only.js';

const opensAt = '2026-03-02T01:00:00.000Z';
export const closesAt = '2026-03-31T16:00:00.000Z';
export const { definition: rankedAward } = await loadDefinition('test/support/ranked-round.yaml');

/** The definition with other rules of ranking. */
export const rankedBy = (change: Partial<RankingStage>): Definition => ({
  ...rankedAward,
  stages: rankedAward.stages.map((stage) => (stage.kind === 'ranking' ? { ...stage, ...change } : stage)),
});

const powers = {
  'submit-application': { organ: 'deans-office' },
  'withdraw-application': { organ: 'deans-office' },
  'check-application': { organ: 'secretariat' },
  'review-application': { organ: 'expert-panel' },
  'manage-panel': { organ: 'secretariat' },
  'order-equals': { organ: 'committee' },
  'adopt-workflow': { organ: 'secretariat' },
  'open-round': { organ: 'secretariat' },
  'operate-workflow': { organ: 'engine' },
} as const;

const charter = {
  version: 1,
  adoption: 'adoption',
  organs: {
    secretariat: { scope: 'alliance' },
    'expert-panel': { scope: 'alliance' },
    committee: { scope: 'alliance' },
    'deans-office': { scope: 'institution' },
  } as const,
  powers,
  rules: {},
};

/** Institutions by code; the first two digits are the province's. */
export const institutions = ['11-a', '11-b', '44-a', '44-b'] as const;
export const experts = ['expert-1', 'expert-2', 'expert-3', 'expert-4'] as const;

const seat = (person: string, institution?: string): Seat => ({
  person,
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${person}`,
  ...(institution === undefined ? {} : { institution }),
});

const addressOf = (subject: string): string => `a.spring.${subject}`;

export const contexts: Readonly<Record<string, Context>> = {
  definition: definitionContext,
  calendar: calendarContext,
  round: roundContext,
  case: caseContext,
  bulk: bulkContext,
  ranking: rankingContext,
  assignment: assignmentContext,
};

export interface Applying {
  readonly subject: string;
  readonly institution?: (typeof institutions)[number];
  readonly kind?: 'online' | 'offline';
}

/** States over a log that a ranked round has written. */
export function statesOf(store: EventStore): States {
  const states = new States(store);
  for (const category of ['charter', 'organ', 'institution', 'course']) states.register(stateOnly(category, { seats: [] }));
  states.register(stateOnly('membership', { status: 'member' }));
  for (const { decider } of Object.values(contexts)) states.register(decider);
  return states;
}

/** A round with a ranking, in memory: real rules, real command handling, the engine in virtual time. It may lose everything but the log. */
export class RankedRound {
  readonly clock = new VirtualClock(Date.parse(opensAt));
  states!: States;
  private handling!: CommandHandling;
  private runtime!: SimulatedRuntime;
  private readonly vault = new InMemoryVault();
  private commands = 0;
  /** By institution. */
  private readonly applied = new Map<string, Set<string>>();

  private constructor(
    readonly store: InMemoryEventStore,
    readonly definition: Definition,
  ) {
    this.restart();
  }

  static async open(definition: Definition = rankedAward, order: object = {}): Promise<RankedRound> {
    const round = new RankedRound(new InMemoryEventStore(), definition);
    const organs = {
      'charter-a': { ...charter, versions: { 1: charter } },
      'organ-a.secretariat': { seats: [seat('secretary')] },
      'organ-a.expert-panel': { seats: experts.map((expert) => seat(expert, `of-${expert}`)) },
      'organ-a.committee': { seats: [seat('chair', 'elsewhere'), seat('member-11-a', '11-a')] },
      ...Object.fromEntries(
        institutions.map((code) => [`organ-a.deans-office.${code}`, { seats: [seat(`dean-${code}`, code)] }]),
      ),
      ...Object.fromEntries(
        institutions.map((code) => [
          `institution-a.${code}`,
          { facts: { name: code, province: code.slice(0, 2), level: 'undergraduate' } },
        ]),
      ),
    };
    for (const [stream, state] of Object.entries(organs)) await round.place(stream, state);
    await round.send('secretary', 'definition', 'a.ranked-award', 'AdoptDefinition', { definition });
    await round.send('secretary', 'round', 'a.spring', 'OpenRound', {
      definition: { id: 'ranked-award', version: 1 },
      title: { en: 'Spring', zh: '春季' },
      opensAt,
      closesAt,
      seed: 'seven',
      ...order,
    });
    return round;
  }

  /** A process that starts anew: nothing is known but the log. */
  restart(): void {
    this.states = statesOf(this.store);
    this.handling = new CommandHandling(this.store, this.states, this.vault, this.clock);
    this.runtime = new SimulatedRuntime({
      rules: owingRules(this.states),
      store: this.store,
      clock: this.clock,
      handling: this.handling,
      contexts,
      loads: async () => ({}),
      lookups: {
        entrants: entrantsInLog(this.store),
        assignment: assignmentsFrom({
          states: this.states,
          cases: casesInLog(this.store),
          clock: this.clock,
          assign: assignHere,
        }),
      },
    });
  }

  /** Effects that are owed still. */
  get waiting(): number {
    return this.runtime.waiting;
  }

  async incidents(): Promise<readonly string[]> {
    return (await this.runtime.incidents()).map(({ effect, refusal }) => `${effect.command.type}: ${refusal}`);
  }

  async until(at: string | number): Promise<void> {
    await this.runtime.drain(typeof at === 'string' ? Date.parse(at) : at);
  }

  settle(): Promise<void> {
    return this.until(this.clock.now());
  }

  send(person: string, category: string, id: string, type: string, data: object): Promise<Receipt> {
    this.commands += 1;
    const commandId = derivedUuid('ranked-round', String(this.commands));
    const caller = { kind: 'person', alliance: 'a', actor: person, principal: person, commandId } as const;
    return this.handling.handle(contexts[category] as Context, id, { type, data }, caller);
  }

  /** What a bulk act would come to on these cases. */
  preview(person: string, doing: Doing, subjects: readonly string[]): Promise<BulkPreview> {
    const caller = { kind: 'person', alliance: 'a', actor: person, principal: person, commandId: 'preview' } as const;
    const { handling, states } = this;
    return previewBulk({ handling, states, bulk: bulkContext, case: caseContext }, doing, subjects.map(addressOf), caller);
  }

  /** Orders what a preview showed. */
  order(person: string, doing: Doing, { cases, hash }: Pick<BulkPreview, 'cases' | 'hash'>, id = 'a.one'): Promise<Receipt> {
    return this.send(person, 'bulk', id, 'OrderBulk', { ...doing, cases, preview: hash });
  }

  /** Gives an organ other people from now on. */
  async seat(organ: string, people: readonly string[], employer?: string): Promise<void> {
    await this.place(`organ-a.${organ}`, { seats: people.map((person) => seat(person, employer)) });
  }

  /** Suspends or reinstates a membership; its applications hear of it. */
  async membership(institution: string, status: 'suspended' | 'member'): Promise<void> {
    await this.place(`membership-a.${institution}`, { status });
    for (const subject of this.applied.get(institution) ?? []) {
      this.commands += 1;
      const commandId = derivedUuid('ranked-round', String(this.commands));
      const engine = { kind: 'engine', alliance: 'a', workflow: 'ranked-award', proof: ['suspended'] } as const;
      const caller = { ...engine, commandId, causation: commandId, correlation: commandId };
      const order = { type: status === 'suspended' ? 'FreezeCase' : 'ResumeCase', data: {} };
      await this.handling.handle(caseContext, addressOf(subject), order, caller);
    }
    await this.settle();
  }

  act(person: string, subject: string, type: string, data: object): Promise<Receipt> {
    return this.send(person, 'case', addressOf(subject), type, data);
  }

  /** The code of a refusal, or `accepted`. */
  async answer(sent: Promise<unknown>): Promise<string> {
    try {
      await sent;
      return 'accepted';
    } catch (failure) {
      if (failure instanceof DomainError) return failure.code;
      throw failure;
    }
  }

  async apply({ subject, institution = '11-a', kind = 'online' }: Applying): Promise<void> {
    await this.place(`course-a.${subject}`, { facts: { institution } });
    const form = { title: subject, kind };
    await this.act(`dean-${institution}`, subject, 'SubmitApplication', { institution, form, files: [] });
    this.applied.set(institution, (this.applied.get(institution) ?? new Set<string>()).add(subject));
  }

  /** Through the screening, to its reviewers. */
  async screen(subject: string): Promise<void> {
    await this.act('secretary', subject, 'PassCheck', { stage: 'screening' });
    await this.settle();
  }

  /** Every reviewer gives the same. @param marks - for design and effect */
  async review(subject: string, marks: number | readonly [number, number]): Promise<void> {
    const [design, effect] = typeof marks === 'number' ? [marks, marks] : marks;
    const scores = [
      { criterion: 'design', points: design },
      { criterion: 'effect', points: effect },
    ];
    for (const reviewer of await this.reviewers(subject))
      await this.act(reviewer, subject, 'SubmitReview', { stage: 'review', scores, vetoes: [], comment: '意见' });
    await this.settle();
  }

  async reviewers(subject: string): Promise<readonly string[]> {
    const { visits } = await this.case(subject);
    return visits.flatMap((visit) =>
      visit.kind === 'panel' && visit.left === undefined
        ? visit.assignments.filter(({ status }) => status === 'open').map(({ reviewer }) => reviewer)
        : [],
    );
  }

  /** Brings an application to the ranking. */
  async bring(applying: Applying, marks: number | readonly [number, number]): Promise<void> {
    await this.apply(applying);
    await this.screen(applying.subject);
    await this.review(applying.subject, marks);
  }

  async withdraw(subject: string): Promise<void> {
    const { applicant } = await this.case(subject);
    await this.act(`dean-${applicant.institution}`, subject, 'WithdrawApplication', { reason: '另有安排' });
    await this.settle();
  }

  async case(subject: string): Promise<Case> {
    const { state } = await this.states.fresh<CaseState>(`case-a.spring.${subject}`);
    if (state.status === 'none') throw new Error(`there is no case ${subject}`);
    return state;
  }

  /** The open stage or the end, and what the ranking has told: `ranking reserve`, `final selected`, `not-selected`. */
  async stands(subject: string): Promise<string> {
    const { visits, end } = await this.case(subject);
    const placed = visits.flatMap((visit) => (visit.kind === 'ranking' ? (visit.placed?.result ?? []) : []));
    return [end?.id ?? visits.at(-1)?.stage, ...placed].join(' ');
  }

  async ranking(): Promise<Ranking | undefined> {
    const { state } = await this.states.fresh<RankingState>('ranking-a.spring.ranking');
    return state.status === 'none' ? undefined : state;
  }

  history(stream: string): Promise<readonly RecordedEvent[]> {
    return this.store.read(stream);
  }

  async types(stream = 'ranking-a.spring.ranking'): Promise<readonly string[]> {
    return (await this.history(stream)).map(({ type }) => type);
  }

  private async place(stream: string, data: object): Promise<void> {
    const revision = (await this.store.read(stream)).length;
    const event: Envelope = {
      id: derivedUuid(stream, `given ${revision}`),
      stream,
      revision,
      type: 'Given',
      version: 1,
      data,
      meta: {
        alliance: 'a',
        actor: 'test',
        power: 'test',
        charter: 1,
        proof: [],
        command: derivedUuid(stream, `command ${revision}`),
        digest: '',
        correlation: '',
        recordedAt: new Date(this.clock.now()).toISOString(),
      },
    };
    await this.store.append({ stream, expectedLength: revision, events: [event] });
  }
}

/** Where each of some cases stands. */
export const standing = (round: RankedRound, subjects: readonly string[]) =>
  Promise.all(subjects.map((subject) => round.stands(subject)));

/** Six online courses, from the best down. */
export async function sixOnline(round: RankedRound): Promise<void> {
  for (const [index, subject] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) await round.bring({ subject }, 90 - index * 5);
}
