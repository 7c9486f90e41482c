import type { Fact } from '#kernel';
import type { CaseEvent, SentBack, StageEntered, StageLeft } from './case.events.js';
import type { Case, Visit } from './case.state.js';
import type { InVisit } from './in-visit.js';
import { isSame } from './lineage.js';
import { kindOf } from './stages/index.js';

type Passage = Extract<CaseEvent, { type: 'StageEntered' | 'StageLeft' | 'StageClosed' | 'SentBack' | 'PanelReopened' }>;

/** Where a case stands after it passed from stage to stage. */
export function evolvePassage(state: Case, event: Passage, { recordedAt: at, actor: by }: Fact): Case {
  switch (event.type) {
    case 'StageEntered':
      return entered(state, event.data, at);
    case 'StageLeft':
      return { ...changed(state, event.data, (visit) => left(visit, event.data, at)), lastLeft: placeOf(event.data) };
    case 'StageClosed': {
      const { to, explanation } = event.data;
      return changed(state, event.data, (visit) =>
        visit.left === undefined ? { ...visit, left: { outcome: 'closed', to, explanation, at } } : waiting(visit, () => []),
      );
    }
    case 'SentBack': {
      const { stands, to, reason } = event.data;
      return waitingAgain({ ...state, returns: [...state.returns, { ...placeOf(event.data), to, reason, by, at }] }, stands);
    }
    case 'PanelReopened':
      return waitingAgain(
        changed(state, event.data, ({ left: _left, ...visit }) => visit),
        event.data.stands,
      );
  }
}

/** Branches that had been joined with what is begun again. */
const waitingAgain = (state: Case, stands: SentBack['stands'] = []): Case =>
  stands.reduce((before: Case, one) => changed(before, one, (visit) => waiting(visit, (joins) => [...joins, one.at])), state);

const placeOf = ({ stage, visit }: InVisit): InVisit => ({ stage, visit });

const changed = (state: Case, place: InVisit, change: (visit: Visit) => Visit): Case => ({
  ...state,
  visits: state.visits.map((visit) => (isSame(visit, place) ? change(visit) : visit)),
});

function left(visit: Visit, { outcome, to, besides, waits, explanation }: StageLeft, at: string): Visit {
  return {
    ...visit,
    left: {
      outcome,
      to,
      explanation,
      at,
      ...(besides === undefined ? {} : { besides }),
      ...(waits === undefined ? {} : { waitsAt: waits.map((wait) => wait.at) }),
    },
  };
}

/** Changes at which stages a visit waits for other branches. */
function waiting(visit: Visit, change: (joins: readonly string[]) => readonly string[]): Visit {
  if (visit.left === undefined) return visit;
  const { waitsAt: before = [], ...rest } = visit.left;
  const waitsAt = change(before);
  return { ...visit, left: { ...rest, ...(waitsAt.length === 0 ? {} : { waitsAt }) } };
}

/** What a stage came of: the visit that led here last, or for one that is begun again, what that came of. */
function originOf({ visits, lastLeft }: Case, { stage, again }: StageEntered): readonly InVisit[] | undefined {
  if (again !== undefined) return visits.find((visit) => isSame(visit, { stage, visit: again }))?.after;
  const leads = visits.filter(({ left: gone }) => gone !== undefined && [gone.to, ...(gone.besides ?? [])].includes(stage));
  const from = leads.find((visit) => lastLeft !== undefined && isSame(visit, lastLeft)) ?? leads.at(-1);
  return from === undefined ? undefined : [placeOf(from)];
}

function entered(state: Case, data: StageEntered, at: string): Case {
  const { stage, joins } = data;
  const after = joins ?? originOf(state, data);
  const begins = { ...kindOf(data.kind).begin(data, at), version: state.version };
  const joined = (joins ?? []).reduce(
    (before: Case, place) => changed(before, place, (visit) => waiting(visit, (waits) => waits.filter((one) => one !== stage))),
    state,
  );
  return { ...joined, visits: [...joined.visits, after === undefined ? begins : { ...begins, after }] };
}
