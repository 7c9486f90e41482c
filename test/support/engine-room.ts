import { recognitionContext } from '#accreditation';
import {
  type CharterHistory,
  CommandHandling,
  type Context,
  derivedUuid,
  DomainError,
  type EventStore,
  InMemoryEventStore,
  InMemoryVault,
  type Receipt,
  type RecordedEvent,
  States,
  uuidv7,
  VirtualClock,
} from '#kernel';
import {
  assignmentContext,
  type Case,
  caseContext,
  type CaseState,
  type Definition,
  calendarContext,
  loadDefinition,
  noticesContext,
  owingRules,
  placesContext,
  placesFromLog,
  registrationContext,
  SimulatedRuntime,
} from '#workflow';
import { addressIn } from './addresses.js';
import { definitionContext, roundContext } from '../../apps/server/contexts.js';
import { stateOnly } from './state-only.js';

export const applicant = '4111010001';
export const partner = '4144010559';

const powers = {
  'submit-application': { organ: 'deans-office' },
  'withdraw-application': { organ: 'deans-office' },
  'confirm-application': { organ: 'deans-office' },
  'confirm-platform': { organ: 'platform' },
  'check-application': { organ: 'secretariat' },
  'review-application': { organ: 'expert-panel' },
  'manage-panel': { organ: 'secretariat' },
  'decide-recognition': { organ: 'committee', rule: 'majority' },
  'decide-appeal': { organ: 'board' },
  publicise: { organ: 'secretariat' },
  'raise-objection': { organ: 'public' },
  'rule-on-objection': { organ: 'board' },
  'hear-objection': { organ: 'board' },
  'supervise-course': { organ: 'supervisors' },
  'issue-notice': { organ: 'secretariat', workflows: ['obligation'] },
  'recognise-course': { organ: 'secretariat', workflows: ['obligation', 'appealed'] },
  'withdraw-recognition': { organ: 'secretariat', workflows: ['obligation'] },
  'register-for-event': { organ: 'public' },
  'manage-event': { organ: 'secretariat' },
  'adopt-workflow': { organ: 'secretariat' },
  'open-round': { organ: 'secretariat' },
  'operate-workflow': { organ: 'engine' },
} as const;

const charter = {
  version: 1,
  adoption: 'adoption',
  organs: {
    secretariat: { scope: 'alliance' },
    platform: { scope: 'alliance' },
    'expert-panel': { scope: 'alliance' },
    committee: { scope: 'alliance' },
    board: { scope: 'alliance' },
    supervisors: { scope: 'alliance' },
    'deans-office': { scope: 'institution' },
  } as const,
  powers,
  rules: {
    majority: {
      quorum: { atLeast: [1, 2], of: 'eligible-seats' },
      majority: { over: [1, 2], of: 'votes-cast' },
      tie: 'not-carried',
    },
  } as const,
};

const seats: Readonly<Record<string, readonly string[]>> = {
  'organ-a.secretariat': ['secretary'],
  'organ-a.platform': ['platform'],
  'organ-a.supervisors': ['supervisor'],
  'organ-a.expert-panel': ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'],
  'organ-a.committee': ['member-1', 'member-2', 'expert-5'],
  'organ-a.board': ['judge-1', 'judge-2', 'member-2'],
  [`organ-a.deans-office.${applicant}`]: ['dean'],
  [`organ-a.deans-office.${partner}`]: ['partner'],
};

