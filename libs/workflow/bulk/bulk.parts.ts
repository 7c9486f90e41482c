import type { StageCommand } from '../case.messages.js';
import { type CaseState, openVisits, type Visit } from '../case.state.js';
import type { BulkAct, BulkPart, CaseSeen, Doing } from './bulk.messages.js';

/** What is said once for all of them. */
export type Told = 'reason' | 'choice' | 'until';

interface Act {
  readonly type: StageCommand['type'];
  /** What of a visit it is done to, where that is not the visit itself. */
  readonly assignments?: (visit: Visit) => readonly string[];
  /** What the act must be told. */
  readonly needs: readonly Told[];
}

/** Everything that bulk acts are: another one is another line here. */
const acts: Readonly<Record<BulkAct, Act>> = {
  'pass-check': { type: 'PassCheck', needs: [] },
  'return-for-correction': { type: 'ReturnForCorrection', needs: ['reason'] },
  'extend-correction': { type: 'ExtendCorrection', needs: ['until', 'reason'] },
  'fail-check': { type: 'FailCheck', needs: ['reason'] },
  remind: { type: 'RemindReviewer', assignments: notYetReminded, needs: [] },
  'open-ballot': { type: 'OpenBallot', needs: [] },
  'cast-vote': { type: 'CastVote', needs: ['choice'] },
};

export const missing = ({ act, ...told }: Doing): Told | undefined => acts[act].needs.find((need) => told[need] === undefined);

function notYetReminded(visit: Visit): readonly string[] {
  if (visit.kind !== 'panel') return [];
  return visit.assignments.filter(({ status, reminded }) => status === 'open' && !reminded).map(({ id }) => id);
}

/** The steps of an act on a case as it stands: none where there is nothing left of it to do. */
export function partsOf({ act, stage }: Doing, state: CaseState, seen: CaseSeen): readonly BulkPart[] {
  const visit = openVisits(state).find((open) => open.stage === stage);
  const part = { case: seen.case, revision: seen.revision, visit: visit?.visit ?? 1 };
  const { assignments } = acts[act];
  // Where the case is not at the stage, the act itself says so best.
  if (visit === undefined || assignments === undefined) return [part];
  return assignments(visit).map((assignment) => ({ ...part, assignment }));
}

/** The command of one step. */
export function commandOf({ act, stage, ...said }: Doing, { visit, assignment }: BulkPart): StageCommand {
  const told =
    act === 'pass-check' ? { note: said.reason } : Object.fromEntries(acts[act].needs.map((need) => [need, said[need]]));
  const data = { stage, visit, ...(assignment === undefined ? {} : { assignment }), ...told };
  return { type: acts[act].type, data: withoutAbsent(data) } as unknown as StageCommand;
}

const withoutAbsent = (data: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
