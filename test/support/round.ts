import {
  type AnyDecider,
  categoryOf,
  CommandHandling,
  type Context,
  derivedUuid,
  DomainError,
  type Envelope,
  evolved,
  InMemoryEventStore,
  InMemoryVault,
  type OrganSeats,
  type Receipt,
  type RecordedEvent,
  type Seat,
  States,
  VirtualClock,
} from '#kernel';
import {
  assignmentContext,
  type Case,
  caseContext,
  type CaseState,
  type Definition,
  calendarContext,
  type Effect,
  effectsOf,
  loadDefinition,
  meetingContext,
  type RoundState,
  settles,
} from '#workflow';
import { definitionContext, roundContext } from '../../apps/server/contexts.js';
import { addressOf, caseId, openly, startMs, uuidv7Like, whereIn } from './addresses.js';
import { charterOf, type Rule, usualRule } from './round.charter.js';
import { stateOnly } from './state-only.js';

export const applicant = '4111010001';
export const otherInstitution = '4144010559';

export { addressOf, caseId };

type Seats = Readonly<Record<string, readonly (Partial<Seat> & { readonly person: string })[]>>;

/** Who sits where: six experts, one of them the applicant's; five on the committee, the chair and the deputy among them. */
export const usualSeats: Seats = {
  'a.secretariat': [{ person: 'secretary' }],
  [`a.deans-office.${applicant}`]: [{ person: 'dean', institution: applicant }],
  [`a.deans-office.${otherInstitution}`]: [{ person: 'other-dean', institution: otherInstitution }],
  'a.provincial-department.11': [{ person: 'province' }],
  'a.provincial-department.44': [{ person: 'other-province' }],
  'a.ministry': [{ person: 'ministry' }],
  'a.expert-panel': [
    { person: 'expert-1', institution: 'i-1' },
    { person: 'expert-2', institution: 'i-2' },
    { person: 'expert-3', institution: 'i-3' },
    { person: 'expert-4', institution: 'i-4' },
    { person: 'expert-5', institution: 'i-5' },
    { person: 'expert-own', institution: applicant },
  ],
  'a.committee': [
    { person: 'chair', role: 'chair', institution: 'i-1' },
    { person: 'deputy', role: 'deputy', institution: 'i-2' },
    { person: 'member-1', institution: 'i-3' },
    { person: 'member-2', institution: 'i-4' },
    { person: 'member-3', institution: 'i-5' },
  ],
};

const contexts: Readonly<Record<string, Context>> = {
  definition: definitionContext,
  calendar: calendarContext,
  round: roundContext,
  case: caseContext,
  assignment: assignmentContext,
  meeting: meetingContext,
};

interface Owed {
  readonly effect: Effect;
  readonly commandId: string;
  readonly stream: string;
}

export interface TestRoundOptions {
  readonly rule?: Rule;
  readonly seats?: Seats;
  /** Changes the definition before it is adopted. */
  readonly change?: (definition: Definition) => Definition;
  /** The machine key that everybody sends their commands with; none unless told. */
  readonly key?: string;
}

/** A round in memory: the real rules, command handling and authority; the engine carries out what is owed when it is told to. */
export class TestRound {
  readonly clock = new VirtualClock(startMs);
  readonly store = new InMemoryEventStore();
  readonly states = new States(this.store);
  private readonly handling = new CommandHandling(this.store, this.states, new InMemoryVault(), this.clock);
  private commands = 0;
  loads: Readonly<Record<string, number>> = {};
  /** Engine commands that a rule refused. */
  readonly refused: string[] = [];
  readonly sentElsewhere: Effect['command'][] = [];

  private constructor(
    readonly definition: Definition,
    private readonly key?: string,
  ) {}

