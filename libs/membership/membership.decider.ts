import { type Decider, DomainError, type MembershipStanding, type Permit, refuseAlone, sealed } from '#kernel';
import type { ApplyToJoin, MembershipCommand, MembershipEvent } from './membership.messages.js';

export interface Membership extends MembershipStanding {
  readonly memberClass?: string;
}

/** The part of an institution's record that is asked for before it may apply. */
interface Registered {
  readonly facts?: unknown;
}

const refusal = (code: `membership.${string}`, en: string, zh: string): DomainError => new DomainError(code, { en, zh });

const institutionStream = (id: string): string => `institution-${id}`;

const ofInstitution =
  (power: string) =>
  (_command: unknown, _state: unknown, { alliance, id }: { alliance: string; id: string }): Permit => ({
    power,
    scope: id.slice(alliance.length + 1),
  });

/** The standing of one institution in an alliance: `membership-<alliance>.<moeCode>`. */
export const membershipDecider: Decider<MembershipCommand, MembershipEvent, Membership> = {
  category: 'membership',
  parts: 2,
  permits: {
    ApplyToJoin: 'apply-to-join',
    AdmitMember: 'admit-member',
    SuspendMember: 'suspend-member',
    ReinstateMember: 'suspend-member',
    LeaveAlliance: ofInstitution('leave-alliance'),
  },
  initialState: { status: 'stranger' },
  consults: (command, _state, { id }) => (command.type === 'ApplyToJoin' ? [institutionStream(id)] : []),

  decide(command, { status, memberClass = '' }, context) {
    switch (command.type) {
      case 'ApplyToJoin':
        return applied(command.data, status, context.consulted<Registered>(institutionStream(context.id)));
      case 'AdmitMember':
        refuseAlone(context);
        if (status !== 'applicant') throw noApplication();
        return [{ type: 'MemberAdmitted', data: { memberClass } }];
      case 'SuspendMember': {
        refuseAlone(context);
        if (status !== 'member') throw notAMember();
        const { clause, reason } = command.data;
        return [{ type: 'MemberSuspended', data: { clause, reason: sealed(reason) } }];
      }
      case 'ReinstateMember':
        refuseAlone(context);
        if (status !== 'suspended') throw notSuspended();
        return [{ type: 'MemberReinstated', data: {} }];
      case 'LeaveAlliance':
        if (status !== 'member' && status !== 'suspended') throw notAMember();
        return [{ type: 'MemberLeft', data: {} }];
    }
  },

  evolve(membership, event) {
    switch (event.type) {
      case 'AppliedToJoin':
        return { status: 'applicant', memberClass: event.data.memberClass };
      case 'MemberAdmitted':
      case 'MemberReinstated':
        return { ...membership, status: 'member' };
      case 'MemberSuspended':
        return { ...membership, status: 'suspended' };
      case 'MemberLeft':
        return { ...membership, status: 'left' };
    }
  },
};

function applied(
  { memberClass, intent }: ApplyToJoin,
  status: Membership['status'],
  { facts }: Registered,
): readonly MembershipEvent[] {
  if (status === 'applicant') {
    throw refusal(
      'membership.already-applied',
      'This institution has applied already; wait for the decision.',
      '该院校已提交入会申请，请等待审定。',
    );
  }
  if (status === 'member' || status === 'suspended') {
    throw refusal('membership.already-a-member', 'This institution is a member already.', '该院校已是成员单位。');
  }
  if (facts === undefined) {
    throw refusal(
      'membership.unknown-institution',
      'This institution is not in the register; have it registered first.',
      '该院校尚未登记，请先办理登记。',
    );
  }
  return [{ type: 'AppliedToJoin', data: { memberClass, ...(intent === undefined ? {} : { intent: sealed(intent) }) } }];
}

const noApplication = (): DomainError =>
  refusal(
    'membership.no-application',
    'There is no open application; the institution must apply first.',
    '没有待审定的入会申请，须先由院校提出申请。',
  );
const notAMember = (): DomainError =>
  refusal('membership.not-a-member', 'This institution is not a member in good standing.', '该院校不是资格正常的成员单位。');
const notSuspended = (): DomainError =>
  refusal('membership.not-suspended', 'This membership is not suspended.', '该成员单位的资格未被暂停。');
