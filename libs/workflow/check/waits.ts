import type { Definition } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';

/** Stages that wait for people without saying until when. */
export const waitFindings = ({ stages }: Definition): readonly Finding[] =>
  stages.flatMap((stage, index) =>
    kindOf(stage.kind)
      .outline(stage)
      .waits.filter(({ workingDays }) => workingDays === undefined)
      .map(({ at }) => withoutDeadline(stage.id, `/stages/${index}${at}`)),
  );

/** Somebody is waited for, and nothing happens if they never act. */
export const withoutDeadline = (stage: string, path: string): Finding =>
  finding(
    'no-deadline',
    path,
    [`The stage "${stage}" waits for people and has no deadline.`, `“${stage}”环节等待人员处理，但没有期限。`],
    ['Say how many working days they have.', '请写明办理期限（工作日）。'],
  );
