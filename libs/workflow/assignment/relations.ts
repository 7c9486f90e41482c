import type { Seat } from '#kernel';
import { monthsLater } from '../calendar/months.js';
import type { Case } from '../case.state.js';
import type { Definition } from '../definition.js';
import type { AssigningState } from './assigning.state.js';
import type { RelationDeclared } from './assigning.messages.js';

/** How long having worked somewhere is a conflict of interest. */
const monthsAfter = 36;

/** What was declared in a round; nothing where nobody has declared anything. */
export const relationsOf = (state: AssigningState): readonly RelationDeclared[] =>
  state.status === 'none' ? [] : state.relations;

/** Where someone was within the last three years: by seats that have ended, and as declared. */
export function formerlyAt(
  person: string,
  seats: readonly Seat[],
  relations: readonly RelationDeclared[],
  now: number,
): readonly string[] {
  const isRecent = (until: number): boolean => until <= now && now < monthsLater(until, monthsAfter, 0);
  const ended = seats.flatMap((seat) =>
    seat.person === person && seat.institution !== undefined && isRecent(Date.parse(seat.until)) ? [seat.institution] : [],
  );
  const declared = relations.flatMap(({ person: who, institution, until }) =>
    who === person && institution !== undefined && until !== undefined && now < monthsLater(Date.parse(until), monthsAfter, 0)
      ? [institution]
      : [],
  );
  return [...new Set([...ended, ...declared])];
}

/** What ties someone to the people whom an application names. */
export function tieTo(
  { subject }: Definition,
  { form }: Pick<Case, 'form'>,
  person: string,
  relations: readonly RelationDeclared[],
): 'co-author' | 'supervised' | undefined {
  const named = new Set(subject.fields.flatMap(({ id, type }) => (type === 'person' ? [form[id]] : [])));
  const tie = relations.find((one) => one.person === person && one.with !== undefined && named.has(one.with));
  return tie === undefined || tie.relation === 'formerly-at' ? undefined : tie.relation;
}
