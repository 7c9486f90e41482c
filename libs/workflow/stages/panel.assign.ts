import type { DecisionContext } from '#kernel';
import type { Assignment, Blocking, CaseEvent } from '../case.events.js';
import type { AssignReviewers } from '../case.messages.js';
import type { AssignmentState, PanelVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { PanelStage } from '../definition.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { draw, type DrawInputs, type Drawn, exclusionOf, solver } from './panel.draw.js';
import { counted, outcomeOf } from './panel.result.js';
import { type At, place, type StageDecision } from './stage.js';

type PanelAt = At<PanelStage, PanelVisit>;

const isActive = ({ status }: AssignmentState): boolean => status === 'open' || status === 'submitted';

/** Fills every empty place of the panel, by draw or as the secretary chooses; or none, and says what stands in the way. */
export function assign({ data }: { readonly data: AssignReviewers }, at: PanelAt, context: DecisionContext): StageDecision {
  const inputs = inputsOf(at, data.loads ?? {}, context);
  if (inputs.wanted === 0) return full(context.actor);
  if (at.visit.draws >= at.stage.draws && context.actor === 'engine') {
    return unfilled(at, { ...draw(inputs), blocking: [{ constraint: 'draws', count: at.visit.draws }] }, inputs.wanted, context);
  }
  const drawn = data.reviewers === undefined ? draw(inputs) : chosen(inputs, data.reviewers);
  return drawn.reviewers.length === 0 ? unfilled(at, drawn, inputs.wanted, context) : assigned(at, drawn, inputs, data, context);
}

function inputsOf(
  { stage, visit, case: { seed, conflicts, applicant } }: PanelAt,
  loads: DrawInputs['loads'],
  context: DecisionContext,
): DrawInputs {
  const seats = heldSeats(context, stage.power).map(({ person, institution }) => ({
    person,
    ...(institution === undefined ? {} : { institution }),
  }));
  const active = visit.assignments.filter(isActive);
  return {
    seats,
    wanted: Math.max(0, stage.size - active.length),
    seed: [seed, context.id, visit.stage, visit.visit, visit.draws + 1].join('/'),
    applicant: applicant.institution,
    declared: conflicts,
    served: visit.assignments.map(({ reviewer }) => reviewer),
    taken: active.flatMap(({ reviewer }) => seats.find(({ person }) => person === reviewer)?.institution ?? []),
    loads: Object.fromEntries(seats.flatMap(({ person }) => (loads[person] === undefined ? [] : [[person, loads[person]]]))),
    maxLoad: stage.maxLoad,
    onePerInstitution: stage.onePerInstitution === true,
  };
}

function full(actor: string): StageDecision {
  if (actor === 'engine') return { events: [] };
  throw refused('case.panel-full', 'Every place of this panel is taken.', '评审组名额已满。');
}

/** The secretary's choice is bound by the same constraints as the draw. */
function chosen(inputs: DrawInputs, reviewers: readonly string[]): Drawn {
  const lucky = draw(inputs);
  const barred = reviewers.flatMap((person) => {
    const seat = inputs.seats.find((held) => held.person === person);
    const because = seat === undefined ? ('no-seat' as const) : exclusionOf(inputs, seat);
    return because === undefined ? [] : [{ person, because }];
  });
  if (barred.length > 0 || reviewers.length > inputs.wanted) {
    throw refused(
      'case.reviewer-barred',
      `Choose at most ${inputs.wanted} reviewers from the pool who may review this application. Barred: ${barred.length}.`,
      `请从专家库中选择至多 ${inputs.wanted} 位可评审该项目的专家；不可选人数：${barred.length}。`,
      { barred, wanted: inputs.wanted },
    );
  }
  return { ...lucky, reviewers, blocking: [] };
}

function assigned(at: PanelAt, drawn: Drawn, inputs: DrawInputs, data: AssignReviewers, context: DecisionContext): StageDecision {
  const { late } = at.stage;
  const on = (days: number): string => deadline(at.definition, context.now, days);
  const times = { remindAt: on(late.remind), escalateAt: on(late.escalate), replaceAt: on(late.replace) };
  const assignments = drawn.reviewers.map((reviewer, index): Assignment => ({
    id: context.newId(`assignment.${index}`),
    reviewer,
    ...times,
  }));
  return {
    events: [
      {
        type: 'ReviewersAssigned',
        data: {
          ...place(at),
          assignments,
          draw: at.visit.draws + 1,
          by: data.reviewers === undefined ? 'draw' : 'secretary',
          solver,
          seed: inputs.seed,
          loads: inputs.loads,
          inputs: drawn.inputs,
          eligible: drawn.eligible,
          excluded: drawn.excluded,
        },
      },
    ],
  };
}

/** Too few: a panel with enough complete reviews goes on without; otherwise it stays as it is, on record, for the secretary. */
function unfilled(at: PanelAt, { eligible, blocking }: Drawn, wanted: number, { actor }: DecisionContext): StageDecision {
  if (actor !== 'engine') throw tooFew(wanted, blocking);
  const event: CaseEvent = { type: 'PanelUnfilled', data: { ...place(at), wanted, eligible, blocking } };
  const waits = at.visit.assignments.some(({ status }) => status === 'open') || counted(at.visit).length < at.stage.minimum;
  return waits ? { events: [event] } : { events: [event], outcome: outcomeOf(at) };
}

const tooFew = (wanted: number, blocking: readonly Blocking[]) =>
  refused(
    'case.panel-unfilled',
    `${wanted} reviewers are wanted, and too few may review this application. In the way: ${blocking.map(({ constraint, count }) => `${constraint} (${count})`).join(', ')}.`,
    `需要 ${wanted} 位专家，可评审该项目的专家不足。限制条件：${blocking.map(({ constraint, count }) => `${constraint}（${count}）`).join('、')}。`,
    { wanted, blocking },
  );
