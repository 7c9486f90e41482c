import type { Seat } from '#kernel';
import type { Case, PanelVisit } from '../case.state.js';
import { openVisits } from '../case.state.js';
import { factsOfCase } from '../facts.js';
import type { Definition, PanelStage } from '../definition.js';
import { namedIn } from '../named.js';
import type { Answer, Computed, Panel } from './assigning.messages.js';
import type { Assigning, Request } from './assigning.state.js';
import type { AssignmentProblem, AssignmentResult, Infeasible, KnownConflict } from './problem.js';
import { isActive, placesOf } from '../stages/panel.places.js';
import { canonical } from './canonical.js';
import { formerPlaces, tiesTo } from './relations.js';

/** What an assignment is made of, all of it from the log. */
export interface Grounds {
  readonly definition: Definition;
  readonly stage: PanelStage;
  readonly assigning: Assigning;
  readonly request: Pick<Request, 'least'>;
  /** Every case of the round, by entry. */
  readonly cases: ReadonlyMap<string, Case>;
  /** Seats of the pool: those held now, one a person, and all there ever were. */
  readonly held: readonly Seat[];
  readonly ever: readonly Seat[];
  readonly now: number;
}

/** The problem of a round as it stands, and the visit of each case that waits. */
export interface Posed {
  readonly problem: AssignmentProblem;
  readonly visits: ReadonlyMap<string, number>;
}

/** The cases with empty places at the panel, the pool, and everything that keeps the one from the other. */
export function pose(grounds: Grounds): Posed {
  const { stage, assigning, cases, held } = grounds;
  const waiting = [...cases].flatMap(([subject, state]) => {
    const visit = openVisits(state).find((one): one is PanelVisit => one.kind === 'panel' && one.stage === stage.id);
    const wanted = visit === undefined ? 0 : placesOf(stage, visit) - visit.assignments.filter(isActive).length;
    return visit === undefined || wanted <= 0 ? [] : [{ subject, state, visit, wanted }];
  });
  const pool = new Set(held.map(({ person }) => person));
  const problem = canonical({
    cases: waiting.map(({ subject, state, wanted }) => ({ id: subject, wanted, ...wishes(stage, state) })),
    reviewers: reviewersOf(grounds),
    conflicts: waiting.flatMap(({ subject, state, visit }) => conflictsOf(grounds, subject, state, visit)),
    neverTogether: assigning.apart.filter((pair) => pair.every((person) => pool.has(person))),
    perInstitution: stage.onePerInstitution === true ? 'one' : 'any',
  });
  return { problem, visits: new Map(waiting.map(({ subject, visit }) => [subject, visit.visit])) };
}

function wishes({ fit }: PanelStage, state: Case) {
  const facts = factsOfCase(state);
  const value = (fact: string): readonly string[] => (facts[fact] === undefined ? [] : [String(facts[fact])]);
  const [discipline] = fit?.discipline === undefined ? [] : value(fit.discipline);
  return {
    institution: state.applicant.institution,
    ...(discipline === undefined ? {} : { discipline }),
    expertise: (fit?.expertise ?? []).flatMap(value),
  };
}

function reviewersOf({ stage, assigning, request, cases, held, ever, now }: Grounds): AssignmentProblem['reviewers'] {
  const loads = openLoads(cases.values());
  const formerly = formerPlaces(ever, assigning.relations, now);
  const descriptions = new Map(assigning.described.map((one) => [one.person, one]));
  return held.map(({ person, institution }) => {
    const described = descriptions.get(person);
    const most = Math.min(stage.maxLoad, described?.most ?? stage.maxLoad);
    return {
      id: person,
      ...(institution === undefined ? {} : { institution }),
      formerly: (formerly.get(person) ?? []).filter((one) => one !== institution),
      disciplines: described?.disciplines ?? [],
      expertise: described?.expertise ?? [],
      least: Math.min(request.least, most),
      most,
      load: loads.get(person) ?? 0,
    };
  });
}

/** Open reviews of each person in the round. */
function openLoads(cases: Iterable<Case>): ReadonlyMap<string, number> {
  const loads = new Map<string, number>();
  for (const state of cases)
    for (const visit of openVisits(state))
      for (const { reviewer, status } of visit.kind === 'panel' ? visit.assignments : [])
        if (status === 'open') loads.set(reviewer, (loads.get(reviewer) ?? 0) + 1);
  return loads;
}

/** Of several grounds the first: whoever declared a conflict has also served, perhaps. */
function conflictsOf(grounds: Grounds, subject: string, state: Case, visit: PanelVisit): readonly KnownConflict[] {
  const { definition, stage, assigning, held } = grounds;
  const barred = new Map<string, KnownConflict['because']>();
  const bar = (person: string, because: KnownConflict['because']): void => {
    if (!barred.has(person)) barred.set(person, because);
  };
  for (const person of state.conflicts) bar(person, 'declared');
  for (const person of namedIn(definition, state)) bar(person, 'named');
  for (const { reviewer } of visit.assignments) bar(reviewer, 'served');
  for (const [person, tie] of tiesTo(definition, state, assigning.relations)) bar(person, tie);
  const active = new Set(visit.assignments.filter(isActive).map(({ reviewer }) => reviewer));
  const colleagues = held.filter(({ person, institution }) => institution !== undefined && active.has(person));
  if (stage.onePerInstitution === true && colleagues.length > 0)
    for (const { person, institution } of held)
      if (colleagues.some((one) => one.institution === institution)) bar(person, 'institution-taken');
  for (const [one, other] of active.size === 0 ? [] : assigning.apart) {
    if (active.has(other)) bar(one, 'never-together');
    if (active.has(one)) bar(other, 'never-together');
  }
  if (barred.size === 0) return [];
  return held.flatMap(({ person }) => {
    const because = barred.get(person);
    return because === undefined ? [] : [{ case: subject, reviewer: person, because }];
  });
}

/** Problem and answer as the log keeps them: each case once, reviewers by their place in the pool. */
export function recordOf({ problem, visits }: Posed, found: AssignmentResult | Infeasible): Computed {
  const places = new Map(problem.reviewers.map(({ id }, at) => [id, at]));
  const placeOf = (id: string): number => places.get(id) as number;
  const panels = found.outcome === 'assigned' ? new Map(found.assignments.map((one) => [one.case, one.reviewers])) : undefined;
  const conflicts = new Map<string, KnownConflict[]>(problem.cases.map(({ id }) => [id, []]));
  for (const conflict of problem.conflicts) conflicts.get(conflict.case)?.push(conflict);
  return {
    reviewers: problem.reviewers,
    panels: problem.cases.map(({ id, institution, discipline, expertise, wanted }): Panel => {
      const barred = conflicts.get(id) ?? [];
      return {
        subject: id,
        visit: visits.get(id) ?? 1,
        institution,
        ...(discipline === undefined ? {} : { discipline }),
        ...(expertise.length === 0 ? {} : { expertise }),
        wanted,
        ...(barred.length === 0
          ? {}
          : { conflicts: barred.map(({ reviewer, because }) => [placeOf(reviewer), because] as const) }),
        reviewers: (panels?.get(id) ?? []).map(placeOf),
      };
    }),
    neverTogether: problem.neverTogether,
    perInstitution: problem.perInstitution,
    answer: answerOf(found),
  };
}

function answerOf(found: AssignmentResult | Infeasible): Answer {
  if (found.outcome === 'infeasible') return found;
  const { assignments: _assignments, ...answer } = found;
  return answer;
}
