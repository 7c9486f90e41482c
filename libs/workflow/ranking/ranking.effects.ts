import type { RecordedEvent } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { Case } from '../case.state.js';
import type { Definition } from '../definition.js';
import type { Effect, Settlement } from '../effect.js';
import { leadsTo, presence } from './presence.js';
import type { RankingEvent } from './ranking.messages.js';
import type { Ranking } from './ranking.state.js';

const idOf = ({ stream }: Pick<RecordedEvent, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);
const rankings = ({ stages }: Definition) => stages.filter(({ kind }) => kind === 'ranking');

/** A part of a ranking: a case, the reserve list, a tie. */
const part = (of: string) => ({ stage: 'ranking', visit: 1, of });

/** A round that takes in nobody more counts for each of its rankings whom it waits for. */
export const countEffects = (definition: Definition, closed: RecordedEvent): readonly Effect[] =>
  rankings(definition).map(({ id }) => ({
    name: 'count',
    command: { context: 'ranking', id: `${idOf(closed)}.${id}`, type: 'CountEntrants', data: {} },
    needs: 'entrants',
  }));

/** Where an event of a case tells a ranking that it need not wait for it any more, or that its place is free. */
export function absenceEffects(
  definition: Definition,
  state: Case,
  event: CaseEvent,
  { meta }: RecordedEvent,
): readonly Effect[] {
  if (event.type !== 'CaseEnded' && event.type !== 'StageEntered') return [];
  return rankings(definition)
    .filter(({ id }) => isLost(definition, state, event, id))
    .map(({ id }) => ({
      name: 'report',
      command: {
        context: 'ranking',
        id: `${meta.alliance}.${state.round}.${id}`,
        type: 'ReportStanding',
        data: { subject: state.subject },
      },
    }));
}

/** Whether the case was still expected there, or held a place, before this event, and is or does no longer. */
function isLost(definition: Definition, state: Case, event: CaseEvent, stage: string): boolean {
  if (presence(definition, state, stage) !== 'out') return false;
  const been = state.visits.findLast((visit) => visit.stage === stage);
  if (been?.left !== undefined)
    return event.type === 'CaseEnded' && event.data.outcome !== 'granted' && been.left.outcome === 'selected';
  if (been !== undefined) return true;
  const before = event.type === 'CaseEnded' ? state.visits.at(-1) : state.visits.at(-2);
  return before === undefined || leadsTo(definition, before.stage, stage);
}

/** What a ranking owes after an event: its places to the cases, and its dates. */
export function rankingEffects(
  { round, stage, standings }: Ranking,
  event: RankingEvent,
  { meta, stream }: RecordedEvent,
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
