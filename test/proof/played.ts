import { AnyRoom, applicant } from '../support/any-room.js';
import { subjects } from './cases.js';
import type { Coverage } from './coverage.js';
import { proof } from './extent.js';
import { Player } from './player.js';
import { type World, worldFor } from './worlds.js';

/** Two applications, as far as they have come in that world before anything goes wrong. */
export async function begun(world: World, seed: number, reached: Coverage): Promise<Player> {
  const { definition, paper, rule: decidedBy } = world;
  const room = await AnyRoom.under(decidedBy, definition);
  const [power] = Object.values(definition.subject.powers);
  for (const subject of subjects)
    await room.send(`${power}-1`, 'case', `a.one.${subject}`, 'SubmitApplication', { institution: applicant, ...paper });
  const player = new Player(room, seed, world, reached);
  if (world.from !== undefined) await player.bringTo(world.from, world.saying);
  return player;
}

interface Extent {
  readonly runs: number;
  /** Whether they have come to enough: where they have not, as many are played again, and once more. */
  readonly isEnough: () => boolean;
}

/**
 * Plays histories, one seed each: what a seed has made, it makes again.
 *
 * @throws Error that says by which seed, and in which world, a history has failed
 */
export async function played({ runs, isEnough }: Extent, history: (world: World, seed: number) => Promise<void>): Promise<void> {
  const { seed: first, steps } = proof;
  for (let seed = first; seed < first + runs || (seed < first + 3 * runs && !isEnough()); seed += 1) {
    const world = worldFor(seed);
    const { id, stages } = world.definition;
    await history(world, seed).catch((cause: unknown) => {
      const where = `${id}: ${stages.map((stage) => `${stage.id} (${stage.kind})`).join(', ')}`;
      const again = `PROOF_SEED=${seed} PROOF_RUNS=1 PROOF_STEPS=${steps}`;
      throw new Error(`again with ${again}, in ${where}\n${String(cause)}`, { cause });
    });
  }
}
