import type { Box, Piece, Pieces, Point } from './pieces.js';
import { lineOf } from './pieces.js';

/** Whose a power is: the id and the name of a lane. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

export type ActorOf = (power: string) => Actor;

/** The band of one actor. */
export interface Lane extends Box {
  readonly actor: string;
  readonly name: string;
}

type PlaceOf = (id: string) => Box;

const lanePadding = 24;

/** In the order in which they come on. */
const actorsIn = ({ nodes }: Pieces, actorOf: ActorOf): readonly Actor[] => {
  const actors = nodes.map(({ owner }) => actorOf(owner));
  return actors.filter(({ id }, index) => actors.findIndex((other) => other.id === id) === index);
};

/** Room above a band beyond the usual, by actor: for edges that pass between the bands. */
export type Gaps = ReadonlyMap<string, number>;

/** Where each piece stands if every actor has a band of its own: on one line where it can, under each other where not. */
export function bands(pieces: Pieces, freely: PlaceOf, actorOf: ActorOf, gaps: Gaps): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  let top = 0;
  for (const actor of actorsIn(pieces, actorOf)) {
    top += gaps.get(actor.id) ?? 0;
    const own = pieces.nodes.filter(({ owner }) => actorOf(owner).id === actor.id);
    const line = Math.max(...own.map(lineOf));
    const settled: Box[] = [];
    const settle = (piece: Piece, from: number): void => {
      const box = freely(piece.id);
      const y = lowestFree(settled, box, from);
      settled.push({ ...box, y });
      places.set(piece.id, { x: box.x, y: top + y });
    };
    const byPlace = own.toSorted((one, other) => freely(one.id).x - freely(other.id).x);
    for (const piece of byPlace) if (piece.kind !== 'label') settle(piece, line - lineOf(piece));
    for (const piece of byPlace) {
      if (piece.kind !== 'label') continue;
      const target = pieces.nodes.find(({ id }) => id === piece.to) as Piece;
      settle(piece, (places.get(target.id)?.y ?? top) - top + lineOf(target) - lineOf(piece));
    }
    top += Math.max(...settled.map(({ y, height }) => y + height)) + 2 * lanePadding;
  }
  return places;
}

/** The first height, from a given one downwards, at which a box meets no other. */
function lowestFree(settled: readonly Box[], box: Box, from: number): number {
  const near = settled
    .filter(({ x, width }) => x < box.x + box.width + 10 && box.x < x + width + 10)
    .toSorted((one, other) => one.y - other.y);
  return near.reduce(
    (y, one) => (y + box.height + 14 > one.y && y < one.y + one.height + 14 ? one.y + one.height + 36 : y),
    from,
  );
}

interface Span extends Actor {
  readonly top: number;
  readonly bottom: number;
}

const spansOf = (pieces: Pieces, placeOf: PlaceOf, actorOf: ActorOf): readonly Span[] =>
  actorsIn(pieces, actorOf).map((actor) => {
    const boxes = pieces.nodes.filter(({ owner }) => actorOf(owner).id === actor.id).map((piece) => placeOf(piece.id));
    return {
      ...actor,
      top: Math.min(...boxes.map(({ y }) => y)),
      bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
    };
  });

const apart = 8;

/** The bands that ran into the one above them, with the room that they lacked; none where they are apart. */
export function widened(pieces: Pieces, placeOf: PlaceOf, actorOf: ActorOf, gaps: Gaps): Gaps | undefined {
  const spans = spansOf(pieces, placeOf, actorOf);
  const lacking = spans.flatMap(({ id, top }, index): readonly (readonly [string, number])[] => {
    const above = Math.max(...spans.slice(0, index).map(({ bottom }) => bottom));
    return above + apart <= top ? [] : [[id, (gaps.get(id) ?? 0) + above + apart - top + lanePadding]];
  });
  return lacking.length === 0 ? undefined : new Map([...gaps, ...lacking]);
}

/** The bands as they came out. */
export function lanesOf(pieces: Pieces, placeOf: PlaceOf, actorOf: ActorOf): readonly Lane[] {
  const spans = spansOf(pieces, placeOf, actorOf);
  const edges = spans.map(({ top }, index) => (index === 0 ? top - lanePadding : ((spans[index - 1]?.bottom ?? 0) + top) / 2));
  const bottom = (spans.at(-1)?.bottom ?? 0) + lanePadding;
  return spans.map(({ id: actor, name }, index) => {
    const y = edges[index] ?? 0;
    return { actor, name, x: 0, y, width: 0, height: (edges[index + 1] ?? bottom) - y };
  });
}
