import type { Envelope } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { type Case, entryOf, type Visit } from '../case.state.js';
import type { Definition, RankingStage } from '../definition.js';
import type { Effect, Settlement } from '../effect.js';
import { isSame, isUnderWay } from '../lineage.js';
import { leadsTo, presence } from './presence.js';
import type { RankingEvent } from './ranking.messages.js';
import type { Ranking } from './ranking.state.js';

const idOf = ({ stream }: Pick<Envelope, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);
const rankings = ({ stages }: Definition) => stages.filter((stage) => stage.kind === 'ranking');

/** A part of a ranking: a case, the reserve list, a tie. */
const part = (of: string) => ({ stage: 'ranking', visit: 1, of });

/** A round that takes in nobody more counts for each of its rankings whom it waits for. */
export const countEffects = (definition: Definition, closed: Envelope): readonly Effect[] =>
  rankings(definition).map(({ id }) => ({
    name: 'count',
    command: { context: 'ranking', id: `${idOf(closed)}.${id}`, type: 'CountEntrants', data: {} },
    needs: 'entrants',
  }));

/** Where an event of a case tells a ranking that it need not wait for it any more, that its place is free, or that its reviews have changed. */
export function absenceEffects(definition: Definition, state: Case, event: CaseEvent, recorded: Envelope): readonly Effect[] {
  return rankings(definition)
    .filter((stage) => mustHear(definition, state, event, stage))
    .map(({ id }) => ({
      name: 'report',
      command: {
        context: 'ranking',
        id: `${recorded.meta.alliance}.${state.round}.${id}`,
        type: 'ReportStanding',
        data: { subject: entryOf(recorded) },
      },
    }));
}

function mustHear(definition: Definition, state: Case, event: CaseEvent, stage: RankingStage): boolean {
  if (event.type === 'PanelReopened') return event.data.stage === stage.scores;
  return (event.type === 'CaseEnded' || event.type === 'StageEntered') && isLost(definition, state, event, stage.id);
}

/** Whether the case was still expected there, or held a place, before this event, and is or does no longer. */
function isLost(definition: Definition, state: Case, event: CaseEvent, stage: string): boolean {
  if (presence(definition, state, stage) !== 'out') return false;
  const been = state.visits.findLast((visit) => visit.stage === stage);
  if (been?.left !== undefined && been.left.outcome !== 'closed')
    return event.type === 'CaseEnded' && event.data.outcome !== 'granted' && been.left.outcome === 'selected';
  if (been !== undefined) return true;
  const leads = (from: string): boolean => leadsTo(definition, from, stage);
  const before = event.type === 'CaseEnded' ? endedFrom(state) : enteredFrom(state);
  // Of stages that begin side by side one may still lead there.
  const onward = event.type === 'CaseEnded' ? [] : before.flatMap(goals);
  return before.length === 0 || (before.some((visit) => leads(visit.stage)) && !onward.some(leads));
}

const goals = ({ left }: Visit): readonly string[] => (left === undefined ? [] : [left.to, ...(left.besides ?? [])]);

/** The visits that were open or waited for others when the case ended, and any that was left behind before. */
const endedFrom = ({ visits, lastLeft }: Case): readonly Visit[] => {
  const open = visits.filter(({ left }) => left === undefined);
  return open.length > 0
    ? open
    : visits.filter(
        (visit) => (lastLeft !== undefined && isSame(visit, lastLeft)) || isUnderWay(visit) || visit.left?.outcome === 'closed',
      );
};

/** The visits that the one entered last came of. */
const enteredFrom = ({ visits }: Case): readonly Visit[] =>
  visits.filter((visit) => visits.at(-1)?.after?.some((place) => isSame(place, visit)));

/** What a ranking owes after an event: its places to the cases, and its dates. */
export function rankingEffects(
  { round, stage, standings }: Ranking,
  event: RankingEvent,
  { meta, stream }: Envelope,
): readonly Effect[] {
  const placing = (subject: string): Effect => ({
    name: 'place',
    command: {
      context: 'case',
      id: `${meta.alliance}.${round}.${subject}`,
      type: 'PlaceCase',
      data: { stage, visit: standings.findLast((one) => one.subject === subject)?.visit ?? 1 },
    },
    during: part(`case ${subject}`),
  });
  const timer = (name: string, type: string, dueAt: string, of: string, data: object = {}): Effect => ({
    name,
    command: { context: 'ranking', id: idOf({ stream }), type, data: { ...data } },
    dueAt,
    during: part(of),
  });
  switch (event.type) {
    case 'CasesRanked':
      return event.data.places.map(({ subject }) => placing(subject));
    case 'TieReferred': {
      const { tie, subjects, dueAt } = event.data;
      return [...subjects.map(placing), timer('lapse', 'LapseTie', dueAt, `tie ${tie}`, { tie: String(tie) })];
    }
    case 'RankingDecided': {
      const { reserveUntil } = event.data;
      return reserveUntil === undefined ? [] : [timer('release', 'ReleaseReserve', reserveUntil, 'reserve')];
    }
    case 'ReserveRaised':
      return [placing(event.data.subject)];
    case 'ReserveReleased':
      return event.data.subjects.map(placing);
    default:
      return [];
  }
}

/** Who is gone is told nothing more. */
export function rankingSettles(event: RankingEvent): Settlement['during'] {
  switch (event.type) {
    case 'EntrantLeft':
    case 'ReserveRaised':
      return part(`case ${event.data.subject}`);
    case 'TieDecided':
      return part(`tie ${event.data.tie}`);
    case 'ReserveReleased':
      return part('reserve');
    default:
      return undefined;
  }
}
