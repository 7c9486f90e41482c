import { DomainError, isUuid } from '#kernel';
import { statusOf } from '../../apps/server/http/problem.js';
import { Random } from '../faults/support/fuzz/random.js';
import { type AnyRoom, contexts, people } from '../support/any-room.js';
import { type Act, Acts, type Way } from './acts.js';
import type { Known } from './cases.js';
import { Coverage } from './coverage.js';
import { typesOf } from './maker.js';
import { type Around, Streams } from './streams.js';
import { UnreliableEngine } from './unreliable-engine.js';
import type { World } from './worlds.js';

const hour = 3_600_000;
const month = 30 * 24 * hour;

/** What would soon leave nothing else to do: done now and then. */
const rare: ReadonlySet<string> = new Set([
  'WithdrawApplication',
  'AdoptDefinition',
  'OpenRound',
  'IssueNotice',
  'GrantRecognition',
  'WithdrawRecognition',
]);

/** What brings a case that has ended on. */
const asking: ReadonlySet<string> = new Set(['LodgeAppeal', 'RaiseObjection']);

/** What somebody has been told: the events that it came to, whose it is instead, or that the case has gone on. */
interface Told {
  readonly events?: string;
  readonly organ?: string;
  readonly isOver?: boolean;
}

/** Always the first choice. */
class First extends Random {
  override next(): number {
    return 0;
  }
}

/** People and an engine that do whatever comes into their heads; the same seed, the same history. */
export class Player {
  readonly random: Random;
  readonly engine: UnreliableEngine;
  readonly streams: Streams;
  /** How much of this history is waiting. */
  private readonly haste: number;
  /** What people of this history like to do. */
  private readonly liked: ReadonlySet<string>;
  /** What whoever may do it could not do, by how many events the stream had then; what is the engine's alone, for ever. */
  private readonly invain = new Map<string, number>();
  /** How often each type of command was thought of. */
  private readonly tries = new Coverage();

  /** @param reached - takes note of each type of command that has left events */
  constructor(
    readonly room: AnyRoom,
    seed: number,
    private readonly world: World,
    private readonly reached: Coverage,
  ) {
    this.random = new Random(seed);
    this.engine = new UnreliableEngine(room, this.random, reached);
    this.streams = new Streams(room);
    this.haste = this.random.oneOf([0.03, 0.08, 0.2]);
    const all = Object.keys(contexts).flatMap(typesOf);
    this.liked = new Set(all.filter((type) => world.busy.includes(type) || this.random.chance(0.15)));
  }

  /** Everyone does their part at once, and nothing goes wrong, until it has come to that; or as far as it comes. */
  async bringTo(isThere: (around: Around) => boolean, saying: World['saying'] = {}): Promise<void> {
    const { engine, world, room } = this;
    for (let turn = 1; turn < 60; turn += 1) {
      await engine.settle();
      const around = await this.streams.around();
      if (isThere(around)) return;
      const acts = new Acts(new First(0), around, room.charter);
      const asked = acts.all().filter(({ type }) => world.busy.includes(type) && asking.has(type));
      const [way] = [...around.cases.flatMap((known) => acts.onward(known)), ...asked];
      if (way === undefined || turn % 8 === 0) {
        await engine.skipToNext();
        continue;
      }
      const act = way.act();
      await this.byAll(() => ({ ...act, data: { ...act.data, ...saying[act.type] } }));
    }
  }

  /** One thing happens: somebody acts, time passes, the engine tries, or everything but the log is lost. */
  async step(): Promise<void> {
    const { random, engine } = this;
    const around = await this.streams.around();
    const drawn = random.next();
    if (around.isSuspended ? drawn < 0.2 : drawn < 0.02) return this.room.suspend(!around.isSuspended);
    if (drawn < 0.04) return this.reseat();
    if (drawn < 0.2) return this.everyone(around);
    if (drawn < 0.25) await engine.deliver();
    else if (drawn < 0.3) engine.lose();
    else if (drawn < 1 - this.haste) await this.act(around);
    else await this.wait();
  }

  /** Time passes: some hours, up to the next instant for which anything waits, or, rarely, months. */
  private async wait(): Promise<void> {
    const { random, engine } = this;
    const drawn = random.next();
    if (drawn < 0.5) await engine.passToNext();
    else if (drawn < 0.95) await engine.pass((1 + random.below(100)) * hour);
    else await engine.pass((1 + random.below(12)) * month);
  }

  /** Somebody leaves an organ, or all its seats are filled again. */
  private async reseat(): Promise<void> {
    const { random, room } = this;
    const { stages } = room.definition;
    const organ = random.chance(0.5) ? random.oneOf(stages).power : random.oneOf(Object.keys(room.charter.organs));
    if (room.charter.organs[organ] === undefined) return;
    await room.seat(organ, random.chance(0.3) ? people : people.filter(() => random.chance(0.7)));
  }

