import { isDeepStrictEqual } from 'node:util';
import { type AnyDecider, canonicalJson, categoryOf, type Envelope, evolved, sha256 } from '#kernel';
import { allContexts } from '../../apps/server/contexts.js';

const deciders = new Map<string, AnyDecider>(allContexts.map(({ decider }) => [decider.category, decider]));

/** Hash of all that the events of a stream fold to, one after the other. @throws Error for a state that JSON does not tell wholly */
export function foldedSum(lines: readonly string[]): string {
  const events = lines.map((line) => ({ ...(JSON.parse(line) as Envelope), position: 1n }));
  const { stream } = events[0] ?? { stream: 'nothing-at-all' };
  const decider = deciders.get(categoryOf(stream));
  if (decider === undefined) throw new Error(`no decider for ${stream}`);
  const states: string[] = [];
  let state = decider.initialState;
  for (const event of events) {
    state = evolved(decider, state, event);
    states.push(told(state));
  }
  return sha256(states.join('\n'), 'hex');
}

function told(state: unknown): string {
  const text = canonicalJson(state);
  if (!isDeepStrictEqual(JSON.parse(text), without(state))) throw new Error(`JSON does not tell the whole of ${text}`);
  return text;
}

/** The same without members that are absent. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, without(one)]])));
}