  /** A round that takes applications from 2 March 2026, 9:00, until the end of 31 March, in Beijing. */
  static async open({
    rule = usualRule,
    seats = usualSeats,
    change = (same) => same,
    key,
  }: TestRoundOptions = {}): Promise<TestRound> {
    const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
    const round = new TestRound(change(definition), key);
    const fixed: readonly AnyDecider[] = [
      stateOnly('charter', { version: 0 }),
      stateOnly('organ', { seats: [] }),
      stateOnly('membership', { status: 'member' }),
      stateOnly('person', { status: 'active' }),
      stateOnly('institution', { facts: { name: '示例大学', province: '11', level: 'undergraduate' } }),
      stateOnly('course', { facts: { institution: applicant, kind: 'online', credits: 2 } }),
    ];
    for (const decider of fixed) round.states.register(decider);
    for (const { decider } of Object.values(contexts)) round.states.register(decider);
    await round.place('charter-a', { ...charterOf(rule), versions: { 1: charterOf(rule) } });
    const keeping = 'a.secretariat';
    await round.seat(keeping, seats[keeping] ?? []);
    await round.send('secretary', definitionContext, 'a.alliance-recognition', 'AdoptDefinition', {
      definition: round.definition,
    });
    // A procedure may be adopted before those it needs are found.
    for (const [organ, held] of Object.entries(seats)) if (organ !== keeping) await round.seat(organ, held);
    await round.send('secretary', roundContext, 'a.spring', 'OpenRound', {
      definition: { id: 'alliance-recognition', version: 1 },
      title: { en: 'Spring 2026', zh: '2026 年春季' },
      opensAt: '2026-03-02T01:00:00.000Z',
      closesAt: '2026-03-31T16:00:00.000Z',
      seed: 'seven',
    });
    return round;
  }

  /** Sets the state of a stream that another context owns. */
  async place(stream: string, state: OrganSeats | object): Promise<void> {
    const { length } = await this.states.fresh(stream);
    const event: Envelope = {
      id: derivedUuid(stream, String(length)),
      stream,
      revision: length,
      type: 'Given',
      version: 1,
      data: state,
      meta: {
        alliance: 'a',
        actor: 'test',
        power: 'test',
        charter: 1,
        proof: [],
        command: derivedUuid(stream, `command-${length}`),
        digest: '',
        correlation: '',
        recordedAt: new Date(this.clock.now()).toISOString(),
      },
    };
    await this.store.append({ stream, expectedLength: length, events: [event] });
  }

  async seat(organ: string, held: Seats[string]): Promise<void> {
    await this.place(`organ-${organ}`, { seats: held.map(seatOf) });
  }

  send(person: string, context: Context, id: string, type: string, data: object): Promise<Receipt> {
    this.commands += 1;
    const commandId = derivedUuid(uuidv7Like(this.clock.now()), String(this.commands));
    const caller = { kind: 'person', alliance: 'a', actor: this.key ?? person, principal: person, commandId } as const;
    return this.handling.handle(context, id, { type, data }, caller);
  }

  /** A person's command to the case. */
  act(person: string, type: string, data: object = {}, at = caseId): Promise<Receipt> {
    const id = at === caseId && type === 'SubmitApplication' ? openly : whereIn(this.definition, at);
    return this.send(person, caseContext, id, type, data);
  }

  /** The code with which a command is refused. @throws Error where it is accepted */
  async refusal(person: string, type: string, data: object = {}, id = caseId): Promise<DomainError> {
    const before = (await this.history(id)).length;
    const failure: unknown = await this.act(person, type, data, id).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (failure === undefined) throw new Error(`${type} by ${person} was accepted`);
    if (!(failure instanceof DomainError)) throw failure;
    if ((await this.history(id)).length !== before) throw new Error(`${type} was refused and still left an event`);
    return failure;
  }

  history(id = caseId): Promise<readonly RecordedEvent[]> {
    return this.store.read(`case-${whereIn(this.definition, id)}`);
  }

  async types(id = caseId): Promise<readonly string[]> {
    return (await this.history(id)).map(({ type }) => type);
  }

  async state(id = caseId): Promise<Case> {
    const { state } = await this.states.fresh<CaseState>(`case-${whereIn(this.definition, id)}`);
    if (state.status === 'none') throw new Error(`there is no case ${id}`);
    return state;
  }

  /** What is owed by everything that happened, and not yet settled: computed from the log alone. */
  async owed(): Promise<readonly Owed[]> {
    const { events } = await this.store.readAll(0n, { limit: 100_000, categories: ['round', 'case', 'meeting'] });
    let owed: Owed[] = [];
    const folded = new Map<string, unknown>();
    for (const event of events) {
      const { decider } = contexts[categoryOf(event.stream)] as Context;
      const state = evolved(decider, folded.get(event.stream) ?? decider.initialState, event);
      folded.set(event.stream, state);
      const settled = settles(event);
      owed = owed.filter(({ effect: { during }, commandId, stream }) => {
        if (commandId === settled.commandId) return false;
        if (stream !== event.stream || during === undefined) return true;
        if (settled.allStages === true) return false;
        const { during: part } = settled;
        const same = part?.stage === during.stage && part.visit === during.visit;
        return !(same && (part.of === undefined || part.of === during.of));
      });
      const effects = effectsOf(this.definition, state as CaseState | RoundState, event);
      owed.push(
        ...effects.map((effect, index) => ({
          effect,
          commandId: derivedUuid(event.id, `effect.${index}`),
          stream: event.stream,
        })),
      );
    }
    return owed;
  }

