import type { Envelope } from '#kernel';
import type { Explanation } from './case.events.js';
import type { Case } from './case.state.js';
import type { EndCommand, Owner } from './definition.js';
import { isSame } from './lineage.js';

/** What a command to a context is told about the case. */
export const filled = (
  data: EndCommand['data'],
  state: Case,
  { stream }: Pick<Envelope, 'stream'>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'object' ? valueFrom(value.from, state, stream) : value]),
  );

/** @throws Error for a name that the check of definitions lets nobody adopt */
function valueFrom(from: string, state: Case, stream: string): unknown {
  switch (from) {
    case 'case':
      return stream;
    case 'subject':
      return state.subject;
    case 'institution':
      return state.applicant.institution;
    case 'round':
      return state.round;
    case 'number':
      return state.number;
    case 'reason':
      return reasonOf(state);
    default:
      if (from.startsWith('form.')) return state.form[from.slice('form.'.length)];
      throw new Error(`a case has no ${from}`);
  }
}

/** Why the stage that was left last came to its outcome. */
export const lastExplanation = ({ visits, lastLeft }: Case): Explanation | undefined =>
  visits.find((visit) => lastLeft !== undefined && isSame(visit, lastLeft))?.left?.explanation;

/** The same in one sentence. */
export function reasonOf(state: Case): string {
  const explanation = lastExplanation(state);
  const reason = explanation?.inputs['reason'];
  if (typeof reason === 'string') return reason;
  return explanation === undefined ? '' : `${explanation.text.zh} ${explanation.text.en}`.slice(0, 2000);
}

/** Which organ of several an owner is, for a case; undefined where there is one, or where the form names none. */
export function scopeOf(
  { scope }: Pick<Owner, 'scope'>,
  { applicant, form }: Pick<Case, 'applicant' | 'form'>,
): string | undefined {
  if (scope === undefined) return undefined;
  if (scope === 'institution') return applicant.institution;
  if (scope === 'province') return applicant.province;
  const named = form[scope.slice('form.'.length)];
  return named === undefined ? undefined : String(named);
}
