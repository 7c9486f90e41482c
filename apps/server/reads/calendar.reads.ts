import { Type } from '@sinclair/typebox';
import { calendarIn, casesView, china, type YearNotice } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Nullable } from './schemas.js';

const Day = Type.String({ format: 'date' });

const Year = Type.Object({
  year: Type.Integer(),
  holidays: Type.Array(Type.Object({ first: Day, last: Day })),
  makeUpDays: Type.Array(Day),
  /** The document that announces it; null for the years that every alliance begins with. */
  notice: Nullable(Type.String()),
});

const shown = (year: string, { holidays, makeUpDays, notice }: YearNotice & { readonly notice?: string }) => ({
  year: Number(year),
  holidays: holidays.map(([first, last]) => ({ first, last })),
  makeUpDays: [...makeUpDays],
  notice: notice ?? null,
});

/** The public holidays by which an alliance counts working days: for everyone, like its rounds. */
export const calendarReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/calendar',
    operationId: 'readCalendar',
    tag: 'calendar',
    summary: {
      en: 'The public holidays that working days are counted by, the latest year first',
      zh: '计算工作日所依据的放假安排（最新年份在前）',
    },
    open: true,
    answer: Type.Object({ version: Type.Integer(), years: Type.Array(Year) }),
    handle: async ({ params, atLeast }) => {
      const alliance = params['alliance'] as string;
      const { version, years } = await doors.runner.read(casesView, (sql, schema) => calendarIn(sql, schema, alliance), atLeast);
      const all = Object.entries({ ...china.years, ...years });
      return { version, years: all.map(([year, one]) => shown(year, one)).toReversed() };
    },
  }),
];
