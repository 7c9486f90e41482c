import type { CharterDocument } from '#charter';
import { DomainError, InMemoryEventStore, InMemoryVault, type Message, type RecordedEvent, sha256, type Text } from '#kernel';
import type { SeatRole } from '#organisation';
import {
  type Case,
  type CaseState,
  commandsAt,
  type Definition,
  entryFor,
  openVisits,
  procedureOf,
  type Round,
  roundStream,
  stageFor,
} from '#workflow';
import { Rehearsal } from '../../server/rehearsal.js';
import { type CourseToSubmit, registerCourse } from '../../server/rehearsal.applications.js';
import { found, type Someone } from '../../server/rehearsal.founding.js';
import { type Application, changed, type Given, type Step } from './scenario.shape.js';
import type { LocalTime } from './scenario.time.js';

const alliance = 'scenario';
const round = 'round';
const dayMs = 86_400_000;

const toNoStage: ReadonlySet<string> = new Set(['GrantExtension', 'CloseRound', 'WithdrawApplication', 'LodgeAppeal']);

/** A scenario names somebody or something that is not there. */
export class ScenarioMistake extends Error {
  readonly text: Text;

  constructor(en: string, zh: string) {
    super(en);
    this.text = { en, zh };
  }
}

/** The alliance of one scenario, in memory and in virtual time: real rules, real authority, the real engine. */
export class World {
  private readonly rehearsal: Rehearsal;
  private readonly store = new InMemoryEventStore();
  /** What steps are about: an application by its name, '' for the file's own, and a sub-case of it. */
  private name = '';
  private about: string | undefined;
  private readonly entries = new Map<string, string>();

  private constructor(
    private readonly definition: Definition,
    private readonly given: Given,
    startMs: number,
  ) {
    this.rehearsal = new Rehearsal({ store: this.store, vault: new InMemoryVault(), alliance, startMs, root: given.round.seed });
  }

  /** Founds the alliance a day before the round opens, and opens the round. */
  static async open(definition: Definition, given: Given, charter: CharterDocument, time: LocalTime): Promise<World> {
    const [opensMs, closesMs] = [time.parse(given.round.opens), time.parse(given.round.closes)];
    const world = new World(definition, given, opensMs - dayMs);
    await world.begin(charter, opensMs, closesMs);
    return world;
  }

  private async begin(charter: CharterDocument, opensMs: number, closesMs: number): Promise<void> {
    const { rehearsal, given, definition } = this;
    const { id, version } = definition;
    const term = { from: new Date(opensMs - 365 * dayMs).toISOString(), until: new Date(opensMs + 1000 * dayMs).toISOString() };
    const keeper: Someone = { ...this.someone('opens the round', {}), seats: [{ organ: organOf(charter, 'open-round') }] };
    const people = [keeper, ...Object.entries(given.people).map(([name, person]) => this.someone(name, person))];
    await found(rehearsal, { charter, institutions: institutionsOf(given), people, term });
    await rehearsal.operator('definition', id, { type: 'AdoptDefinition', data: { definition } });
    await rehearsal.until(opensMs);
    await rehearsal.as(keeper.person, 'round', round, {
      type: 'OpenRound',
      data: {
        definition: { id, version },
        title: { en: 'Round', zh: '轮次' },
        opensAt: new Date(opensMs).toISOString(),
        closesAt: new Date(closesMs).toISOString(),
        seed: given.round.seed,
        ...(given.round.dates === undefined ? {} : { dates: given.round.dates }),
        ...(given.round.quotas === undefined ? {} : { quotas: given.round.quotas }),
      },
    });
    const { state } = await rehearsal.states.fresh<Round>(roundStream(alliance, round));
    for (const name of ['', ...Object.keys(given.others ?? {})]) {
      this.turnTo(name);
      this.entries.set(name, entryFor(state, this.subject));
      await this.registerSubject();
    }
    this.turnTo();
    await rehearsal.until(opensMs);
  }

  private someone(name: string, { institution, seats = [] }: Given['people'][string]): Someone {
    return {
      person: this.rehearsal.person(name),
      name: { zh: name, en: name },
      ...(institution === undefined ? {} : { institution }),
      seats: seats.map(seatOf),
    };
  }

  /** Whoever applies has something to apply with: a course of the applicant's, entered by its office. */
  private async registerSubject(): Promise<void> {
    const { institution, form, course } = this.application;
    const [dean] =
      Object.entries(this.given.people).find(([, { seats = [] }]) => seats.includes(`deans-office.${institution}`)) ?? [];
    if (dean === undefined)
      throw new ScenarioMistake(`nobody sits in deans-office.${institution}`, `deans-office.${institution} 无人任职`);
    const leader = this.rehearsal.person('leader');
    await registerCourse(this.rehearsal, this.rehearsal.person(dean), {
      id: this.subject,
      institution,
      title: { zh: '大学物理', en: 'Physics' },
      kind: (form['kind'] ?? 'online') as CourseToSubmit['kind'],
      discipline: '07',
      credits: 2,
      runs: 3,
      leader,
      leaderName: '课程负责人',
      ...course,
    });
  }

