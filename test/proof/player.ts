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

/** What brings a case on. */
const onward: Readonly<Partial<Record<Visit['kind'], string>>> = {
  check: 'PassCheck',
  panel: 'SubmitReview',
  ballot: 'CastVote',
  confirmation: 'ConfirmAsParty',
  statement: 'GiveStatement',
  ruling: 'GiveRuling',
};

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
    if (this.isSuspended ? drawn < 0.3 : drawn < 0.01) return this.suspend();
    if (drawn < 0.7) return this.act(await this.chosen());
    if (drawn < 0.82) await engine.deliver();
    else if (drawn < 0.93) await engine.pass((1 + random.below(100)) * hour);
    else if (drawn < 0.94) await engine.pass((1 + random.below(12)) * month);
    else if (drawn < 0.95) await this.announce();
    else engine.lose();
  }

  /** Mostly a case that is still open. */
  private async chosen(): Promise<Known> {
    const known = await casesIn(this.room);
    const open = known.filter(({ state }) => state.status === 'open');
    return this.random.oneOf(open.length > 0 && this.random.chance(0.8) ? open : known);
  }

  private async suspend(): Promise<void> {
    this.isSuspended = !this.isSuspended;
    await this.room.suspend(this.isSuspended);
  }

  /** The public holidays of a year that is about to come, or of any other. */
  private async announce(): Promise<void> {
    const { random, room } = this;
    const year = new Date(room.clock.now() + 40 * 24 * hour).getUTCFullYear() + random.below(2);
    const day = (month: number): string => `${year}-${String(month).padStart(2, '0')}-0${1 + random.below(9)}`;
    const [first, last] = [day(1 + random.below(12)), day(12)];
    const data = { year, holidays: [`${year}-01-01/${day(1)}`, `${first}/${last}`], makeUpDays: [], notice: '放假安排' };
    await this.send('secretariat-1', 'calendar', 'a', 'AnnounceHolidays', data);
  }

  private async act({ subject, state, definition }: Known): Promise<void> {
    const { random } = this;
    const office = this.holderOf(definition.subject.powers.submit);
    const ways = [
      ...(state.end?.appeal === undefined ? [] : [{ type: 'LodgeAppeal', person: office }]),
      ...(state.fileCorrections.some(({ ended }) => ended === undefined) ? [{ type: 'ReplaceFiles', person: office }] : []),
      ...(random.chance(0.02) ? [{ type: 'WithdrawApplication', person: office }] : []),
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
    if (drawn < 0.35) return this.rightful(stage, visit, onward[visit.kind]);
    if (drawn < 0.65) return this.rightful(stage, visit);
    return drawn < 0.8 ? this.anyStages(stage, visit) : this.anything();
  }

  /** An act of no one kind, by somebody who has to do with the stage. */
  private anyStages(stage: Stage, visit: Visit): { readonly type: string; readonly person: string } {
    const { submit } = this.room.definition.subject.powers;
    const power = this.random.oneOf([stage.power, submit, ...('manage' in stage ? [stage.manage] : [])]);
    const type = this.random.oneOf(Object.keys(actShapes));
    const done = type === 'RetractAct' ? doneBy(visit) : [];
    return { type, person: done.length > 0 ? this.random.oneOf(done) : this.holderOf(power) };
  }

  /** What the stage takes from people, by somebody who may. */
  private rightful(stage: Stage, visit: Visit, wanted?: string): { readonly type: string; readonly person: string } {
    const all = commandsAt(stage);
    const [first, ...others] = wanted === undefined ? all : all.filter(({ type }) => type === wanted);
    if (first === undefined) return this.anything();
    const { type, power } = this.random.oneOf([first, ...others]);
    if (type === 'ResubmitApplication') return { type, person: this.holderOf(this.room.definition.subject.powers.submit) };
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

/** People who have signed, answered, reviewed or voted in a visit. */
function doneBy(visit: Visit): readonly string[] {
  switch (visit.kind) {
    case 'check':
      return visit.signing?.signatures.map(({ person }) => person) ?? [];
    case 'confirmation':
      return visit.asked?.parties.flatMap(({ answer }) => answer?.by ?? []) ?? [];
    case 'panel':
      return visit.assignments.flatMap(({ status, reviewer }) => (status === 'submitted' ? [reviewer] : []));
    case 'ballot':
      return visit.sittings.at(-1)?.votes.map(({ person }) => person) ?? [];
    default:
      return [];
  }
}
