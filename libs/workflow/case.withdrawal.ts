import type { CaseEvent } from './case.events.js';
import { type Known, mustBeOpen } from './case.knowing.js';
import type { WithdrawApplication } from './case.messages.js';
import { type Case, openVisits, type Visit } from './case.state.js';
import { type Definition, withdrawnEnd } from './definition.js';
import { refused } from './refusal.js';
import { kindOf } from './stages/index.js';

/** The end of an application that goes home. @throws DomainError case.ended, case.binding, case.hearing-goes-on */
export function withdrawn({ reason }: WithdrawApplication, { open, definition }: Known): readonly CaseEvent[] {
  mustBeOpen(open);
  mustBeFree(open);
  mustBeOnesOwn(definition);
  return [
    { type: 'ApplicationWithdrawn', data: { reason } },
    { type: 'CaseEnded', data: { end: withdrawnEnd, outcome: 'withdrawn' } },
  ];
}

const bindingVisit = (state: Case): Visit | undefined => openVisits(state).find(({ kind }) => kindOf(kind).binds === true);

/** Whether a case has been granted and binds its applicant: it can no longer be withdrawn. */
export const isBound = (state: Case): boolean => bindingVisit(state) !== undefined;

/** What has been granted is not given back by going home: it ends as the alliance's rules say. */
function mustBeFree(open: Case): void {
  const visit = bindingVisit(open);
  if (visit === undefined) return;
  throw refused(
    'case.binding',
    `Application ${open.number} has been granted and binds you now (${visit.stage}); it can no longer be withdrawn.`,
    `申报 ${open.number} 已获批准并产生义务（${visit.stage}），不能再撤回。`,
    { number: open.number, stage: visit.stage },
  );
}

/** Whoever objected is heard: the applicant cannot stop that. */
function mustBeOnesOwn({ subcase }: Definition): void {
  if (subcase?.kind !== 'hearing') return;
  throw refused(
    'case.hearing-goes-on',
    'The objection is heard, whether the applicant takes part or not; only the application itself can be withdrawn.',
    '异议听证照常进行，申报单位不能撤回听证；如需撤回，请撤回申报本身。',
  );
}
