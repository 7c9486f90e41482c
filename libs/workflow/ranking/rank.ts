import { canonicalJson, sha256 } from '#kernel';
import { deadline } from '../deadline.js';
import type { Definition, RankingStage } from '../definition.js';
import { compare } from '../fraction.js';
import { calibrate, calibrated, type Calibration, method, type ScoredReview } from './calibrate.js';
import { evolveRanking } from './ranking.evolve.js';
import type { Ranked, RankingEvent, StandingTaken } from './ranking.messages.js';
import type { PlaceState, Ranking } from './ranking.state.js';
import { barAmong, byMerit, type Candidate, points, type Rules, select } from './select.js';

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
export function isComplete({ entrants, standings, left }: Ranking): boolean {
  if (entrants === undefined || standings.length + left.length < entrants.length) return false;
  const known = new Set([...standings.map(({ subject }) => subject), ...left]);
  return entrants.every((subject) => known.has(subject));
}

/** Orders everyone, or goes on after a tie that has been decided. Pure: the same standings give the same events, in whatever order they came. */
export function rank(ranking: Ranking, ground: Ground): readonly RankingEvent[] {
  const isFirst = ranking.ordered === 0 && ranking.places.length === 0;
  const standings = orderedStandings(isFirst ? { ...ranking, ordered: ranking.standings.length } : ranking);
  const { shrinkage } = ground.stage.normalisation;
  const calibration = calibrate(reviewsOf(standings), shrinkage);
  const first = isFirst ? calibrationEvents(calibration, standings, shrinkage) : [];
  const candidates = standings.map((standing) => candidateOf(ranking, standing, calibration.scores.get(standing.subject)));
  const { placings, cells, referred } = select(candidates, rulesOf(ranking, ground.stage), ordersOf(ranking));
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

const rulesOf = ({ quotas, ties, atLeast }: Ranking, { reserve }: RankingStage): Rules => ({
  quotas,
  ties: ties.rule,
  reserve: reserve?.length ?? 0,
  ...(atLeast === undefined ? {} : { atLeast }),
});

const ordersOf = ({ referred }: Ranking): readonly (readonly string[])[] =>
  referred.flatMap(({ order }) => (order === undefined ? [] : [order]));

const normalisedAs = (normalised: number | undefined): Pick<Ranked, 'normalised'> =>
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
  { subject, group, facts, raw, criteria }: StandingTaken,
  normalised: number | undefined,
): Candidate {
  const score = by === 'raw' || normalised === undefined ? raw : points(normalised);
  return {
    subject,
    ...(group === undefined ? {} : { group }),
    facts,
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
  return [decision, ...settle(after(ranking, [decision]), ground)];
}

/** What follows once the ranking is decided: whoever came late is placed, and free places go down the reserve list. */
export function settle(ranking: Ranking, { stage }: Ground): readonly RankingEvent[] {
  const events: RankingEvent[] = [];
  const placed = new Map(ranking.places.map(({ subject, visit }) => [subject, visit]));
  for (const standing of ranking.standings)
    if (standing.visit > (placed.get(standing.subject) ?? 0)) events.push(placedLate(after(ranking, events), standing, stage));
  for (;;) {
    const raised = nextRaised(after(ranking, events));
    if (raised === undefined) return events;
    events.push({ type: 'ReserveRaised', data: { subject: raised } });
  }
}

const standingsBySubject = ({ standings }: Ranking): ReadonlyMap<string, StandingTaken> =>
  new Map(standings.map((standing) => [standing.subject, standing]));

/** Those who hold a place, and have not given it up. */
function holders(ranking: Ranking): readonly Candidate[] {
  const gone = new Set(ranking.left);
  return candidatesOf(
    ranking,
    ranking.places.filter(({ subject, now }) => now === 'selected' && !gone.has(subject)),
  );
}

function candidatesOf(ranking: Ranking, places: readonly PlaceState[]): readonly Candidate[] {
  const standings = standingsBySubject(ranking);
  return places.map(({ subject, normalised }) => candidateOf(ranking, standings.get(subject) as StandingTaken, normalised));
}

function nextRaised(ranking: Ranking): string | undefined {
  if (ranking.released) return undefined;
  const gone = new Set(ranking.left);
  const waiting = ranking.places.filter(({ subject, now }) => now === 'reserve' && !gone.has(subject));
  if (waiting.length === 0) return undefined;
  const bar = barAmong(holders(ranking), ranking.quotas, ranking.cells);
  return candidatesOf(ranking, waiting).find((candidate) => bar(candidate) === undefined)?.subject;
}

/** Nobody loses a place to a case that comes after the ranking: it gets one that is left, or waits behind the others. */
function placedLate(ranking: Ranking, standing: StandingTaken, stage: RankingStage): RankingEvent {
  const { subject, group, reviews } = standing;
  const normalised = reviews.length === 0 ? undefined : calibrated(reviews, ranking.offsets);
  const candidate = candidateOf(ranking, standing, normalised);
  const others = ranking.places.filter((place) => place.subject !== subject);
  const standings = standingsBySubject(ranking);
  const own = others.filter((place) => standings.get(place.subject)?.group === group);
  const better = candidatesOf(ranking, own).filter(
    (one) => byMerit('extend')({ ...one, lot: '' }, { ...candidate, lot: '' }) < 0,
  );
  const bar = barAmong(holders({ ...ranking, places: others }), ranking.quotas, ranking.cells)(candidate);
  const eligible =
    candidate.score !== undefined && (ranking.atLeast === undefined || compare(candidate.score, [ranking.atLeast, 1]) >= 0);
  const waiting = own.filter((place) => place.now === 'reserve' && !ranking.left.includes(place.subject)).length;
  const mayWait = ranking.reserveUntil !== undefined && !ranking.released && waiting < (stage.reserve?.length ?? 0);
  const result = !eligible ? 'not-selected' : bar === undefined ? 'selected' : mayWait ? 'reserve' : 'not-selected';
  const cell = bar === undefined ? {} : { bar: { quota: bar.quota, ...(bar.value === undefined ? {} : { value: bar.value }) } };
  const ranked: Ranked = { subject, place: better.length + 1, result, ...cell, ...normalisedAs(normalised) };
  return { type: 'CasesRanked', data: { part: 1, of: 1, places: [ranked] } };
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