  private get subject(): string {
    return this.rehearsal.id(`subject${this.name}`);
  }

  private get application(): Application {
    return changed(this.given.application, this.given.others?.[this.name]);
  }

  get nowMs(): number {
    return this.rehearsal.clock.now();
  }

  /** Lets the engine do what is due up to an instant. */
  async pass(untilMs: number): Promise<void> {
    await this.rehearsal.until(untilMs);
  }

  /** Carries out one step now, for each of those whom it names. @throws DomainError as soon as one of them is refused */
  async act({ by = '', do: type = '', with: data = {} }: Step): Promise<void> {
    for (const person of await this.named(by)) {
      const [category, id] = await this.addressOf(type);
      await this.rehearsal.as(person, category, id, await this.command(type, data));
      await this.rehearsal.until(this.nowMs);
    }
  }

  /** What steps are about from here on: another application (`rival`), a sub-case (`appeal.1`, `rival.appeal.1`), or the application itself. */
  turnTo(of = ''): void {
    const [first = ''] = of.split('.');
    this.name = Object.hasOwn(this.given.others ?? {}, first) ? first : '';
    this.about = (this.name === '' ? of : of.slice(first.length + 1)) || undefined;
  }

  /** What the case that steps are about runs under. */
  private get procedure(): Definition {
    return this.about === undefined ? this.definition : procedureOf(this.definition, this.about.split('.')[0] ?? '');
  }

  private get address(): string {
    return [round, this.entryOf(this.name), ...(this.about === undefined ? [] : [this.about])].join('.');
  }

  private entryOf(name: string): string {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new ScenarioMistake(`there is no application called "${name}"`, `没有名为“${name}”的申报`);
    return entry;
  }

  private async addressOf(type: string): Promise<readonly [string, string]> {
    if (type === 'SubmitApplication') return ['case', `${round}.${this.subject}`];
    if (type === 'DecideTie') return ['ranking', `${round}.${await this.stage()}`];
    return type === 'GrantExtension' || type === 'CloseRound' ? ['round', round] : ['case', this.address];
  }

  private async command(type: string, data: NonNullable<Step['with']>): Promise<Message> {
    if (type === 'SubmitApplication') return { type, data: { ...handedIn(this.definition, this.application), ...data } };
    if (type === 'DecideTie') return { type, data: { ...data, order: this.ordered(data['order']) } };
    if (toNoStage.has(type)) return { type, data };
    const { institution: _institution, ...papers } = handedIn(this.definition, this.application);
    const usual: Readonly<Record<string, () => Promise<object>>> = {
      ResubmitApplication: async () => papers,
      SubmitReview: async () => this.reviewWith(data),
      ReviseReview: async () => ({ ...(await this.reviewWith(data)), reason: '听取讨论后修改。Thought again.' }),
      DiscussReviews: async () => ({ comment: '讨论意见。A comment.' }),
      RuleOnObjection: async () => ({ objection: await this.lastObjection(), reason: '经查。Looked into.' }),
      RaiseObjection: async () => objection,
    };
    const { points: _points, ...told } = data;
    const named = typeof told['person'] === 'string' ? { person: this.person(told['person']) } : {};
    return { type, data: { stage: await this.stage(type), ...(await usual[type]?.()), ...told, ...named } };
  }

  /** Applications by what a scenario calls them, the file's own `application`. */
  private ordered(names: unknown): readonly string[] {
    if (!Array.isArray(names))
      throw new ScenarioMistake(
        'a tie is decided by an order: order: [rival, application]',
        '并列须写明先后：order: [rival, application]',
      );
    return names.map((name) => this.entryOf(name === 'application' ? '' : String(name)));
  }

  private async reviewWith({ points = 8 }: NonNullable<Step['with']>): Promise<object> {
    const stage = stageFor(this.procedure, await this.stage('SubmitReview'), await this.case());
    if (stage.kind !== 'panel') throw new ScenarioMistake(`"${stage.id}" takes no reviews`, `“${stage.id}”环节不评审`);
    const scores = stage.rubric.criteria.map(({ id }) => ({ criterion: id, points }));
    return { scores, vetoes: [], comment: '评审意见。A comment.' };
  }

