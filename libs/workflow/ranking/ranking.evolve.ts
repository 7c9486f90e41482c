import type { Fact } from '#kernel';
import type { Ranked, RankingEvent } from './ranking.messages.js';
import type { PlaceState, Ranking, RankingState } from './ranking.state.js';

/** The ranking after an event, of which `fact` says whose it was once it is on record. */
export function evolveRanking(state: RankingState, event: RankingEvent, fact?: Pick<Fact, 'actor'>): RankingState {
  if (event.type === 'RankingOpened') return { ...begun, ...event.data };
  if (state.status === 'none') return state;
  const next = evolved(state, event);
  if (event.type !== 'TieDecided' || fact === undefined) return next;
  const { tie: number } = event.data;
  return { ...next, referred: next.referred.map((tie) => (tie.tie === number ? { ...tie, orderedBy: fact.actor } : tie)) };
}

const begun = {
  status: 'collecting',
  counting: [],
  standings: [],
  left: [],
  passedOver: [],
  ordered: 0,
  offsets: [],
  cells: [],
  places: [],
  referred: [],
  released: false,
} as const;

function evolved(ranking: Ranking, event: Exclude<RankingEvent, { type: 'RankingOpened' }>): Ranking {
  switch (event.type) {
    case 'EntrantsCounted': {
      const counting = [...ranking.counting, ...event.data.subjects];
      return event.data.part < event.data.of ? { ...ranking, counting } : { ...ranking, counting: [], entrants: counting };
    }
    case 'StandingTaken': {
      const { subject } = event.data;
      return {
        ...ranking,
        standings: [...withoutLater(ranking, subject), event.data],
        left: ranking.left.filter((gone) => gone !== subject),
      };
    }
    case 'StandingTakenBack':
      return { ...ranking, standings: withoutLater(ranking, event.data.subject) };
    case 'EntrantLeft': {
      const { subject } = event.data;
      return { ...ranking, standings: withoutLater(ranking, subject), left: [...ranking.left, subject] };
    }
    case 'EntrantPassedOver':
      return { ...ranking, passedOver: [...ranking.passedOver, event.data] };
    case 'ReviewersCalibrated':
      return { ...ranking, ordered: ranking.standings.length, offsets: [...ranking.offsets, ...event.data.offsets] };
    case 'QuotasFilled':
      return { ...ranking, cells: event.data.part === 1 ? event.data.cells : [...ranking.cells, ...event.data.cells] };
    case 'CasesRanked':
      return { ...ranking, places: placed(ranking, event.data.places) };
    case 'TieReferred':
      return { ...ranking, status: 'tied', referred: [...ranking.referred, event.data] };
    case 'TieDecided':
      return {
        ...ranking,
        referred: ranking.referred.map((tie) => (tie.tie === event.data.tie ? { ...tie, order: event.data.order } : tie)),
      };
    case 'RankingDecided': {
      const { reserveUntil } = event.data;
      return { ...ranking, status: 'ranked', ...(reserveUntil === undefined ? {} : { reserveUntil }) };
    }
    case 'ReserveRaised':
      return { ...ranking, places: changed(ranking, [event.data.subject], { now: 'selected', raised: true }) };
    case 'ReserveReleased':
      return {
        ...ranking,
        released: true,
        places: changed(ranking, event.data.subjects, { now: 'not-selected', released: true }),
      };
  }
}

/** What was ordered together stays; after the ranking, who has a place keeps what it was given for. */
const withoutLater = ({ standings, ordered, places }: Ranking, subject: string): Ranking['standings'] =>
  places.some((place) => place.subject === subject)
    ? standings
    : standings.filter((standing, index) => index < ordered || standing.subject !== subject);

function placed({ places, standings }: Ranking, ranked: readonly Ranked[]): readonly PlaceState[] {
  const visits = new Map(standings.map(({ subject, visit }) => [subject, visit]));
  const again = new Set(ranked.map(({ subject }) => subject));
  return [
    ...places.filter(({ subject }) => !again.has(subject)),
    ...ranked.map((one) => ({ ...one, now: one.result, visit: visits.get(one.subject) ?? 1 })),
  ];
}

function changed({ places }: Ranking, subjects: readonly string[], change: Partial<PlaceState>): readonly PlaceState[] {
  const whom = new Set(subjects);
  return places.map((place) => (whom.has(place.subject) ? { ...place, ...change } : place));
}
