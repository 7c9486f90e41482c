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
  const to = at.stage.on[outcome];
  if (to === undefined) throw new Error(`${at.stage.id} leads nowhere on ${outcome}`);
  return { type: 'StageLeft', data: { ...place(at), kind: at.stage.kind, outcome, to, explanation } };
}

/** The beginning of a stage, or the end of the case. */
export function arrive(definition: Definition, state: Pick<Case, 'visits'>, to: string, now: number): readonly CaseEvent[] {
  const end = definition.ends[to];
  if (end !== undefined) return [{ type: 'CaseEnded', data: { end: to, outcome: end.outcome } }];
  const stage = stageOf(definition, to);
  const visit = state.visits.filter((before) => before.stage === to).length + 1;
  return [
    { type: 'StageEntered', data: { stage: to, visit, kind: stage.kind, ...kindOf(stage.kind).enter(stage, definition, now) } },
  ];
}
