import { canonicalJson, sha256 } from '#kernel';
import { deadline } from '../deadline.js';
import type { Definition, RankingStage } from '../definition.js';
import { calibrate, type Calibration, method, type ScoredReview } from './calibrate.js';
import { evolveRanking } from './ranking.evolve.js';
import type { EntrantPassedOver, Ranked, RankingEvent, StandingTaken } from './ranking.messages.js';
import type { Ranking } from './ranking.state.js';
import { type Candidate, points, type Rules, select } from './select.js';

/** What the order rests on beside the ranking's own stream. */
export interface Ground {
  readonly definition: Definition;
  readonly stage: RankingStage;
  readonly now: number;
}

/** The ranking after further events of the same command. */
export const after = (ranking: Ranking, events: readonly RankingEvent[]): Ranking =>
  events.reduce((before, event) => evolveRanking(before, event) as Ranking, ranking);

/** Whether everyone who could come has come, or will not. */
export function isComplete(ranking: Ranking): boolean {
  const { entrants, standings, left, passedOver } = ranking;
  if (entrants === undefined || standings.length + left.length + passedOver.length < entrants.length) return false;
  return waitedFor(ranking).length === 0;
}

/** Who is expected, and has neither come nor gone nor been passed over. */
export function waitedFor({ entrants = [], standings, left, passedOver }: Ranking): readonly string[] {
  const known = new Set([...[...standings, ...passedOver].map(({ subject }) => subject), ...left]);
  return entrants.filter((subject) => !known.has(subject));
}

/** Those for whom a place is kept: passed over, and not gone nor placed nor among others since. */
export function keptFor(
  { passedOver, left, places }: Ranking,
  standings: readonly StandingTaken[] = [],
): readonly EntrantPassedOver[] {
  const settled = new Set([...[...places, ...standings].map(({ subject }) => subject), ...left]);
  return passedOver.filter(({ subject }) => !settled.has(subject));
}

/** Orders everyone, or goes on after a tie that has been decided. Pure: the same standings give the same events, in whatever order they came. */
export function rank(ranking: Ranking, ground: Ground): readonly RankingEvent[] {
  const isFirst = ranking.ordered === 0 && ranking.places.length === 0;
  const standings = orderedStandings(isFirst ? { ...ranking, ordered: ranking.standings.length } : ranking);
  const { shrinkage } = ground.stage.normalisation;
  const calibration = calibrate(reviewsOf(standings), shrinkage);
  const first = isFirst ? calibrationEvents(calibration, standings, shrinkage) : [];
  const candidates = standings.map((standing) => candidateOf(ranking, standing, calibration.scores.get(standing.subject)));
  const { placings, cells, referred } = select(
    candidates,
    rulesOf(ranking, ground.stage, keptFor(ranking, standings)),
    ordersOf(ranking),
  );
  const known = new Set(ranking.places.map(({ subject }) => subject));
  const places = placings
    .filter(({ subject }) => !known.has(subject))
    .map((placing): Ranked => ({ ...placing, ...normalisedAs(calibration.scores.get(placing.subject)) }));
  const events: readonly RankingEvent[] = [
    ...first,
    ...inParts(cells).map((part): RankingEvent => ({ type: 'QuotasFilled', data: { ...numbered(part), cells: part.items } })),
    ...inParts(places).map((part): RankingEvent => ({ type: 'CasesRanked', data: { ...numbered(part), places: part.items } })),
  ];
  return [...events, ...(referred === undefined ? decided(after(ranking, events), ground) : referral(ranking, referred, ground))];
}

/** For every place that is kept somebody waits, or it could fall free for nobody. */
export const rulesOf = (
  { quotas, ties, atLeast }: Ranking,
  { reserve }: RankingStage,
  kept: readonly EntrantPassedOver[],
): Rules => ({
  quotas,
  ties: ties.rule,
  reserve: (reserve?.length ?? 0) + kept.length,
  kept,
  ...(atLeast === undefined ? {} : { atLeast }),
});

