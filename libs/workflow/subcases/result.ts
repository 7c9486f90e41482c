import type { CaseEvent, Explanation } from '../case.events.js';
import type { Case } from '../case.state.js';
import type { Definition } from '../definition.js';
import { lastExplanation } from '../filled.js';
import { leadsTo } from '../ranking/presence.js';
import { begun, exhausted } from '../passage.js';
import type { Appeal } from './subcase.js';

interface Ended {
  /** As it stood in the definition that the appeal was opened under. */
  readonly appeal: Appeal;
  readonly ended: Case;
  readonly number: number;
  readonly subcase: string;
  readonly now: number;
}

/** What an appeal that has ended comes to for the case: its end stands, or another takes its place, or it goes on. Nothing where that is on record. */
export function appealResult(
  state: Case,
  definition: Definition,
  { appeal, ended, number, subcase, now }: Ended,
): readonly CaseEvent[] {
  const known = state.appeals?.find((one) => one.number === number && one.subcase === subcase);
  const by = ended.end?.id;
  if (by === undefined || known === undefined || known.result !== undefined) return [];
  const came = { subcase, number, by, explanation: reasonFor(ended) };
  const end = appeal.ends[by];
  if (end?.result !== 'superseded') return [{ type: 'DecisionUpheld', data: came }];
  const to = exhausted(definition, state, end.by) ?? end.by;
  const outcome = definition.ends[to]?.outcome;
  if (outcome !== undefined) return [{ type: 'DecisionSuperseded', data: { ...came, end: to, outcome } }];
  const reopened = { ...came, to, ...(isAfterRanking(definition, to) ? { besideQuotas: true as const } : {}) };
  return [{ type: 'CaseReopened', data: reopened }, ...begun(definition, state, to, now)];
}

const isAfterRanking = (definition: Definition, to: string): boolean =>
  definition.stages.some(({ id, kind }) => kind === 'ranking' && leadsTo(definition, id, to));

/** Why the stage that an appeal was decided at came to its outcome; who judged stands in the appeal. */
function reasonFor(appeal: Case): Explanation {
  const decided = appeal.end?.outcome === 'withdrawn' ? undefined : lastExplanation(appeal);
  if (decided !== undefined) return { ...decided, excluded: [] };
  const text = { en: 'The appeal was not seen through.', zh: '申诉终止。' };
  return { clause: text, text, inputs: {}, excluded: [], arithmetic: [] };
}
