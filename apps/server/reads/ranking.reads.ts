import { type Static, Type } from '@sinclair/typebox';
import {
  auditPower,
  type Case,
  casesView,
  listCases,
  openTie,
  placingOf,
  type PlaceState,
  type Ranking,
  type RankingState,
  standsStill,
  waitedFor,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { namesOf } from './doors.js';
import { foreignCursor, Instant, pageAsked, pageOf, paging, TextSchema } from './schemas.js';
import { nothingHere } from './sight.js';
import { type AtStage, atStage, holdsPower, readsAcross, stagePath, type Titled, titlesOf } from './stage.doors.js';

const Fraction = Type.Array(Type.Number());

const Outlier = Type.Object({
  assignment: Type.String(),
  reviewer: Type.Optional(Type.String()),
  total: Fraction,
  others: Fraction,
});

const named = { id: Type.String(), number: Type.String(), title: Type.String(), institutionName: Type.String() };

const Place = Type.Object({
  ...named,
  place: Type.Integer(),
  of: Type.Integer(),
  group: Type.Optional(Type.String()),
  /** selected, reserve, not-selected or tied. */
  result: Type.String(),
  raw: Type.Optional(Fraction),
  normalised: Type.Optional(Fraction),
  /** The quota that had no place left. */
  quota: Type.Optional(Type.Unknown()),
  tie: Type.Optional(Type.String()),
  raised: Type.Optional(Type.Literal(true)),
  kept: Type.Optional(Type.Literal(true)),
  outliers: Type.Array(Outlier),
});

const Waited = Type.Object({
  ...named,
  subject: Type.String(),
  stage: Type.Optional(Type.String()),
  /** Why it stands still, if it does: suspended or late. */
  because: Type.Optional(Type.String()),
  since: Type.Optional(Instant),
});

const Tie = Type.Object({
  dueAt: Instant,
  places: Type.Integer(),
  /** Whether the caller sits in the organ that puts them in order. */
  decides: Type.Boolean(),
  items: Type.Array(Type.Object({ ...named, subject: Type.String() })),
});

const Answer = Type.Object({
  /** keeper: all of it; judge: the order of the applications that they know of; public: who was selected, once that is published. */
  as: Type.String(),
  status: Type.String(),
  by: Type.Optional(Type.String()),
  seed: Type.Optional(Type.String()),
  /** How many are waited for, have come, and will not come. */
  counted: Type.Optional(Type.Object({ expected: Type.Optional(Type.Integer()), came: Type.Integer(), left: Type.Integer() })),
  /** Those who are waited for, whoever stands still first; a hundred at most, and only for who keeps the ranking. */
  waiting: Type.Array(Waited),
  /** Whether the caller may have it go on without those that stand still. */
  mayGoOn: Type.Optional(Type.Boolean()),
  /** Equals at the cut that wait for an order. */
  tie: Type.Optional(Tie),
  /** How many places are kept for applications that stood still. */
  passedOver: Type.Integer(),
  quotas: Type.Array(Type.Unknown()),
  cells: Type.Array(Type.Unknown()),
  offsets: Type.Array(Type.Unknown()),
  reserveUntil: Type.Optional(Type.String()),
  items: Type.Array(Place),
  next: Type.Optional(Type.String()),
  people: Type.Record(Type.String(), TextSchema),
});

/** Orders of rounds: in full for who keeps them, for who judges as far as they know the applications, and in the end who was selected. */
export const rankingReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: `${stagePath}/ranking`,
    operationId: 'readRanking',
    tag: 'ranking',
    summary: {
      en: 'A ranking: places in the order of merit, raw and normalised means, outliers, quotas and reserve list, as far as the caller may know them',
      zh: '排序结果：名次、原始与归一化平均分、离群评分、名额与候补名单（按当前用户权限显示）',
    },
    query: Type.Object({ group: Type.Optional(Type.String({ maxLength: 200 })), ...paging }),
    answer: Answer,
    handle: async ({ params, query, signedIn, atLeast }) => {
      const at = await atStage(doors, params, signedIn, atLeast);
      if (at.stage.kind !== 'ranking') throw nothingHere();
      const round = params['round'] as string;
      const { state } = await doors.states.fresh<RankingState>(`ranking-${round}.${at.stage.id}`);
      const as = await seenAs(doors, round, at);
      if (as === 'public' && (state.status === 'none' || state.status !== 'ranked')) throw nothingHere();
      if (state.status === 'none' && as === 'keeper') return { as, status: 'none', ...nothing, people: {} };
      // Whether any case has come so far is nothing for who may be kept from that one.
      if (state.status === 'none' || (state.status === 'collecting' && as !== 'keeper'))
        return { as, status: 'collecting', ...nothing, people: {} };
      const places = await placesOf(doors, { round, at, as, group: query.group }, state);
      const { after, limit } = pageAsked(query);
      const seen = places.findIndex(({ id }) => id === after);
      // Of one that the reader does not know of nothing is told, not even where it stands.
      if (after !== undefined && seen < 0) throw foreignCursor();
      const { items, ...next } = pageOf(places.slice(seen + 1, seen + 1 + limit), query, ({ id }) => id);
      return as === 'public'
        ? { as, status: state.status, ...nothing, items, ...next, people: {} }
        : {
            ...{ as, ...shownFor(as, state), items: items.map(fullyShown(state, as)), ...next },
            ...(await pending(doors, { round, at, as }, state)),
            people: await reviewersOf(doors, state, as),
          };
    },
  }),
];

