import type { CaseEvent, Explanation, StageLeft } from './case.events.js';
import type { Case } from './case.state.js';
import { type Definition, stageOf } from './definition.js';
import { kindOf } from './stages/index.js';
import { type At, place } from './stages/stage.js';

/** The end of a visit: what it came to, where that leads and why. @throws Error for an outcome that the definition forgot */
export function leave(
  at: At,
  outcome: string,
  explanation: Explanation,
): { readonly type: 'StageLeft'; readonly data: StageLeft } {
  const meant = at.stage.on[outcome];
  if (meant === undefined) throw new Error(`${at.stage.id} leads nowhere on ${outcome}`);
  const to = withinBounds(at, meant);
  return { type: 'StageLeft', data: { ...place(at), kind: at.stage.kind, outcome, to, explanation } };
}

/** The same stage, or the end that it names for a case that has come there as often as it may. */
function withinBounds({ definition, case: { visits } }: At, to: string): string {
  const bound = definition.stages.find(({ id }) => id === to)?.visits;
  return bound !== undefined && visits.filter(({ stage }) => stage === to).length >= bound.atMost ? bound.then : to;
}

/** The beginning of a stage, or the end of the case. */
export function arrive(definition: Definition, state: Pick<Case, 'visits'>, to: string, now: number): readonly CaseEvent[] {
  const end = definition.ends[to];
  if (end !== undefined) return [{ type: 'CaseEnded', data: { end: to, outcome: end.outcome } }];
  const stage = stageOf(definition, to);
  const before = state.visits.filter((visit) => visit.stage === to);
  const entered = kindOf(stage.kind).enter(stage, definition, now, before);
  return [{ type: 'StageEntered', data: { stage: to, visit: before.length + 1, kind: stage.kind, ...entered } }];
}
