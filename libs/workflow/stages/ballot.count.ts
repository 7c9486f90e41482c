import type { Comparison, Explanation } from '../case.events.js';
import type { BallotVisit, Sitting } from '../case.state.js';
import type { Fraction } from '../fraction.js';

export interface Count {
  readonly for: number;
  readonly against: number;
  readonly abstain: number;
  /** Who may vote: seats without those recused. */
  readonly eligible: number;
  readonly quorum: Comparison;
  readonly majority: Comparison;
  /** As many for as against, under a simple majority: a casting vote breaks a tie, it does not stand in for a larger majority. */
  readonly tied: boolean;
}

/** Counts a sitting under its pinned rule. Every base is the one that the rule names; votes of the recused do not count. */
export function countVotes({ rule, seats, recused, votes }: Sitting): Count {
  const barred = new Set(recused.map(({ person }) => person));
  const valid = votes.filter(({ person, proxy }) => !barred.has(person) && (proxy === undefined || !barred.has(proxy)));
  const present = rule.proxies?.countForQuorum === false ? valid.filter(({ proxy }) => proxy === undefined) : valid;
  const of = (choice: string): number => valid.filter((vote) => vote.choice === choice).length;
  const [inFavour, against] = [of('for'), of('against')];
  const eligible = seats.filter(({ person }) => !barred.has(person)).length;
  const quorumBase = { 'all-seats': seats.length, 'eligible-seats': eligible }[rule.quorum.of];
  const majorityBase = { 'votes-cast': inFavour + against, present: valid.length, 'all-seats': seats.length }[rule.majority.of];
  return {
    for: inFavour,
    against,
    abstain: of('abstain'),
    eligible,
    quorum: line('quorum', [present.length, quorumBase], '>=', rule.quorum.atLeast),
    majority: line('majority', [inFavour, majorityBase], rule.majority.atLeast === true ? '>=' : '>', rule.majority.over),
    tied: inFavour > 0 && inFavour === against && rule.majority.over[0] * 2 === rule.majority.over[1],
  };
}

/** Of nothing there is no share: a comparison with an empty base does not hold. */
function line(what: string, actual: Fraction, relation: '>' | '>=', required: Fraction): Comparison {
  const difference = actual[0] * required[1] - required[0] * actual[1];
  return { what, actual, relation, required, holds: actual[1] > 0 && (relation === '>' ? difference > 0 : difference >= 0) };
}

/** Who casts the deciding vote: the chair, or the deputy where the chair may not. */
export const castingVoteOf = ({ seats, recused }: Sitting): string | undefined => {
  const free = seats.filter(({ person }) => !recused.some((exclusion) => exclusion.person === person));
  return (free.find(({ role }) => role === 'chair') ?? free.find(({ role }) => role === 'deputy'))?.person;
};

/** Those that were not called off before they had come to anything. */
export const heldSittings = ({ sittings }: BallotVisit): readonly Sitting[] =>
  sittings.filter(({ calledOff }) => calledOff === undefined);

/** What the votes of a sitting come to under its rule: `tied` where the rule leaves it to somebody to break. */
export function resultOf(sitting: Sitting): 'inquorate' | 'tied' | 'carried' | 'not-carried' {
  const { quorum, majority, tied } = countVotes(sitting);
  if (!quorum.holds) return 'inquorate';
  if (tied && sitting.rule.tie === 'chair-decides' && castingVoteOf(sitting) !== undefined) return 'tied';
  return majority.holds ? 'carried' : 'not-carried';
}

/** What a sitting came to, in a sentence and in numbers. */
export function toldOf(sitting: Sitting, outcome: string): Pick<Explanation, 'text' | 'arithmetic'> {
  const count = countVotes(sitting);
  const { quorum, majority } = count;
  return { text: sentenceOf(outcome, count, sitting), arithmetic: quorum.holds ? [quorum, majority] : [quorum] };
}

/** The arithmetic of a sitting, and the clause and votes that it rests on. */
export function explainSitting(sitting: Sitting, outcome: string, title: Explanation['clause']): Explanation {
  const count = countVotes(sitting);
  return {
    clause: {
      en: `${title.en}: decision rule of version ${sitting.charter} of the charter`,
      zh: `${title.zh}：章程第 ${sitting.charter} 版议决规则`,
    },
    inputs: {
      organ: sitting.organ,
      charter: sitting.charter,
      sitting: sitting.sitting,
      rule: sitting.rule,
      seats: sitting.seats.length,
      eligible: count.eligible,
      for: count.for,
      against: count.against,
      abstain: count.abstain,
      ...(sitting.meeting === undefined ? {} : { meeting: sitting.meeting }),
      ...(sitting.votes.some(({ proxy }) => proxy !== undefined)
        ? { byProxy: sitting.votes.filter(({ proxy }) => proxy !== undefined).length }
        : {}),
      ...(sitting.tie === undefined ? {} : { castingVote: sitting.tie.broken ?? 'none' }),
    },
    excluded: sitting.recused.map(({ person, because }) => ({ what: person, because })),
    ...toldOf(sitting, outcome),
  };
}

function sentenceOf(outcome: string, { quorum, for: inFavour, against, abstain }: Count, { tie }: Sitting): Explanation['text'] {
  const votes = {
    en: `${inFavour} for, ${against} against, ${abstain} abstaining`,
    zh: `赞成 ${inFavour} 票，反对 ${against} 票，弃权 ${abstain} 票`,
  };
  const base = { en: `${quorum.actual[0]} of ${quorum.actual[1]}`, zh: `${quorum.actual[0]}/${quorum.actual[1]}` };
  if (outcome === 'inquorate') {
    return {
      en: `Inquorate: ${base.en} took part, ${quorum.required.join('/')} are needed. Nothing was decided.`,
      zh: `未达法定人数：${base.zh} 参加，须达 ${quorum.required.join('/')}，未作决定。`,
    };
  }
  if (outcome === 'tied') {
    return { en: `Tied: ${votes.en}. The casting vote decides.`, zh: `票数相等：${votes.zh}，由主持人行使决定票。` };
  }
  const broken = tie === undefined ? { en: '', zh: '' } : { en: ', tied', zh: '，票数相等' };
  return outcome === 'carried'
    ? { en: `Carried: ${votes.en}${broken.en}.`, zh: `表决通过：${votes.zh}${broken.zh}。` }
    : { en: `Not carried: ${votes.en}${broken.en}.`, zh: `表决未通过：${votes.zh}${broken.zh}。` };
}
