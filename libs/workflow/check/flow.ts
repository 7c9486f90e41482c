import type { Text } from '#kernel';
import type { Case } from '../case.state.js';
import { branchesOf, type Definition, onwardFrom, type Stage, withdrawnEnd } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';
import { type Marking, type Net, play, type Played, type Transition, type Witness } from './net.js';

/** A way from one stage to the next: an outcome that can really come about. */
export interface Way {
  readonly outcome: string;
  readonly to: string;
}

/** The outcomes that can really come about, each with all that it leads to. */
export const passagesOf = (stage: Stage): readonly { readonly outcome: string; readonly to: readonly string[] }[] =>
  kindOf(stage.kind)
    .outline(stage)
    .outcomes.flatMap((outcome) => {
      const to = onwardFrom(stage, outcome);
      return to === undefined ? [] : [{ outcome, to }];
    });

export const waysOf = (stage: Stage): readonly Way[] =>
  passagesOf(stage).flatMap(({ outcome, to }) => to.map((one) => ({ outcome, to: one })));

/**
 * The flow of a definition as a net: one place for each stage and each end, and one for each branch that waits to be joined.
 *
 * The applicant's withdrawal is left out: a procedure that comes to its end only if the applicant gives up is not sound. So is sending
 * back: a case that was sent back stands as it could also stand without, so it brings about no marking that is not here. An end closes
 * every branch, but one that grants does not: what is granted while a branch still judges was granted too early. An appeal that is won
 * leads on from the end that it is lodged against.
 */
export function netOf(definition: Definition): Net {
  const { stages, ends } = definition;
  const toEnd = (id: string, from: readonly string[], end: string): Transition => ({
    id,
    from,
    to: [end],
    ...(ends[end]?.outcome === 'granted' ? {} : { clears: true }),
  });
  const instead = (id: string): string | undefined => stages.find((stage) => stage.id === id)?.visits?.then;
  const place = (from: string, to: string): string => {
    const branch = branchesOf(stages.find(({ id }) => id === to) ?? {}).find((one) => one.includes(from));
    return branch === undefined ? to : waitingPlace(branch, to);
  };
  const begins = (id: string, from: readonly string[], to: readonly string[], goals: readonly string[]) => [
    { id, from, to },
    ...goals.flatMap(instead).flatMap((end) => (end === undefined ? [] : [toEnd(id, from, end)])),
  ];
  const passages = stages.flatMap((stage) =>
    passagesOf(stage).flatMap(({ outcome, to }) => {
      const id = `${stage.id}.${outcome}`;
      const end = to.find((one) => Object.hasOwn(ends, one));
      if (end !== undefined) return [toEnd(id, [stage.id], end)];
      const places = to.map((one) => place(stage.id, one));
      return begins(
        id,
        [stage.id],
        places,
        to.filter((one) => places.includes(one)),
      );
    }),
  );
  const joins = stages.flatMap((stage) => {
    const branches = branchesOf(stage).map((branch) => waitingPlace(branch, stage.id));
    return branches.length === 0 ? [] : begins(`${stage.id}.join`, branches, [stage.id], [stage.id]);
  });
  const appeals = wonAppeals(definition).flatMap(({ id, from, to }) =>
    from.flatMap((end) => (Object.hasOwn(ends, to) ? [toEnd(id, [end], to)] : begins(id, [end], [to], [to]))),
  );
  return {
    start: stages.slice(0, 1).map(({ id }) => id),
    transitions: [...passages, ...joins, ...appeals],
    ends: new Set(Object.keys(ends)),
  };
}

export interface WonAppeal {
  /** `<appeal>.<its end>` */
  readonly id: string;
  readonly title: Text;
  /** Power of whoever keeps the appeal. */
  readonly manage: string;
  /** Ends of the case that it may be lodged against. */
  readonly from: readonly string[];
  /** The end of the case that takes their place, or the stage at which the case goes on. */
  readonly to: string;
}

/** Where appeals lead to that are won; none that leads to nothing that there is. */
export const wonAppeals = ({ stages, ends, subcases = {} }: Definition): readonly WonAppeal[] =>
  Object.entries(subcases).flatMap(([name, { manage, ...subcase }]) =>
    Object.entries(subcase.ends).flatMap(([end, won]): readonly WonAppeal[] => {
      if (!('from' in subcase) || !('by' in won)) return [];
      const isThere = Object.hasOwn(ends, won.by) || stages.some(({ id }) => id === won.by);
      return isThere ? [{ id: `${name}.${end}`, title: won.title, manage, from: subcase.from, to: won.by }] : [];
    }),
  );

/** Where a case stands, as the net has it. */
export const markingOf = ({ stages }: Definition, { visits, end }: Pick<Case, 'visits' | 'end'>): Marking =>
  end !== undefined
    ? [end.id]
    : visits.flatMap(({ stage, left }) =>
        left === undefined
          ? [stage]
          : (left.waitsAt ?? []).flatMap((join) =>
              branchesOf(stages.find(({ id }) => id === join) ?? {})
                .filter((branch) => branch.includes(stage))
                .map((branch) => waitingPlace(branch, join)),
            ),
      );

/** Where a branch that has come to its last stage waits for the others. */
const waitingPlace = (branch: readonly string[], join: string): string => `${branch.join('/')}→${join}`;

