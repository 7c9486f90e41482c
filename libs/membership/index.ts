export { type Membership, membershipDecider } from './membership.decider.js';
export type { MembershipCommand, MembershipEvent } from './membership.messages.js';
export { membershipContext } from './membership.module.js';
export { type MembershipRow, membershipsOf, membershipsView } from './membership.views.js';
