import {
  type AnyDecider,
  type CharterHistory,
  charterStream,
  CommandHandling,
  type Context,
  type DecisionRule,
  derivedUuid,
  type EventStore,
  InMemoryEventStore,
  InMemoryVault,
  membershipStream,
  organStream,
  type PersonCaller,
  publicOrgan,
  type Receipt,
  type RecordedEvent,
  type Seat,
  States,
  VirtualClock,
} from '#kernel';
import {
  type Case,
  type CaseState,
  type CharterGiven,
  type Definition,
  applicationsInLog,
  assignHere,
  assignmentsFrom,
  casesInLog,
  entrantsInLog,
  outlineOf,
  owingRules,
  placesFromLog,
  provisionalInLog,
  SimulatedRuntime,
} from '#workflow';
import { allContexts } from '../../apps/server/contexts.js';
import { addressIn } from './addresses.js';
import { stateOnly } from './state-only.js';

export const applicant = '4111010001';
const province = '11';
const start = Date.parse('2026-03-02T01:00:00.000Z');

/** What other contexts know, as far as workflows ask. */
const given: readonly AnyDecider[] = [
  stateOnly('charter', { version: 0 }),
  stateOnly('organ', { seats: [] }),
  stateOnly('membership', { status: 'member' }),
  stateOnly('institution', { facts: { name: '示例大学', province, level: 'undergraduate' } }),
  stateOnly('course', { facts: { institution: applicant, kind: 'online', credits: 2 } }),
];
const isGiven = (category: string): boolean => given.some((decider) => decider.category === category);

/** Every context that workflows can reach, whatever there is. */
export const contexts: Readonly<Record<string, Context>> = Object.fromEntries(
  allContexts.filter(({ name }) => !isGiven(name)).map((context) => [context.name, context]),
);

/** States over a log that a room has written. */
export function statesOf(store: EventStore, as: (decider: AnyDecider) => AnyDecider = (same) => same): States {
  const states = new States(store);
  for (const decider of [...given, ...Object.values(contexts).map(({ decider }) => decider)]) states.register(as(decider));
  return states;
}

type Powers = Record<string, { organ: string; rule?: string; workflows?: string[] }>;

const byCorrespondence: DecisionRule = {
  quorum: { atLeast: [1, 2], of: 'eligible-seats' },
  majority: { over: [1, 2], of: 'votes-cast' },
  tie: 'chair-decides',
};

/** The numbers of the seats of every organ. */
export const people = ['1', '2', '3', '4', '5', '6'] as const;
const roles = { '1': 'chair', '2': 'deputy' } as Readonly<Record<string, Seat['role']>>;

/** An organ for each power that a definition names: whoever sits there is called after it, `<power>-1` to `<power>-6`. */
function charterFor(definitions: readonly Definition[], rule: DecisionRule): CharterHistory {
  const subcases = definitions.flatMap((definition) => Object.values(definition.subcases ?? {}));
  const outlines = [...definitions, ...subcases].flatMap(({ stages }) => stages.map(outlineOf));
  const workflows = [...new Set(definitions.map(({ id }) => id))];
  const organs: Record<string, CharterGiven['organs'][string]> = { secretariat: { scope: 'alliance' } };
  const powers: Powers = {};
  const give = (power: string, scope?: string): void => {
    const own = scope === 'institution' || scope === 'province' ? scope : scope === undefined ? 'alliance' : 'institution';
    // Most seats are empty: there is room for every appeal that a definition may know.
    organs[power] = { scope: own, seats: { size: 500 } };
    powers[power] = { organ: power };
  };
  for (const { subject } of definitions) for (const power of Object.values(subject.powers)) give(power, 'institution');
  for (const { power, scope, part } of outlines.flatMap((outline) => outline.powers)) {
    if (part === 'objects' || part === 'registers') powers[power] = { organ: publicOrgan };
    else if (powers[power] === undefined) give(power, scope);
  }
  for (const subcase of subcases) {
    if (powers[subcase.manage] === undefined) give(subcase.manage);
    if (subcase.kind === 'appeal' && powers[subcase.power] === undefined) give(subcase.power, 'institution');
  }
  for (const { power, votes } of outlines.flatMap(({ benches }) => benches))
    if (votes) powers[power] = { organ: power, rule: 'vote' };
  // What contexts need beyond that belongs to the secretariat, which lets the workflow carry it out.
  const fixed = allContexts.flatMap(({ decider }) => Object.values(decider.permits));
  const rest = [
    'operate-workflow',
    'adopt-workflow',
    'open-round',
    'migrate-cases',
    'resolve-incidents',
    ...fixed.filter((one) => typeof one === 'string'),
  ];
  for (const power of rest)
    powers[power] = { organ: power === 'operate-workflow' ? 'engine' : 'secretariat', ...powers[power], workflows };
  const inForce = { version: 1, adoption: 'adoption', organs, powers, rules: { vote: rule } };
  return { ...inForce, versions: { 1: inForce } };
}

