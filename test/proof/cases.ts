import type { Case, CaseState, Definition } from '#workflow';
import { procedureOf } from '#workflow';
import type { AnyRoom } from '../support/any-room.js';
import { subjects } from './worlds.js';

/** An application, an appeal or a hearing, and what it runs under. */
export interface Known {
  /** What follows the round in its id: `course-1`, `course-1.appeal.1`. */
  readonly subject: string;
  readonly state: Case;
  readonly definition: Definition;
}

/** Every case that there is now, sub-cases among them. */
export async function casesIn(room: AnyRoom): Promise<readonly Known[]> {
  const found: Known[] = [];
  const waiting: string[] = [...subjects];
  for (const subject of waiting) {
    const { state } = await room.states.fresh<CaseState>(`case-${await room.addressOf(`a.one.${subject}`)}`);
    if (state.status === 'none') continue;
    const { subcase } = state.definition;
    found.push({ subject, state, definition: subcase === undefined ? room.definition : procedureOf(room.definition, subcase) });
    waiting.push(...subcasesOf(state).map((name) => `${subject}.${name}`));
  }
  return found;
}

/** Appeals and hearings that a case asks for, whether or not they have been opened yet. */
const subcasesOf = ({ appeals = [], visits }: Case): readonly string[] =>
  [
    ...appeals,
    ...visits.flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : [])).flatMap(({ hearing }) => hearing ?? []),
  ].map(({ subcase, number }) => `${subcase}.${number}`);
