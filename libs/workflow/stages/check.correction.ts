import type { DecisionContext } from '#kernel';
import type { StageCommand } from '../case.messages.js';
import type { CheckVisit, Correction } from '../case.state.js';
import { deadline, instant } from '../deadline.js';
import type { CheckStage } from '../definition.js';
import { beyondLimit } from '../extension.js';
import { acceptedApplication } from '../form.js';
import { refused } from '../refusal.js';
import { type At, place, type StageDecision, tooEarly } from './stage.js';

type CheckAt = At<CheckStage, CheckVisit>;

/** The correction for which the application is with its applicant now. */
export const openCorrection = ({ corrections }: CheckVisit): Correction | undefined =>
  corrections.find((correction) => correction.ended === undefined);

export const endedCorrection = (
  { corrections }: CheckVisit,
  which: number,
  how: Pick<Correction, 'ended' | 'resubmittedBy'>,
): readonly Correction[] => corrections.map((one) => (one.correction === which ? { ...one, ...how } : one));

/** @throws DomainError case.with-applicant while the application is out for correction */
export function mustBeHere({ visit }: CheckAt): void {
  const correction = openCorrection(visit);
  if (correction === undefined) return;
  throw refused(
    'case.with-applicant',
    `The application is with the applicant for correction until ${correction.dueAt}; decide once it is back.`,
    `申报材料已退回申报单位补正，截止 ${correction.dueAt}；请待其重新提交后再作决定。`,
    { dueAt: correction.dueAt },
  );
}

export function returned(at: CheckAt, reason: string, { now }: DecisionContext): StageDecision {
  mustBeHere(at);
  const { stage, visit, definition } = at;
  if (visit.corrections.length >= (stage.correction?.times ?? 0)) {
    throw refused(
      'case.no-more-corrections',
      `This stage may return an application ${stage.correction?.times ?? 0} times, and has; pass it or fail it.`,
      `本环节最多可退回补正 ${stage.correction?.times ?? 0} 次，次数已满；请作出通过或不通过的决定。`,
      { stage: stage.id, times: stage.correction?.times ?? 0 },
    );
  }
  const correction = visit.corrections.length + 1;
  const dueAt = deadline(definition, now, (stage.correction as { workingDays: number }).workingDays);
  return { events: [{ type: 'CorrectionRequested', data: { ...place(at), correction, reason, dueAt } }] };
}

/** Gives an applicant longer for the correction that is under way. What has run out is not revived. */
export function extended(
  { data: { until, reason } }: Extract<StageCommand, { type: 'ExtendCorrection' }>,
  at: CheckAt,
  { now }: DecisionContext,
): StageDecision {
  const correction = inTime(at, now);
  if (Date.parse(until) <= Date.parse(correction.dueAt)) {
    throw refused(
      'case.not-longer',
      `An extension ends after the present deadline, ${correction.dueAt}.`,
      `延长后的期限须晚于现有期限 ${correction.dueAt}。`,
      { dueAt: correction.dueAt },
    );
  }
  const { dueAt, extensions: before = 0 } = correction;
  const limit = beyondLimit(at.definition, at.stage.correction?.extension, { before, dueAt, until });
  if (limit !== undefined) throw tooFar(limit);
  const data = { ...place(at), correction: correction.correction, reason, dueAt: instant(Date.parse(until)) };
  return { events: [{ type: 'CorrectionExtended', data }] };
}

/** How long the owner has from now on, and when it is reminded. */
export function turnOfOwner(
  { workingDays, remind }: Pick<CheckStage, 'workingDays' | 'remind'>,
  definition: CheckAt['definition'],
  now: number,
): { readonly dueAt: string; readonly remindAt?: string } {
  const dueAt = deadline(definition, now, workingDays);
  return remind === undefined ? { dueAt } : { dueAt, remindAt: deadline(definition, now, remind) };
}

export function resubmitted(
  { data }: Extract<StageCommand, { type: 'ResubmitApplication' }>,
  at: CheckAt,
  { now }: DecisionContext,
): StageDecision {
  const { correction } = inTime(at, now);
  const { form, files } = acceptedApplication(at.definition, data, at.case);
  const { dueAt, ...reminder } = turnOfOwner(at.stage, at.definition, now);
  const version = at.case.version + 1;
  const handedIn = { ...place(at), correction, version, form, files, dueAt, ...reminder };
  return { events: [{ type: 'ApplicationResubmitted', data: handedIn }] };
}

/** The correction that is under way, before its deadline. @throws DomainError case.not-returned, case.correction-too-late */
function inTime({ visit }: CheckAt, now: number): Correction {
  const correction = openCorrection(visit);
  if (correction === undefined) throw nothingToCorrect();
  if (now < Date.parse(correction.dueAt)) return correction;
  throw refused(
    'case.correction-too-late',
    `The time for correction ended at ${correction.dueAt}.`,
    `补正期限已于 ${correction.dueAt} 截止。`,
    { dueAt: correction.dueAt },
  );
}

export function lapsed(at: CheckAt, { now }: DecisionContext): StageDecision {
  const correction = openCorrection(at.visit);
  if (correction === undefined) throw nothingToCorrect();
  tooEarly(now, correction.dueAt);
  const event = { type: 'CorrectionLapsed' as const, data: { ...place(at), correction: correction.correction } };
  return { events: [event], outcome: 'lapsed' };
}

const tooFar = (limit: NonNullable<ReturnType<typeof beyondLimit>>) =>
  'times' in limit
    ? refused(
        'case.no-more-extensions',
        `A correction may be given longer ${limit.times} times, and has been; decide on what comes until its deadline.`,
        `补正期限最多可延长 ${limit.times} 次，次数已满；请以现有期限为准。`,
        limit,
      )
    : refused(
        'case.extension-too-long',
        `The workflow lets this deadline be put off until ${limit.last} at the most.`,
        `按流程规定，该期限最多可延长至 ${limit.last}。`,
        limit,
      );

const nothingToCorrect = () =>
  refused(
    'case.not-returned',
    'The application has not been returned for correction, so it cannot be changed.',
    '申报材料未被退回补正，不能修改。',
  );