  private async act(around: Around): Promise<void> {
    const { random, world } = this;
    const acts = new Acts(random, around, this.room.charter);
    const known = this.chosen(around);
    const drawn = random.next();
    if (drawn >= 0.88) return this.send(this.anything(acts, around));
    const ways = (): readonly Way[] => {
      if (drawn < 0.2) return acts.onward(known);
      if (drawn < 0.45) return acts.all().filter(({ type }) => world.busy.includes(type));
      if (drawn < 0.58) return acts.atStages(known);
      return drawn < 0.7 ? acts.inCase(known) : acts.elsewhere();
    };
    const act = this.preferred(ways())?.act();
    if (act !== undefined) await this.send(act);
  }

  /** Whoever has something to do at a stage does it, each in their own way. */
  private async everyone(around: Around): Promise<void> {
    const way = this.preferred(new Acts(this.random, around, this.room.charter).onward(this.chosen(around)));
    if (way !== undefined) await this.byAll(way.act);
    else if (this.random.chance(this.haste)) await this.engine.passToNext();
    else await this.act(around);
  }

  private async byAll(make: () => Act): Promise<void> {
    for (const person of make().by) if ((await this.sendAs(person, make())).isOver) return;
  }

  /** Mostly a case that is still open. */
  private chosen({ cases }: Around): Known {
    const open = cases.filter(({ state }) => state.status === 'open');
    return this.random.oneOf(open.length > 0 && this.random.chance(0.8) ? open : cases);
  }

  /** Whatever it is, lawful or not. */
  private anything(acts: Acts, around: Around): Act {
    const { random } = this;
    const usual = (type: string): boolean => !rare.has(type);
    if (random.chance(0.3)) {
      const stream = random.oneOf(around.streams.filter(({ category }) => typesOf(category).some(usual)));
      return acts.toStream(random.oneOf(typesOf(stream.category).filter(usual)), stream);
    }
    const known = this.chosen(around);
    const act = acts.toCase(random.oneOf(typesOf('case').filter(usual)), known, random.oneOf(known.state.visits));
    return { ...act, by: [random.oneOf(this.room.people)] };
  }

  /** Of what may be done, something that has not just been in vain, and rather what people like and have seldom done before. */
  private preferred(ways: readonly Way[]): Way | undefined {
    const { random, invain, tries } = this;
    const isFree = ({ type, stream: { id, length } }: Way): boolean =>
      !invain.has(type) &&
      (invain.get(`${type} ${id}`) !== length || random.chance(0.1)) &&
      (!rare.has(type) || random.chance(this.world.busy.includes(type) ? 0.2 : 0.05));
    const free = ways.filter(isFree);
    const liked = free.filter(({ type }) => this.liked.has(type));
    const wanted = liked.length > 0 && random.chance(0.6) ? liked : free;
    if (wanted.length === 0) return undefined;
    const types = [...new Set(wanted.map((way) => way.type))];
    const drawn = [random.oneOf(types), random.oneOf(types), random.oneOf(types)];
    const type = drawn.reduce((seldom, other) => (tries.count(other) < tries.count(seldom) ? other : seldom));
    tries.note(type);
    return random.oneOf(wanted.filter((way) => way.type === type));
  }

  /** By whoever it concerns; where that is nobody in particular, by the first who comes, who is told whose it is, and then by one of those. */
  private async send(act: Act): Promise<void> {
    const { random } = this;
    const first = act.by.length > 0 && random.chance(0.9) ? random.oneOf(act.by) : 'someone';
    const { organ, events } = await this.sendAs(first, act);
    const second =
      organ === undefined || organ === 'engine' ? undefined : await this.sendAs(`${organ}-${random.oneOf(people)}`, act);
    if (organ === 'engine') this.invain.set(act.type, Infinity);
    else if ((second?.events ?? events ?? '') === '') this.invain.set(`${act.type} ${act.id}`, act.length);
  }

  /** Sends a command, sometimes again under the same id: then it comes to what it came to. */
  private async sendAs(person: string, { category, id, type, data }: Act): Promise<Told> {
    const commandId = this.room.nextCommand();
    const first = await this.tried(id, person, category, type, data, commandId);
    if (this.random.chance(0.2) && first.organ === undefined) {
      if (this.random.chance(0.5)) this.engine.lose();
      const second = await this.tried(id, person, category, type, data, commandId);
      if (first.events !== undefined && first.events !== second.events)
        throw new Error(`${type} sent twice came to ${first.events}, then to ${second.events}`);
    }
    return first;
  }

  /** The events that it came to; none where it was refused, as a door may refuse it. */
  private async tried(...command: Parameters<AnyRoom['sendTo']>): Promise<Told> {
    const [, , category, type] = command;
    try {
      const { events } = await this.room.sendTo(...command);
      if (!events.every(isUuid)) throw new Error('an event without an id');
      if (events.length > 0) this.reached.note(`${category} ${type}`);
      return { events: events.join() };
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      const status = statusOf(failure.code);
      if (![403, 404, 409, 412, 422].includes(status)) throw new Error(`${type} was refused with ${status} ${failure.code}`);
      if (failure.code === 'authority.no-seat') return { organ: String(failure.details['organ']) };
      return { isOver: failure.code === 'case.not-at-stage' };
    }
  }
}
