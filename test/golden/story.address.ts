import { entryFor, type Round } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';

/** Where the case of a subject is: in a round that hides its applicants nobody can tell from the subject's id. */
export async function addressIn(rehearsal: Rehearsal, round: string, subject: string): Promise<string> {
  const { state } = await rehearsal.states.fresh<Round>(`round-golden.${round}`);
  return `${round}.${entryFor(state, subject)}`;
}
