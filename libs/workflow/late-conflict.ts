import type { DecisionContext } from '#kernel';
import { notAtStage } from './acts/visit.js';
import type { CaseEvent } from './case.events.js';
import type { StageCommand } from './case.messages.js';
import { type Case, openVisits, type PanelVisit } from './case.state.js';
import { type Definition, stageOf } from './definition.js';
import { stageFor } from './facts.js';
import { cameOf, isUnderWay } from './lineage.js';
import { presence } from './ranking/presence.js';
import { refused } from './refusal.js';
import { standing } from './send-back.js';
import { kindOf } from './stages/index.js';
import { counted } from './stages/panel.result.js';
import { type At, place } from './stages/stage.js';

/**
 * A conflict of interest that is found after the panel has closed. While the case waits for the ranking of its round, nothing has been
 * decided on the review: the panel goes on without it, as if the conflict had been declared before, and the ranking waits.
 *
 * @throws DomainError case.not-at-stage, case.conflict-too-late
 */
export function declaredLate(
  command: Extract<StageCommand, { type: 'DeclareConflict' }>,
  state: Case,
  definition: Definition,
  context: DecisionContext,
): readonly CaseEvent[] {
  const { stage: id, visit: number, person = context.actor } = command.data;
  const origin = closedPanel(state, id, number);
  const stage = stageFor(definition, id, state);
  if (origin === undefined || !counted(origin).some(({ reviewer }) => reviewer === person)) throw notAtStage(id);
  const undone = cameOf(state, origin);
  if (!undone.has(origin) || !awaitsRanking(definition, state, id)) throw tooLate(id);
  const { left: _left, ...visit } = origin;
  const at: At = { definition, stage, visit, case: state };
  const stands = standing(undone, origin);
  return [
    { type: 'PanelReopened', data: { ...place(at), ...(stands.length === 0 ? {} : { stands }) } },
    ...[...undone].filter(isUnderWay).map((beyond) => goesNoFurther(at, beyond)),
    ...kindOf('panel').decide(command, at, context).events,
  ];
}

/** Whether somebody's conflict is still heard at a panel that has closed. */
export const hearsLate = (definition: Definition, state: Case, { stage, visit }: PanelVisit): boolean => {
  const origin = closedPanel(state, stage, visit);
  return origin !== undefined && cameOf(state, origin).has(origin) && awaitsRanking(definition, state, stage);
};

const closedPanel = ({ visits }: Case, stage: string, number?: number): PanelVisit | undefined =>
  visits.findLast(
    (visit): visit is PanelVisit =>
      visit.kind === 'panel' && visit.stage === stage && visit.visit === (number ?? visit.visit) && visit.left !== undefined,
  );

/** Whether the reviews of a panel count for a ranking that has not given the case its place. */
const awaitsRanking = (definition: Definition, state: Case, panel: string): boolean =>
  definition.stages.some(
    (stage) =>
      stage.kind === 'ranking' &&
      stage.scores === panel &&
      presence(definition, state, stage.id) !== 'out' &&
      openVisits(state).every((visit) => visit.kind !== 'ranking' || visit.stage !== stage.id || visit.placed === undefined),
  );

function goesNoFurther({ definition, stage }: At, { stage: id, visit, kind }: Case['visits'][number]): CaseEvent {
  const { title } = stageOf(definition, id);
  const text = {
    en: `“${title.en}” goes no further: “${stage.title.en}” has been opened again.`,
    zh: `“${title.zh}”不再继续：“${stage.title.zh}”已重新开始。`,
  };
  const explanation = { clause: stage.title, text, inputs: { by: stage.id }, excluded: [], arithmetic: [] };
  return { type: 'StageClosed', data: { stage: id, visit, kind, to: stage.id, explanation } };
}

const tooLate = (stage: string) =>
  refused(
    'case.conflict-too-late',
    'The panel has closed, and what rests on its reviews has been decided or is before those who decide. That a conflict of interest was not respected is a ground for an appeal.',
    '评审已经结束，依据评审意见的后续决定已经作出或正在进行；应回避未回避的，可作为申诉理由。',
    { stage },
  );
