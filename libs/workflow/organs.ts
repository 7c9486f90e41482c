import {
  type AskingContext,
  type CharterHistory,
  type CharterInForce,
  charterStream,
  type DecisionContext,
  holds,
  organStream,
  type OrganSeats,
  type Seat,
} from '#kernel';

/** The organ that the charter in force gives a power to; undefined where it gives it to none. */
export const organOf = (charter: CharterInForce, power: string): string | undefined =>
  Object.hasOwn(charter.powers, power) ? charter.powers[power]?.organ : undefined;

/** The stream of the organ that holds a power, once the charter has been loaded. */
export function organStreamOf(
  { alliance, consulted }: Pick<AskingContext, 'alliance' | 'consulted'>,
  power: string,
  scope?: string,
): string | undefined {
  const charter = consulted<CharterInForce>(charterStream(alliance));
  const organ = organOf(charter, power);
  if (organ === undefined || charter.organs[organ] === undefined) return undefined;
  return organStream(alliance, organ, charter.organs[organ].scope === 'alliance' ? undefined : scope);
}

/** Every seat of that organ, past ones too. */
export function seatsOf(context: Pick<AskingContext, 'alliance' | 'consulted'>, power: string, scope?: string): readonly Seat[] {
  const stream = organStreamOf(context, power, scope);
  return stream === undefined ? [] : context.consulted<OrganSeats>(stream).seats;
}

const rank = { chair: 0, deputy: 1, member: 2 } as const;

/** The seats that are held now, one for each person, in the order of the persons' ids: the same everywhere. */
export function heldSeats(
  context: Pick<DecisionContext, 'alliance' | 'consulted' | 'now'>,
  power: string,
  scope?: string,
): readonly Seat[] {
  const held = seatsOf(context, power, scope).filter((seat) => holds(seat, context.now));
  // Of two seats of one person the higher counts: it is put in last.
  const highest = new Map(held.toSorted((a, b) => rank[b.role] - rank[a.role]).map((seat) => [seat.person, seat]));
  return [...highest.values()].toSorted((a, b) => (a.person < b.person ? -1 : 1));
}

/** The charter of a version: what was opened under it stays under it. @throws Error where it never was in force */
export function charterOf(context: DecisionContext, version: number): CharterInForce {
  const history = context.consulted<CharterHistory>(charterStream(context.alliance));
  const found = history.version === version ? history : history.versions[version];
  if (found === undefined) throw new Error(`the charter has no version ${version}`);
  return found;
}
