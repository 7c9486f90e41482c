import type { States } from '#kernel';
import { entryFor, type RoundState } from '#workflow';

/**
 * Where a case is that a test names by its subject: `a.one.course-1`, or what follows from it, as `a.one.course-1.appeal.1`.
 *
 * @param round - `<alliance>.<slug>`
 */
export async function addressIn(states: States, round: string, name: string): Promise<string> {
  const { state } = await states.load<RoundState>(`round-${round}`);
  if (state.status === 'none' || !name.startsWith(`${round}.`)) return name;
  const [subject = '', ...rest] = name.slice(round.length + 1).split('.');
  return [round, entryFor(state, subject), ...rest].join('.');
}
