import type { Case, RegistrationVisit } from '../case.state.js';
import { type Definition, type RegistrationStage, stageOf } from '../definition.js';
import { standing, type Viewer } from '../wall.js';
import { placesOffered } from './registration.decider.js';

/** What an organiser knows of an event beside who is registered for it. */
interface Organised {
  readonly stage: string;
  readonly places: number;
}

/** The event that somebody organises: who runs the procedure, and whose event it is. Undefined for anyone else, registered or not. */
export function organised(definition: Definition, state: Case, viewer: Viewer): Organised | undefined {
  const as = standing(definition, state, viewer);
  const visit = state.visits.findLast((one): one is RegistrationVisit => one.kind === 'registration');
  if (visit === undefined || (as !== 'keeper' && as !== 'applicant')) return undefined;
  return { stage: visit.stage, places: placesOffered(stageOf(definition, visit.stage) as RegistrationStage, state) };
}
