import { expect, test } from '@jest/globals';
import { given } from '../../test/support/given.js';
import { courseDecider } from './catalogue.decider.js';

const facts = {
  title: { zh: '数据结构' },
  kind: 'online',
  discipline: '08',
  credits: 3,
  hours: 48,
  runs: 4,
  leader: 'person-1',
  leaderName: { sealed: 'digest', of: 'person-1' },
} as const;
const institution = '4144010558';
const register = (more: object = {}) => ({ type: 'RegisterCourse', data: { ...facts, institution, ...more } }) as const;
const registered = { type: 'CourseRegistered', data: { ...facts, institution } } as const;
const correct = (more: object = {}) => ({ type: 'CorrectCourse', data: { ...facts, ...more } }) as const;

test("a dean's office registers a course", () => given(courseDecider).when(register()).expectEvents(registered));
test('a course is registered once', () =>
  given(courseDecider, registered).when(register()).expectRefusal('course.already-registered'));
test('a course may be corrected, and stays with its institution', () => {
  const corrected = { type: 'CourseCorrected', data: { ...facts, hours: 64 } } as const;
  given(courseDecider, registered)
    .when(correct({ hours: 64 }))
    .expectEvents(corrected);
  const fact = { id: 'e', revision: 1, recordedAt: '', actor: '' };
  const before = courseDecider.evolve(courseDecider.initialState, registered, fact);
  expect(courseDecider.evolve(before, corrected, fact).facts).toMatchObject({ institution, hours: 64 });
});
test('nobody corrects a course that is not there', () => given(courseDecider).when(correct()).expectRefusal('course.not-found'));
test('a part of the hours is not more than all of them', () => {
  given(courseDecider)
    .when(register({ onlineHours: 49 }))
    .expectRefusal('course.hours-exceeded');
  given(courseDecider)
    .when(register({ practiceHours: 49 }))
    .expectRefusal('course.hours-exceeded');
});
test('a blended course teaches 20 to 50 per cent of its hours online', () => {
  const blended = (onlineHours: number) => given(courseDecider).when(register({ kind: 'blended', hours: 40, onlineHours }));
  blended(7).expectRefusal('course.not-blended');
  blended(21).expectRefusal('course.not-blended');
  for (const onlineHours of [8, 20]) {
    blended(onlineHours).expectEvents({ ...registered, data: { ...registered.data, kind: 'blended', hours: 40, onlineHours } });
  }
});
test('a social practice course spends at least 70 per cent of its hours in practice', () => {
  const practical = (practiceHours: number) =>
    given(courseDecider).when(register({ kind: 'social-practice', hours: 40, practiceHours }));
  practical(27).expectRefusal('course.too-little-practice');
  practical(28).expectEvents({
    ...registered,
    data: { ...registered.data, kind: 'social-practice', hours: 40, practiceHours: 28 },
  });
});
