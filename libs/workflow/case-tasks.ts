import type { ConfirmationVisit, DutyVisit } from './case.state.js';

/** A task without its stage and with its holder still as an owner. */
export interface PartTask<A extends string> {
  readonly act: A;
  readonly of: { readonly power: string; readonly scope?: string } | 'owner' | 'remedy';
  readonly dueAt?: string;
}

/** Who must still answer. */
export const confirmationTasks = ({ asked, dueAt }: ConfirmationVisit): readonly PartTask<'confirm'>[] =>
  (asked?.parties ?? [])
    .filter(({ answer }) => answer === undefined)
    .map(({ power, scope }) => ({
      act: 'confirm',
      of: { power, ...(scope === undefined ? {} : { scope }) },
      ...(dueAt === undefined ? {} : { dueAt }),
    }));

/** What the inspecting organ and the one under the obligation must do now. */
export const dutyTasks = ({ inspections, warnings }: DutyVisit): readonly PartTask<'inspect' | 'remedy' | 'rule'>[] => [
  ...inspections
    .filter(({ result }) => result === undefined)
    .map(({ dueAt }): PartTask<'inspect'> => ({ act: 'inspect', of: 'owner', dueAt })),
  ...warnings
    .filter(({ ended }) => ended === undefined)
    .map(({ remedy, remedyDueAt }): PartTask<'remedy' | 'rule'> =>
      remedy === undefined
        ? { act: 'remedy', of: 'remedy', dueAt: remedyDueAt }
        : { act: 'rule', of: 'owner', dueAt: remedy.rulingDueAt },
    ),
];
