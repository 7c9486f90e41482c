import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Caller, CommandHandling, DomainError, InMemoryVault } from '#kernel';
import { type Case, caseContext, openVisits, type Stage } from '#workflow';
import { mayCome } from './lawful.js';
import { type CaseCommand, isOfCase, type StageCommand } from '../../libs/workflow/case.messages.js';
import { isAct } from '../../libs/workflow/acts/acts.js';
import { scopeOf } from '../../libs/workflow/filled.js';
import { kindOf } from '../../libs/workflow/stages/index.js';
import { statusOf } from '../../apps/server/http/problem.js';
import { casesIn, type Known } from './cases.js';
import { DryStore, WouldAppend } from './dry-store.js';
import { Player } from './player.js';
import { begun, proof, worlds } from './worlds.js';

/** 200 where events would come of it, 204 where nothing would, or the status of the refusal. */
type Answer = 200 | 204 | 403 | 404 | 409;

/** A member may be kept from the case by a conflict of interest; not all of them are. */
const members = [3, 5] as const;

/** Sends commands that leave nothing behind. */
class Asker {
  private readonly handling: CommandHandling;

  constructor(private readonly player: Player) {
    const { store, states, clock } = player.room;
    this.handling = new CommandHandling(new DryStore(store), states, new InMemoryVault(), clock);
  }

  /** What the engine, the applicant's office and everyone in the organ would be answered, the engine last. */
  async answers(subject: string, type: string, data: object, organ: string): Promise<readonly Answer[]> {
    const { room } = this.player;
    const commandId = room.nextCommand();
    const callers: readonly Caller[] = [
      ...[...members.map((number) => `${organ}-${number}`), `${room.definition.subject.powers.submit}-3`].map(
        (person) => ({ kind: 'person', alliance: 'a', actor: person, principal: person, commandId }) as const,
      ),
      { kind: 'engine', alliance: 'a', workflow: room.definition.id, proof: [], commandId },
    ];
    const named = `a.one.${subject}`;
    const at = type === 'SubmitApplication' ? named : await room.addressOf(named);
    return Promise.all(callers.map((caller) => this.answer(at, { type, data }, caller)));
  }

  private async answer(id: string, command: { type: string; data: object }, caller: Caller): Promise<Answer> {
    try {
      await this.handling.handle(caseContext, id, command, caller);
      return 204;
    } catch (failure) {
      if (failure instanceof WouldAppend) return 200;
      if (!(failure instanceof DomainError))
        throw new Error(`${command.type} ${JSON.stringify(command.data)} breaks`, { cause: failure });
      const status = statusOf(failure.code);
      if (![403, 404, 409].includes(status))
        throw new Error(`${command.type} was refused with ${status} ${failure.code}`, { cause: failure });
      return status as Answer;
    }
  }
}

/** Whether a command is to the case itself, at whatever stage. */
const ofCase = (type: string): boolean => isOfCase({ type } as CaseCommand);

/** What has rules of its own about who may do it. */
const isOfCaseOrAct = (type: string): boolean => ofCase(type) || isAct({ type } as CaseCommand) || type === 'SendBack';

/** The organ that holds the power which the stage asks for with this command; undefined where the form names nobody. */
function holder(player: Player, state: Case, stage: Stage, type: string, data: object): string | undefined {
  try {
    const owner = kindOf(stage.kind).owner({ type, data } as StageCommand, stage, 'person');
    if (owner.scope !== undefined && scopeOf(owner, state) === undefined) return undefined;
    return player.room.charter.powers[owner.power]?.organ ?? 'nobody';
  } catch (failure) {
    if (failure instanceof DomainError) return 'nobody';
    throw failure;
  }
}

/** Every command, at every stage, in the state that a case is in. @returns how many were illegal */
async function swept(player: Player, { subject, state, definition }: Known): Promise<number> {
  const { room, maker } = player;
  const asker = new Asker(player);
  const head = await room.store.head();
  let illegal = 0;
  for (const type of maker.types) {
    for (const stage of ofCase(type) ? definition.stages.slice(0, 1) : definition.stages) {
      const visit = state.visits.findLast((one) => one.stage === stage.id);
      const data = {
        ...maker.data(type, { definition, state, visit }),
        ...(ofCase(type) ? {} : { stage: stage.id }),
      };
      const organ = holder(player, state, stage, type, data);
      const answers = await asker.answers(subject, type, data, organ ?? 'nobody');
      const open = openVisits(state).find((one) => one.stage === stage.id);
      if (mayCome(type, { definition, state, visit: open })) continue;
      illegal += 1;
      const where = `${type} at ${stage.id} (${stage.kind}) of a case that is ${state.status}`;
      expect([where, answers.includes(200)]).toEqual([where, false]);
      // Whoever may act at all is told that it cannot be done now, not that they may not; what the engine tells a case too late, that
      // there is nothing to do. Who may not know of it is told that there is nothing. The offices of a suspended member may do nothing.
      const isLenient = isOfCaseOrAct(type) || organ === undefined || player.isSuspended;
      const isTold = isLenient || answers.some((answer) => answer === 409 || answer === 404) || answers.at(-1) === 204;
      expect([where, isTold]).toEqual([where, true]);
    }
  }
  expect(await room.store.head()).toBe(head);
  return illegal;
}

test('every act that is illegal in a state is refused with 409 and leaves no event', async () => {
  let illegal = 0;
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(), async (world, seed) => {
      const player = new Player(await begun(world), seed);
      for (let step = 0; step < proof.steps; step += 1) {
        await player.step();
        if (step % 10 === 9) illegal += await swept(player, player.random.oneOf(await casesIn(player.room)));
      }
    }),
    { numRuns: Math.ceil(proof.runs / 2), seed: proof.seed, endOnFailure: true },
  );
  process.stdout.write(`sweep: PROOF_SEED=${proof.seed}, ${illegal} illegal acts\n`);
  expect(illegal).toBeGreaterThan(proof.runs * 50);
}, 7_200_000);
