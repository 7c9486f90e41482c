import type { Case, Visit } from '../case.state.js';
import { openVisits } from '../case.state.js';
import { refused } from '../refusal.js';

/** The visit of a stage that is open now. @throws DomainError case.not-at-stage */
export function openVisitOf(open: Case, stage: string, number?: number): Visit {
  const visit = openVisits(open).find((one) => one.stage === stage && one.visit === (number ?? one.visit));
  if (visit === undefined) throw notAtStage(stage);
  return visit;
}

export const notAtStage = (stage: string) =>
  refused(
    'case.not-at-stage',
    `The application is not at the stage "${stage}" now. Read it again.`,
    `申报目前不在“${stage}”环节，请重新读取。`,
    { stage },
  );

export const notThisAct = ({ en, zh }: { readonly en: string; readonly zh: string }) =>
  refused('case.not-this-act', `This cannot be done at the stage “${en}”.`, `“${zh}”环节不能执行此操作。`);
