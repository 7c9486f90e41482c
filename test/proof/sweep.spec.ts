import { expect, test } from '@jest/globals';
import { type Caller, CommandHandling, type Context, DomainError, InMemoryVault } from '#kernel';
import { openVisits, type Stage } from '#workflow';
import { allContexts } from '../../apps/server/contexts.js';
import { statusOf } from '../../apps/server/http/problem.js';
import { isAct } from '../../libs/workflow/acts/acts.js';
import { type CaseCommand, isOfCase } from '../../libs/workflow/case.messages.js';
import { contexts, people } from '../support/any-room.js';
import { addressFor, concernedBy, holder } from './acts.js';
import type { Known } from './cases.js';
import { Coverage } from './coverage.js';
import { DryStore, WouldAppend } from './dry-store.js';
import { proof } from './extent.js';
import { factsOfCase } from './facts.js';
import { factsOfStream } from './facts.streams.js';
import { lawful, mayCome } from './lawful.js';
import { kindOfState, kindsOf, lawfulOf, mayComeTo } from './lawful.streams.js';
import type { Swept } from './swept.js';
import { Maker, typesOf } from './maker.js';
import type { Player } from './player.js';
import type { Around, Stream } from './streams.js';
import { begun, played } from './played.js';

/** 200 where events would come of it, 204 where nothing would, or the status of the refusal; and whose it is, where it is somebody else's. */
interface Answer {
  readonly status: 200 | 204 | 403 | 404 | 409 | 412 | 422;
  readonly organ?: string;
}

/** Sends commands that leave nothing behind. */
class Asker {
  private readonly handling: CommandHandling;

  constructor(private readonly player: Player) {
    const { store, states, clock } = player.room;
    this.handling = new CommandHandling(new DryStore(store), states, new InMemoryVault(), clock);
  }

  engine(command: Sent): Promise<Answer> {
    const { definition } = this.player.room;
    const commandId = this.player.room.nextCommand();
    return this.answer(command, { kind: 'engine', alliance: 'a', workflow: definition.id, proof: [], commandId });
  }

  people(command: Sent, people: readonly string[]): Promise<readonly Answer[]> {
    const commandId = this.player.room.nextCommand();
    const as = (person: string): Caller => ({ kind: 'person', alliance: 'a', actor: person, principal: person, commandId });
    return Promise.all(people.map((person) => this.answer(command, as(person))));
  }

  private async answer({ category, id, type, data }: Sent, caller: Caller): Promise<Answer> {
    try {
      await this.handling.handle(contexts[category] as Context, id, { type, data }, caller);
      return { status: 204 };
    } catch (failure) {
      if (failure instanceof WouldAppend) return { status: 200 };
      if (!(failure instanceof DomainError)) throw new Error(`${type} ${JSON.stringify(data)} breaks`, { cause: failure });
      const status = statusOf(failure.code);
      if (![403, 404, 409, 412, 422].includes(status))
        throw new Error(`${type} was refused with ${status} ${failure.code}`, { cause: failure });
      const { organ } = failure.details;
      return { status: status as Answer['status'], ...(typeof organ === 'string' ? { organ } : {}) };
    }
  }
}

