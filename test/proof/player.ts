import { DomainError, isUuid } from '#kernel';
import { commandsAt, openVisits, type Stage, type Visit } from '#workflow';
import { statusOf } from '../../apps/server/http/problem.js';
import { Random } from '../faults/support/fuzz/random.js';
import type { AnyRoom } from '../support/any-room.js';
import { Maker } from './maker.js';
import { UnreliableEngine } from './unreliable-engine.js';
import { subjects } from './worlds.js';

const hour = 3_600_000;

/** People and an engine that do whatever comes into their heads; the same seed, the same history. */
export class Player {
  readonly random: Random;
  readonly maker: Maker;
  readonly engine: UnreliableEngine;
  /** Types of commands that were accepted. */
  readonly accepted = new Set<string>();

  constructor(
    readonly room: AnyRoom,
    seed: number,
  ) {
    this.random = new Random(seed);
    this.maker = new Maker(this.random);
    this.engine = new UnreliableEngine(room, this.random);
  }

  /** One thing happens: somebody acts, time passes, the engine tries, or everything but the log is lost. */
  async step(): Promise<void> {
    const drawn = this.random.next();
    if (drawn < 0.6) await this.act(this.random.oneOf(subjects));
    else if (drawn < 0.75) await this.engine.deliver();
    else if (drawn < 0.9) await this.engine.pass((1 + this.random.below(150)) * hour);
    else this.engine.lose();
  }

  private async act(subject: string): Promise<void> {
    const { random, room } = this;
    const state = await room.state(subject);
    const open = openVisits(state);
    const visit = random.chance(0.9) ? open[random.below(open.length || 1)] : random.oneOf(state.visits);
    const stage = room.definition.stages.find(({ id }) => id === visit?.stage);
    if (visit === undefined || stage === undefined) return;
    if (visit.kind === 'registration' && random.chance(0.5)) return this.register(subject, visit);
    const { type, person } = random.chance(0.8) ? this.rightful(stage, visit) : this.anything();
    const data = this.maker.data(type, room.definition, state, visit);
    await this.send(person, 'case', `a.one.${subject}`, type, data);
  }

  /** What the stage takes from people, by somebody who may. */
  private rightful(stage: Stage, visit: Visit): { readonly type: string; readonly person: string } {
    const [first, ...others] = commandsAt(stage);
    if (first === undefined) return this.anything();
    const { type, power } = this.random.oneOf([first, ...others]);
    const assigned = visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === 'open') : [];
    if (type === 'SubmitReview' && assigned.length > 0) return { type, person: this.random.oneOf(assigned).reviewer };
    return { type, person: this.holderOf(power) };
  }

  private holderOf(power: string): string {
    const organ = this.room.charter.powers[power]?.organ ?? 'public';
    return organ === 'public' ? 'someone' : `${organ}-${1 + this.random.below(6)}`;
  }

  private anything(): { readonly type: string; readonly person: string } {
    const types = this.maker.types.filter((type) => type !== 'WithdrawApplication' || this.random.chance(0.05));
    return { type: this.random.oneOf(types), person: this.random.oneOf(this.room.people) };
  }

  private async register(subject: string, visit: Visit & { readonly kind: 'registration' }): Promise<void> {
    const { random } = this;
    const person = `person-${random.below(4)}`;
    const session = visit.sessions[0]?.session ?? 'none';
    const [type, data] = random.oneOf([
      ['Register', {}],
      ['CancelRegistration', {}],
      ['SignIn', { session }],
    ] as const);
    await this.send(person, 'registration', `a.one.${subject}.${person}`, type, data);
  }

  /** Sends a command, sometimes again under the same id: then it comes to what it came to. */
  private async send(person: string, category: string, id: string, type: string, data: object): Promise<void> {
    const commandId = this.room.nextCommand();
    const first = await this.tried(person, category, id, type, data, commandId);
    if (first !== undefined) this.accepted.add(type);
    if (!this.random.chance(0.3)) return;
    if (this.random.chance(0.5)) this.engine.lose();
    const second = await this.tried(person, category, id, type, data, commandId);
    if (first !== undefined && first !== second) throw new Error(`${type} sent twice came to ${first}, then to ${second}`);
  }

  /** The events that it came to; undefined where it was refused, as a door may refuse it. */
  private async tried(...command: Parameters<AnyRoom['send']>): Promise<string | undefined> {
    try {
      const { events } = await this.room.send(...command);
      if (!events.every(isUuid)) throw new Error('an event without an id');
      return events.join();
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      const status = statusOf(failure.code);
      if (![403, 404, 409].includes(status)) throw new Error(`${command[3]} was refused with ${status} ${failure.code}`);
      return undefined;
    }
  }
}
