import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { Handed, Visit } from '../case.state.js';
import { refused } from '../refusal.js';

/** To whom a task was handed over, if it was. */
export const handedIn = ({ handed = [] }: Visit, part: string): Handed | undefined => handed.find((one) => one.part === part);

/** The task that a command would do, as `TransferTask` names it; undefined where it is no task of an organ. */
function partOf(command: StageCommand): string | undefined {
  switch (command.type) {
    case 'PassCheck':
    case 'FailCheck':
    case 'ReturnForCorrection':
    case 'SendBack':
      return 'check';
    case 'ConfirmAsParty':
    case 'RefuseAsParty':
      return `party.${command.data.party}`;
    case 'PassInspection':
      return `inspection.${command.data.inspection}`;
    case 'Warn':
      return command.data.inspection === undefined ? undefined : `inspection.${command.data.inspection}`;
    case 'ReportRemedy':
      return `remedy.${command.data.warning}`;
    case 'AcceptRemedy':
    case 'RejectRemedy':
      return `ruling.${command.data.warning}`;
    default:
      return undefined;
  }
}

/** What was handed to one person is theirs alone. @throws DomainError case.handed-over */
export function mustBeTheirs(command: StageCommand, visit: Visit, actor: string): void {
  const part = partOf(command);
  if (part !== undefined) mustNotBeHandedElse(visit, part, actor);
}

/** @throws DomainError case.handed-over where somebody else has the task */
export function mustNotBeHandedElse(visit: Visit, part: string, actor: string): void {
  const handed = handedIn(visit, part);
  if (handed === undefined || handed.to === actor) return;
  throw refused(
    'case.handed-over',
    'This was handed over to another member of your organ. Leave it to them, or have it taken back first.',
    '该事项已转办给本机构其他成员，请由其办理，或先行收回。',
    { part, to: handed.to },
  );
}

/** Who hands over, and why, is for the organ whose task it is. */
export const withoutReasons = <V extends Visit>(visit: V, isTheirs: (part: string) => boolean): V =>
  visit.handed === undefined
    ? visit
    : { ...visit, handed: visit.handed.map(({ reason, ...one }) => (isTheirs(one.part) ? { ...one, ...given(reason) } : one)) };

const given = (reason: Handed['reason']): Pick<Handed, 'reason'> => (reason === undefined ? {} : { reason });

/** Who has which task after a transfer or its end. */
export function evolveHanded(
  visit: Visit,
  event: Extract<CaseEvent, { type: 'TaskTransferred' | 'TaskTakenBack' }>,
  { actor, recordedAt }: { readonly actor: string; readonly recordedAt: string },
): Visit {
  const others = (visit.handed ?? []).filter(({ part }) => part !== event.data.part);
  if (event.type === 'TaskTakenBack') return { ...visit, handed: others };
  const { part, to, reason } = event.data;
  return { ...visit, handed: [...others, { part, to, by: actor, at: recordedAt, reason }] };
}