const nothing = { waiting: [], passedOver: 0, quotas: [], cells: [], offsets: [], items: [] };

type As = 'keeper' | 'judge' | 'public';

/** Who keeps or audits reads all of it; who judges learns nothing of all of them together, whether one is kept from them or not. */
async function seenAs(doors: Doors, round: string, at: AtStage): Promise<As> {
  const { definition, stage, standing } = at;
  const keeps = [auditPower, stage.power, ...definition.stages.flatMap((one) => ('manage' in one ? [one.manage] : []))];
  const judges = definition.stages.flatMap((one) => {
    if (one.kind === 'ballot') return [one.power];
    return one.kind === 'ranking' && one.ties.rule === 'organ' ? [one.ties.power] : [];
  });
  const holdsOne = (powers: readonly (string | undefined)[]): boolean => powers.some((power) => holdsPower(standing, power));
  if (holdsOne(keeps) && (await readsAcross(doors, round, at))) return 'keeper';
  return holdsOne(judges) ? 'judge' : 'public';
}

/** Whether somebody reads all of a ranking at this moment. */
export const readsInFull = async (doors: Doors, round: string, at: AtStage): Promise<boolean> =>
  at.stage.kind === 'ranking' && (await seenAs(doors, round, at)) === 'keeper';

type Shown = Static<typeof Place>;

interface Looking {
  readonly round: string;
  readonly at: AtStage;
  readonly as: As;
  readonly group?: string | undefined;
}

