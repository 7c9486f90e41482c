/** What can happen: it takes a token from each place it comes from and puts one on each place it leads to. */
export interface Transition {
  readonly id: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Whether it takes every other token too: what is over is over in all its branches. */
  readonly clears?: true;
}

/**
 * A flow as a net of places and transitions, in which tokens stand for what is under way.
 *
 * Nothing here knows of stages: sequences, choices, parallel branches and joins are all transitions.
 */
export interface Net {
  readonly start: readonly string[];
  readonly transitions: readonly Transition[];
  /** A flow is over when one of these holds the only token. */
  readonly ends: ReadonlySet<string>;
}

/** Places that hold tokens, in order; a place stands twice where it holds two. */
export type Marking = readonly string[];

/** A marking, and one way of coming to it. */
export interface Witness {
  readonly marking: Marking;
  /** Ids of transitions, in order. */
  readonly after: readonly string[];
}

/** Everything that can come of a net. */
export interface Played {
  readonly markings: number;
  /** Every one of them that was looked at. */
  readonly reached: readonly Marking[];
  /** Places that ever hold a token. */
  readonly marked: ReadonlySet<string>;
  /** Markings in which nothing can happen and nothing is over. */
  readonly deadlocks: readonly Witness[];
  /** Markings in which the flow is over and tokens are left. */
  readonly leftovers: readonly Witness[];
  /** A marking in which a place holds two tokens: nothing is looked at beyond it, and nothing else is concluded. */
  readonly doubled: readonly Witness[];
  /** Markings from which something can always happen and nothing is ever over. */
  readonly trapped: readonly Witness[];
  /** Whether every marking was looked at. */
  readonly complete: boolean;
  /** Whether a marking, its places in any order, can come about. */
  readonly reaches: (places: readonly string[]) => boolean;
}

interface Reached {
  readonly marking: Marking;
  readonly by?: { readonly from: Reached; readonly transition: string };
  readonly next: Reached[];
}

/** Beyond it the game takes seconds, and a definition is adopted while others wait: fourteen stages side by side. */
export const mostMarkings = 20_000;

/** Plays the token game over the whole state space of a net. */
export function play(net: Net, atMost = mostMarkings): Played {
  const states = new Map<string, Reached>();
  const reach = (tokens: readonly string[], by?: Reached['by']): Reached => {
    const marking = tokens.toSorted();
    const known = states.get(marking.join(' '));
    if (known !== undefined) return known;
    const reached = { marking, next: [], ...(by === undefined ? {} : { by }) };
    states.set(marking.join(' '), reached);
    return reached;
  };
  reach(net.start);
  // A map that grows while it is walked: each marking is visited once.
  for (const state of states.values()) {
    // What is begun twice multiplies without end: one marking of it says enough, and from there on nothing else would be true.
    if (states.size > atMost || isDoubled(state.marking)) break;
    if (isLeftover(net, state.marking)) continue;
    for (const transition of net.transitions) {
      const tokens = fired(state.marking, transition);
      if (tokens !== undefined) state.next.push(reach(tokens, { from: state, transition: transition.id }));
    }
  }
  return {
    ...told(net, [...states.values()], states.size <= atMost),
    reaches: (places) => states.has(places.toSorted().join(' ')),
  };
}

function fired(marking: Marking, { from, to, clears }: Transition): readonly string[] | undefined {
  const left = [...marking];
  for (const place of from) {
    const at = left.indexOf(place);
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return clears === true ? to : [...left, ...to];
}

const isOver = ({ ends }: Net, marking: Marking): boolean => marking.length === 1 && ends.has(marking[0] as string);

const isLeftover = (net: Net, marking: Marking): boolean => marking.length > 1 && marking.some((place) => net.ends.has(place));

const isDoubled = (marking: Marking): boolean => new Set(marking).size < marking.length;

function told(net: Net, states: readonly Reached[], complete: boolean): Omit<Played, 'reaches'> {
  const leftovers = states.filter(({ marking }) => isLeftover(net, marking));
  const doubled = states.filter(({ marking }) => isDoubled(marking));
  const over = states.filter(({ marking }) => isOver(net, marking));
  const isWhole = complete && doubled.length === 0;
  const stopped = isWhole ? states.filter(({ next }) => next.length === 0) : [];
  const deadlocks = stopped.filter(({ marking }) => !isOver(net, marking) && !isLeftover(net, marking));
  const stops = isWhole ? leadingTo([...over, ...leftovers, ...deadlocks], states) : new Set(states);
  return {
    markings: states.length,
    reached: states.map(({ marking }) => marking),
    marked: new Set(states.flatMap(({ marking }) => marking)),
    deadlocks: deadlocks.map(witness),
    leftovers: leftovers.map(witness),
    doubled: doubled.map(witness),
    trapped: states.filter((state) => !stops.has(state)).map(witness),
    complete,
  };
}

/** The states from which one of these can be reached. */
function leadingTo(goals: readonly Reached[], states: readonly Reached[]): ReadonlySet<Reached> {
  const before = new Map<Reached, Reached[]>();
  for (const state of states) {
    for (const next of state.next) {
      const known = before.get(next);
      if (known === undefined) before.set(next, [state]);
      else known.push(state);
    }
  }
  const leading = new Set(goals);
  for (const state of leading) for (const earlier of before.get(state) ?? []) leading.add(earlier);
  return leading;
}

function witness(state: Reached): Witness {
  const after: string[] = [];
  for (let { by } = state; by !== undefined; by = by.from.by) after.unshift(by.transition);
  return { marking: state.marking, after };
}