const seatOf = (organ: string, number: string): Seat => ({
  person: `${organ}-${number}`,
  role: roles[number] ?? 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${organ}-${number}`,
  institution: `institution-${number}`,
});

/** Any definition in memory: the real rules, authority and command handling, under a charter made for it; the engine in virtual time. */
export class AnyRoom {
  readonly clock = new VirtualClock(start);
  private readonly vault = new InMemoryVault();
  private commands = 0;
  states!: States;
  handling!: CommandHandling;
  runtime!: SimulatedRuntime;

  private constructor(
    readonly definition: Definition,
    readonly charter: CharterHistory,
    readonly store = new InMemoryEventStore(),
  ) {
    this.restart();
  }

  /** A round of the first version, open for twenty working days; the other versions are adopted when the test says so. */
  static open(definition: Definition, ...later: readonly Definition[]): Promise<AnyRoom> {
    return AnyRoom.under(byCorrespondence, definition, ...later);
  }

  /** As `open`; organs that vote do so by this rule. */
  static async under(rule: DecisionRule, definition: Definition, ...later: readonly Definition[]): Promise<AnyRoom> {
    const room = new AnyRoom(definition, charterFor([definition, ...later], rule));
    await room.place(charterStream('a'), room.charter);
    for (const organ of Object.keys(room.charter.organs)) await room.seat(organ, people);
    await room.adopt(definition);
    await room.send('secretariat-1', 'round', 'a.one', 'OpenRound', {
      definition: { id: definition.id, version: definition.version },
      title: { en: 'One', zh: '第一轮' },
      opensAt: new Date(start).toISOString(),
      seed: 'seven',
    });
    return room;
  }

  /** Everyone who sits anywhere, and somebody who does not. */
  get people(): readonly string[] {
    return [...Object.keys(this.charter.organs).flatMap((organ) => people.map((number) => `${organ}-${number}`)), 'someone'];
  }

  /** Everything but the log is lost and made anew, as after a crash. */
  restart(): void {
    const { store, clock, vault } = this;
    this.states = statesOf(store);
    this.handling = new CommandHandling(store, this.states, vault, clock);
    this.runtime = new SimulatedRuntime(this.parts);
  }

  /** What an engine over this log is made of. */
  get parts() {
    const { store, states, handling, clock } = this;
    return {
      rules: owingRules(states),
      store,
      handling,
      contexts,
      clock,
      loads: async () => ({}),
      lookups: {
        entrants: entrantsInLog(store),
        places: placesFromLog(store),
        applications: applicationsInLog(store),
        provisional: provisionalInLog(store),
        assignment: assignmentsFrom({ states, cases: casesInLog(store), clock, assign: assignHere }),
      },
    };
  }

  adopt(definition: Definition): Promise<Receipt> {
    return this.send('secretariat-1', 'definition', `a.${definition.id}`, 'AdoptDefinition', { definition });
  }

  /** Suspends the applicant's membership, or reinstates it. */
  async suspend(isSuspended: boolean): Promise<void> {
    const [type, status] = isSuspended ? ['MemberSuspended', 'suspended'] : ['MemberReinstated', 'member'];
    await this.place(membershipStream('a', applicant), { status }, type);
  }

  /** From now on, these of an organ's seats are held, and no other. */
  async seat(organ: string, held: readonly string[]): Promise<void> {
    const { scope = 'alliance' } = this.charter.organs[organ] ?? {};
    const where = { alliance: undefined, institution: applicant, province }[scope];
    await this.place(organStream('a', organ, where), { seats: held.map((number) => seatOf(organ, number)) });
  }

  /** Sets the state of a stream that another context owns; of one of ours, by the name of an event. */
  async place(stream: string, data: object, type = 'Given'): Promise<void> {
    const { length } = await this.states.fresh(stream);
    const meta = {
      alliance: 'a',
      actor: 'test',
      power: 'test',
      charter: 1,
      proof: [],
      command: derivedUuid(stream, `command-${length}`),
      digest: '',
      correlation: '',
      recordedAt: new Date(this.clock.now()).toISOString(),
    };
    const event = { id: derivedUuid(stream, String(length)), stream, revision: length, type, version: 1, data, meta };
    await this.store.append({ stream, expectedLength: length, events: [event] });
    await this.states.fresh(stream);
  }

  /** An id for the next command of somebody: the same in every run. */
  nextCommand(): string {
    this.commands += 1;
    return derivedUuid('01980000-0000-7000-8000-000000000000', String(this.commands));
  }

  /** A person's command; to a case, or about one, by the name of its subject. */
  async send(person: string, category: string, id: string, type: string, data: object = {}): Promise<Receipt> {
    const isNamed = (category === 'case' && type !== 'SubmitApplication') || category === 'registration';
    return this.sendTo(isNamed ? await this.addressOf(id) : id, person, category, type, data);
  }

  /** A person's command, to an address as it is. */
  sendTo(
    address: string,
    person: string,
    category: string,
    type: string,
    data: object,
    commandId = this.nextCommand(),
  ): Promise<Receipt> {
    const caller: PersonCaller = { kind: 'person', alliance: 'a', actor: person, principal: person, commandId };
    const context = contexts[category];
    if (context === undefined) throw new Error(`there is no context ${category}`);
    return this.handling.handle(context, address, { type, data }, caller);
  }

  /** A person's command to a case, and what the engine does at once after it. */
  async act(person: string, type: string, data: object = {}, subject = 'course-1'): Promise<void> {
    await this.send(person, 'case', `a.one.${subject}`, type, data);
    await this.settle();
  }

  settle(): Promise<void> {
    return this.runtime.drain(this.clock.now());
  }

  async state(subject = 'course-1'): Promise<Case> {
    const { state } = await this.states.fresh<CaseState>(`case-${await this.addressOf(`a.one.${subject}`)}`);
    if (state.status === 'none') throw new Error(`there is no case of ${subject}`);
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
}
