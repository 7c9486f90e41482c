import { dirname, resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { CharterDocument } from '#charter';
import { type Definition, loadDefinition, openVisits, type YamlFile, yamlFile } from '#workflow';
import { type Scenario, type ScenarioFile, shapeFaults, type Step, type Then } from './scenario.shape.js';
import { LocalTime } from './scenario.time.js';
import { refusalOf, ScenarioMistake, World } from './scenario.world.js';

/** Something that did not come as a scenario says, and where it says so. */
export interface Failed {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly actual: string;
}

export interface Ran {
  readonly name: string;
  readonly milliseconds: number;
  /** The first thing that went otherwise: what follows from it is not told. */
  readonly failed?: Failed;
}

interface Stage {
  readonly source: YamlFile;
  readonly definition: Definition;
  readonly charter: CharterDocument;
  readonly time: LocalTime;
}

/**
 * Plays every scenario of a file, each in a world of its own.
 *
 * @throws DomainError definition.unsound for a definition that may not be adopted
 */
export async function runScenarios(path: string, charter: CharterDocument): Promise<readonly Ran[]> {
  const source = yamlFile(await readFile(path, 'utf8'), path);
  const [fault] = shapeFaults(source.value);
  if (source.faults[0] !== undefined) return [misread(path, { ...source.faults[0], message: source.faults[0].text.en })];
  if (fault !== undefined) return [misread(path, { ...source.at(fault.path), message: fault.message })];
  const file = source.value as ScenarioFile;
  const { definition } = await loadDefinition(resolve(dirname(path), file.definition));
  const stage = { source, definition, charter, time: new LocalTime(definition.round.utcOffsetMinutes) };
  const ran: Ran[] = [];
  for (const [index, scenario] of file.scenarios.entries()) ran.push(await runOne(stage, file, scenario, `/scenarios/${index}`));
  return ran;
}

const misread = (
  name: string,
  { message, ...place }: Omit<Failed, 'expected' | 'actual'> & { readonly message: string },
): Ran => {
  const { file, line, column } = place;
  return { name, milliseconds: 0, failed: { file, line, column, expected: 'a file of scenarios', actual: message } };
};

class Otherwise extends Error {
  constructor(
    readonly pointer: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${pointer}: expected ${expected}, was ${actual}`);
  }
}

async function runOne(stage: Stage, { given, ways = {} }: ScenarioFile, scenario: Scenario, pointer: string): Promise<Ran> {
  const startedAt = performance.now();
  const { name } = scenario;
  const took = () => Math.round(performance.now() - startedAt);
  try {
    const own = {
      ...given,
      round: { ...given.round, ...scenario.given?.round },
      institutions: { ...given.institutions, ...scenario.given?.institutions },
      people: scenario.given?.people ?? given.people,
      application: {
        ...given.application,
        ...scenario.given?.application,
        form: { ...given.application.form, ...scenario.given?.application?.form },
        course: { ...given.application.course, ...scenario.given?.application?.course },
      },
    };
    const world = await World.open(stage.definition, own, stage.charter, stage.time);
    for (const [place, way] of (scenario.after ?? []).entries()) {
      const steps = ways[way];
      if (steps === undefined) throw new Otherwise(`${pointer}/after/${place}`, 'one of the ways of this file', way);
      for (const [index, step] of steps.entries()) await take(stage, world, step, `/ways/${way}/${index}`);
    }
    for (const [index, step] of (scenario.when ?? []).entries()) await take(stage, world, step, `${pointer}/when/${index}`);
    world.turnTo();
    await compare(stage, world, scenario.then ?? {}, `${pointer}/then`);
    same(`${pointer}/name`, [], await world.incidents());
    return { name, milliseconds: took() };
  } catch (failure) {
    if (!(failure instanceof Otherwise)) throw failure;
    const { pointer: at, expected, actual } = failure;
    return { name, milliseconds: took(), failed: { ...stage.source.at(at), expected, actual } };
  }
}

const minuteMs = 60_000;

async function take({ time, ...stage }: Stage, world: World, step: Step, pointer: string): Promise<void> {
  const atMs = step.at === undefined ? world.nowMs + minuteMs : time.parse(step.at);
  if (atMs < world.nowMs) throw new Otherwise(`${pointer}/at`, `a time after ${time.format(world.nowMs)}`, String(step.at));
  await world.pass(atMs);
  world.turnTo(step.of);
  if (step.do !== undefined) {
    const refusal = await refusalOf(mistaken(world.act(step), pointer));
    if (refusal?.code !== step.refused) {
      const actual = refusal === undefined ? 'accepted' : `refused with ${refusal.code}: ${refusal.text.en}`;
      throw new Otherwise(
        step.refused === undefined ? `${pointer}/do` : `${pointer}/refused`,
        step.refused ?? 'accepted',
        actual,
      );
    }
  }
  if (step.then !== undefined) await compare({ time, ...stage }, world, step.then, `${pointer}/then`);
}

async function mistaken(act: Promise<void>, pointer: string): Promise<void> {
  try {
    await act;
  } catch (failure) {
    if (!(failure instanceof ScenarioMistake)) throw failure;
    throw new Otherwise(`${pointer}/by`, 'somebody who can do this', failure.message);
  }
}

async function compare({ time }: Stage, world: World, then: Then, pointer: string): Promise<void> {
  if (Object.keys(then).length === 0) return;
  const state = await world.case();
  const visits = openVisits(state);
  // Where several are open, a scenario tells of the one that it names.
  const open = visits.find(({ stage }) => stage === then.stage) ?? visits[0];
  const history = (await world.history()).map(({ type }) => type);
  const at = (name: keyof Then): string => `${pointer}/${name}`;
  if (then.stage !== undefined) same(at('stage'), then.stage, open?.stage ?? `none: it has ended (${state.end?.id})`);
  if (then.stages !== undefined) {
    same(at('stages'), then.stages.toSorted(), visits.map(({ stage }) => stage).toSorted());
  }
  if (then.due !== undefined) {
    same(
      at('due'),
      time.format(time.parse(then.due)),
      open?.dueAt === undefined ? 'no date' : time.format(Date.parse(open.dueAt)),
    );
  }
  if (then.outcome !== undefined) same(at('outcome'), then.outcome, state.end?.outcome ?? 'open');
  if (then.end !== undefined) same(at('end'), then.end, state.end?.id ?? `none: it is at ${open?.stage}`);
  inOrder(at('events'), then.events ?? [], history);
  for (const type of then.never ?? [])
    if (history.includes(type)) throw new Otherwise(at('never'), `no ${type}`, history.join(', '));
  if (then.effects !== undefined) {
    same(
      at('effects'),
      then.effects.toSorted(),
      world.owing.map(({ type, atMs }) => `${type} at ${time.format(atMs)}`).toSorted(),
    );
  }
  if (then.elsewhere !== undefined)
    same(
      at('elsewhere'),
      then.elsewhere,
      (await world.elsewhere()).map(({ type }) => type),
    );
}

function same(pointer: string, expected: string | readonly string[], actual: string | readonly string[]): void {
  const [wanted, found] = [told(expected), told(actual)];
  if (wanted !== found) throw new Otherwise(pointer, wanted, found);
}

const told = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : value.length === 0 ? 'nothing' : value.join(', ');

/** At the line of the first event that did not come. */
function inOrder(pointer: string, expected: readonly string[], actual: readonly string[]): void {
  let from = 0;
  for (const [index, type] of expected.entries()) {
    const found = actual.indexOf(type, from);
    if (found < 0)
      throw new Otherwise(`${pointer}/${index}`, `${type} after ${actual[from - 1] ?? 'the start'}`, actual.join(', '));
    from = found + 1;
  }
}
