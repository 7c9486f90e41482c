import { type AnyDecider, type Decider, type MembershipStanding, membershipStream, type Envelope } from '#kernel';
import type { Effect } from '../effect.js';
import type { StandingCommand, StandingEvent } from './freeze.messages.js';

/** Which applications of an institution stand still: the state of `standing-<alliance>.<institution>`. */
export interface Frozen {
  readonly cases: readonly string[];
  /** How often they were frozen. */
  readonly times: number;
}

/** Tells each application of an institution that its membership has been suspended, or is so no more. */
export const standingDecider: Decider<StandingCommand, StandingEvent, Frozen> = {
  category: 'standing',
  parts: 2,
  permits: { FreezeApplications: 'operate-workflow', ResumeApplications: 'operate-workflow' },
  initialState: { cases: [], times: 0 },
  consults: (_command, _state, { id }) => [`membership-${id}`],

  decide(command, { cases }, { alliance, id, consulted }) {
    const { status } = consulted<MembershipStanding>(membershipStream(alliance, id.slice(alliance.length + 1)));
    if (command.type === 'ResumeApplications')
      return status === 'suspended' || cases.length === 0 ? [] : [{ type: 'ApplicationsResumed', data: { cases } }];
    const more = command.data.cases.filter((one) => !cases.includes(one));
    return status !== 'suspended' || more.length === 0 ? [] : [{ type: 'ApplicationsFrozen', data: { cases: more } }];
  },

  evolve: ({ cases, times }, event) =>
    event.type === 'ApplicationsFrozen' ? { cases: [...cases, ...event.data.cases], times: times + 1 } : { cases: [], times },
};

/** Memberships belong to a context of their own; what follows from them here needs their events alone. */
export const membershipFollowed: AnyDecider = {
  category: 'membership',
  permits: {},
  initialState: {},
  decide: () => [],
  evolve: (state) => state,
};

const idOf = ({ stream }: Envelope): string => stream.slice(stream.indexOf('-') + 1);

/** What follows from a membership that is suspended, reinstated or left. */
export function membershipEffects(event: Envelope): readonly Effect[] {
  const command = { context: 'standing', id: idOf(event), data: {} };
  switch (event.type) {
    case 'MemberSuspended':
      return [{ name: 'freeze', command: { ...command, type: 'FreezeApplications' }, needs: 'applications' }];
    case 'MemberReinstated':
    case 'MemberLeft':
      return [{ name: 'resume', command: { ...command, type: 'ResumeApplications' } }];
    default:
      return [];
  }
}

/** Each case hears it for itself. */
export function standingEffects({ type, data }: Envelope): readonly Effect[] {
  const [name, order] = type === 'ApplicationsFrozen' ? ['freeze', 'FreezeCase'] : ['resume', 'ResumeCase'];
  return (data as Pick<Frozen, 'cases'>).cases.map((id) => ({ name, command: { context: 'case', id, type: order, data: {} } }));
}
