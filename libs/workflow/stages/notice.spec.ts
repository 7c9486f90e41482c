import { expect, test } from '@jest/globals';
import { sha256 } from '#kernel';
import { canonicalText, type NoticeIssued } from '#workflow';
import { applicant, EngineRoom, obliged } from '../../../test/support/engine-room.js';
import { given } from '../../../test/support/given.js';
import { noticesDecider } from '../notices/notices.decider.js';

const register = 'notices-a.2026';
const issued = async (room: EngineRoom, stream = register) =>
  (await room.history(stream)).map(({ data }) => data as NoticeIssued);

test('a notice is drawn up from the case, numbered, and published', async () => {
  const room = await obliged('keeping');
  const [notice] = await issued(room);
  const { number } = await room.state();
  expect(notice).toMatchObject({
    document: 'recognition',
    year: 2026,
    number: 1,
    label: { zh: '联盟认定〔2026〕1号', en: 'Rec. 2026-1' },
    heading: { zh: '关于认定《大学物理》的公告', en: 'Recognition of 大学物理' },
    body: { zh: `示例大学《大学物理》（申报编号 ${number}）自 2026-03-02 起予以认定。` },
    datedOn: '2026-03-02',
  });
  expect((await room.state()).visits.find(({ kind }) => kind === 'notice')).toMatchObject({
    notice: { document: 'recognition', year: 2026, number: 1, sha256: notice?.sha256 },
    left: { outcome: 'published' },
  });
});

test('anyone can check the hash of a notice by its text alone', async () => {
  const [notice] = await issued(await obliged('keeping'));
  const text = canonicalText(notice as NoticeIssued);
  expect(sha256(text, 'hex')).toBe(notice?.sha256);
  expect(text.split('\n\n').slice(0, 2)).toEqual(['联盟认定〔2026〕1号', '关于认定《大学物理》的公告']);
  expect(sha256(text.replace('大学物理', '大学化学'), 'hex')).not.toBe(notice?.sha256);
});

test('numbers of a year and kind run without a gap, whatever the order and however often the engine is stopped', async () => {
  const room = await EngineRoom.open('obligation');
  const courses = Array.from({ length: 12 }, (_, index) => `course-${index}`);
  for (const course of courses) {
    await room.act('dean', 'SubmitApplication', { institution: applicant, form: { title: course }, files: [] }, course);
    await room.act('dean', 'ConfirmAsParty', { stage: 'consent', party: 'institution' }, course);
  }
  for (const course of courses.toReversed()) {
    // Confirmed, and the machine stops before the engine does anything.
    await room.send('platform', 'case', `a.one.${course}`, 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
    room.restart();
  }
  await room.settle();
  room.restart();
  await room.settle();
  expect((await issued(room)).map(({ number }) => number)).toEqual(courses.map((_, index) => index + 1));
  for (const course of courses) expect((await room.state(course)).visits.at(-1)).toMatchObject({ kind: 'duty' });
  expect(new Set((await issued(room)).map(({ origin }) => origin.case)).size).toBe(courses.length);
});

test('a notice bears the day of its decision, and the number of that year, also when it is numbered later', async () => {
  const room = await obliged('consent', undefined, { title: '大学物理' });
  room.clock.advanceTo(Date.parse('2026-03-10T15:59:59.999Z'));
  await room.act('dean', 'ConfirmAsParty', { stage: 'consent', party: 'institution' });
  await room.send('platform', 'case', 'a.one.course-1', 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
  room.clock.advanceTo(Date.parse('2027-01-05T00:00:00.000Z'));
  room.restart();
  await room.settle();
  expect(await issued(room)).toMatchObject([{ datedOn: '2026-03-10', number: 1 }]);
});

const text = { en: 'x', zh: '某' };
const command = {
  type: 'IssueNotice' as const,
  data: {
    document: 'recognition',
    mark: text,
    heading: text,
    body: text,
    datedOn: '2026-03-02',
    origin: { case: 'a.one.course-1', stage: 'announcement', visit: 1 },
    definition: { id: 'obligation', version: 1, hash: 'h' },
  },
};

test('nobody puts words into the alliance’s mouth by hand', () => {
  given(noticesDecider).when(command, { id: 'a.2026', actor: 'person-1' }).expectRefusal('notices.by-workflow');
});

test('a notice is numbered in the register of its own year', () => {
  given(noticesDecider).when(command, { id: 'a.2027', actor: 'engine' }).expectRefusal('notices.wrong-year');
});
