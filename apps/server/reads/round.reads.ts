import { Type } from '@sinclair/typebox';
import {
  adopted,
  casesView,
  extensionPower,
  countCases,
  countFound,
  listCases,
  findRound,
  listRounds,
  listTasks,
  longestSearch,
  type RoundListed,
  type RoundState,
  roundStatistics,
  searchTerms,
} from '#workflow';
import { type CharterHistory, charterStream } from '#kernel';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { DefinitionShown, definitionShown } from './definition.shown.js';
import { type Doors, institutionNames } from './doors.js';
import { Listed, shownCase } from './listed.js';
import { peopleIn } from './revealing.js';
import { Instant, keyOf, Nullable, Page, pageAsked, pageOf, paging, placeAsked, TextSchema } from './schemas.js';
import { allianceOf, copiedKeys, noSuchAlliance, nothingHere, standingOf } from './sight.js';

const Pinned = Type.Object({ id: Type.String(), version: Type.Integer(), hash: Type.String() });

const Round = Type.Object({
  id: Type.String(),
  title: TextSchema,
  definition: Pinned,
  opensAt: Instant,
  closesAt: Instant,
  zone: Type.String(),
  status: Type.String(),
});

const Extension = Type.Object({
  institution: Type.String(),
  /** As it is registered. */
  institutionName: Type.Optional(Type.String()),
  until: Instant,
  reason: Type.String(),
  grantedAt: Instant,
  /** Who granted it. */
  grantedBy: Type.String(),
});

/** As everyone may read it: the organ that granted, by its id in the charter, in place of the person. */
const Disclosed = Type.Composite([Type.Omit(Extension, ['grantedBy']), Type.Object({ organ: Type.String() })]);

const Counted = Type.Object({ stage: Type.String(), status: Type.String(), cases: Type.Integer(), overdue: Type.Integer() });

const shownRound = (round: RoundListed) => ({
  ...round,
  opensAt: round.opensAt.toISOString(),
  closesAt: round.closesAt.toISOString(),
});

/** Rounds, the cases in them that the caller may know of, and what the caller has to do. */
export const roundReads = (doors: Doors): readonly ReadRoute[] => [
  listRoundsRoute(doors),
  readRoundRoute(doors),
  readDefinitionRoute(doors),
  listExtensionsRoute(doors),
  listCasesRoute(doors),
  searchTermsRoute,
  statisticsRoute(doors),
  listTasksRoute(doors),
];

const listRoundsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/rounds',
    operationId: 'listRounds',
    tag: 'round',
    summary: { en: 'The rounds of an alliance, the latest first', zh: '联盟的各轮次（最新在前）' },
    open: true,
    query: Type.Object(paging),
    answer: Page(Round),
    handle: async ({ params, query, atLeast }) => {
      const page = { limit: 200, ...query };
      const rounds = await doors.runner.read(
        casesView,
        (sql, schema) => listRounds(sql, schema, params['alliance'] as string, placeAsked(page)),
        atLeast,
      );
      return pageOf(rounds.map(shownRound), page, ({ opensAt, id }) => keyOf({ at: opensAt, id }));
    },
  });

const readRoundRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/rounds/{round}',
    operationId: 'readRound',
    tag: 'round',
    summary: {
      en: 'A round with the extensions granted in it, and its cases counted by stage as far as the caller may know them',
      zh: '某一轮次、其中准予的延期，及当前用户可见案件的分阶段数量',
    },
    answer: Type.Object({
      round: Round,
      extensions: Type.Array(Extension),
      people: Type.Record(Type.String(), TextSchema),
      /** Fewer than are counted by stage, where some stand at several. */
      cases: Type.Integer(),
      counts: Type.Array(Counted),
    }),
    handle: async ({ params, signedIn, atLeast }) => {
      if (signedIn === undefined) throw nothingHere();
      const id = params['round'] as string;
      const sight = await standingOf(doors, signedIn, allianceOf(id));
      const now = new Date(doors.clock.now());
      const { round, counts, cases } = await doors.runner.read(
        casesView,
        async (sql, schema) => ({
          round: await findRound(sql, schema, sight.alliance, id),
          counts: await countCases(sql, schema, sight, id, now),
          cases: await countFound(sql, schema, sight, { round: id, limit: 0, now }),
        }),
        atLeast,
      );
      if (round === undefined) throw nothingHere();
      const { state } = await doors.states.fresh<RoundState>(`round-${id}`);
      const extensions = state.status === 'none' ? [] : await namedExtensions(doors, sight.alliance, state.extensions);
      const people = await peopleIn(doors, extensions);
      return { round: shownRound(round), extensions, people, cases, counts: [...counts] };
    },
  });

