import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDefinition, timelineFor, type Viewer } from '#workflow';
import { AnyRoom, applicant } from '../../../test/support/any-room.js';
import { given } from '../../../test/support/given.js';
import { application } from '../../../test/support/round.js';
import { deadline } from '../deadline.js';
import { reviewersOwing } from '../owed-reviews.js';
import { explain } from '../explain.js';
import { type Calendar, calendarDecider } from './calendar.decider.js';
import type { CalendarEvent } from './calendar.messages.js';
import { china } from './china.js';
import { recounted } from './recount.js';
import { addWorkingDays } from './working-days.js';

const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
const at = (text: string): number => Date.parse(`${text}+08:00`);
const iso = (text: string): string => new Date(at(text)).toISOString();
const dayMs = 86_400_000;

const newYear = {
  year: 2027,
  holidays: ['2027-01-01/2027-01-03', '2027-01-11/2027-01-12'],
  makeUpDays: ['2027-01-09'],
  notice: '国务院办公厅关于2027年部分节假日安排的通知',
};
const announcement: CalendarEvent = {
  type: 'HolidaysAnnounced',
  data: {
    ...newYear,
    version: 1,
    holidays: [
      ['2027-01-01', '2027-01-03'],
      ['2027-01-11', '2027-01-12'],
    ],
  },
};
const announce = (change: Partial<typeof newYear> = {}) =>
  ({ type: 'AnnounceHolidays', data: { ...newYear, ...change } }) as const;

test('the public holidays of a year are announced with their notice; the same again says nothing new, a correction does', () => {
  given(calendarDecider).when(announce()).expectEvents(announcement);
  given(calendarDecider, announcement).when(announce()).expectEvents();
  given(calendarDecider, announcement)
    .when(announce({ makeUpDays: [] }))
    .expectEvents({ type: 'HolidaysAnnounced', data: { ...announcement.data, version: 2, makeUpDays: [] } } as CalendarEvent);
});

test('a holiday lies within its year and ends after it begins, a make-up day is a weekend day outside the holidays', () => {
  const refusal = (change: Partial<typeof newYear>, code: string) =>
    given(calendarDecider).when(announce(change)).expectRefusal(code);
  refusal({ holidays: ['2026-12-31/2027-01-02'] }, 'calendar.bad-day');
  refusal({ holidays: ['2027-01-03/2027-01-01'] }, 'calendar.bad-day');
  refusal({ holidays: ['2027-02-27/2027-02-30'] }, 'calendar.bad-day');
  refusal({ makeUpDays: ['2027-01-08'] }, 'calendar.not-a-make-up-day');
  refusal({ makeUpDays: ['2027-01-02'] }, 'calendar.not-a-make-up-day');
});

const reason = '请补正。';
const correctedUntil = async (room: AnyRoom) => {
  const visit = (await room.state()).visits.at(-1);
  return visit?.kind === 'check' ? visit.corrections.at(-1)?.dueAt : undefined;
};
const announced = (room: AnyRoom, data: object = newYear) =>
  room.send('secretariat-1', 'calendar', 'a', 'AnnounceHolidays', data).then(() => room.settle());
const told = async (room: AnyRoom) => (await room.history()).filter(({ type }) => type === 'DeadlinesRecounted');

/** An application that its university endorses. */
async function applied(): Promise<AnyRoom> {
  const room = await AnyRoom.open({ ...definition, eligibility: [] });
  const { form, files } = application;
  await room.act('submit-application-1', 'SubmitApplication', { institution: applicant, form, files });
  await room.act('endorse-application-1', 'PassCheck', { stage: 'endorsement' });
  return room;
}

/** One that is returned on 29 December 2026, for five working days. */
async function returned(): Promise<AnyRoom> {
  const room = await applied();
  await room.runtime.drain(at('2026-12-29T10:00:00'));
  await room.act('recommend-application-1', 'ReturnForCorrection', { stage: 'recommendation', reason });
  return room;
}

test('a deadline counted over a year whose holidays are announced afterwards is counted again, on record and in words', async () => {
  const room = await returned();
  const days = 5;
  const was = deadline(definition, room.clock.now(), days);
  expect(await correctedUntil(room)).toBe(was);
  expect((await room.history()).at(-1)?.data).toMatchObject({ unannounced: 2027 });
  await announced(room);
  const { years } = await room.states.fresh<Calendar>('calendar-a').then(({ state }) => state);
  const is = new Date(addWorkingDays({ years: { ...china.years, ...years } }, room.clock.now(), days, 480)).toISOString();
  expect(is > was).toBe(true);
  expect((await told(room)).map(({ data }) => data)).toEqual([{ year: 2027, calendar: 1, deadlines: [{ was, is }] }]);
  expect(await correctedUntil(room)).toBe(is);
  const lines = explain(await room.history()).map(({ text }) => text.zh);
  expect(lines.at(-2)).toContain('当时 2027 年放假安排尚未公布');
  expect(lines.at(-1)).toContain(`${was} 改为 ${is}`);
});

