import { test } from '@jest/globals';
import { given } from '../../test/support/given.js';
import { membershipDecider } from './membership.decider.js';

const apply = { type: 'ApplyToJoin', data: { memberClass: 'ordinary' } } as const;
const applied = { type: 'AppliedToJoin', data: { memberClass: 'ordinary' } } as const;
const admit = { type: 'AdmitMember', data: {} } as const;
const admitted = { type: 'MemberAdmitted', data: { memberClass: 'ordinary' } } as const;
const reason = { sealed: 'digest', of: 'person-1' };
const suspend = { type: 'SuspendMember', data: { clause: '3.2', reason } } as const;
const suspended = { type: 'MemberSuspended', data: { clause: '3.2', reason } } as const;
const reinstate = { type: 'ReinstateMember', data: {} } as const;
const reinstated = { type: 'MemberReinstated', data: {} } as const;
const leave = { type: 'LeaveAlliance', data: {} } as const;
const left = { type: 'MemberLeft', data: {} } as const;

const id = 'a.4144010558';
const known = { id, consulted: { [`institution-${id}`]: { facts: {} } } };
const unknown = { id, consulted: { [`institution-${id}`]: {} } };
const rule = {
  quorum: { atLeast: [2, 3], of: 'all-seats' },
  majority: { over: [1, 2], of: 'present' },
  tie: 'not-carried',
} as const;

test('a registered institution may apply', () => given(membershipDecider).when(apply, known).expectEvents(applied));
test('an institution that is not registered may not apply', () =>
  given(membershipDecider).when(apply, unknown).expectRefusal('membership.unknown-institution'));
test('nobody applies twice', () =>
  given(membershipDecider, applied).when(apply, known).expectRefusal('membership.already-applied'));
test('a member does not apply, suspended or not', () => {
  given(membershipDecider, applied, admitted).when(apply, known).expectRefusal('membership.already-a-member');
  given(membershipDecider, applied, admitted, suspended).when(apply, known).expectRefusal('membership.already-a-member');
});
test('an applicant may be admitted', () => given(membershipDecider, applied).when(admit, known).expectEvents(admitted));
test('nobody is admitted without applying, or twice', () => {
  given(membershipDecider).when(admit, known).expectRefusal('membership.no-application');
  given(membershipDecider, applied, admitted).when(admit, known).expectRefusal('membership.no-application');
});
test('where the council decides together, one councillor admits nobody', () => {
  given(membershipDecider, applied)
    .when(admit, { ...known, grant: { rule } })
    .expectRefusal('authority.decided-together');
  given(membershipDecider, applied)
    .when(admit, { ...known, grant: { rule }, actor: 'engine' })
    .expectEvents(admitted);
});
test('a member may be suspended, once', () => {
  given(membershipDecider, applied, admitted).when(suspend, known).expectEvents(suspended);
  given(membershipDecider, applied, admitted, suspended).when(suspend, known).expectRefusal('membership.not-a-member');
});
test('only a suspended member is reinstated', () => {
  given(membershipDecider, applied, admitted, suspended).when(reinstate, known).expectEvents(reinstated);
  given(membershipDecider, applied, admitted).when(reinstate, known).expectRefusal('membership.not-suspended');
});
test('a member may leave, and apply again later', () => {
  given(membershipDecider, applied, admitted).when(leave, known).expectEvents(left);
  given(membershipDecider).when(leave, known).expectRefusal('membership.not-a-member');
  given(membershipDecider, applied, admitted, left).when(apply, known).expectEvents(applied);
});
test('a reinstated member is a member like before', () =>
  given(membershipDecider, applied, admitted, suspended, reinstated).when(leave, known).expectEvents(left));
