import fc from 'fast-check';
import { type Definition, type Field, loadDefinition } from '#workflow';
import { branchingDefinitions, soundDefinitions } from '../support/definitions.js';
import { application } from '../support/round.js';
import { AnyRoom, applicant } from '../support/any-room.js';
import { inTwoChannels } from '../support/two-channels.js';

/** A definition, and an application that it takes. */
export interface World {
  readonly definition: Definition;
  readonly paper: { readonly form: object; readonly files: readonly object[] };
}

/** Asks for nothing that the application does not have. */
function worldOf(given: Definition, paper: World['paper']): World {
  const { fields, files } = given.subject;
  const form = paper.form as Readonly<Record<string, unknown>>;
  const asked = fields.map(
    ({ required, when: _when, ...field }) => ({ ...field, required: required === true && field.id in form }) as Field,
  );
  const slots = files.map(({ required: _required, when: _when, ...slot }) => slot);
  return { definition: { ...given, eligibility: [], subject: { ...given.subject, fields: asked, files: slots } }, paper };
}

/** As a failure tells it: the seed makes the rest again. */
const told = (world: World): World =>
  Object.assign(world, {
    [fc.toStringMethod]: () =>
      `${world.definition.id}: ${world.definition.stages.map(({ id, kind }) => `${id} (${kind})`).join(', ')}`,
  });

const load = async (path: string): Promise<Definition> => (await loadDefinition(path)).definition;
const recognition = await load('workflows/alliance-recognition.yaml');
const { form, files } = application;

/** Definitions that have the kinds which chance does not make up. */
const kept: readonly World[] = [
  worldOf(await load('test/support/workflows/obligation.yaml'), { form: { title: '大学物理' }, files: [] }),
  worldOf(await load('test/support/workflows/training.yaml'), { form: { title: '培训', places: 2 }, files: [] }),
  worldOf(await load('test/support/workflows/appealed.yaml'), { form: { title: '大学物理', summary: '特色' }, files: [] }),
  worldOf(await load('test/support/ranked-round.yaml'), { form: { title: '评选', kind: 'online' }, files: [] }),
  worldOf(recognition, { form, files }),
  worldOf(inTwoChannels(recognition), { form, files }),
  worldOf(await load('workflows/course-accreditation.yaml'), { form: { title: '大学物理', kind: 'online' }, files: [] }),
];

const ofAnyShape = { form: { works: 3, places: 2, title: '大学物理', field: 'art' }, files: [] };

/** Any sound definition, mostly of random shape. Who may apply is another matter: everyone may. */
export const worlds: fc.Arbitrary<World> = fc
  .oneof(
    fc.oneof(soundDefinitions, branchingDefinitions).map((definition) => worldOf(definition, ofAnyShape)),
    fc.oneof(soundDefinitions, branchingDefinitions).map((definition) => worldOf(definition, ofAnyShape)),
    fc.constantFrom(...kept),
  )
  .map(told);

/** Two applications, as they have just been made. */
export async function begun({ definition, paper }: World): Promise<AnyRoom> {
  const room = await AnyRoom.open(definition);
  const [power] = Object.values(definition.subject.powers);
  for (const subject of subjects)
    await room.send(`${power}-1`, 'case', `a.one.${subject}`, 'SubmitApplication', { institution: applicant, ...paper });
  return room;
}

export const subjects = ['course-1', 'course-2'] as const;

const number = (name: string, usual: number): number => Number(process.env[name] ?? usual);

/**
 * How long, and from which seed: `PROOF_RUNS` histories of `PROOF_STEPS` steps from `PROOF_SEED` on. What fails prints its seed; the same
 * seed plays the same histories.
 */
export const proof = {
  runs: number('PROOF_RUNS', 12),
  steps: number('PROOF_STEPS', 30),
  seed: number('PROOF_SEED', Math.floor(Math.random() * 2 ** 31)),
};
