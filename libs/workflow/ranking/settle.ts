import type { RankingStage } from '../definition.js';
import { compare } from '../fraction.js';
import { calibrated } from './calibrate.js';
import { after, candidateOf, type Ground, keptFor, normalisedAs, rulesOf } from './rank.js';
import type { Ranked, RankingEvent, StandingTaken } from './ranking.messages.js';
import type { PlaceState, Ranking } from './ranking.state.js';
import { barAmong, byMerit, type Candidate, type Placing, select } from './select.js';

/** What follows once a ranking is decided: whoever came late is placed, free places go down the reserve list, and the list ends in time. */
export function settle(ranking: Ranking, { stage, now }: Ground): readonly RankingEvent[] {
  if (ranking.status !== 'ranked') return [];
  const events: RankingEvent[] = [];
  const placed = new Map(ranking.places.map(({ subject, visit }) => [subject, visit]));
  for (const standing of ranking.standings)
    if (standing.visit > (placed.get(standing.subject) ?? 0)) events.push(placedLate(after(ranking, events), standing, stage));
  for (;;) {
    const settled = after(ranking, events);
    const raised = nextRaised(settled);
    if (raised === undefined) return [...events, ...released(settled, now)];
    events.push({ type: 'ReserveRaised', data: { subject: raised } });
  }
}

/** The end of the reserve list: at its date, and not before every place that is kept has been given or has fallen free. */
export function released(ranking: Ranking, now: number): readonly RankingEvent[] {
  const { reserveUntil } = ranking;
  const subjects = inReserve(ranking).map(({ subject }) => subject);
  const isOver = reserveUntil === undefined ? subjects.length > 0 : now >= Date.parse(reserveUntil);
  if (ranking.released || !isOver || keptFor(ranking).length > 0) return [];
  return [{ type: 'ReserveReleased', data: { subjects } }];
}

function inReserve({ left, places }: Ranking): readonly PlaceState[] {
  const gone = new Set(left);
  return places.filter(({ subject, now }) => now === 'reserve' && !gone.has(subject));
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
  const waiting = inReserve(ranking);
  if (waiting.length === 0) return undefined;
  const bar = barAmong([...holders(ranking), ...keptFor(ranking)], ranking.quotas, ranking.cells);
  return candidatesOf(ranking, waiting).find((candidate) => bar(candidate) === undefined)?.subject;
}

/** A case that comes after the ranking, and the others as they stand then. */
interface Late {
  readonly ranking: Ranking;
  readonly stage: RankingStage;
  readonly candidate: Candidate;
  readonly others: readonly PlaceState[];
  readonly kept: ReturnType<typeof keptFor>;
}

/** Nobody loses a place to a case that comes after the ranking: it gets the one that was kept for it, or one that is left, or waits. */
function placedLate(ranking: Ranking, standing: StandingTaken, stage: RankingStage): RankingEvent {
  const { subject, group, reviews } = standing;
  const normalised = reviews.length === 0 ? undefined : calibrated(reviews, ranking.offsets);
  const candidate = candidateOf(ranking, standing, normalised);
  const others = ranking.places.filter((place) => place.subject !== subject);
  const isKept = keptFor(ranking).some((one) => one.subject === subject);
  const late = { ranking, stage, candidate, others, kept: keptFor(ranking).filter((one) => one.subject !== subject) };
  const standings = standingsBySubject(ranking);
  const own = others.filter((place) => standings.get(place.subject)?.group === group);
  const better = candidatesOf(ranking, own).filter(
    (one) => byMerit('extend')({ ...one, lot: '' }, { ...candidate, lot: '' }) < 0,
  );
  const gets = isKept ? { ...asIfThere(late), kept: true as const } : whatIsLeft(late, own);
  const ranked: Ranked = { subject, place: better.length + 1, ...gets, ...normalisedAs(normalised) };
  return { type: 'CasesRanked', data: { part: 1, of: 1, places: [ranked] } };
}

/** The others as they were ordered, with it among them: equals that an organ would have put in order count as selected. */
function asIfThere({ ranking, stage, candidate, others, kept }: Late): Pick<Placing, 'result' | 'bar'> {
  const rules = rulesOf(ranking, stage, kept);
  const ties = rules.ties === 'organ' ? 'extend' : rules.ties;
  const { placings } = select([...candidatesOf(ranking, others), candidate], { ...rules, ties });
  const { result, bar } = placings.find(({ subject }) => subject === candidate.subject) as Placing;
  const isTooLate = result === 'reserve' && ranking.released;
  return { result: isTooLate ? 'not-selected' : result, ...(bar === undefined ? {} : { bar }) };
}

function whatIsLeft(late: Late, own: readonly PlaceState[]): Pick<Placing, 'result' | 'bar'> {
  const { ranking, candidate, others, kept } = late;
  const { score } = candidate;
  const isEligible = score !== undefined && (ranking.atLeast === undefined || compare(score, [ranking.atLeast, 1]) >= 0);
  if (!isEligible) return { result: 'not-selected' };
  const bar = barAmong([...holders({ ...ranking, places: others }), ...kept], ranking.quotas, ranking.cells)(candidate);
  if (bar === undefined) return { result: 'selected' };
  const { quota, value } = bar;
  return { result: mayWait(late, own) ? 'reserve' : 'not-selected', bar: { quota, ...(value === undefined ? {} : { value }) } };
}

function mayWait({ ranking, stage, kept }: Late, own: readonly PlaceState[]): boolean {
  if (ranking.released || (ranking.reserveUntil === undefined && kept.length === 0)) return false;
  const waiting = own.filter(({ subject, now }) => now === 'reserve' && !ranking.left.includes(subject)).length;
  return waiting < (stage.reserve?.length ?? 0) + kept.length;
}
