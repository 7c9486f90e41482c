import { type Case, type CaseState, type Definition, type DefinitionHistory, definitionStream, procedureOf } from '#workflow';
import type { AnyRoom } from '../support/any-room.js';

/** The applications of a room. */
export const subjects = ['course-1', 'course-2'] as const;

/** An application, an appeal or a hearing, and what it runs under. */
export interface Known {
  /** What follows the round in its address. */
  readonly subject: string;
  /** What it was applied for as, where it was. */
  readonly applied: string;
  readonly state: Case;
  /** Events of its stream. */
  readonly length: number;
  readonly definition: Definition;
}

/** Every case that there is now, sub-cases among them. */
export async function casesIn(room: AnyRoom): Promise<readonly Known[]> {
  const { versions } = (await room.states.fresh<DefinitionHistory>(definitionStream('a', room.definition.id))).state;
  const found: Known[] = [];
  const waiting = await Promise.all(subjects.map((subject) => room.addressOf(`a.one.${subject}`)));
  for (const [index, address] of waiting.entries()) {
    const { state, length } = await room.states.fresh<CaseState>(`case-${address}`);
    if (state.status === 'none') continue;
    const { subcase, version } = state.definition;
    const whole = versions[version]?.definition ?? room.definition;
    const definition = subcase === undefined ? whole : procedureOf(whole, subcase);
    const subject = address.slice('a.one.'.length);
    found.push({ subject, applied: subjects[index] ?? subject, state, length, definition });
    waiting.push(...subcasesOf(state).map((name) => `${address}.${name}`));
  }
  return found;
}

/** Appeals and hearings that a case asks for, whether or not they have been opened yet. */
const subcasesOf = ({ appeals = [], visits }: Case): readonly string[] =>
  [
    ...appeals,
    ...visits.flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : [])).flatMap(({ hearing }) => hearing ?? []),
  ].map(({ subcase, number }) => `${subcase}.${number}`);
