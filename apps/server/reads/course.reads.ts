import { Type } from '@sinclair/typebox';
import { coursesView, findCourses } from '#catalogue';
import { casesView, entryFor, listCases, type RoundState } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Nullable, Page, pageAsked, pageOf, paging } from './schemas.js';
import { allianceOf, noSuchAlliance, nothingHere, type Standing, standingOf } from './sight.js';

const Course = Type.Object({
  course: Type.String(),
  institution: Type.String(),
  titleZh: Type.String(),
  titleEn: Nullable(Type.String()),
  kind: Type.String(),
  discipline: Type.String(),
  credits: Type.Number(),
  hours: Type.Integer(),
  runs: Type.Integer(),
  platform: Nullable(Type.String()),
  leader: Type.String(),
  /** Null once erased. */
  leaderName: Nullable(Type.String()),
  /** Its application in the round that was asked for; null where there is none. */
  case: Nullable(Type.String()),
});

/** The courses of an institution, for those who register them. */
export const courseReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/courses',
    operationId: 'listCourses',
    tag: 'course',
    summary: {
      en: "The courses of an institution whose dean's office the caller belongs to",
      zh: '当前用户所在教务处登记的课程',
    },
    query: Type.Object({
      institution: Type.String({ maxLength: 32 }),
      round: Type.Optional(Type.String({ maxLength: 200 })),
      ...paging,
    }),
    answer: Page(Course),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const alliance = params['alliance'] as string;
      const standing = await standingOf(doors, signedIn, alliance, atLeast);
      const { institution } = query;
      if (!standing.powers.some(({ power, scope }) => power === 'register-course' && scope === institution)) throw nothingHere();
      const asked = { alliance, institution, ...pageAsked(query) };
      const found = await doors.runner.read(coursesView, (sql, schema) => findCourses(sql, schema, asked), atLeast);
      const { items, ...rest } = pageOf(found, query, ({ course }) => course);
      const names = await doors.vault.open(items.map(({ leaderName }) => leaderName));
      const named = (digest: string): string | null => (names.get(digest) as string | undefined) ?? null;
      const courses = items.map(({ course }) => course);
      const cases = await casesOf(doors, standing, query.round, courses, atLeast);
      const shown = items.map((item) => ({
        ...item,
        leaderName: named(item.leaderName),
        case: cases.get(item.course) ?? null,
      }));
      return { items: shown, ...rest };
    },
  }),
];

/** Nobody works out the address of an application: its own office is told. */
async function casesOf(
  doors: Doors,
  standing: Standing,
  round: string | undefined,
  courses: readonly string[],
  atLeast: bigint | undefined,
): Promise<ReadonlyMap<string, string>> {
  if (round === undefined || allianceOf(round) !== standing.alliance) return new Map();
  const { state } = await doors.states.fresh<RoundState>(`round-${round}`);
  if (state.status === 'none') return new Map();
  const addresses = courses.map((course) => [course, `${round}.${entryFor(state, course)}`] as const);
  const asked = { ids: addresses.map(([, id]) => id), limit: courses.length, now: new Date(doors.clock.now()) };
  const found = await doors.runner.read(casesView, (sql, schema) => listCases(sql, schema, standing, asked), atLeast);
  const known = new Set(found.map(({ id }) => id));
  return new Map(addresses.filter(([, id]) => known.has(id)));
}
