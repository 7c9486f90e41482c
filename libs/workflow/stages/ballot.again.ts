import type { DecisionRule } from '#kernel';
import type { Explanation } from '../case.events.js';
import type { BallotVisit, Sitting } from '../case.state.js';
import type { BallotStage } from '../definition.js';
import { heldSittings, resultOf, toldOf } from './ballot.count.js';

/** What of a decision rule is to be otherwise; what is left out stays as it was. */
export interface ChangedRule {
  readonly quorum?: Partial<DecisionRule['quorum']>;
  readonly majority?: Partial<DecisionRule['majority']>;
  readonly tie?: DecisionRule['tie'];
}

export interface Decided extends Pick<Explanation, 'text' | 'arithmetic'> {
  /** `reconvened`: inquorate, and to be voted on again; `tied`: for somebody to break who was never asked. */
  readonly outcome: 'carried' | 'not-carried' | 'inquorate' | 'reconvened' | 'tied';
}

/**
 * What a visit of a ballot came to, and what it would have come to under another rule: from the votes that were cast, in the sittings that
 * were held. Undefined while no sitting is over, and for a visit that was closed without a result.
 */
export function decidedAgain(
  stage: BallotStage,
  visit: BallotVisit,
  changed: ChangedRule,
): { readonly was: Decided; readonly wouldBe: Decided } | undefined {
  const result = visit.left?.outcome;
  if (result === 'closed') return undefined;
  const over = heldSittings(visit).filter(
    (sitting, at, all) => sitting.inquorate !== undefined || (result !== undefined && at === all.length - 1),
  );
  const last = over.at(-1);
  if (last === undefined) return undefined;
  const was = told(last, (result as Decided['outcome'] | undefined) ?? 'reconvened');
  const anew = over.map((sitting) => ({ ...sitting, rule: under(sitting.rule, changed) }));
  const decided = anew.find((sitting) => resultOf(sitting) !== 'inquorate');
  if (decided !== undefined) return { was, wouldBe: told(decided, brokenAsBefore(decided)) };
  const isLast = over.length >= stage.sittings;
  return { was, wouldBe: told(anew.at(-1) as Sitting, isLast ? 'inquorate' : 'reconvened') };
}

const under = (rule: DecisionRule, { quorum, majority, tie = rule.tie }: ChangedRule): DecisionRule => ({
  ...rule,
  quorum: { ...rule.quorum, ...quorum },
  majority: { ...rule.majority, ...majority },
  tie,
});

/** A casting vote that was given, or let pass, counts again; nobody knows one that was never asked for. */
function brokenAsBefore(sitting: Sitting): Decided['outcome'] {
  const result = resultOf(sitting);
  if (result !== 'tied' || sitting.tie === undefined) return result;
  return sitting.tie.broken === 'for' ? 'carried' : 'not-carried';
}

const told = (sitting: Sitting, outcome: Decided['outcome']): Decided => ({
  outcome,
  ...toldOf(sitting, outcome === 'reconvened' ? 'inquorate' : outcome),
});
