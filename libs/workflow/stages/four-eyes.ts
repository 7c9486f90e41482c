import type { Case, CheckVisit } from '../case.state.js';
import type { CheckStage } from '../definition.js';
import { refused } from '../refusal.js';
import type { At } from './stage.js';

/**
 * Whether somebody has had a part in an application: handed in any version of it (`submit`), or passed, failed, returned, signed or sent
 * it back at the check of that name.
 */
function hadPart({ submittedBy, visits, returns, fileCorrections }: Case, duty: string, person: string): boolean {
  const checks = visits.flatMap((visit) => (visit.kind === 'check' ? [visit] : []));
  if (duty === 'submit') {
    return (
      submittedBy === person ||
      checks.some(({ corrections }) => corrections.some(({ resubmittedBy }) => resubmittedBy === person)) ||
      fileCorrections.some(({ ended }) => ended?.how === 'replaced' && ended.by === person)
    );
  }
  return (
    returns.some(({ stage, by }) => stage === duty && by === person) ||
    checks.some((visit) => visit.stage === duty && actedIn(visit, person))
  );
}

const actedIn = ({ verdict, corrections, signing, signedBefore }: CheckVisit, person: string): boolean =>
  verdict?.by === person ||
  corrections.some(({ by }) => by === person) ||
  signing?.signatures.some((signature) => signature.person === person) === true ||
  signedBefore?.includes(person) === true;

/** The duty that somebody has done and that the definition keeps apart from this check; undefined where there is none. */
export const keptApart = ({ stage, case: state }: Pick<At<CheckStage>, 'stage' | 'case'>, person: string): string | undefined =>
  stage.separation?.find((duty) => hadPart(state, duty, person));

/** @throws DomainError case.four-eyes for whoever has had a part that the definition keeps apart from this check */
export function withFourEyes({ stage, case: state }: Pick<At<CheckStage>, 'stage' | 'case'>, actor: string): void {
  const part = keptApart({ stage, case: state }, actor);
  if (part === undefined) return;
  throw refused(
    'case.four-eyes',
    `You have had your part in this application (${part}); the rules ask for another person at “${stage.title.en}”.`,
    `您已办理本申报的“${part}”，按规定“${stage.title.zh}”须由他人办理。`,
    { separation: part },
  );
}