test('whoever was told of a deadline reads that it moved, and nobody else: when reviewers are due is not the applicant’s', async () => {
  const room = await applied();
  await room.act('recommend-application-1', 'PassCheck', { stage: 'recommendation' });
  await room.runtime.drain(at('2026-12-29T10:00:00'));
  await room.act('check-application-1', 'PassCheck', { stage: 'formal-check' });
  const [reviewer = ''] = reviewersOwing(await room.state());
  await announced(room);
  const lines = async (viewer: Viewer) =>
    timelineFor(room.definition, await room.state(), await room.history(), viewer).filter(
      ({ type }) => type === 'DeadlinesRecounted',
    );
  const office = { person: 'dean', institutions: [], powers: [{ power: 'submit-application', scope: applicant }] };
  const expert = { person: reviewer, institutions: [], powers: [{ power: 'review-application' }] };
  expect(await lines(office)).toEqual([]);
  expect((await lines(expert)).map(({ text }) => text.en.match(/becomes/g)?.length)).toEqual([3]);
});

test('what falls due at such a deadline falls due at the new one, once, whatever was lost in between', async () => {
  const room = await returned();
  const was = Date.parse((await correctedUntil(room)) ?? '');
  await announced(room);
  const is = Date.parse((await correctedUntil(room)) ?? '');
  const lapses = async () =>
    (await room.history()).filter(({ type }) => type === 'CorrectionLapsed').map(({ meta }) => meta.recordedAt);
  await room.runtime.drain(was + 1);
  expect(await lapses()).toEqual([]);
  room.restart();
  await room.runtime.drain(is - 1);
  expect(await lapses()).toEqual([]);
  await room.runtime.drain(is + dayMs);
  room.restart();
  await room.runtime.drain(is + 2 * dayMs);
  expect(await lapses()).toEqual([new Date(is).toISOString()]);
  expect(await told(room)).toHaveLength(1);
  expect(await room.runtime.incidents()).toEqual([]);
});

test('a make-up day takes nothing away: what was given stands, and that is on record, too', async () => {
  const room = await returned();
  const was = await correctedUntil(room);
  await announced(room, { ...newYear, holidays: [], makeUpDays: ['2027-01-02', '2027-01-03'] });
  expect(await correctedUntil(room)).toBe(was);
  expect((await told(room)).map(({ data }) => data)).toMatchObject([{ deadlines: [{ was, is: was }] }]);
});

test('a deadline that has passed, and one that somebody has set, stay as they are', async () => {
  const late = await returned();
  await late.runtime.drain(Date.parse((await correctedUntil(late)) ?? ''));
  await announced(late);
  expect(await told(late)).toEqual([]);
  const set = await returned();
  const until = iso('2027-01-20T00:00:00');
  const stage = 'recommendation';
  await set.act('recommend-application-1', 'ExtendCorrection', { stage, until, reason });
  await announced(set);
  expect(await correctedUntil(set)).toBe(until);
});

test('an application that stands still is counted again as well, and goes on from there', async () => {
  const room = await returned();
  await room.suspend(true);
  await room.settle();
  await announced(room);
  expect(await told(room)).toHaveLength(1);
  const is = await correctedUntil(room);
  await room.suspend(false);
  await room.settle();
  const resumed = (await room.history()).at(-1);
  expect([resumed?.type, resumed?.data]).toMatchObject(['CaseResumed', { deadlines: [{ was: is }] }]);
});

test('an announcement that is corrected counts for what is counted from then on', async () => {
  const room = await returned();
  await announced(room);
  const is = await correctedUntil(room);
  await announced(room, { ...newYear, holidays: ['2027-01-01/2027-01-12'], makeUpDays: [] });
  expect(await told(room)).toHaveLength(1);
  expect(await correctedUntil(room)).toBe(is);
});

test('counted again, a deadline is what it would have been had the year been known, or what it was if that is later', async () => {
  const room = await returned();
  const state = await room.state();
  const visit = state.visits.at(-1);
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-11-20T00:00:00'), max: at('2027-11-01T00:00:00') }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 330 }), fc.nat(9)), { maxLength: 8 }),
      (since, days, free) => {
        const dayOf = (number: number): string => new Date(Date.UTC(2027, 0, 1 + number)).toISOString().slice(0, 10);
        const holidays = free.map(([first, length]) => [dayOf(first), dayOf(first + length)] as const);
        const calendar: Calendar = { version: 1, years: { 2027: { holidays, makeUpDays: [], notice: '' } } };
        const was = deadline(definition, since, days);
        const known = { years: { ...china.years, ...calendar.years } };
        const is = new Date(addWorkingDays(known, since, days, 480)).toISOString();
        const waiting = {
          ...state,
          visits: [{ ...visit, dueAt: was }],
          provisional: [{ since: new Date(since).toISOString(), is: was }],
        };
        const events = recounted({ year: 2027 }, waiting as typeof state, definition, { calendar, now: since });
        const deadlines = [{ was, is: is > was ? is : was }];
        expect(events).toMatchObject(was > iso('2027-01-01T00:00:00') ? [{ data: { deadlines } }] : []);
      },
    ),
  );
});
