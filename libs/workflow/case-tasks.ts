import type { CheckVisit, ConfirmationVisit, DutyVisit, Visit } from './case.state.js';
import type { Owner, Stage } from './definition.js';
import { isSigned } from './stages/check.signing.js';

/** What an organ must do at a stage; whoever in it does it, unless it was handed to one of them. */
export interface PartTask {
  readonly act: 'check' | 'confirm' | 'inspect' | 'remedy' | 'rule';
  /** `check`, `party.<id>`, `inspection.<n>`, `remedy.<n>`, `ruling.<n>`. */
  readonly part: string;
  readonly dueAt?: string;
}

/** The tasks that are open at a visit and belong to organs. */
export function partTasks(stage: Stage, visit: Visit): readonly PartTask[] {
  switch (visit.kind) {
    case 'check':
      return stage.kind === 'check' && isSigned(stage) ? [] : checkTasks(visit);
    case 'confirmation':
      return confirmationTasks(visit);
    case 'duty':
      return dutyTasks(visit);
    default:
      return [];
  }
}

/** The organ whose task a part of a stage is; undefined for what the stage does not have. */
export function ownerOfPart(stage: Stage, part: string): Owner | undefined {
  const [kind, which] = part.split('.');
  switch (stage.kind) {
    case 'check':
      return kind === 'check' ? stage : undefined;
    case 'confirmation':
      return kind === 'party' ? stage.parties.find(({ id }) => id === which) : undefined;
    case 'duty':
      if (kind === 'remedy') return stage.remedy;
      return kind === 'inspection' || kind === 'ruling' ? stage : undefined;
    default:
      return undefined;
  }
}

const due = (dueAt: string | undefined): { dueAt?: string } => (dueAt === undefined ? {} : { dueAt });

const checkTasks = ({ corrections, dueAt }: CheckVisit): readonly PartTask[] =>
  corrections.some(({ ended }) => ended === undefined) ? [] : [{ act: 'check', part: 'check', ...due(dueAt) }];

/** Who must still answer. */
const confirmationTasks = ({ asked, dueAt }: ConfirmationVisit): readonly PartTask[] =>
  (asked?.parties ?? [])
    .filter(({ answer }) => answer === undefined)
    .map(({ party }) => ({ act: 'confirm', part: `party.${party}`, ...due(dueAt) }));

/** What the inspecting organ and the one under the obligation must do now. */
const dutyTasks = ({ inspections, warnings }: DutyVisit): readonly PartTask[] => [
  ...inspections
    .filter(({ result }) => result === undefined)
    .map(({ inspection, dueAt }): PartTask => ({ act: 'inspect', part: `inspection.${inspection}`, dueAt })),
  ...warnings
    .filter(({ ended }) => ended === undefined)
    .map(({ warning, remedy, remedyDueAt }): PartTask =>
      remedy === undefined
        ? { act: 'remedy', part: `remedy.${warning}`, dueAt: remedyDueAt }
        : { act: 'rule', part: `ruling.${warning}`, dueAt: remedy.rulingDueAt },
    ),
];
