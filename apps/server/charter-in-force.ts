import type { CharterDocument } from '#charter';
import { type CharterInForce, charterStream, type DecisionRule, holds, type OrganSeats, organStream, type States } from '#kernel';
import { type CharterGiven, charterGiven, organsOnce } from '#workflow';

/** The charter of an alliance as a check of workflows reads it, with who sits in its organs at `now`; undefined where there is none. */
export async function charterInForce(states: States, alliance: string, now: number): Promise<CharterGiven | undefined> {
  const { state } = await states.fresh<CharterInForce>(charterStream(alliance));
  if (state.version === 0) return undefined;
  const seated = organsOnce(state).map(async (organ) => {
    const { seats } = (await states.fresh<OrganSeats>(organStream(alliance, organ))).state;
    return [organ, seats.filter((seat) => holds(seat, now))] as const;
  });
  const seatedIn = new Map(await Promise.all(seated));
  return charterGiven(state, (organ) => seatedIn.get(organ) ?? []);
}

/** A charter as a document: in force or not, sound or not. */
export const ofDocument = ({ organs, powers, rules }: CharterDocument): CharterGiven => ({
  organs: Object.fromEntries(organs.map(({ organ, ...clause }) => [organ, clause])),
  powers,
  rules: Object.fromEntries(rules.map(({ rule, ...clause }) => [rule, clause as DecisionRule])),
});
