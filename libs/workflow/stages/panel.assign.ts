import { canonicalJson, type DecisionContext } from '#kernel';
import { assignmentStream, type AssigningState, panelFor } from '../assignment/assigning.state.js';
import { formerPlaces, relationsOf, tiesTo } from '../assignment/relations.js';
import type { Assignment, Blocking, CaseEvent, ReviewersAssigned } from '../case.events.js';
import type { AssignReviewers } from '../case.messages.js';
import { caseAddress, type PanelVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { PanelStage } from '../definition.js';
import { namedIn } from '../named.js';
import { heldSeats, seatsOf } from '../organs.js';
import { refused } from '../refusal.js';
import { type Barred, barredAmong, draw, type DrawInputs, type Drawn, exclusionOf, solver } from './panel.draw.js';
import { concluded } from './panel.discussion.js';
import { drawsAtOnce, isActive, placesDueAt, placesOf } from './panel.places.js';
import { type At, place, type StageDecision } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;

/** Fills every empty place of the panel, by draw or as was chosen; or none, and says what stands in the way. */
export function assign({ data }: { readonly data: AssignReviewers }, at: PanelAt, context: DecisionContext): StageDecision {
  if (context.actor !== 'engine' && (data.loads ?? data.principal) !== undefined) throw onlyTheEngine();
  const inputs = inputsOf(at, data.loads ?? {}, context);
  if (inputs.wanted === 0) return full(context.actor);
  if (data.assignment !== undefined) return asAssigned(at, inputs, data.assignment, context);
  if (context.actor !== 'engine') return sought(at, inputs, data.reviewers);
  const { principal } = data;
  const named = data.reviewers === undefined ? undefined : asNamed(inputs, data.reviewers, principal);
  const drawn = named ?? byLot(at, inputs);
  if (drawn.reviewers.length === 0) {
    const { eligible, blocking } = drawn;
    const lacking = { wanted: inputs.wanted, eligible, blocking };
    // Two draws that were owed for the same places say so once.
    const isKnown = named === undefined && canonicalJson(lacking) === canonicalJson(at.visit.lacking ?? {});
    return isKnown ? { events: [] } : concluded(at, [unfilled(at, lacking, context)], context);
  }
  const source = {
    ...drawn,
    by: named === undefined ? 'draw' : 'secretary',
    solver,
    seed: inputs.seed,
    loads: inputs.loads,
  } as const;
  return assigned(at, { ...source, ...(principal === undefined ? {} : { principal }) }, context);
}

/** What the keeper wants is on record first; how much each person has to do is counted before anybody is assigned. */
function sought(at: PanelAt, inputs: DrawInputs, reviewers: readonly string[] | undefined): StageDecision {
  if (reviewers === undefined) {
    if (at.visit.drawn >= at.stage.draws) throw drawsUsedUp(at.stage.draws);
    const { blocking } = draw(inputs);
    if (blocking.length > 0) throw tooFew(inputs.wanted, blocking);
  } else {
    const barred = barredAmong(inputs, reviewers);
    if (barred.length > 0 || reviewers.length > inputs.wanted) throw badChoice(inputs.wanted, barred);
  }
  return {
    events: [{ type: 'ReviewersSought', data: { ...place(at), ...(reviewers === undefined ? {} : { reviewers }) } }],
  };
}

/** By lot, as often as the definition allows. */
const byLot = ({ stage, visit: { drawn } }: PanelAt, inputs: DrawInputs): Drawn =>
  drawn < stage.draws ? draw(inputs) : { ...draw(inputs), reviewers: [], blocking: [{ constraint: 'draws', count: drawn }] };

const assigningOf = ({ stage, case: { round } }: PanelAt, { alliance, consulted }: DecisionContext): AssigningState =>
  consulted<AssigningState>(assignmentStream(alliance, round, stage.id));

/** What a draw, or a choice, is bound by now. */
export function inputsOf(at: PanelAt, loads: DrawInputs['loads'], context: DecisionContext): DrawInputs {
  const {
    stage,
    visit,
    case: { seed, conflicts, applicant },
  } = at;
  const seats = heldSeats(context, stage.power).map(({ person, institution }) => ({
    person,
    ...(institution === undefined ? {} : { institution }),
  }));
  const active = visit.assignments.filter(isActive);
  const standing = active.flatMap(({ substitute }) => (substitute === undefined ? [] : [substitute.person]));
  const others = [...active.map(({ reviewer }) => reviewer), ...standing];
  return {
    seats,
    wanted: Math.max(0, placesOf(stage, visit) - active.length),
    seed: [seed, context.id, visit.stage, visit.visit, visit.draws + 1].join('/'),
    applicant: applicant.institution,
    declared: conflicts,
    served: [...visit.assignments.flatMap(({ reviewer, principal = reviewer }) => [reviewer, principal]), ...standing],
    taken: others.flatMap((other) => seats.find(({ person }) => person === other)?.institution ?? []),
    loads: Object.fromEntries(seats.flatMap(({ person }) => (loads[person] === undefined ? [] : [[person, loads[person]]]))),
    maxLoad: stage.maxLoad,
    onePerInstitution: stage.onePerInstitution === true,
    ...kinship(at, others, seats, context),
  };
}

/** Whom the application itself, the ties declared in the round, and earlier employers keep from this case. */
function kinship(
  at: PanelAt,
  others: readonly string[],
  seats: DrawInputs['seats'],
  context: DecisionContext,
): Pick<DrawInputs, 'related' | 'apart'> {
  const assigning = assigningOf(at, context);
  const relations = relationsOf(assigning);
  const apart = assigning.status === 'none' ? [] : assigning.apart;
  const formerly = formerPlaces(seatsOf(context, at.stage.power), relations, context.now);
  const ties = tiesTo(at.definition, at.case, relations);
  const named = new Set(namedIn(at.definition, at.case));
  const ground = (person: string): NonNullable<DrawInputs['related']>[string] | undefined => {
    if (named.has(person)) return 'named';
    if (formerly.get(person)?.includes(at.case.applicant.institution) === true) return 'formerly-there';
    const barred = apart.some((pair) => pair.includes(person) && pair.some((one) => one !== person && others.includes(one)));
    return ties.get(person) ?? (barred ? 'never-together' : undefined);
  };
  const related = seats.flatMap(({ person }) => {
    const because = ground(person);
    return because === undefined ? [] : [[person, because] as const];
  });
  return {
    ...(related.length === 0 ? {} : { related: Object.fromEntries(related) }),
    ...(apart.length === 0 ? {} : { apart }),
  };
}

/** As the assignment of the round proposed, of whom nothing has come between since; what is then still empty is drawn. */
function asAssigned(at: PanelAt, inputs: DrawInputs, request: number, context: DecisionContext): StageDecision {
  const { entry } = caseAddress(context.alliance, context.id);
  const adopted = panelFor(assigningOf(at, context), request, { subject: entry, visit: at.visit.visit });
  if (adopted?.request.found === undefined) throw notAdopted(request);
  const { found } = adopted.request;
  // How much anyone may have was weighed over the whole round.
  const free = { ...inputs, maxLoad: Number.MAX_SAFE_INTEGER };
  const seats = adopted.reviewers.flatMap((person) => inputs.seats.find((seat) => seat.person === person) ?? []);
  const excluded = seats.flatMap((seat) => {
    const because = exclusionOf(free, seat);
    return because === undefined ? [] : [{ person: seat.person, because }];
  });
  const reviewers = seats.map(({ person }) => person).filter((person) => !excluded.some((one) => one.person === person));
  const { solver: method, seed, inputs: hash } = found;
  const source = { by: 'assignment', request, solver: method, seed, loads: {}, inputs: hash } as const;
  return assigned(at, { ...source, reviewers: reviewers.slice(0, inputs.wanted), eligible: reviewers.length, excluded }, context);
}

const notAdopted = (request: number) =>
  refused(
    'case.no-assignment',
    `Assignment ${request} of the round has not been adopted, or proposes nobody for this application.`,
    `本轮第 ${request} 次分配方案尚未采用，或未涉及该项目。`,
    { request },
  );

function full(actor: string): StageDecision {
  if (actor === 'engine') return { events: [] };
  throw refused('case.panel-full', 'Every place of this panel is taken.', '评审组名额已满。');
}

/** All whom somebody has named, if each has room for it; undefined where the review that is handed over is drawn for instead. */
function asNamed(inputs: DrawInputs, named: readonly string[], principal: string | undefined): Drawn | undefined {
  const barred = barredAmong(inputs, named);
  if (barred.length === 0) return { ...draw(inputs), reviewers: named.slice(0, inputs.wanted), blocking: [] };
  if (principal !== undefined) return undefined;
  const grounds = [...new Set(barred.map(({ because }) => because))];
  const blocking = grounds.map((ground) => ({
    constraint: ground === 'no-seat' ? ('pool' as const) : ground,
    count: barred.filter(({ because }) => because === ground).length,
  }));
  return { ...draw(inputs), reviewers: [], blocking };
}

type Source = Pick<Assignment, 'principal'> &
  Pick<ReviewersAssigned, 'by' | 'request' | 'solver' | 'seed' | 'loads' | 'inputs' | 'eligible' | 'excluded'>;

function assigned(
  at: PanelAt,
  {
    reviewers,
    principal,
    by,
    request,
    solver: method,
    seed,
    loads,
    inputs,
    eligible,
    excluded,
  }: Source & { readonly reviewers: readonly string[] },
  context: DecisionContext,
): StageDecision {
  const times = datesOf(at, context.now);
  const isShort = placesOf(at.stage, at.visit) > reviewers.length + at.visit.assignments.filter(isActive).length;
  const assignments = reviewers.map((reviewer, index): Assignment => ({
    id: context.newId(`assignment.${index}`),
    reviewer,
    ...(principal === undefined ? {} : { principal }),
    ...times,
  }));
  const numbered = { draw: at.visit.draws + 1, by, ...(request === undefined ? {} : { request }) };
  const repeatable = { solver: method, seed, loads, inputs, eligible, excluded };
  const due = isShort && !drawsAtOnce(at.stage, by) ? { dueAt: at.visit.dueAt ?? placesDueAt(at, context.now) } : {};
  return { events: [{ type: 'ReviewersAssigned', data: { ...place(at), assignments, ...numbered, ...repeatable, ...due } }] };
}

/** When somebody who is assigned now is reminded, reported and replaced. */
export function datesOf({ definition, stage: { late } }: PanelAt, now: number): Omit<Assignment, 'id' | 'reviewer'> {
  const on = (days: number): string => deadline(definition, now, days);
  return { remindAt: on(late.remind), escalateAt: on(late.escalate), replaceAt: on(late.replace) };
}

/** Too few: a panel with enough complete reviews goes on without; otherwise it stays as it is, on record, for the secretary. */
function unfilled(at: PanelAt, lacking: NonNullable<PanelVisit['lacking']>, { now }: DecisionContext): CaseEvent {
  const due = at.visit.assignments.filter(isActive).length < at.stage.minimum ? { dueAt: placesDueAt(at, now) } : {};
  return { type: 'PanelUnfilled', data: { ...place(at), ...lacking, ...due } };
}

const badChoice = (wanted: number, barred: readonly Barred[]) =>
  refused(
    'case.reviewer-barred',
    `Choose at most ${wanted} reviewers from the pool who may review this application together. Barred: ${barred.length}.`,
    `请从专家库中选择至多 ${wanted} 位可共同评审该项目的专家；不可选人数：${barred.length}。`,
    { barred, wanted },
  );

const onlyTheEngine = () =>
  refused(
    'case.engine-counts',
    'How much each reviewer has to do, and whose review is handed over, is not yours to say. Leave out loads and principal.',
    '专家在评任务数和转办来源由系统核定，请勿提交 loads 和 principal。',
  );

const drawsUsedUp = (draws: number) =>
  refused(
    'case.draws-used-up',
    `Reviewers have been drawn ${draws} times, as often as this stage allows. Choose them by name.`,
    `本环节抽取专家的次数（${draws} 次）已用完，请直接指定专家。`,
    { draws },
  );

const tooFew = (wanted: number, blocking: readonly Blocking[]) =>
  refused(
    'case.panel-unfilled',
    `${wanted} reviewers are wanted, and too few may review this application. In the way: ${blocking.map(({ constraint, count }) => `${constraint} (${count})`).join(', ')}.`,
    `需要 ${wanted} 位专家，可评审该项目的专家不足。限制条件：${blocking.map(({ constraint, count }) => `${constraint}（${count}）`).join('、')}。`,
    { wanted, blocking },
  );
