import { type AskingContext, type DecisionContext, type Seat } from '#kernel';
import { assignmentStream, type AssigningState } from '../assignment/assigning.state.js';
import { formerPlaces, relationsOf, tiesTo } from '../assignment/relations.js';
import type { Exclusion } from '../case.events.js';
import type { Case } from '../case.state.js';
import { type Definition, type DefinitionHistory, definitionStream } from '../definition.js';
import { namedIn } from '../named.js';
import { heldSeats, seatsOf } from '../organs.js';
import { pinnedDefinition } from '../pinned.js';
import { refused } from '../refusal.js';

/** Where ties of the people of a round were declared: at its panels, also for what becomes of a case in a sub-case. */
export function tieStreams(
  { definition, round }: Pick<Case, 'definition' | 'round'>,
  { alliance, consulted }: Pick<AskingContext, 'alliance' | 'consulted'>,
): readonly string[] {
  const { subcase: _subcase, ...whole } = definition;
  const { stages } = pinnedDefinition(consulted<DefinitionHistory>(definitionStream(alliance, whole.id)), whole);
  return stages.flatMap(({ id, kind }) => (kind === 'panel' ? [assignmentStream(alliance, round, id)] : []));
}

/** Why somebody who holds a seat takes no part in deciding a case, on the same grounds that keep reviewers from it; undefined for who does. */
export function recusals(
  definition: Definition,
  state: Case,
  power: string,
  context: DecisionContext,
): (seat: Pick<Seat, 'person' | 'institution'>) => Exclusion['because'] | undefined {
  const { institution: applicant } = state.applicant;
  const relations = tieStreams(state, context).flatMap((stream) => relationsOf(context.consulted<AssigningState>(stream)));
  const formerly = formerPlaces(seatsOf(context, power), relations, context.now);
  const ties = tiesTo(definition, state, relations);
  const named = namedIn(definition, state);
  return ({ person, institution }) => {
    if (institution === applicant) return 'same-institution';
    if (state.conflicts.includes(person)) return 'declared';
    if (named.includes(person)) return 'named';
    return formerly.get(person)?.includes(applicant) === true ? 'formerly-there' : ties.get(person);
  };
}

/** @throws DomainError case.recused for whoever may not rule on the case */
export function mustNotBeRecused(definition: Definition, state: Case, power: string, context: DecisionContext): void {
  const recused = recusals(definition, state, power, context);
  const own = heldSeats(context, power).filter(({ person }) => person === context.actor);
  if ([{ person: context.actor }, ...own].every((seat) => recused(seat) === undefined)) return;
  throw refused('case.recused', 'You are recused from this matter.', '您须回避该事项。');
}
