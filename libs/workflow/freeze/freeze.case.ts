import { type DecisionContext, type MembershipStanding, membershipStream } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { CaseCommand } from '../case.messages.js';
import { type Case, type CaseState, openVisits } from '../case.state.js';
import { marked } from '../calendar/recount.js';
import { deadline } from '../deadline.js';
import type { Definition } from '../definition.js';
import { refused } from '../refusal.js';
import type { CaseResumed } from './freeze.messages.js';
import { instantsIn, withMoved } from './moving.js';

const dayMs = 86_400_000;

/** Whether the applicant is a member in good standing turns on its membership. */
export const freezeStreams = ({ type }: CaseCommand, { applicant }: Case, alliance: string): readonly string[] =>
  type === 'FreezeCase' || type === 'ResumeCase' ? [membershipStream(alliance, applicant.institution)] : [];

const isSuspended = ({ applicant }: Case, { alliance, consulted }: DecisionContext): boolean =>
  consulted<MembershipStanding>(membershipStream(alliance, applicant.institution)).status === 'suspended';

/** Whichever of two orders comes last, the case follows what the membership is now. */
export const freeze = (state: Case, context: DecisionContext): readonly CaseEvent[] =>
  state.status === 'open' && state.frozen === undefined && isSuspended(state, context)
    ? [{ type: 'CaseFrozen', data: { because: 'membership-suspended' } }]
    : [];

export const resume = (definition: Definition, state: Case, context: DecisionContext): readonly CaseEvent[] =>
  state.status === 'open' && state.frozen !== undefined && !isSuspended(state, context)
    ? [marked(definition, { type: 'CaseResumed', data: resumption(definition, state, state.frozen.at, context.now) })]
    : [];

function resumption(definition: Definition, state: Case, frozenAt: string, now: number): CaseResumed {
  const days = Math.ceil((now - Date.parse(frozenAt)) / dayMs);
  const waits = [...openVisits(state), ...state.fileCorrections.filter(({ ended }) => ended === undefined)];
  const pending = [...new Set(waits.flatMap(instantsIn))].filter((at) => Date.parse(at) > Date.parse(frozenAt));
  const later = (was: string): string => deadline(definition, Date.parse(was) + (days - 1) * dayMs - 1, 1);
  return { frozenAt, days, deadlines: pending.toSorted().map((was) => ({ was, is: later(was) })) };
}

/** What comes about before a case, and what the engine brings from elsewhere, once: it is taken in while nothing else is. */
const delivered: ReadonlySet<CaseCommand['type']> = new Set([
  'SubmitApplication',
  'FreezeCase',
  'ResumeCase',
  'MigrateCase',
  'RecountDeadlines',
  'PlaceCase',
  'RecordNotice',
  'CallOffBallot',
  'AssignReviewers',
]);

/** Whether a command comes to a case that stands still. */
export const meetsFreeze = (state: CaseState, { type }: CaseCommand, actor: string): state is Case =>
  state.status === 'open' &&
  state.frozen !== undefined &&
  !(delivered.has(type) && (actor === 'engine' || type === 'SubmitApplication'));

/** Whose membership it is stays unsaid: whoever reviews may not know whose the application is. */
export const frozenCase = ({ number, frozen }: Case) =>
  refused(
    'case.frozen',
    `Application ${number} stands still since ${frozen?.at}: the membership of its applicant is suspended. Its deadlines go on once that is reinstated.`,
    `申报 ${number} 自 ${frozen?.at} 起中止：申报单位的成员资格已暂停；资格恢复后继续办理，期限顺延。`,
    { number, frozenAt: frozen?.at },
  );

/** The open visits and grants with every deadline that has moved. */
export function afterFreeze(state: Case, { deadlines }: CaseResumed): Case {
  const moved = new Map(deadlines.map(({ was, is }) => [was, is]));
  const { frozen: _frozen, provisional = [], ...rest } = state;
  const still = provisional.filter(({ is }) => !moved.has(is));
  return {
    ...rest,
    ...(still.length === 0 ? {} : { provisional: still }),
    fileCorrections: state.fileCorrections.map((one) => (one.ended === undefined ? withMoved(one, moved) : one)),
    visits: state.visits.map((visit) => (visit.left === undefined ? withMoved(visit, moved) : visit)),
  };
}
