import type { Definition, Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';
import { waysOf } from './flow.js';

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly outcome: string;
}

/**
 * Loops that nobody holds: those that time alone can keep going, and those that may go on for ever.
 *
 * A loop is bounded if one of its stages says how often a case may come to it (`visits`).
 */
export function loopFindings({ stages }: Definition): readonly Finding[] {
  const edges = stages.flatMap((stage, from) =>
    waysOf(stage).flatMap(({ outcome, to }): readonly Edge[] => {
      const target = stages.findIndex(({ id }) => id === to);
      return target < 0 ? [] : [{ from, to: target, outcome }];
    }),
  );
  const alone = loops(edges.filter(({ from, outcome }) => automatic(stages[from] as Stage).includes(outcome)));
  const unbounded = loops(edges.filter(({ to }) => stages[to]?.visits === undefined));
  const known = new Set(alone.flatMap((loop) => loop.map(({ from }) => from)));
  return [
    ...alone.map((loop) => withoutHuman(stages, loop)),
    ...unbounded.filter((loop) => !loop.some(({ from }) => known.has(from))).map((loop) => endless(stages, loop)),
  ];
}

const automatic = (stage: Stage): readonly string[] => kindOf(stage.kind).outline(stage).automatic;

/** The edges that lie on loops, together where the loops are. */
function loops(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const reached = new Map(edges.map(({ from }) => [from, from] as const).map(([from]) => [from, reachable(edges, from)]));
  const reaches = (from: number, to: number): boolean => reached.get(from)?.has(to) === true;
  const onLoop = edges.filter(({ from, to }) => to === from || reaches(to, from));
  const groups = new Map<number, Edge[]>();
  for (const edge of onLoop) {
    const group = Math.min(
      edge.from,
      ...onLoop.map(({ from }) => from).filter((other) => reaches(edge.from, other) && reaches(other, edge.from)),
    );
    groups.set(group, [...(groups.get(group) ?? []), edge]);
  }
  return [...groups.values()];
}

function reachable(edges: readonly Edge[], start: number): ReadonlySet<number> {
  const reached = new Set(edges.filter(({ from }) => from === start).map(({ to }) => to));
  for (const stage of reached) for (const { from, to } of edges) if (from === stage) reached.add(to);
  return reached;
}

/** The outcome that leads back. */
function backEdge(stages: readonly Stage[], loop: readonly Edge[]) {
  const edge = loop.find(({ from, to }) => to <= from) ?? (loop[0] as Edge);
  const names = [...new Set(loop.flatMap(({ from }) => stages[from]?.id ?? []))].join(', ');
  return { path: `/stages/${edge.from}/on/${edge.outcome}`, names, target: stages[edge.to]?.id ?? '' };
}

function withoutHuman(stages: readonly Stage[], loop: readonly Edge[]): Finding {
  const { path, names } = backEdge(stages, loop);
  return finding(
    'loop-without-human',
    path,
    [
      `Time alone can send a case round this loop (${names}): nobody need do anything.`,
      `案件可仅因时间经过而在此循环（${names}），无需任何人处理。`,
    ],
    [
      'Let this outcome lead to an end, or put a stage on the way at which somebody decides.',
      '请让该结果通向终点，或在循环中设置由人决定的环节。',
    ],
  );
}

function endless(stages: readonly Stage[], loop: readonly Edge[]): Finding {
  const { path, names, target } = backEdge(stages, loop);
  return finding(
    'unbounded-loop',
    path,
    [`A case may go round this loop (${names}) for ever.`, `案件可在此循环（${names}）中无限往复。`],
    [
      `Say at the stage "${target}" how often a case may come there and where it goes instead: visits: { atMost: 3, then: <end> }.`,
      `请在“${target}”环节写明案件最多可到达的次数及其后的去向：visits: { atMost: 3, then: <终点> }。`,
    ],
  );
}
