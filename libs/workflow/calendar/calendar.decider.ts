import type { AskingContext, Decider, Envelope } from '#kernel';
import type { Effect } from '../effect.js';
import { refused } from '../refusal.js';
import type { AnnounceHolidays, CalendarCommand, CalendarEvent, OrderRecount, RecountOrdered } from './calendar.messages.js';
import { type YearNotice, weekdayOf } from './working-days.js';

/** The years that an alliance has announced: the state of `calendar-<alliance>`. */
export interface Calendar {
  /** How many announcements there were. */
  readonly version: number;
  readonly years: Readonly<Record<number, YearNotice & { readonly notice: string }>>;
}

export const calendarStream = (alliance: string): string => `calendar-${alliance}`;

/** The years that the alliance has announced. The stream must have been consulted. */
export const announcedIn = ({ alliance, consulted }: Pick<AskingContext, 'alliance' | 'consulted'>): Calendar =>
  consulted<Calendar>(calendarStream(alliance));

/** The working days that an alliance counts by, beside those that every alliance begins with. */
export const calendarDecider: Decider<CalendarCommand, CalendarEvent, Calendar> = {
  category: 'calendar',
  parts: 1,
  permits: { AnnounceHolidays: 'open-round', OrderRecount: 'operate-workflow' },
  initialState: { version: 0, years: {} },

  decide: (command, calendar) =>
    command.type === 'AnnounceHolidays' ? announced(command.data, calendar) : ordered(command.data, calendar),

  evolve(calendar, event) {
    if (event.type !== 'HolidaysAnnounced') return calendar;
    const { year, version, holidays, makeUpDays, notice } = event.data;
    return { version, years: { ...calendar.years, [year]: { holidays, makeUpDays, notice } } };
  },
};

function announced(data: AnnounceHolidays, { version, years }: Calendar): readonly CalendarEvent[] {
  const { year, notice } = data;
  const holidays = data.holidays.toSorted().map((period) => period.split('/') as [string, string]);
  const makeUpDays = [...new Set(data.makeUpDays)].toSorted();
  for (const [first, last] of holidays) if (!isOf(year, first) || !isOf(year, last) || last < first) throw badDay(year, first);
  const isFree = (day: string): boolean => holidays.some(([first, last]) => first <= day && day <= last);
  for (const day of makeUpDays)
    if (!isOf(year, day)) throw badDay(year, day);
    else if (isFree(day) || ![0, 6].includes(weekdayOf(day))) throw notMadeUp(day);
  const known = years[year];
  if (known !== undefined && same({ holidays, makeUpDays, notice }, known)) return [];
  return [{ type: 'HolidaysAnnounced', data: { year, version: version + 1, holidays, makeUpDays, notice } }];
}

const same = (one: Calendar['years'][number], other: Calendar['years'][number]): boolean =>
  [one, other]
    .map(({ holidays, makeUpDays, notice }) => [holidays, makeUpDays, notice].join())
    .every((said, _, [first]) => said === first);

/** Whether it is a day of that year at all. */
const isOf = (year: number, day: string): boolean =>
  day.startsWith(`${year}-`) && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);

function ordered({ year, cases, next }: OrderRecount, { version, years }: Calendar): readonly CalendarEvent[] {
  if (years[year] === undefined || cases.length === 0) return [];
  return [{ type: 'RecountOrdered', data: { year, version, cases, ...(next === undefined ? {} : { next }) } }];
}

/** Once a year is announced, each case that has counted without it counts again, for itself. */
export function calendarEffects({ type, data, meta: { alliance } }: Envelope): readonly Effect[] {
  const { year, cases = [], next } = data as Partial<RecountOrdered>;
  const order = (after?: string): Effect => ({
    name: 'recount',
    command: {
      context: 'calendar',
      id: alliance,
      type: 'OrderRecount',
      data: { year, ...(after === undefined ? {} : { after }) },
    },
    needs: 'provisional',
  });
  if (type === 'HolidaysAnnounced') return [order()];
  const each = cases.map((id): Effect => ({
    name: 'recount',
    command: { context: 'case', id, type: 'RecountDeadlines', data: { year } },
  }));
  return next === undefined ? each : [...each, order(next)];
}

const badDay = (year: number, day: string) =>
  refused(
    'calendar.bad-day',
    `${day} is no day of ${year}, or ends before it begins. Give first and last day of each holiday within ${year}; what a notice says of another year is announced for that year.`,
    `${day} 不是 ${year} 年的有效日期，或起止颠倒。请逐项填写 ${year} 年内假期的首日和末日；涉及其他年份的，在该年份另行登记。`,
    { year, day },
  );

const notMadeUp = (day: string) =>
  refused(
    'calendar.not-a-make-up-day',
    `${day} is not a Saturday or Sunday outside the holidays: only such days can be worked instead of others.`,
    `${day} 不是假期之外的周六或周日，不能作为调休上班日。`,
    { day },
  );
