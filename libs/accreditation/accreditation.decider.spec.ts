import { test } from '@jest/globals';
import { given } from '../../test/support/given.js';
import { recognitionDecider } from './accreditation.decider.js';
import type { GrantRecognition } from './accreditation.messages.js';

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

test('a course is recognised for five years from the day of the decision', () =>
  given(recognitionDecider).when(grant()).expectEvents(granted()));
test('the day of the decision is the day in China', () =>
  given(recognitionDecider)
    .when(grant(), { now: '2026-03-02T16:00:00.000Z' })
    .expectEvents(granted({ from: '2026-03-03', until: '2031-03-03' })));
test('a recognition has a number, also where the workflow gives none', () =>
  given(recognitionDecider)
    .when({ type: 'GrantRecognition', data: { case: 'case-a.r.1' } }, { id: 'a.1' })
    .expectEvents(granted({ number: 'A-2026-NEWNUMBER' })));
test('the same case recognises once', () => given(recognitionDecider, granted()).when(grant()).expectEvents());
test('no course is recognised while a recognition is in force', () =>
  given(recognitionDecider, granted())
    .when(grant({ case: 'case-a.s.1', number: 'A-2' }))
    .expectRefusal('recognition.in-force'));
test('a course may be recognised again from the day on which the last recognition ended', () => {
  const again = granted({ case: 'case-a.s.1', number: 'A-2', from: '2031-03-02', until: '2036-03-02' });
  const asked = grant({ case: 'case-a.s.1', number: 'A-2' });
  given(recognitionDecider, granted()).when(asked, { now: '2031-03-01T15:59:59.999Z' }).expectRefusal('recognition.in-force');
  given(recognitionDecider, granted()).when(asked, { now: '2031-03-01T16:00:00.000Z' }).expectEvents(again);
});
test('no number stands on two certificates', () =>
  given(recognitionDecider, granted(), withdrawn)
    .when(grant({ case: 'case-a.s.1' }))
    .expectRefusal('recognition.number-taken'));
test('the first day is a day of the calendar', () =>
  given(recognitionDecider)
    .when(grant({ from: '2026-02-30' }))
    .expectRefusal('recognition.no-such-day'));
test('where the committee decides together, no member recognises a course alone', () => {
  given(recognitionDecider).when(grant(), { grant: { rule } }).expectRefusal('authority.decided-together');
  given(recognitionDecider).when(grant(), { grant: { rule }, actor: 'engine' }).expectEvents(granted());
});
test('a recognition in force may be withdrawn, once', () => {
  given(recognitionDecider, granted()).when(withdraw).expectEvents(withdrawn);
  given(recognitionDecider).when(withdraw).expectRefusal('recognition.none-in-force');
  given(recognitionDecider, granted(), withdrawn).when(withdraw).expectRefusal('recognition.none-in-force');
  given(recognitionDecider, granted())
    .when(withdraw, { now: '2031-03-02T00:00:00.000Z' })
    .expectRefusal('recognition.none-in-force');
});
