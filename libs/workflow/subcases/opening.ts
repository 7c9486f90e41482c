import type { AskingContext, DecisionContext } from '#kernel';
import { announcedIn, calendarStream } from '../calendar/calendar.decider.js';
import type { CaseEvent } from '../case.events.js';
import { caseStream } from '../case.knowing.js';
import { type Case, caseAddress, type CaseState, type Objection, type PublicityVisit } from '../case.state.js';
import { counting } from '../deadline.js';
import { type Definition, type DefinitionHistory, definitionStream, type Pinned } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import { begun } from '../passage.js';
import { rankingStream, type RankingState } from '../ranking/ranking.state.js';
import { kindOf } from '../stages/index.js';
import { subcaseAddress, type SubcaseAddress, subcaseId } from './address.js';
import type { Barred, FirstReason, Origin } from './subcase.messages.js';

/** The parent, then its definition, and the hearings and rankings that judged a part of it. */
export function openingStreams({ id, alliance, loaded, consulted }: AskingContext): readonly string[] {
  const address = subcaseAddress(id);
  if (address === undefined) return [];
  const parent = caseStream(address.parent);
  if (!loaded(parent)) return [parent];
  const state = consulted<CaseState>(parent);
  if (state.status === 'none') return [parent];
  return [
    parent,
    definitionStream(alliance, state.definition.id),
    calendarStream(alliance),
    ...hearingsOf(address.parent, state),
    ...rankingsOf(state, alliance),
  ];
}

/** The first events of a sub-case, as its parent asks for it; none where there is nothing to open, or no longer. */
export function opened(state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  const address = subcaseAddress(context.id);
  if (address === undefined || state.status !== 'none') return [];
  const parent = context.consulted<CaseState>(caseStream(address.parent));
  if (parent.status === 'none') return [];
  const matter = appealMatter(parent, address, context) ?? hearingMatter(parent, address);
  if (matter === undefined) return [];
  const pinned: Pinned = { ...parent.definition, subcase: address.name };
  const procedure = procedureFor(pinned, context);
  const label = `${address.name}-${address.count}`;
  const { round, subject, charter, seed, applicant, about, version, form, files } = parent;
  const event: CaseEvent = {
    type: 'SubcaseOpened',
    data: {
      number: `${parent.number}/${label}`,
      round,
      subject,
      definition: pinned,
      charter,
      seed: `${seed}/${label}`,
      applicant,
      about,
      version,
      form,
      files,
      parent: { case: address.parent, number: parent.number },
      count: address.count,
      ...matter,
      reasons: reasonsOf(parent),
    },
  };
  return [event, ...begun(procedure, { visits: [] }, (procedure.stages[0] as { id: string }).id, context.now)];
}

function procedureFor(pinned: Pinned, context: DecisionContext): Definition {
  const history = context.consulted<DefinitionHistory>(definitionStream(context.alliance, pinned.id));
  return counting(pinnedDefinition(history, pinned), announcedIn(context).years);
}

type Matter = Pick<Origin, 'against' | 'objection' | 'plea' | 'barred'>;

function appealMatter(parent: Case, { name, count }: SubcaseAddress, context: DecisionContext): Matter | undefined {
  const appeal = parent.appeals?.find((one) => one.subcase === name && one.number === count);
  if (appeal === undefined || parent.end === undefined) return undefined;
  const { by, at, grounds, statement, evidence } = appeal;
  const { id, outcome, at: endedAt } = parent.end;
  const heard = hearingsOf(subcaseAddress(context.id)?.parent ?? '', parent).map((stream) =>
    context.consulted<CaseState>(stream),
  );
  return {
    against: { end: id, outcome, at: endedAt },
    plea: { by, at, grounds, statement, evidence },
    barred: barredBy([...declared(parent), ...judgesOf(parent), ...heard.flatMap(judgesOf), ...orderersOf(parent, context)]),
  };
}

/** An objection that is still open is heard; one that was ruled on, or whose period is over, is not. */
function hearingMatter(parent: Case, { name, count }: SubcaseAddress): Matter | undefined {
  for (const visit of publicities(parent)) {
    const found = visit.objections.find(({ hearing }) => hearing?.subcase === name && hearing.number === count);
    if (found === undefined || found.ruling !== undefined || visit.left !== undefined || parent.status === 'ended') continue;
    const { id, objector, raisedAt, statement, evidence } = found;
    return {
      objection: { stage: visit.stage, visit: visit.visit, objection: id },
      plea: { by: objector, at: raisedAt, grounds: [], statement, evidence },
      barred: barredBy([...declared(parent), { person: objector, because: 'objected' }]),
    };
  }
  return undefined;
}

const publicities = ({ visits }: Case): readonly PublicityVisit[] =>
  visits.flatMap((visit) => (visit.kind === 'publicity' ? [visit] : []));

const isHeard = ({ hearing }: Objection): boolean => hearing !== undefined;

/** Streams of the hearings that a case has given rise to. */
const hearingsOf = (parent: string, state: Case): readonly string[] =>
  publicities(state)
    .flatMap(({ objections }) => objections.filter(isHeard))
    .flatMap(({ hearing }) =>
      hearing === undefined ? [] : [caseStream(subcaseId({ parent, name: hearing.subcase, count: hearing.number }))],
    );

const declared = ({ conflicts }: Case): readonly Barred[] => conflicts.map((person) => ({ person, because: 'declared' }));

/** Who reviewed, voted or ruled, in whatever visit. */
const judgesOf = (state: CaseState): readonly Barred[] =>
  state.status === 'none' ? [] : state.visits.flatMap((visit) => kindOf(visit.kind).judged?.(visit) ?? []);

/** Streams of the rankings in which a case was placed. */
const rankingsOf = ({ visits, round }: Case, alliance: string): readonly string[] => [
  ...new Set(visits.flatMap(({ kind, stage }) => (kind === 'ranking' ? [rankingStream(alliance, round, stage)] : []))),
];

/** Who put it in order among its equals. */
const orderersOf = (parent: Case, { alliance, id, consulted }: DecisionContext): readonly Barred[] => {
  const { entry } = caseAddress(alliance, subcaseAddress(id)?.parent ?? '');
  return rankingsOf(parent, alliance).flatMap((stream) => {
    const ranking = consulted<RankingState>(stream);
    const ties = ranking.status === 'none' ? [] : ranking.referred.filter(({ subjects }) => subjects.includes(entry));
    return ties.flatMap(({ orderedBy }) => (orderedBy === undefined ? [] : [{ person: orderedBy, because: 'ruled' as const }]));
  });
};

/** Each person once, with the first reason. What the engine did, nobody judged. */
const barredBy = (all: readonly Barred[]): readonly Barred[] =>
  all.filter(({ person }, index) => person !== 'engine' && all.findIndex((one) => one.person === person) === index);

/** Why it came as it did, without those who were kept out of it. */
const reasonsOf = ({ visits }: Case): readonly FirstReason[] =>
  visits.flatMap(({ stage, visit, kind, left }) =>
    left === undefined ? [] : [{ stage, visit, kind, outcome: left.outcome, explanation: { ...left.explanation, excluded: [] } }],
  );
