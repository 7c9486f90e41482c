import { type Definition, type Stage, withdrawnEnd } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';
import { type Net, play, type Played, type Witness } from './net.js';

/** A way from one stage to the next: an outcome that can really come about. */
export interface Way {
  readonly outcome: string;
  readonly to: string;
}

export const waysOf = (stage: Stage): readonly Way[] =>
  kindOf(stage.kind)
    .outline(stage)
    .outcomes.flatMap((outcome) => {
      const to = stage.on[outcome];
      return to === undefined ? [] : [{ outcome, to }];
    });

/**
 * The flow of a definition as a net: one place for each stage and each end.
 *
 * The applicant's withdrawal is left out: a procedure that comes to its end only if the applicant gives up is not sound.
 */
export function netOf({ stages, ends }: Definition): Net {
  const bounds = new Map(stages.map(({ id, visits }) => [id, visits?.then]));
  return {
    start: stages.slice(0, 1).map(({ id }) => id),
    transitions: stages.flatMap((stage) =>
      waysOf(stage).flatMap(({ outcome, to }) => {
        const instead = bounds.get(to);
        const way = { id: `${stage.id}.${outcome}`, from: [stage.id], to: [to] };
        return instead === undefined ? [way] : [way, { ...way, to: [instead] }];
      }),
    ),
    ends: new Set(Object.keys(ends)),
  };
}

/** Stages that nothing leads to, ends that are never reached, and whatever goes wrong on the way. Of a definition whose names are in order. */
export function flowFindings(definition: Definition): readonly Finding[] {
  const net = netOf(definition);
  const played = play(net);
  const place = (witness: Witness): string => pointerTo(definition, witness.marking[0] ?? '');
  return [...unreached(definition, net, played), ...soundnessFindings(played, place)];
}

/** What is wrong with a played net, whatever it was made from. */
export function soundnessFindings(
  { complete, deadlocks, leftovers, trapped, markings }: Played,
  place: (witness: Witness) => string,
): readonly Finding[] {
  const [deadlock, leftover, trap] = [deadlocks[0], leftovers[0], trapped[0]];
  return [
    ...(complete ? [] : [tooLarge(markings)]),
    ...(deadlock === undefined ? [] : [deadlocked(deadlock, place(deadlock))]),
    ...(leftover === undefined ? [] : [left(leftover, place(leftover))]),
    ...(trap === undefined ? [] : [noWayOut(trap, place(trap))]),
  ];
}

const pointerTo = ({ stages }: Definition, place: string): string => {
  const index = stages.findIndex(({ id }) => id === place);
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
      `${after(witness)[0]}, the same case stands in more places than it may (${witness.marking.join(', ')}).`,
      `${after(witness)[1]}，同一案件同时停留在不应同时停留之处（${witness.marking.join('、')}）。`,
    ],
    ['Join what was begun in parallel before the case ends or goes on.', '请在办结或继续之前汇合所有并行分支。'],
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
  const missing = places.filter((place) => !marked.has(place) && place !== withdrawnEnd);
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