  private async lastObjection(): Promise<string> {
    const visits = openVisits(await this.case()).flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : []));
    return visits.at(-1)?.id ?? 'none';
  }

  private person(name: string): string {
    if (!Object.hasOwn(this.given.people, name))
      throw new ScenarioMistake(`there is nobody called "${name}"`, `没有名为“${name}”的人员`);
    return this.rehearsal.person(name);
  }

  /** Persons by what a step calls them. */
  private async named(by: string): Promise<readonly string[]> {
    const assigned = /^(reviewer|scorer) (\d+)$|^(reviewers)$/.exec(by);
    if (assigned !== null) {
      const [, role = 'reviewer', place] = assigned;
      const all = await this.assigned(role === 'scorer' ? 'submitted' : 'open');
      const chosen = place === undefined ? all : all.slice(Number(place) - 1, Number(place));
      if (chosen.length === 0) throw new ScenarioMistake(`there is no ${by} now`, `目前没有 ${by}`);
      return chosen;
    }
    if (by === 'voters' || by === 'presiding') {
      const [sitting] = openVisits(await this.case()).flatMap((visit) =>
        visit.kind === 'ballot' ? visit.sittings.slice(-1) : [],
      );
      if (sitting === undefined) throw new ScenarioMistake('no ballot is open', '没有进行中的表决');
      if (by === 'presiding') return sitting.tie === undefined ? [] : [sitting.tie.castingVote];
      const silent = [...sitting.recused, ...sitting.votes].map(({ person }) => person);
      return sitting.seats.map(({ person }) => person).filter((person) => !silent.includes(person));
    }
    return [this.person(by)];
  }

  private async assigned(wanted: 'open' | 'submitted'): Promise<readonly string[]> {
    return openVisits(await this.case()).flatMap((visit) =>
      visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === wanted).map(({ reviewer }) => reviewer) : [],
    );
  }

  /** The stage that the case is at, or of several the first that takes such an act. */
  private async stage(type?: string): Promise<string> {
    const state = await this.case();
    const open = openVisits(state).map(({ stage }) => stage);
    const takes = (id: string): boolean => commandsAt(stageFor(this.procedure, id, state)).some((act) => act.type === type);
    return open.find(takes) ?? open[0] ?? 'none';
  }

  async case(): Promise<Case> {
    const { state } = await this.rehearsal.states.load<CaseState>(this.stream);
    if (state.status === 'none') throw new ScenarioMistake('there is no case yet', '尚无案件');
    return state;
  }

  private get stream(): string {
    return `case-${alliance}.${this.address}`;
  }

  /** Events of the case. */
  history(): Promise<readonly RecordedEvent[]> {
    return this.store.read(this.stream);
  }

  /** What the engine has brought about in other streams. */
  async elsewhere(): Promise<readonly RecordedEvent[]> {
    const { events } = await this.store.readAll(0n, { limit: 10_000 });
    return events.filter(({ stream, meta }) => meta.actor === 'engine' && !/^(case|round|ranking|assigning)-/.test(stream));
  }

  /** What the engine will do for the case. */
  get owing(): readonly { readonly type: string; readonly atMs: number }[] {
    return this.rehearsal.owing
      .filter(({ cause }) => cause.stream === this.stream)
      .map(({ command, dueAt }) => ({ type: command.type, atMs: Date.parse(dueAt) }));
  }

  incidents(): Promise<readonly string[]> {
    return this.rehearsal.incidents();
  }
}

/** The code of a refusal; undefined for success. @throws whatever is no refusal */
export async function refusalOf(act: Promise<void>): Promise<DomainError | undefined> {
  try {
    await act;
    return undefined;
  } catch (failure) {
    if (failure instanceof DomainError) return failure;
    throw failure;
  }
}

function seatOf(seat: string): Someone['seats'][number] {
  const [place = '', role] = seat.split(' as ');
  const [organ = '', scope] = place.split('.');
  return { organ, ...(scope === undefined ? {} : { scope }), ...(role === undefined ? {} : { role: role as SeatRole }) };
}

const organOf = ({ powers }: CharterDocument, power: string): string =>
  powers.find((clause) => clause.power === power)?.organ ?? 'secretariat';

const institutionsOf = ({ institutions }: Given) =>
  Object.entries(institutions).map(([code, { province, level, supervisor = '省级教育部门' }]) => ({
    code,
    facts: { name: `大学${code}`, schoolCode: code.slice(-5), province, supervisor, city: '示例市', level },
    member: true,
  }));

const handedIn = ({ subject: { files: slots } }: Definition, { institution, form, files }: Application) => ({
  institution,
  form: Object.fromEntries(Object.entries(form).filter(([, value]) => value !== null)),
  files: files.map((slot) => ({
    slot,
    sha256: sha256(slot, 'hex'),
    bytes: 1_000,
    mediaType: slots.find(({ id }) => id === slot)?.mediaTypes[0] ?? 'application/pdf',
  })),
});

const objection = {
  name: '何异议',
  contact: '13800000000',
  statement: '教学团队与实际不符。The teaching team differs from the real one.',
  evidence: [{ sha256: 'c0ffee'.padEnd(64, '0'), bytes: 2_048, mediaType: 'application/pdf' }],
};
