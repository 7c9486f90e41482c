import { DomainError, isUuid } from '#kernel';
import { commandsAt, openVisits, type Stage, type Visit } from '#workflow';
import { actShapes } from '../../libs/workflow/acts/acts.messages.js';
import { statusOf } from '../../apps/server/http/problem.js';
import { Random } from '../faults/support/fuzz/random.js';
import type { AnyRoom } from '../support/any-room.js';
import { casesIn, type Known } from './cases.js';
import { Maker } from './maker.js';
import { UnreliableEngine } from './unreliable-engine.js';

const hour = 3_600_000;
const month = 30 * 24 * hour;

/** People and an engine that do whatever comes into their heads; the same seed, the same history. */
export class Player {
  readonly random: Random;
  readonly maker: Maker;
  readonly engine: UnreliableEngine;
  /** Whether the applicant's membership is suspended. */
  isSuspended = false;

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
    const { random, engine } = this;
    const drawn = random.next();
    if (drawn < 0.6) await this.act(random.oneOf(await casesIn(this.room)));
    else if (drawn < 0.73) await engine.deliver();
    else if (drawn < 0.88) await engine.pass((1 + random.below(150)) * hour);
    else if (drawn < 0.91) await engine.pass((1 + random.below(12)) * month);
    else if (drawn < 0.94) await this.suspend();
    else engine.lose();
  }

  private async suspend(): Promise<void> {
    this.isSuspended = !this.isSuspended;
    await this.room.suspend(this.isSuspended);
  }

  private async act({ subject, state, definition }: Known): Promise<void> {
    const { random } = this;
    const office = this.holderOf(definition.subject.powers.submit);
    const ways = [
      ...(state.end?.appeal === undefined ? [] : [{ type: 'LodgeAppeal', person: office }]),
      ...(state.fileCorrections.some(({ ended }) => ended === undefined) ? [{ type: 'ReplaceFiles', person: office }] : []),
    ];
    const open = openVisits(state);
    const visit = random.chance(0.9) ? open[random.below(open.length || 1)] : random.oneOf(state.visits);
    const stage = definition.stages.find(({ id }) => id === visit?.stage);
    if (ways.length > 0 && random.chance(0.5)) {
      const { type, person } = random.oneOf(ways);
      return this.send(person, 'case', `a.one.${subject}`, type, this.maker.data(type, { definition, state, visit }));
    }
    if (visit === undefined || stage === undefined) return;
    if (visit.kind === 'registration' && random.chance(0.5)) return this.register(subject, visit);
    const { type, person } = this.drawn(stage, visit);
    await this.send(person, 'case', `a.one.${subject}`, type, this.maker.data(type, { definition, state, visit }));
  }

  private drawn(stage: Stage, visit: Visit): { readonly type: string; readonly person: string } {
    const drawn = this.random.next();
    if (drawn < 0.65) return this.rightful(stage, visit);
    return drawn < 0.8 ? this.anyStages(stage) : this.anything();
  }

  /** An act of no one kind, by somebody who has to do with the stage. */
  private anyStages(stage: Stage): { readonly type: string; readonly person: string } {
    const { submit } = this.room.definition.subject.powers;
    const power = this.random.oneOf([stage.power, submit, ...('manage' in stage ? [stage.manage] : [])]);
    return { type: this.random.oneOf(Object.keys(actShapes)), person: this.holderOf(power) };
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