const seatOf = (person: string) => ({
  person,
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${person}`,
});

export const contexts: Readonly<Record<string, Context>> = {
  definition: definitionContext,
  calendar: calendarContext,
  round: roundContext,
  case: caseContext,
  assignment: assignmentContext,
  notices: noticesContext,
  registration: registrationContext,
  places: placesContext,
  recognition: recognitionContext,
};

/** States over a log that an engine room has written. */
export function statesOf(store: EventStore): States {
  const states = new States(store);
  const fixed = [
    stateOnly('charter', { version: 0 }),
    stateOnly('organ', { seats: [] }),
    stateOnly('membership', { status: 'member' }),
    stateOnly('institution', { facts: { name: '示例大学', province: '11', level: 'undergraduate' } }),
    stateOnly('course', { facts: { institution: applicant, kind: 'online', credits: 2 } }),
  ];
  for (const decider of fixed) states.register(decider);
  for (const { decider } of Object.values(contexts)) states.register(decider);
  return states;
}

/**
 * The engine in memory with a small definition: real rules, command handling, authority and runtime, in virtual time.
 *
 * Every course is the applicant's.
 */
export class EngineRoom {
  readonly clock = new VirtualClock(Date.parse('2026-03-02T01:00:00.000Z'));
  private readonly vault = new InMemoryVault();
  private commands = 0;
  /** The machine key that everybody sends their commands with, if they do. */
  key: string | undefined;
  states: States;
  private handling: CommandHandling;
  runtime: SimulatedRuntime;

  private constructor(
    readonly definition: Definition,
    readonly store = new InMemoryEventStore(),
  ) {
    const parts = this.started();
    this.states = parts.states;
    this.handling = parts.handling;
    this.runtime = parts.runtime;
  }

  /** @param change - changes the definition before it is adopted */
  static async open(workflow: string, change: (definition: Definition) => Definition = (same) => same): Promise<EngineRoom> {
    const { definition } = await loadDefinition(`test/support/workflows/${workflow}.yaml`);
    const room = new EngineRoom(change(definition));
    const history: CharterHistory = { ...charter, versions: { 1: charter } };
    await room.place('charter-a', history);
    for (const [stream, people] of Object.entries(seats)) await room.place(stream, { seats: people.map(seatOf) });
    await room.send('secretary', 'definition', `a.${workflow}`, 'AdoptDefinition', { definition: room.definition });
    await room.send('secretary', 'round', 'a.one', 'OpenRound', {
      definition: { id: workflow, version: 1 },
      title: { en: 'One', zh: '第一轮' },
      opensAt: '2026-03-02T01:00:00.000Z',
      seed: 'seven',
    });
    return room;
  }

  private started() {
    const { store, clock, vault } = this;
    const states = statesOf(store);
    const handling = new CommandHandling(store, states, vault, clock);
    const loads = async () => ({});
    const lookups = { places: placesFromLog(store) };
    const rules = owingRules(states);
    return { states, handling, runtime: new SimulatedRuntime({ rules, store, clock, handling, contexts, loads, lookups }) };
  }

  /** Everything but the log is lost and made anew, as after a crash. */
  restart(): void {
    Object.assign(this, this.started());
  }

  private async place(stream: string, data: object): Promise<void> {
    const meta = {
      alliance: 'a',
      actor: 'test',
      power: 'test',
      charter: 1,
      proof: [],
      command: derivedUuid(stream, 'command'),
      digest: '',
      correlation: '',
      recordedAt: new Date(this.clock.now()).toISOString(),
    };
    const event = { id: derivedUuid(stream, '0'), stream, revision: 0, type: 'Given', version: 1, data, meta };
    await this.store.append({ stream, expectedLength: 0, events: [event] });
  }

  async send(person: string, category: string, id: string, type: string, data: object = {}): Promise<Receipt> {
    this.commands += 1;
    const parent = `${uuidv7(this.clock.now()).slice(0, 14)}7000-8000-000000000000`;
    const commandId = derivedUuid(parent, String(this.commands));
    const caller = { kind: 'person', alliance: 'a', actor: this.key ?? person, principal: person, commandId } as const;
    const isNamed = (category === 'case' && type !== 'SubmitApplication') || category === 'registration';
    const at = isNamed ? await this.addressOf(id) : id;
    return this.handling.handle(contexts[category] as Context, at, { type, data }, caller);
  }

  /** A person's command to a case, and what the engine does at once after it. */
  async act(person: string, type: string, data: object = {}, course = 'course-1'): Promise<void> {
    await this.send(person, 'case', `a.one.${course}`, type, data);
    await this.settle();
  }

  /** Whoever owes a review at a stage gives it. */
  async review(stage: string, points: number, course?: string): Promise<void> {
    const visit = (await this.state(course)).visits.findLast((one) => one.stage === stage);
    const reviewers = visit?.kind === 'panel' ? visit.assignments.map(({ reviewer }) => reviewer) : [];
    for (const reviewer of reviewers) {
      const scores = [{ criterion: 'merit', points }];
      await this.act(reviewer, 'SubmitReview', { stage, scores, vetoes: [], comment: '意见' }, course);
    }
  }

  /** A person's command to their own registration. */
  async register(person: string, type = 'Register', data: object = {}): Promise<void> {
    await this.send(person, 'registration', `a.one.course-1.${person}`, type, data);
  }

  /** The code with which something is refused, with no event left. @throws Error where it is accepted */
  async refusal(attempt: () => Promise<unknown>): Promise<string> {
    const before = await this.store.head();
    const failure: unknown = await attempt().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (failure === undefined) throw new Error('it was accepted');
    if (!(failure instanceof DomainError)) throw failure;
    if ((await this.store.head()) !== before) throw new Error('it was refused and still left an event');
    return failure.code;
  }

  settle(): Promise<void> {
    return this.runtime.drain(this.clock.now());
  }

  until(at: string): Promise<void> {
    return this.runtime.drain(Date.parse(at));
  }

  async state(course = 'course-1'): Promise<Case> {
    const { state } = await this.states.fresh<CaseState>(`case-${await this.addressOf(`a.one.${course}`)}`);
    if (state.status === 'none') throw new Error(`there is no case of ${course}`);
    return state;
  }

  async history(stream = 'case-a.one.course-1'): Promise<readonly RecordedEvent[]> {
    const [category, id = ''] = stream.split(/-(.*)/s);
    return this.store.read(category === 'case' ? `case-${await this.addressOf(id)}` : stream);
  }

  /** Where the case of a subject is: `a.one.course-1`. */
  addressOf(name: string): Promise<string> {
    return addressIn(this.states, 'a.one', name);
  }

  async types(stream?: string): Promise<readonly string[]> {
    return (await this.history(stream)).map(({ type }) => type);
  }

  async all(): Promise<readonly RecordedEvent[]> {
    return (await this.store.readAll(0n, { limit: 100_000 })).events;
  }
}

/** An application under `obligation`, as it comes to the stage. */
export async function obliged(
  stage: 'consent' | 'keeping',
  change?: (definition: Definition) => Definition,
  form: object = { title: '大学物理', partner },
): Promise<EngineRoom> {
  const room = await EngineRoom.open('obligation', change);
  await room.act('dean', 'SubmitApplication', { institution: applicant, form, files: [] });
  if (stage === 'consent') return room;
  for (const [person, party] of [
    ['dean', 'institution'],
    ['platform', 'platform'],
    ['partner', 'partner'],
  ] as const)
    await room.act(person, 'ConfirmAsParty', { stage: 'consent', party });
  return room;
}

/** An application under `appealed`, with both its reviews given: it goes on to the committee from 6 points on. */
export async function reviewed(points: number, change?: (definition: Definition) => Definition): Promise<EngineRoom> {
  const room = await EngineRoom.open('appealed', change);
  const files = [{ slot: 'syllabus', sha256: 'a'.repeat(64), bytes: 9, mediaType: 'application/pdf' }];
  await room.act('dean', 'SubmitApplication', {
    institution: applicant,
    form: { title: '大学物理', summary: '本校王老师主讲' },
    files,
  });
  await room.review('review', points);
  return room;
}

/** A training event that takes registrations for so many places. */
export async function training(places: number): Promise<EngineRoom> {
  const room = await EngineRoom.open('training');
  await room.act('dean', 'SubmitApplication', { institution: applicant, form: { title: '慕课教学', places }, files: [] });
  return room;
}
