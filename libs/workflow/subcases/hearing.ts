import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { Case, CaseState } from '../case.state.js';
import { withdrawnEnd } from '../definition.js';
import { reasonOf } from '../filled.js';
import type { Hearing } from './subcase.js';

/** The ruling on the objection that a hearing has come to; undefined where it came to none. */
export function rulingOf({ ends }: Hearing, ended: Case): Extract<StageCommand, { type: 'RuleOnObjection' }> | undefined {
  const { end, origin } = ended;
  const result = ends[end?.id ?? '']?.result;
  if (result === undefined || origin?.objection === undefined) return undefined;
  return { type: 'RuleOnObjection', data: { ...origin.objection, ruling: result, reason: reasonOf(ended) } };
}

/** The end of a sub-case whose matter is over otherwise; nothing where there is none, or where it has ended. */
export const dropped = (state: CaseState): readonly CaseEvent[] =>
  state.status === 'open' && state.origin !== undefined
    ? [
        { type: 'SubcaseDropped', data: {} },
        { type: 'CaseEnded', data: { end: withdrawnEnd, outcome: 'withdrawn' } },
      ]
    : [];