/** What applications are called, as far as the reader may know of them; by id. */
async function calledFor(
  doors: Doors,
  { round, at, as }: Looking,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Omit<Titled, 'published'>>> {
  const ids = subjects.map((subject) => `${round}.${subject}`);
  if (as === 'judge') {
    const asked = { ids, limit: ids.length, now: new Date(doors.clock.now()) };
    const known = await doors.runner.read(casesView, (sql, schema) => listCases(sql, schema, at.standing, asked));
    return new Map(known.map(({ id, number, title, institutionName }) => [id, { id, number, title, institutionName }]));
  }
  const titles = [...(await titlesOf(doors, ids)).values()].filter(({ published }) => as === 'keeper' || published);
  return new Map(titles.map(({ published: _published, ...titled }) => [titled.id, titled]));
}

async function placesOf(doors: Doors, looking: Looking, ranking: Ranking): Promise<readonly Shown[]> {
  const { round, as, group } = looking;
  const groups = new Map(ranking.standings.map((one) => [one.subject, one.group]));
  const sizes = new Map<string | undefined, number>();
  for (const of of groups.values()) sizes.set(of, (sizes.get(of) ?? 0) + 1);
  const wanted = ranking.places.filter(
    ({ subject, now }) => (group === undefined || groups.get(subject) === group) && (as !== 'public' || now === 'selected'),
  );
  const called = await calledFor(
    doors,
    looking,
    wanted.map(({ subject }) => subject),
  );
  const shown = wanted.flatMap((place) => {
    const titled = called.get(`${round}.${place.subject}`);
    if (titled === undefined) return [];
    return [shownPlace(titled, place, groups.get(place.subject), sizes.get(groups.get(place.subject)) ?? 0)];
  });
  return as === 'keeper' ? shown : amongThemselves(shown);
}

/** The order of those whom a reader knows of, and nothing of how many others there are. */
function amongThemselves(shown: readonly Shown[]): readonly Shown[] {
  const before = (one: Shown): readonly Shown[] => shown.filter(({ group }) => group === one.group);
  return shown.map((one) => ({ ...one, place: before(one).indexOf(one) + 1, of: before(one).length }));
}

function shownPlace(titled: Omit<Titled, 'published'>, { place, now }: PlaceState, group: string | undefined, of: number): Shown {
  return { ...titled, place, of, ...(group === undefined ? {} : { group }), result: now, outliers: [] };
}

/** What a place rests on, beside it. */
const fullyShown =
  (ranking: Ranking, as: As) =>
  (shown: Shown): Shown => {
    const subject = shown.id.split('.').slice(2).join('.');
    const place = ranking.places.find((one) => one.subject === subject);
    const placed = place === undefined ? undefined : placingOf(ranking, subject, place.visit);
    if (placed === undefined) return shown;
    const { raw, normalised, quota, tie, raised, kept, outliers } = placed;
    const reviews = ranking.standings.findLast((one) => one.subject === subject)?.reviews ?? [];
    return {
      ...shown,
      ...(raw === undefined ? {} : { raw: [...raw] }),
      ...(normalised === undefined ? {} : { normalised: [...normalised] }),
      ...(quota === undefined ? {} : { quota }),
      ...(tie === undefined ? {} : { tie }),
      ...(raised === undefined ? {} : { raised }),
      ...(kept === undefined ? {} : { kept }),
      outliers: outliers.map(({ assignment, total, others }) => {
        const reviewer = reviews.find((one) => one.assignment === assignment)?.reviewer;
        const who = as === 'keeper' && reviewer !== undefined ? { reviewer } : {};
        return { assignment, total: [...total], others: [...others], ...who };
      }),
    };
  };

const shownWaiting = 100;

/** What keeps the ranking from being decided: whom it waits for, and equals that are to be put in order by who knows of them all. */
async function pending(doors: Doors, looking: Looking, ranking: Ranking) {
  const { round, at, as } = looking;
  const { stage, standing } = at;
  const waiting = as === 'keeper' && ranking.status === 'collecting' ? await waitingOf(doors, round, ranking, at) : [];
  const mayGoOn = as === 'keeper' && holdsPower(standing, stage.kind === 'ranking' ? stage.power : undefined);
  const passedOver = as === 'keeper' ? ranking.passedOver.length : 0;
  const tie = openTie(ranking);
  const called = await calledFor(doors, looking, tie?.subjects ?? []);
  if (tie === undefined || called.size < tie.subjects.length) return { waiting, mayGoOn, passedOver };
  const items = tie.subjects.flatMap((subject) => {
    const titled = called.get(`${round}.${subject}`);
    return titled === undefined ? [] : [{ ...titled, subject }];
  });
  const decides = stage.kind === 'ranking' && stage.ties.rule === 'organ' && holdsPower(standing, stage.ties.power);
  return { waiting, mayGoOn, passedOver, tie: { dueAt: tie.dueAt, places: tie.places, decides, items } };
}

/** An open visit at which somebody was reported late: those come before the others. */
const reportedLate = `jsonb_path_exists(state, '$.visits[*] ? (!exists(@.left) && (@.overdue.size() > 0 || @.unfilled == true))')`;

async function waitingOf(
  doors: Doors,
  round: string,
  ranking: Ranking,
  { definition, stage: barrier }: AtStage,
): Promise<Static<typeof Waited>[]> {
  interface Row extends Omit<Titled, 'published'> {
    readonly state: Case;
  }
  const rows = await doors.runner.read(casesView, (sql, schema) =>
    sql.query<Row>(
      `select id, number, title, institution_name as "institutionName", state from ${schema}."case"
       where id = any($1::text[]) order by state->'frozen' is null, not (${reportedLate}), id limit ${shownWaiting}`,
      [waitedFor(ranking).map((subject) => `${round}.${subject}`)],
    ),
  );
  return rows.map(({ state, ...titled }) => {
    const { visits } = state;
    const stage = visits.findLast(({ left }) => left === undefined)?.stage;
    return {
      ...{ ...titled, subject: titled.id.slice(round.length + 1) },
      ...(stage === undefined ? {} : { stage }),
      ...standsStill(definition, state, barrier, doors.clock.now()),
    };
  });
}

function shownFor(as: As, { status, by, seed, quotas, cells, offsets, entrants, standings, left, reserveUntil }: Ranking) {
  const open = { by, seed, quotas: [...quotas], ...(reserveUntil === undefined ? {} : { reserveUntil }) };
  // Judges are shown the equals that they know of; that there are others would tell that one is kept from them.
  if (as !== 'keeper') return { ...open, status: status === 'tied' ? 'ranked' : status, cells: [], offsets: [] };
  const expected = entrants === undefined ? {} : { expected: entrants.length };
  const counted = { ...expected, came: standings.length, left: left.length };
  return { ...open, status, counted, cells: [...cells], offsets: [...offsets] };
}

async function reviewersOf(doors: Doors, { standings }: Ranking, as: As): Promise<Static<typeof Answer>['people']> {
  if (as !== 'keeper') return {};
  const people = new Set(standings.flatMap(({ reviews }) => reviews.map(({ reviewer }) => reviewer)));
  return Object.fromEntries(await namesOf(doors, people));
}