async function namedExtensions<E extends { readonly institution: string }>(
  doors: Doors,
  alliance: string,
  extensions: readonly E[],
): Promise<(E & { institutionName?: string })[]> {
  const names = await institutionNames(
    doors,
    alliance,
    extensions.map(({ institution }) => institution),
  );
  return extensions.map((extension) => {
    const institutionName = names.get(extension.institution);
    return institutionName === undefined ? extension : { ...extension, institutionName };
  });
}

const listExtensionsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/rounds/{round}/extensions',
    operationId: 'listExtensions',
    tag: 'round',
    summary: {
      en: 'The extensions granted in a round: for whom, until when, by which organ and why',
      zh: '某一轮次准予的延期：对象、期限、准予机构与理由',
    },
    open: true,
    answer: Type.Object({ items: Type.Array(Disclosed) }),
    handle: async ({ params }) => {
      const id = params['round'] as string;
      const [{ state }, { state: charter }] = await Promise.all([
        doors.states.fresh<RoundState>(`round-${id}`),
        doors.states.fresh<CharterHistory>(charterStream(allianceOf(id))),
      ]);
      if (state.status === 'none') throw nothingHere();
      const organ = charter.powers[extensionPower]?.organ ?? '';
      const extensions = await namedExtensions(doors, allianceOf(id), state.extensions);
      return { items: extensions.map(({ grantedBy: _person, ...extension }) => ({ ...extension, organ })) };
    },
  });

const readDefinitionRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/rounds/{round}/definition',
    operationId: 'readDefinition',
    tag: 'round',
    summary: {
      en: 'What a round is conducted by: form, files, eligibility, stages and ends',
      zh: '某一轮次所依据的办法：表单、附件、申报条件、环节与结果',
    },
    open: true,
    answer: Type.Object({ ...DefinitionShown.properties, round: Type.Object({ title: TextSchema }) }),
    handle: async ({ params, atLeast }) => {
      const id = params['round'] as string;
      const round = await doors.runner.read(casesView, (sql, schema) => findRound(sql, schema, allianceOf(id), id), atLeast);
      if (round === undefined) throw nothingHere();
      const { title, definition } = round;
      return { ...definitionShown(await adopted(doors.states, allianceOf(id), definition), definition), round: { title } };
    },
  });

const listCasesRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/cases',
    operationId: 'listCases',
    tag: 'case',
    summary: {
      en: 'The cases that the caller may know of, as far as a search finds them',
      zh: '当前用户可见的案件（可按检索语言查询）',
    },
    query: Type.Object({
      round: Type.Optional(Type.String({ maxLength: 200 })),
      q: Type.Optional(Type.String({ maxLength: longestSearch, description: 'See docs/generated/search.md.' })),
      count: Type.Optional(Type.Boolean({ description: 'Whether to tell how many there are in all.' })),
      copied: Type.Optional(Type.Boolean({ description: 'Only those that were copied to the caller or to an organ of theirs.' })),
      ...paging,
    }),
    answer: Type.Composite([Page(Listed), Type.Object({ total: Type.Optional(Type.Integer()) })]),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const { round, q, count, copied } = query;
      const sight = await standingOf(doors, signedIn, params['alliance'] as string);
      const asked = {
        ...(round === undefined ? {} : { round }),
        ...(q === undefined ? {} : { search: q }),
        ...(copied === true ? { by: copiedKeys(sight) } : {}),
        ...pageAsked(query),
        now: new Date(doors.clock.now()),
      };
      const { found, total } = await doors.runner.read(
        casesView,
        async (sql, schema) => ({
          found: await listCases(sql, schema, sight, asked),
          total: count === true ? await countFound(sql, schema, sight, asked) : undefined,
        }),
        atLeast,
      );
      return { ...pageOf(found.map(shownCase), query, ({ id }) => id), ...(total === undefined ? {} : { total }) };
    },
  });

