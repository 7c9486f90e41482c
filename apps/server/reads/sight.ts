import type { SignedIn } from '#identity';
import { requireKeyFor } from '#identity';
import { charterStream, type CharterHistory, holds, organStream, type OrganSeats, publicOrgan } from '#kernel';
import { type SeatRow, seatsOf, seatsView } from '#organisation';
import { type Copied, copiedId, copiedKey, personKey, powerKey, publicKey, type Sight, type Viewer } from '#workflow';
import { DoorRefusal } from '../http/problem.js';
import type { Doors } from './doors.js';

/** Someone's seats in an alliance and the powers that come with them, now. */
export interface Standing extends Sight {
  readonly seats: readonly SeatRow[];
  readonly powers: readonly { readonly power: string; readonly scope: string | null }[];
}

/** What a signed-in person is in an alliance at this moment. A machine key sees what its person sees, within its powers. */
export async function standingOf(doors: Doors, signedIn: SignedIn, alliance: string, atLeast?: bigint): Promise<Standing> {
  requireKeyFor(signedIn, alliance);
  const now = doors.clock.now();
  const at = new Date(now).toISOString();
  const { person, key } = signedIn;
  const [found, { state: charter }] = await Promise.all([
    doors.runner.read(seatsView, (sql, schema) => seatsOf(sql, schema, { alliance, person, at }), atLeast),
    doors.states.fresh<CharterHistory>(charterStream(alliance)),
  ]);
  const seats = await stillHeld(doors, alliance, found, now);
  if (charter.version === 0) throw noSuchAlliance();
  const powers = Object.entries(charter.powers).flatMap(([power, { organ }]) => {
    if (key !== undefined && !key.powers.includes(power)) return [];
    if (organ === publicOrgan) return [{ power, scope: null }];
    return seats.filter((seat) => seat.organ === organ).map(({ scope }) => ({ power, scope }));
  });
  return {
    alliance,
    person,
    seats,
    powers,
    keys: [
      publicKey,
      personKey(person),
      ...copiedKeys({ person, seats }),
      ...powers.flatMap(({ power, scope }) => (scope === null ? [powerKey(power)] : [powerKey(power), powerKey(power, scope)])),
    ],
    employers: [...new Set(seats.flatMap(({ institution }) => institution ?? []))],
  };
}

/** Of the seats that the view knows of, those that the log has not ended since: what a seat opened is closed with it. */
async function stillHeld(doors: Doors, alliance: string, found: readonly SeatRow[], now: number): Promise<readonly SeatRow[]> {
  const streamOf = ({ organ, scope }: SeatRow): string => organStream(alliance, organ, scope ?? undefined);
  const organs = await Promise.all([...new Set(found.map(streamOf))].map((stream) => doors.states.fresh<OrganSeats>(stream)));
  const held = new Set(
    organs.flatMap(({ state }) => state.seats.filter((seat) => holds(seat, now)).map(({ granted }) => granted)),
  );
  return found.filter(({ seat }) => held.has(seat));
}

/** The same standing as the rules of knowing read it. */
export const viewerOf = ({ person, employers, powers, seats }: Standing): Viewer => ({
  person,
  institutions: employers,
  powers: powers.map(({ power, scope }) => (scope === null ? { power } : { power, scope })),
  organs: seats.map(organOf),
});

const organOf = ({ organ, scope }: Pick<SeatRow, 'organ' | 'scope'>) => (scope === null ? { organ } : { organ, scope });

/** By what someone finds the cases that were copied to them or to an organ that they sit in. */
export function copiedKeys({ person, seats }: Pick<Standing, 'person' | 'seats'>): readonly string[] {
  const whom: readonly Copied[] = [{ person }, ...seats.map(organOf)];
  return whom.map((one) => copiedKey(copiedId(one)));
}

/** The alliance that a stream's id belongs to. */
export const allianceOf = (id: string): string => id.split('.')[0] as string;

export const noSuchAlliance = (): DoorRefusal =>
  new DoorRefusal(404, 'request.not-found', { en: 'There is no such alliance here.', zh: '此处没有该联盟。' });

export { nothingHere } from '../http/problem.js';
