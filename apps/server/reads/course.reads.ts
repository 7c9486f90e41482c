import { Type } from '@sinclair/typebox';
import { coursesView, findCourses } from '#catalogue';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Nullable, Page, pageAsked, pageOf, paging } from './schemas.js';
import { noSuchAlliance, nothingHere, standingOf } from './sight.js';

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
    query: Type.Object({ institution: Type.String({ maxLength: 32 }), ...paging }),
    answer: Page(Course),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const alliance = params['alliance'] as string;
      const { powers } = await standingOf(doors, signedIn, alliance, atLeast);
      const { institution } = query;
      if (!powers.some(({ power, scope }) => power === 'register-course' && scope === institution)) throw nothingHere();
      const asked = { alliance, institution, ...pageAsked(query) };
      const found = await doors.runner.read(coursesView, (sql, schema) => findCourses(sql, schema, asked), atLeast);
      const { items, ...rest } = pageOf(found, query, ({ course }) => course);
      const names = await doors.vault.open(items.map(({ leaderName }) => leaderName));
      const named = (digest: string): string | null => (names.get(digest) as string | undefined) ?? null;
      return { items: items.map((item) => ({ ...item, leaderName: named(item.leaderName) })), ...rest };
    },
  }),
];
