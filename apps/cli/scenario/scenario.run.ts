import { dirname, resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { CharterDocument } from '#charter';
import type { DomainError, Text } from '#kernel';
import { type Definition, loadDefinition, openVisits, type YamlFile, yamlFile } from '#workflow';
import { changed, type Scenario, type ScenarioFile, shapeFaults, type Step, type Then } from './scenario.shape.js';
import { LocalTime } from './scenario.time.js';
import { modelCharterFor } from '../workflow.charter.js';
import { refusalOf, ScenarioMistake, World } from './scenario.world.js';

/** Something that did not come as a scenario says, and where it says so. */
export interface Failed {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected: Text;
  readonly actual: Text;
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
 * @param own - the charter that they are played under, as it is; the model charter, which then names the workflow, unless given
 * @throws DomainError definition.unsound for a definition that may not be adopted
 */
export async function runScenarios(path: string, own?: CharterDocument): Promise<readonly Ran[]> {
  const source = yamlFile(await readFile(path, 'utf8'), path);
  const [fault] = shapeFaults(source.value);
  if (source.faults[0] !== undefined) return [misread(path, { ...source.faults[0], message: source.faults[0].text })];
  if (fault !== undefined) return [misread(path, { ...source.at(fault.path), message: fault.message })];
  const file = source.value as ScenarioFile;
  const { definition } = await loadDefinition(resolve(dirname(path), file.definition));
  const charter = own ?? modelCharterFor(definition);
  const stage = { source, definition, charter, time: new LocalTime(definition.round.utcOffsetMinutes) };
  const ran: Ran[] = [];
  for (const [index, scenario] of file.scenarios.entries()) ran.push(await runOne(stage, file, scenario, `/scenarios/${index}`));
  return ran;
}

const misread = (name: string, { message, ...place }: Omit<Failed, 'expected' | 'actual'> & { readonly message: Text }): Ran => {
  const { file, line, column } = place;
  return { name, milliseconds: 0, failed: { file, line, column, expected: words.file, actual: message } };
};

class Otherwise extends Error {
  readonly expected: Text;
  readonly actual: Text;

  constructor(
    readonly pointer: string,
    expected: Told,
    actual: Told,
  ) {
    super(pointer);
    [this.expected, this.actual] = [textOf(expected), textOf(actual)];
  }
}

/** A name or a date is the same in both languages. */
type Told = string | Text;
const textOf = (told: Told): Text => (typeof told === 'string' ? { en: told, zh: told } : told);

const words = {
  file: { en: 'a file of scenarios', zh: '场景文件' },
  way: { en: 'one of the ways of this file', zh: '本文件 ways 之一' },
  someone: { en: 'somebody who can do this', zh: '可为此事之人' },
  accepted: { en: 'accepted', zh: '受理' },
  noDate: { en: 'no date', zh: '无期限' },
  nothing: { en: 'nothing', zh: '无' },
  theStart: { en: 'the start', zh: '开头' },
} as const;

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
      application: changed(given.application, scenario.given?.application),
      others: { ...given.others, ...scenario.given?.others },
    };
    const world = await World.open(stage.definition, own, stage.charter, stage.time);
    for (const [place, way] of (scenario.after ?? []).entries()) {
      const steps = ways[way];
      if (steps === undefined) throw new Otherwise(`${pointer}/after/${place}`, words.way, way);
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
  if (atMs < world.nowMs) throw new Otherwise(`${pointer}/at`, later(time.format(world.nowMs)), String(step.at));
  await world.pass(atMs);
  world.turnTo(step.of);
  if (step.do !== undefined) {
    const refusal = await refusalOf(mistaken(world.act(step), pointer));
    if (refusal?.code !== step.refused) {
      const actual = refusal === undefined ? words.accepted : refusedWith(refusal);
      throw new Otherwise(
        step.refused === undefined ? `${pointer}/do` : `${pointer}/refused`,
        step.refused ?? words.accepted,
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
    throw new Otherwise(`${pointer}/by`, words.someone, failure.text);
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
  if (then.stage !== undefined) same(at('stage'), then.stage, open?.stage ?? hasEnded(state.end?.id));
  if (then.stages !== undefined) {
    same(at('stages'), then.stages.toSorted(), visits.map(({ stage }) => stage).toSorted());
  }
  if (then.due !== undefined) {
    same(
      at('due'),
      time.format(time.parse(then.due)),
      open?.dueAt === undefined ? words.noDate : time.format(Date.parse(open.dueAt)),
    );
  }
  if (then.outcome !== undefined) same(at('outcome'), then.outcome, state.end?.outcome ?? 'open');
  if (then.end !== undefined) same(at('end'), then.end, state.end?.id ?? isAt(open?.stage));
  inOrder(at('events'), then.events ?? [], history);
  for (const type of then.never ?? [])
    if (history.includes(type)) throw new Otherwise(at('never'), { en: `no ${type}`, zh: `无 ${type}` }, history.join(', '));
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

function same(pointer: string, expected: Told | readonly string[], actual: Told | readonly string[]): void {
  const [wanted, found] = [told(expected), told(actual)];
  if (wanted.en !== found.en) throw new Otherwise(pointer, wanted, found);
}

const told = (value: Told | readonly string[]): Text =>
  Array.isArray(value) ? textOf(value.length === 0 ? words.nothing : value.join(', ')) : textOf(value as Told);

const later = (time: string): Text => ({ en: `a time after ${time}`, zh: `${time} 之后的时间` });
const hasEnded = (end?: string): Text => ({ en: `none: it has ended (${end})`, zh: `无，已结束（${end}）` });
const isAt = (stage?: string): Text => ({ en: `none: it is at ${stage}`, zh: `无，尚在 ${stage}` });
const refusedWith = ({ code, text }: DomainError): Text => ({
  en: `refused with ${code}: ${text.en}`,
  zh: `被拒绝（${code}）：${text.zh}`,
});

/** At the line of the first event that did not come. */
function inOrder(pointer: string, expected: readonly string[], actual: readonly string[]): void {
  let from = 0;
  for (const [index, type] of expected.entries()) {
    const found = actual.indexOf(type, from);
    if (found < 0)
      throw new Otherwise(`${pointer}/${index}`, after(type, textOf(actual[from - 1] ?? words.theStart)), actual.join(', '));
    from = found + 1;
  }
}

const after = (type: string, before: Text): Text => ({ en: `${type} after ${before.en}`, zh: `${before.zh}之后的 ${type}` });