  /** The engine at work: everything owed that is due, until nothing more is. */
  async settle(): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      const due = (await this.owed()).filter(
        ({ effect: { dueAt }, commandId }) =>
          !tried.has(commandId) && (dueAt === undefined || Date.parse(dueAt) <= this.clock.now()),
      );
      const next = due[0];
      if (next === undefined) return;
      tried.add(next.commandId);
      await this.carryOut(next);
    }
  }

  /** Lets time pass up to an instant; the engine does at each due time what is due then. */
  async until(at: string): Promise<void> {
    for (;;) {
      await this.settle();
      const times = (await this.owed()).flatMap(({ effect: { dueAt } }) => (dueAt === undefined ? [] : [Date.parse(dueAt)]));
      const next = Math.min(...times.filter((time) => time > this.clock.now()), Date.parse(at));
      if (this.clock.now() >= Date.parse(at)) return;
      this.clock.advanceTo(next);
    }
  }

  async carryOut({ effect: { command, needs }, commandId }: Owed): Promise<void> {
    const known = contexts[command.context];
    if (known === undefined) {
      this.sentElsewhere.push(command);
      return;
    }
    const data = needs === 'loads' ? { ...command.data, loads: this.loads } : command.data;
    const caller = { kind: 'engine', alliance: 'a', commandId, workflow: 'alliance-recognition', proof: ['opening'] } as const;
    try {
      await this.handling.handle(known, command.id, { type: command.type, data }, caller);
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      this.refused.push(`${command.type}: ${failure.code}`);
    }
  }
}

const seatOf = ({ person, ...more }: Partial<Seat> & { readonly person: string }): Seat => ({
  person,
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${person}`,
  ...more,
});

const file = (slot: string, digit: string) => ({ slot, sha256: digit.repeat(64), bytes: 1000, mediaType: 'application/pdf' });

/** An application that meets every rule. */
export const application = {
  institution: applicant,
  form: { title: '大学物理', kind: 'online', cycles: 3, inTrainingPlan: true, leader: 'person-1', summary: '课程特色' },
  files: [file('syllabus', 'a')],
};

/** Scores of the rubric, the same for every criterion. */
export const scored = (points: number) =>
  ['objectives', 'content', 'teaching', 'assessment', 'outcomes', 'team'].map((criterion) => ({ criterion, points }));

export const review = (points: number, vetoes: readonly string[] = []) => ({
  stage: 'expert-review',
  scores: scored(points),
  vetoes,
  comment: '评审意见',
});

/** The application as it comes to a stage. */
export async function broughtTo(stage: string, options: TestRoundOptions = {}): Promise<TestRound> {
  const round = await TestRound.open(options);
  const steps: readonly [string, () => Promise<unknown>][] = [
    ['endorsement', () => round.act('dean', 'SubmitApplication', application)],
    ['recommendation', () => round.act('dean', 'PassCheck', { stage: 'endorsement' })],
    ['formal-check', () => round.act('province', 'PassCheck', { stage: 'recommendation' })],
    ['expert-review', () => round.act('secretary', 'PassCheck', { stage: 'formal-check' })],
    ['committee', () => everyReview(round, 8)],
    ['publicity', () => everyVote(round, 'for')],
  ];
  for (const [reached, step] of steps) {
    await step();
    await round.settle();
    if (reached === stage) return round;
  }
  throw new Error(`nobody brings an application to ${stage}`);
}

export async function everyReview(round: TestRound, points: number): Promise<void> {
  for (const reviewer of await assigned(round)) await round.act(reviewer, 'SubmitReview', review(points));
}

/** Reviewers with an open assignment. */
export async function assigned(round: TestRound): Promise<readonly string[]> {
  const { visits } = await round.state();
  return visits.flatMap((visit) =>
    visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === 'open').map(({ reviewer }) => reviewer) : [],
  );
}

export const committee = ['chair', 'deputy', 'member-1', 'member-2', 'member-3'] as const;

export async function everyVote(round: TestRound, choice: 'for' | 'against' | 'abstain'): Promise<void> {
  for (const person of committee) await round.act(person, 'CastVote', { stage: 'committee', choice });
}
