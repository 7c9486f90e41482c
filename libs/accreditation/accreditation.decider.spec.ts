import { expect, test } from '@jest/globals';
import { type Circumstances, given as givenAlone } from '../../test/support/given.js';
import { dayIn, recognitionDecider } from './accreditation.decider.js';
import type { GrantRecognition, RecognitionCommand, RecognitionEvent } from './accreditation.messages.js';

/** In the rounds r and s of an alliance in China, and in one of Urumqi's time. */
const rounds = {
  'round-a.r': { zone: 'Asia/Shanghai' },
  'round-a.s': { status: 'none' },
  'round-a.west': { zone: 'Asia/Urumqi' },
};
const given = (...history: readonly RecognitionEvent[]) => {
  const { when } = givenAlone(recognitionDecider, ...history);
  return {
    when: (command: RecognitionCommand, told: Circumstances = {}) => when(command, { consulted: rounds, ...told }),
  };
};

const grant = (data: Partial<GrantRecognition> = {}) =>
  ({ type: 'GrantRecognition', data: { case: 'case-a.r.1', number: 'A-1', ...data } }) as const;
const granted = (data: object = {}) =>
  ({
    type: 'RecognitionGranted',
    data: { case: 'case-a.r.1', number: 'A-1', from: '2026-03-02', until: '2031-03-02', ...data },
  }) as const;
const reason = { sealed: 'digest', of: 'person-1' };
const withdraw = { type: 'WithdrawRecognition', data: { clause: '5.1', reason } } as const;
const withdrawn = { type: 'RecognitionWithdrawn', data: { number: 'A-1', clause: '5.1', reason } } as const;
const rule = {
  quorum: { atLeast: [2, 3], of: 'all-seats' },
  majority: { over: [1, 2], of: 'present' },
  tie: 'not-carried',
} as const;

test('a course is recognised for five years from the day of the decision', () => given().when(grant()).expectEvents(granted()));
test('the day of the decision is the day in China, where no other zone is known', () =>
  given()
    .when(grant(), { now: '2026-03-02T16:00:00.000Z' })
    .expectEvents(granted({ from: '2026-03-03', until: '2031-03-03' })));
test('where the rules of a round count by another zone, so do its recognitions, from the first day to the last', () => {
  const west = { case: 'case-a.west.1', zone: 'Asia/Urumqi' };
  const asked = grant({ case: west.case });
  given().when(asked, { now: '2026-03-02T17:59:59.999Z' }).expectEvents(granted(west));
  const next = granted({ ...west, from: '2026-03-03', until: '2031-03-03' });
  given().when(asked, { now: '2026-03-02T18:00:00.000Z' }).expectEvents(next);
  const over = { ...withdrawn, data: { ...withdrawn.data, zone: west.zone } };
  given(granted(west)).when(withdraw, { now: '2031-03-01T17:59:59.999Z' }).expectEvents(over);
  given(granted(west)).when(withdraw, { now: '2031-03-01T18:00:00.000Z' }).expectRefusal('recognition.none-in-force');
  expect(dayIn(Date.parse('2026-03-02T17:00:00.000Z'), west.zone)).toBe('2026-03-02');
});
test('a recognition has a number, also where the workflow gives none', () =>
  given()
    .when({ type: 'GrantRecognition', data: { case: 'case-a.r.1' } }, { id: 'a.1' })
    .expectEvents(granted({ number: 'A-2026-NEWNUMBER' })));
test('the same case recognises once', () => given(granted()).when(grant()).expectEvents());
test('no course is recognised while a recognition is in force', () =>
  given(granted())
    .when(grant({ case: 'case-a.s.1', number: 'A-2' }))
    .expectRefusal('recognition.in-force'));
test('a course may be recognised again from the day on which the last recognition ended', () => {
  const again = granted({ case: 'case-a.s.1', number: 'A-2', from: '2031-03-02', until: '2036-03-02' });
  const asked = grant({ case: 'case-a.s.1', number: 'A-2' });
  given(granted()).when(asked, { now: '2031-03-01T15:59:59.999Z' }).expectRefusal('recognition.in-force');
  given(granted()).when(asked, { now: '2031-03-01T16:00:00.000Z' }).expectEvents(again);
});
test('no number stands on two certificates', () =>
  given(granted(), withdrawn)
    .when(grant({ case: 'case-a.s.1' }))
    .expectRefusal('recognition.number-taken'));
test('the first day is a day of the calendar', () =>
  given()
    .when(grant({ from: '2026-02-30' }))
    .expectRefusal('recognition.no-such-day'));
test('where the committee decides together, no member recognises a course alone', () => {
  given().when(grant(), { grant: { rule } }).expectRefusal('authority.decided-together');
  given().when(grant(), { grant: { rule }, actor: 'engine' }).expectEvents(granted());
});
test('a recognition in force may be withdrawn, once', () => {
  given(granted()).when(withdraw).expectEvents(withdrawn);
  given().when(withdraw).expectRefusal('recognition.none-in-force');
  given(granted(), withdrawn).when(withdraw).expectRefusal('recognition.none-in-force');
  given(granted()).when(withdraw, { now: '2031-03-02T00:00:00.000Z' }).expectRefusal('recognition.none-in-force');
});