interface Sent {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** Whether a command is to the case itself, at whatever stage. */
const ofCase = (type: string): boolean => isOfCase({ type } as CaseCommand);

/** What has rules of its own about who may do it. */
const isOfCaseOrAct = (type: string): boolean => ofCase(type) || isAct({ type } as CaseCommand) || type === 'SendBack';

/** Of members of organs, until one may act at all: a seat may be empty, and a conflict of interest may keep a member from the case. */
async function answersOf(asker: Asker, sent: Sent, organs: readonly string[]): Promise<readonly Answer['status'][]> {
  const answers: Answer['status'][] = [];
  for (const number of people) {
    answers.push(
      ...(
        await asker.people(
          sent,
          organs.map((organ) => `${organ}-${number}`),
        )
      ).map(({ status }) => status),
    );
    if (answers.some((status) => ![403, 404].includes(status))) break;
  }
  return answers;
}

/** Those that are open, and two of all. */
function stagesSwept({ random }: Player, { definition, state }: Known): readonly Stage[] {
  const open = new Set(openVisits(state).map(({ stage }) => stage));
  const others = [random.oneOf(definition.stages), random.oneOf(definition.stages)];
  return definition.stages.filter((stage) => open.has(stage.id) || others.includes(stage));
}

/** Every command, at stages that are open and others, in the state that a case is in. @returns how many were illegal */
async function sweptCase(player: Player, known: Known, around: Around): Promise<number> {
  const { room } = player;
  const maker = new Maker(player.random);
  const { state, definition } = known;
  const stages = stagesSwept(player, known);
  const asker = new Asker(player);
  let illegal = 0;
  for (const type of typesOf('case')) {
    for (const stage of ofCase(type) ? stages.slice(0, 1) : stages) {
      const open = openVisits(state).find((one) => one.stage === stage.id);
      if (mayCome(type, { definition, state, visit: open })) continue;
      illegal += 1;
      const visit = state.visits.findLast((one) => one.stage === stage.id);
      const data = {
        ...maker.data('case', type, factsOfCase(type, { definition, state, visit, now: around.now })),
        ...(ofCase(type) ? {} : { stage: stage.id }),
      };
      const organ = ofCase(type) ? 'nobody' : holder({ type, data }, known, { stage: stage.id }, room.charter);
      const sent = { category: 'case', id: addressFor(type, known), type, data };
      const { status: byEngine } = await asker.engine(sent);
      const answers = await answersOf(asker, sent, [organ ?? 'nobody', room.definition.subject.powers.submit]);
      const where = `${type} at ${stage.id} (${stage.kind}) of a case that is ${state.status}`;
      expect([where, [...answers, byEngine].includes(200)]).toEqual([where, false]);
      // Whoever may act at all is told that it cannot be done now, not that they may not; what the engine tells a case too late, that
      // there is nothing to do. Who may not know of it is told that there is nothing. The offices of a suspended member may do nothing.
      const isLenient = isOfCaseOrAct(type) || organ === undefined || around.isSuspended;
      const isTold = isLenient || answers.some((one) => one === 404 || one === 409) || byEngine === 409 || byEngine === 204;
      expect([where, isTold]).toEqual([where, true]);
    }
  }
  return illegal;
}

/** Every command to a stream that is no case, in the state that it is in. @returns how many were illegal */
async function sweptStream(player: Player, stream: Stream, around: Around): Promise<number> {
  const asker = new Asker(player);
  const { category, id } = stream;
  const kind = kindOfState(stream, around);
  let illegal = 0;
  for (const type of typesOf(category)) {
    if (mayComeTo(type, stream, around)) continue;
    illegal += 1;
    const data = new Maker(player.random).data(category, type, factsOfStream(type, stream, around, player.random));
    const sent = { category, id, type, data };
    const [first, ...concerned] = await asker.people(sent, ['someone', ...concernedBy(type, stream, data, around)]);
    const organ = first?.organ;
    const holders =
      organ === undefined
        ? []
        : await asker.people(
            sent,
            people.map((number) => `${organ}-${number}`),
          );
    const byEngine = await asker.engine(sent);
    const answers = [first, ...concerned, ...holders, byEngine].map((answer) => answer?.status);
    const where = `${type} to ${category} that is ${kind}`;
    expect([where, answers.includes(200)]).toEqual([where, false]);
    // What is not there is not found. To the engine there may be nothing to do; people are told that it cannot be done.
    const isTold =
      answers.includes(409) || byEngine.status === 204 || (kind === 'none' && answers.includes(404)) || around.isSuspended;
    if (!isTold) throw new Error(`${where}: ${answers.join()} ${JSON.stringify(stream.state)}`);
  }
  return illegal;
}

/** Streams of other matters: no round leads to them. */
const elsewhere = ['charter', 'organ', 'institution', 'membership', 'person', 'course'];

test('every command that there is has been said to be lawful somewhere', () => {
  const listed: Readonly<Record<string, object>> = { ...lawfulOf, case: lawful };
  for (const context of allContexts.filter(({ name }) => !elsewhere.includes(name)))
    expect([context.name, Object.keys(listed[context.name] ?? {}).toSorted()]).toEqual([
      context.name,
      Object.keys(context.shapes).toSorted(),
    ]);
});

const everyState = (Object.keys(kindsOf) as Swept[]).flatMap((category) =>
  kindsOf[category].all.map((kind) => `${category} ${kind}`),
);

/** So often each kind of state is swept: what is asked differs by chance. */
const often = Math.ceil(proof.runs / 15);

/** At what stages a case is, and whether anything may be done there. */
const kindOfCase = ({ state }: Known): string =>
  [
    'case',
    state.frozen === undefined ? state.status : 'frozen',
    ...openVisits(state)
      .map(({ kind }) => kind)
      .toSorted(),
  ].join(' ');

/** Whatever is in a kind of state that has not been swept often enough. @returns how many acts were illegal */
async function swept(player: Player, reached: Coverage): Promise<number> {
  const around = await player.streams.around();
  let illegal = 0;
  for (const known of around.cases) {
    if (reached.count(kindOfCase(known)) >= often) continue;
    reached.note(kindOfCase(known));
    illegal += await sweptCase(player, known, around);
  }
  for (const stream of around.streams) {
    const kind = `${stream.category} ${kindOfState(stream, around)}`;
    if (reached.count(kind) >= often) continue;
    reached.note(kind);
    illegal += await sweptStream(player, stream, around);
  }
  return illegal;
}

test('every act that is illegal in a state is refused with 409 and leaves no event', async () => {
  let illegal = 0;
  const reached = new Coverage();
  const isEnough = (): boolean => reached.missing(everyState).length === 0;
  await played({ runs: Math.ceil(proof.runs / 2), isEnough }, async (world, seed) => {
    const player = await begun(world, seed, new Coverage());
    for (let step = 0; step < proof.steps; step += 1) {
      const head = await player.room.store.head();
      illegal += await swept(player, reached);
      expect(await player.room.store.head()).toBe(head);
      await player.step();
    }
  });
  process.stdout.write(`sweep: PROOF_SEED=${proof.seed}, ${illegal} illegal acts in ${reached.size} kinds of states\n`);
  process.stdout.write(`states beside those of cases: ${reached.said(everyState)}\n`);
  expect(reached.missing(everyState)).toEqual([]);
}, 7_200_000);