/** Stages that nothing leads to, ends that are never reached, and whatever goes wrong on the way. Of a definition whose names are in order. */
export function flowFindings(definition: Definition): readonly Finding[] {
  const net = netOf(definition);
  const played = play(net);
  const place = (witness: Witness): string => pointerTo(definition, placeOf(net, witness));
  // Where everything stops, what comes after is not reached for that reason.
  const missing = played.deadlocks.length + played.doubled.length > 0 ? [] : unreached(definition, net, played);
  return [...missing, ...soundnessFindings(played, place)];
}

/** What is wrong with a played net, whatever it was made from. */
export function soundnessFindings(
  { complete, deadlocks, leftovers, doubled, trapped, markings }: Played,
  place: (witness: Witness) => string,
): readonly Finding[] {
  const [deadlock, leftover, twice, trap] = [deadlocks[0], leftovers[0], doubled[0], trapped[0]];
  return [
    ...(complete ? [] : [tooLarge(markings)]),
    ...(deadlock === undefined ? [] : [deadlocked(deadlock, place(deadlock))]),
    // What is begun twice is also left over: said once.
    ...(leftover === undefined || twice !== undefined ? [] : [left(leftover, place(leftover))]),
    ...(twice === undefined ? [] : [reachedTwice(twice, place(twice))]),
    ...(trap === undefined ? [] : [noWayOut(trap, place(trap))]),
  ];
}

/** The place that a finding is about: one that holds two tokens, an end that came too early, a join that waits, or the first. */
function placeOf({ ends }: Net, { marking }: Witness): string {
  const twice = marking.find((place, index) => marking.indexOf(place) < index);
  return twice ?? marking.find((place) => ends.has(place)) ?? marking.find((place) => place.includes('→')) ?? marking[0] ?? '';
}

const pointerTo = ({ stages }: Definition, place: string): string => {
  const [, join] = place.split('→');
  const index = stages.findIndex(({ id }) => id === (join ?? place));
  if (join !== undefined) return `/stages/${index}/waitsFor`;
  return index < 0 ? `/ends/${place}` : `/stages/${index}`;
};

const after = ({ after: steps }: Witness): readonly [string, string] =>
  steps.length === 0 ? ['From the start', '从一开始'] : [`After ${steps.join(', ')}`, `经过 ${steps.join('、')} 之后`];

const deadlocked = (witness: Witness, path: string): Finding =>
  finding(
    'deadlock',
    path,
    [
      `${after(witness)[0]}, nothing can happen any more and the case is not over (${witness.marking.join(', ')}).`,
      `${after(witness)[1]}，流程无法继续，案件也未办结（${witness.marking.join('、')}）。`,
    ],
    ['Let every branch that is begun arrive at the join that waits for it.', '请使每个已开始的分支都能到达等待它的汇合处。'],
  );

const left = (witness: Witness, path: string): Finding =>
  finding(
    'leftover-token',
    path,
    [
      `${after(witness)[0]}, the case has come to its end and a branch is still under way (${witness.marking.join(', ')}).`,
      `${after(witness)[1]}，案件已办结，但仍有分支在办理（${witness.marking.join('、')}）。`,
    ],
    ['Join what was begun in parallel before the case is granted.', '请在作出批准之前汇合所有并行分支。'],
  );

const reachedTwice = (witness: Witness, path: string): Finding =>
  finding(
    'reached-twice',
    path,
    [
      `${after(witness)[0]}, two branches come to the same place (${witness.marking.join(', ')}): it would be done twice.`,
      `${after(witness)[1]}，两个分支到达同一处（${witness.marking.join('、')}），将重复办理。`,
    ],
    [
      'Let the stage wait for both branches: waitsFor: [<last stage of each>].',
      '请让该环节等待两个分支：waitsFor: [<各分支的最后环节>]。',
    ],
  );

const noWayOut = (witness: Witness, path: string): Finding =>
  finding(
    'no-way-out',
    path,
    [
      `From here (${witness.marking.join(', ')}) no end can be reached: the case goes round for ever.`,
      `由此处（${witness.marking.join('、')}）无法到达任何终点，案件将无休止地循环。`,
    ],
    ['Let one of its outcomes lead to an end.', '请让其中一个结果通向终点。'],
  );

const tooLarge = (markings: number): Finding =>
  finding(
    'too-many-states',
    '/stages',
    [`The flow has more than ${markings} states, so it cannot be proved.`, `流程的状态超过 ${markings} 个，无法证明其正确性。`],
    ['Make fewer things happen in parallel.', '请减少并行的环节。'],
  );

/** Only where it begins: what follows from an unreached stage is not listed again. */
function unreached(definition: Definition, { transitions }: Net, { marked }: Played): readonly Finding[] {
  const places = [...definition.stages.map(({ id }) => id), ...Object.keys(definition.ends)];
  const isReached = (place: string): boolean => marked.has(place) || place === withdrawnEnd;
  const missing = places.filter((place) => !isReached(place));
  const first = missing.filter((place) => !transitions.some(({ from, to }) => to.includes(place) && !from.includes(place)));
  return (first.length > 0 ? first : missing.slice(0, 1)).map((place) =>
    Object.hasOwn(definition.ends, place)
      ? finding(
          'unreachable-end',
          `/ends/${place}`,
          [`Nothing leads to the end "${place}".`, `没有任何环节通向终点“${place}”。`],
          ['Let an outcome lead to it, or strike it out.', '请让某个结果通向它，或者将其删除。'],
        )
      : finding(
          'unreachable-stage',
          pointerTo(definition, place),
          [`Nothing leads to the stage "${place}".`, `没有任何环节通向“${place}”环节。`],
          ['Let an outcome lead to it, or strike it out.', '请让某个结果通向它，或者将其删除。'],
        ),
  );
}
