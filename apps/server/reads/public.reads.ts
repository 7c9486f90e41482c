import { Type } from '@sinclair/typebox';
import { recognitionsOf, recognitionsView } from '#accreditation';
import { casesView, listNotices, listPublished, noticesView } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Listed, shownCase } from './listed.js';
import { Day, Instant, Nullable, Page, pageAsked, pageOf, paging, TextSchema } from './schemas.js';

/** What anyone may read, signed in or not. */
export const publicReads = (doors: Doors): readonly ReadRoute[] => [
  listPublicityRoute(doors),
  listRecognitionsRoute(doors),
  listNoticesRoute(doors),
];

const listPublicityRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/publicity',
    operationId: 'listPublicity',
    tag: 'public',
    summary: {
      en: 'What is or was made public: results open to objection, and recognised courses',
      zh: '公示与公布内容：接受异议的结果及已认定课程',
    },
    open: true,
    query: Type.Object({ round: Type.Optional(Type.String({ maxLength: 200 })), ...paging }),
    answer: Page(Type.Omit(Listed, ['submittedAt'])),
    handle: async ({ params, query, atLeast }) => {
      const asked = {
        alliance: params['alliance'] as string,
        ...(query.round === undefined ? {} : { round: query.round }),
        ...pageAsked(query),
      };
      const found = await doors.runner.read(casesView, (sql, schema) => listPublished(sql, schema, asked), atLeast);
      return pageOf(found.map(shownCase), query, ({ id }) => id);
    },
  });

const listRecognitionsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/recognitions',
    operationId: 'listRecognitions',
    tag: 'public',
    summary: { en: 'The register of recognised courses', zh: '已认定课程名册' },
    open: true,
    query: Type.Object({ day: Type.Optional(Day), ...paging }),
    answer: Page(
      Type.Object({
        course: Type.String(),
        number: Type.String(),
        case: Type.String(),
        /** As the application had them; null where it cannot be read yet. */
        title: Nullable(Type.String()),
        institutionName: Nullable(Type.String()),
        from: Type.String(),
        until: Type.String(),
        withdrawnAt: Nullable(Instant),
      }),
    ),
    handle: async ({ params, query, atLeast }) => {
      const asked = {
        alliance: params['alliance'] as string,
        ...(query.day === undefined ? {} : { day: query.day }),
        ...pageAsked(query),
      };
      const found = await doors.runner.read(recognitionsView, (sql, schema) => recognitionsOf(sql, schema, asked), atLeast);
      const titles = await titlesOf(
        doors,
        asked.alliance,
        found.map((row) => row.case),
      );
      return pageOf(
        found.map((row) => ({
          ...row,
          ...(titles.get(row.case) ?? untitled),
          withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
        })),
        query,
        ({ number }) => number,
      );
    },
  });

const Notice = Type.Object({
  document: Type.String(),
  year: Type.Integer(),
  number: Type.Integer(),
  label: TextSchema,
  heading: TextSchema,
  body: TextSchema,
  datedOn: Day,
  issuedAt: Instant,
  /** SHA-256 of its canonical text. */
  sha256: Type.String(),
  case: Type.String(),
});

const noticeKey = /^\d{4}\.[a-z][a-z0-9-]{0,63}\.\d{1,9}$/;

const listNoticesRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/notices',
    operationId: 'listNotices',
    tag: 'public',
    summary: { en: 'Official documents by year, kind and number', zh: '公文：按年份、种类和文号' },
    open: true,
    query: Type.Object({
      document: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' })),
      year: Type.Optional(Type.Integer({ minimum: 2000, maximum: 9999 })),
      number: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
      ...paging,
    }),
    answer: Page(Notice),
    handle: async ({ params, query, atLeast }) => {
      const { document, year, number } = query;
      const asked = {
        alliance: params['alliance'] as string,
        ...(document === undefined ? {} : { document }),
        ...(year === undefined ? {} : { year }),
        ...(number === undefined ? {} : { number }),
        ...pageAsked(query, noticeKey),
      };
      const found = await doors.runner.read(noticesView, (sql, schema) => listNotices(sql, schema, asked), atLeast);
      return pageOf(
        found.map((notice) => ({ ...notice, issuedAt: notice.issuedAt.toISOString() })),
        query,
        (notice) => `${notice.year}.${notice.document}.${notice.number}`,
      );
    },
  });

interface Titled {
  readonly title: string | null;
  readonly institutionName: string | null;
}

const untitled: Titled = { title: null, institutionName: null };

/** What was recognised, by the streams of the cases: the register itself keeps numbers and dates only. */
async function titlesOf(doors: Doors, alliance: string, streams: readonly string[]): Promise<ReadonlyMap<string, Titled>> {
  const rows = await doors.runner.read(casesView, (sql, schema) =>
    sql.query<Titled & { stream: string }>(
      `select 'case-' || id as stream, title, institution_name as "institutionName" from ${schema}."case"
       where alliance = $1 and published and id = any($2::text[])`,
      [alliance, streams.map((stream) => stream.slice('case-'.length))],
    ),
  );
  return new Map(rows.map(({ stream, title, institutionName }) => [stream, { title, institutionName }]));
}