const Durations = Nullable(Type.Object({ medianMs: Type.Integer(), p90Ms: Type.Integer() }));

const statisticsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/rounds/{round}/statistics',
    operationId: 'readStatistics',
    tag: 'round',
    summary: {
      en: 'A round in numbers, by stage, over the cases whose procedure the caller runs: what waits, what came of the rest, how long it took',
      zh: '轮次分环节统计（仅含当前用户负责管理的案件）：在办、结果与用时',
    },
    answer: Type.Object({
      stages: Type.Array(
        Type.Object({
          stage: Type.String(),
          entered: Type.Integer(),
          waiting: Type.Integer(),
          overdueNow: Type.Integer(),
          overdueEver: Type.Integer(),
          returned: Type.Integer(),
          left: Type.Record(Type.String(), Type.Integer()),
          calendar: Durations,
          working: Durations,
        }),
      ),
      attention: Type.Object({
        open: Type.Integer(),
        overdue: Type.Integer(),
        unassigned: Type.Integer(),
        inquorate: Type.Integer(),
        objected: Type.Integer(),
      }),
      /** Deadlines that wait in years whose public holidays are not announced: counted by weekdays alone. */
      unannounced: Type.Array(Type.Object({ year: Type.Integer(), deadlines: Type.Integer() })),
    }),
    handle: async ({ params, signedIn, atLeast }) => {
      if (signedIn === undefined) throw nothingHere();
      const id = params['round'] as string;
      const sight = await standingOf(doors, signedIn, allianceOf(id));
      const now = new Date(doors.clock.now());
      const { round, statistics } = await doors.runner.read(
        casesView,
        async (sql, schema) => ({
          round: await findRound(sql, schema, sight.alliance, id),
          statistics: await roundStatistics(sql, schema, sight, id, now),
        }),
        atLeast,
      );
      if (round === undefined) throw nothingHere();
      const { stages, attention, unannounced } = statistics;
      return { stages: [...stages], attention, unannounced: [...unannounced] };
    },
  });

const searchTermsRoute: ReadRoute = readRoute({
  path: '/v1/search-terms',
  operationId: 'listSearchTerms',
  tag: 'case',
  summary: { en: 'The terms of the language in which cases are searched', zh: '案件检索语言的全部条件' },
  open: true,
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        name: Type.String(),
        zh: Type.Array(Type.String()),
        kind: Type.String(),
        seenBy: Type.String(),
        about: TextSchema,
        example: Type.String(),
      }),
    ),
  }),
  handle: async () => ({ items: searchTerms.map(({ zh, ...term }) => ({ ...term, zh: [...zh] })) }),
});

const listTasksRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/tasks',
    operationId: 'listTasks',
    tag: 'case',
    summary: { en: 'What the caller has to do, the most urgent first', zh: '当前用户的待办事项（最紧急在前）' },
    query: Type.Object(paging),
    answer: Page(Type.Composite([Listed, Type.Object({ act: Type.String(), taskDueAt: Nullable(Instant) })])),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const sight = await standingOf(doors, signedIn, params['alliance'] as string);
      const page = { limit: 500, ...query };
      const tasks = await doors.runner.read(casesView, (sql, schema) => listTasks(sql, schema, sight, placeAsked(page)), atLeast);
      return pageOf(
        tasks.map((task) => ({ ...shownCase(task), taskDueAt: task.taskDueAt?.toISOString() ?? null })),
        page,
        ({ taskDueAt, id, stage, act }) => keyOf({ at: taskDueAt ?? 'infinity', id: `${id} ${stage} ${act}` }),
      );
    },
  });
