import { compare, fraction, type Fraction, mean } from '../fraction.js';
import { points } from './select.js';
import type { StandingTaken } from './ranking.messages.js';
import { openTie, type PlaceState, type Ranking, type RankingState } from './ranking.state.js';
import type { CasePlaced, Outlier } from './stage.messages.js';

/** What the ranking has come to for a case on its visit; undefined while there is nothing to tell. */
export function placingOf(
  ranking: RankingState,
  subject: string,
  visit: number,
): Omit<CasePlaced, 'stage' | 'visit'> | undefined {
  if (ranking.status === 'none') return undefined;
  const standing = ranking.standings.findLast((one) => one.subject === subject && one.visit === visit);
  if (standing === undefined) return undefined;
  const place = ranking.places.find((one) => one.subject === subject && one.visit === visit);
  if (place !== undefined) return placedAs(ranking, standing, place);
  const tie = openTie(ranking);
  if (tie === undefined || !tie.subjects.includes(subject)) return undefined;
  return {
    ...common(ranking, standing),
    result: 'tied',
    place: tiedPlace(ranking, standing),
    tie: ranking.ties.rule,
    until: tie.dueAt,
  };
}

function placedAs(ranking: Ranking, standing: StandingTaken, place: PlaceState): Omit<CasePlaced, 'stage' | 'visit'> {
  const { now, bar, tied, raised, released, normalised, kept } = place;
  const cell = bar && ranking.cells.find(({ quota, value }) => quota === bar.quota && value === bar.value);
  const by = bar && ranking.quotas[bar.quota]?.by;
  return {
    ...common(ranking, standing),
    result: now,
    place: place.place,
    ...(normalised === undefined ? {} : { normalised: points(normalised) }),
    ...(bar === undefined
      ? {}
      : {
          quota: {
            ...(by === undefined ? {} : { by }),
            ...(bar.value === undefined ? {} : { value: bar.value }),
            places: cell?.places ?? 0,
            ...(cell?.kept === undefined ? {} : { kept: cell.kept }),
            ...(cell?.cut === undefined ? {} : { cut: cell.cut }),
          },
        }),
    ...(tied === undefined ? {} : { tie: ranking.ties.rule }),
    ...(raised === undefined ? {} : { raised }),
    ...(kept === undefined ? {} : { kept }),
    ...(released === undefined ? {} : { released }),
    ...(now === 'reserve' && ranking.reserveUntil !== undefined ? { until: ranking.reserveUntil } : {}),
  };
}

function common(ranking: Ranking, { group, raw, reviews }: StandingTaken) {
  const list = new Set(ranking.standings.flatMap((one) => (one.group === group ? [one.subject] : [])));
  return {
    of: list.size,
    by: ranking.by,
    ...(group === undefined ? {} : { group }),
    ...(raw === undefined ? {} : { raw }),
    ...(ranking.atLeast === undefined ? {} : { atLeast: ranking.atLeast }),
    outliers: outliersOf(reviews, ranking.outlier),
  };
}

/** Equals share the place after everyone of their list who has one. */
function tiedPlace({ places, standings }: Ranking, { group }: StandingTaken): number {
  const groups = new Map(standings.map((one) => [one.subject, one.group]));
  return places.filter(({ subject }) => groups.get(subject) === group).length + 1;
}

/** The reviews that are at least so many points from the mean of the others of their case. Shown, never left out. */
export function outliersOf(reviews: StandingTaken['reviews'], distance: number): readonly Outlier[] {
  if (reviews.length < 2) return [];
  return reviews.flatMap(({ assignment, total }) => {
    const others = mean(reviews.filter((one) => one.assignment !== assignment).map((one) => one.total));
    return compare(apart(total, others), [distance, 1]) >= 0 ? [{ assignment, total, others }] : [];
  });
}

const apart = ([an, ad]: Fraction, [bn, bd]: Fraction): Fraction => fraction(Math.abs(an * bd - bn * ad), ad * bd);
