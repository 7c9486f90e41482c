import { derivedUuid, type States, uuidv7 } from '#kernel';
import { type Definition, entryFor, type RoundState } from '#workflow';

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

/** Repeatable, unlike a real one. */
export const uuidv7Like = (now: number): string => `${uuidv7(now).slice(0, 14)}7000-8000-000000000000`;

/** When a `TestRound` begins. */
export const startMs = Date.parse('2026-03-02T01:00:00.000Z');

/** The round is opened by the second command. */
const addressKey = derivedUuid(derivedUuid(uuidv7Like(startMs), '2'), 'addresses');
export const addressOf = (subject: string): string => `a.spring.${entryFor({ addressKey }, subject)}`;
export const caseId = addressOf('course-1');

/** Where the first case of a `TestRound` is applied for; and where it is, if its reviewers may know whose it is. */
export const openly = 'a.spring.course-1';
export const whereIn = ({ stages }: Definition, id: string): string =>
  id !== caseId || stages.some((stage) => stage.kind === 'panel' && stage.blind === 'double') ? id : openly;
