import { type AskingContext, notFound, type Permit } from '#kernel';
import { announcedIn } from './calendar/calendar.decider.js';
import type { Case, CaseState } from './case.state.js';
import { counting } from './deadline.js';
import { type Definition, type DefinitionHistory, definitionStream, type Owner } from './definition.js';
import { pinnedDefinition } from './pinned.js';
import { scopeOf } from './filled.js';
import { organStreamOf, seatsOf } from './organs.js';
import { refused } from './refusal.js';
import { isWalled, judgingPowers, type Viewer } from './wall.js';

/** The stream of a case, by its id. */
export const caseStream = (id: string): string => `case-${id}`;

export const definitionOf = (
  { definition }: Pick<Case, 'definition'>,
  { alliance, consulted }: Pick<AskingContext, 'alliance' | 'consulted'>,
): Definition => pinnedDefinition(consulted<DefinitionHistory>(definitionStream(alliance, definition.id)), definition);

export interface Known {
  readonly open: Case;
  readonly definition: Definition;
}

/** The case as its actor may know it. @throws DomainError case.not-found for a case that is not there, or not for this actor */
export function knownCase(state: CaseState, asking: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>): Known {
  if (state.status === 'none') throw notFound('case');
  const definition = definitionOf(state, asking);
  if (asking.actor !== 'engine' && isWalled(definition, state, viewerOf(definition, state, asking))) throw notFound('case');
  return { open: state, definition };
}

/** As `knownCase`, to decide on it: deadlines are counted by the calendar of the alliance. @throws DomainError case.not-found */
export function ruledCase(state: CaseState, context: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>): Known {
  const { open, definition } = knownCase(state, context);
  return { open, definition: counting(definition, announcedIn(context).years) };
}

/** Whoever sends a command, as far as the wall must know them: what they judge, whether they are the applicant. */
export function viewerOf(
  definition: Definition,
  state: Case,
  asking: Pick<AskingContext, 'alliance' | 'actor' | 'consulted'>,
): Viewer {
  const { submit: applying } = definition.subject.powers;
  const { institution } = state.applicant;
  const own = (power: string, scope?: string) => seatsOf(asking, power, scope).filter(({ person }) => person === asking.actor);
  const judging = judgingPowers(definition).map((power) => ({ power, seats: own(power) }));
  return {
    person: asking.actor,
    institutions: judging.flatMap(({ seats }) => seats.flatMap((seat) => seat.institution ?? [])),
    powers: [
      ...judging.filter(({ seats }) => seats.length > 0).map(({ power }) => ({ power })),
      ...(own(applying, institution).length > 0 ? [{ power: applying, scope: institution }] : []),
    ],
  };
}

/** What a rule reads to keep a case from whoever sends a command. */
export const wallStreams = (state: Case, asking: AskingContext): readonly string[] =>
  asking.actor === 'engine' ? [] : viewerStreams(state, asking);

/** What a rule reads to know anybody as a viewer of a case. */
export function viewerStreams(state: Case, asking: AskingContext): readonly string[] {
  const definition = definitionOf(state, asking);
  const { submit: applying } = definition.subject.powers;
  const office = organStreamOf(asking, applying, state.applicant.institution);
  const judges = judgingPowers(definition).map((power) => organStreamOf(asking, power));
  return [...new Set([...judges, office].filter((stream) => stream !== undefined))];
}

/** A power with its scope as this case has it. */
export function permitOf(owner: Owner, state: Case): Permit {
  const scope = scopeOf(owner, state);
  return { power: owner.power, ...(scope === undefined ? {} : { scope }) };
}

/** @throws DomainError case.ended */
export function mustBeOpen({ status, number, end }: Case): void {
  if (status === 'open') return;
  throw refused(
    'case.ended',
    `Application ${number} has come to its end (${end?.id}); nothing more is done on it.`,
    `申报 ${number} 已办结（${end?.id}），不再办理。`,
    { number, end: end?.id },
  );
}