const ordersOf = ({ referred }: Ranking): readonly (readonly string[])[] =>
  referred.flatMap(({ order }) => (order === undefined ? [] : [order]));

export const normalisedAs = (normalised: number | undefined): Pick<Ranked, 'normalised'> =>
  normalised === undefined ? {} : { normalised };

/** By id, so that the order of arrival has no part in it. */
const orderedStandings = ({ standings, ordered }: Ranking): readonly StandingTaken[] =>
  standings.slice(0, ordered).toSorted((a, b) => (a.subject < b.subject ? -1 : 1));

const reviewsOf = (standings: readonly StandingTaken[]): readonly ScoredReview[] =>
  standings.flatMap(({ subject, reviews }) => reviews.map((review) => ({ subject, ...review })));

function calibrationEvents(
  { offsets }: Calibration,
  standings: readonly StandingTaken[],
  shrinkage: number,
): readonly RankingEvent[] {
  const inputs = sha256(canonicalJson(standings));
  return inParts(offsets).map((part) => ({
    type: 'ReviewersCalibrated',
    data: { ...numbered(part), method, shrinkage, inputs, offsets: part.items },
  }));
}

export function candidateOf(
  { by, seed, stage }: Ranking,
  { subject, group, facts, uncounted, raw, criteria }: StandingTaken,
  normalised: number | undefined,
): Candidate {
  const score = by === 'raw' || normalised === undefined ? raw : points(normalised);
  return {
    subject,
    ...(group === undefined ? {} : { group }),
    facts,
    ...(uncounted === undefined ? {} : { uncounted }),
    ...(score === undefined ? {} : { score }),
    criteria,
    lot: sha256(`${seed}\n${stage}\n${subject}`, 'hex'),
  };
}

/** Equals by lot alone: what stands in for an organ that does not decide. */
export const byLot = (ranking: Ranking, subjects: readonly string[]): readonly string[] => {
  const lots = new Map(subjects.map((subject) => [subject, sha256(`${ranking.seed}\n${ranking.stage}\n${subject}`, 'hex')]));
  return subjects.toSorted((a, b) => ((lots.get(a) as string) < (lots.get(b) as string) ? -1 : 1));
};

function referral(
  { referred }: Ranking,
  tie: { readonly subjects: readonly string[]; readonly places: number },
  { definition, stage, now }: Ground,
): readonly RankingEvent[] {
  if (stage.ties.rule !== 'organ') throw new Error(`${stage.id} refers no ties`);
  return [
    {
      type: 'TieReferred',
      data: { tie: referred.length + 1, ...tie, dueAt: deadline(definition, now, stage.ties.workingDays) },
    },
  ];
}

function decided(ranking: Ranking, ground: Ground): readonly RankingEvent[] {
  const { definition, stage, now } = ground;
  const waits = stage.reserve !== undefined && ranking.places.some(({ result }) => result === 'reserve');
  const decision: RankingEvent = {
    type: 'RankingDecided',
    data: {
      ranked: ranking.places.length,
      selected: ranking.places.filter(({ result }) => result === 'selected').length,
      ...(waits ? { reserveUntil: deadline(definition, now, stage.reserve.workingDays) } : {}),
    },
  };
  return [decision];
}

interface PartOf<T> {
  readonly part: number;
  readonly of: number;
  readonly items: readonly T[];
}

const numbered = ({ part, of }: PartOf<unknown>) => ({ part, of });
const partBytes = 48_000;

/** A list in parts that each fit an event; one empty part for an empty list. */
export function inParts<T>(items: readonly T[]): readonly PartOf<T>[] {
  const parts: T[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const size = new TextEncoder().encode(JSON.stringify(item)).length + 1;
    if (bytes + size > partBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(item);
    bytes += size;
  }
  return parts.map((part, index) => ({ part: index + 1, of: parts.length, items: part }));
}
