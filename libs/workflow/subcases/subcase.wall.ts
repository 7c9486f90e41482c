import type { Case } from '../case.state.js';
import type { Standing } from '../standing.js';
import type { FirstReason } from './subcase.messages.js';

/** Appeals are between the applicant and those who keep the procedure; whoever judged first learns what they came to from the end. */
export const shownAppeals = ({ appeals }: Case, as: Standing): Pick<Case, 'appeals'> =>
  appeals !== undefined && (as === 'applicant' || as === 'keeper') ? { appeals } : {};

/**
 * What a sub-case is about, as someone in it may see it.
 *
 * Who judged before is for those who keep it. Who objects by real name is not handed to those whom the objection is about. Whoever may not
 * know whose the case is gets the grounds and the reasons of those who judged, not what the applicant wrote.
 */
export function shownOrigin(
  { origin }: Case,
  { as, isBlind }: { readonly as: Standing; readonly isBlind: boolean },
): Pick<Case, 'origin'> {
  if (origin === undefined) return {};
  if (as === 'keeper') return { origin };
  const { plea, reasons, objection } = origin;
  const nameless =
    objection !== undefined && as !== 'judge' ? { ...plea, by: '', statement: { ...plea.statement, of: '' } } : plea;
  return {
    origin: {
      ...origin,
      barred: [],
      plea: isBlind ? { ...nameless, by: '', statement: withheld, evidence: [] } : nameless,
      reasons: isBlind ? reasons.filter(isOfJudges) : reasons,
    },
  };
}

const withheld = { sealed: '', of: '' };

/** What officials wrote at checks may name the applicant. */
const isOfJudges = ({ kind }: FirstReason): boolean => kind === 'panel' || kind === 'ballot' || kind === 'ranking';
