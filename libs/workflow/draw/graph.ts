import type { Language, Text } from '#kernel';
import { passagesOf, waysOf, wonAppeals } from '../check/flow.js';
import { branchesOf, type Definition, type Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import type { Drawing } from '../stages/stage.js';

/** What a drawing consists of, before anything has a place. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  /** At a fork several ways begin side by side, at a join they end; a merge is where ways meet of which a case comes by one. */
  readonly kind: 'start' | 'task' | 'choice' | 'fork' | 'join' | 'merge' | 'end';
  readonly label: string;
  /** Stage or end of the definition that it stands for. */
  readonly of?: string;
  readonly shape?: Drawing['shape'];
  readonly outcome?: 'granted' | 'refused' | 'withdrawn';
  /** Whether an end closes what still runs beside it. */
  readonly closes?: true;
  /** The power whose organ owns it; that of the stage before for what follows from a stage. */
  readonly owner: string;
  /** What may happen at its edge. */
  readonly events: readonly { readonly id: string; readonly kind: 'timer' | 'message'; readonly label: string }[];
}

export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** A definition as a graph: its stages, a choice after each that has several ways on, forks and joins, and its ends. */
export function graphOf(definition: Definition, language: Language): Graph {
  const { stages, subject } = definition;
  const [first] = stages;
  const flows = stages.map((stage) => flowOf(stage, definition, language));
  const start: GraphNode = {
    id: 'start',
    kind: 'start',
    label: { en: `Application: ${subject.title.en}`, zh: `申报：${subject.title.zh}` }[language],
    owner: subject.powers.submit,
    events: [],
  };
  const appeals = appealsIn(definition, language);
  return {
    nodes: [start, ...flows.flatMap(({ nodes }) => nodes), ...appeals.nodes, ...endsOf(definition, language)],
    edges: [
      ...(first === undefined ? [] : [{ id: 'flow-start', from: 'start', to: `stage-${first.id}`, label: '' }]),
      ...flows.flatMap(({ edges }) => edges),
      ...appeals.edges,
    ],
  };
}

/** A case that was over begins anew where an appeal against its end is granted. */
function appealsIn(definition: Definition, language: Language): Graph {
  const won = wonAppeals(definition).map((appeal) => ({ ...appeal, node: `appeal-${appeal.id}` }));
  return {
    nodes: won.map(({ node, title, manage }) => ({ id: node, kind: 'start', label: title[language], owner: manage, events: [] })),
    edges: won.map(({ node, to }) =>
      edgeOf(node, { to: Object.hasOwn(definition.ends, to) ? `end-${to}` : `stage-${to}`, label: '' }),
    ),
  };
}

function endsOf(definition: Definition, language: Language): readonly GraphNode[] {
  const { stages, ends } = definition;
  const isParallel = stages.some(({ waitsFor }) => waitsFor !== undefined);
  return Object.entries(ends).flatMap(([id, { title, outcome }]): readonly GraphNode[] => {
    const before = stages.find((stage) => waysOf(stage).some(({ to }) => to === id) || stage.visits?.then === id);
    const owner = before?.power ?? wonAppeals(definition).find(({ to }) => to === id)?.manage;
    if (owner === undefined) return [];
    const closes = isParallel && outcome !== 'granted' ? { closes: true as const } : {};
    return [{ id: `end-${id}`, kind: 'end', label: title[language], of: id, outcome, owner, events: [], ...closes }];
  });
}

function flowOf(stage: Stage, definition: Definition, language: Language): Graph {
  const { label, shape, owner, edge } = kindOf(stage.kind).draw(stage);
  const task: GraphNode = {
    id: `stage-${stage.id}`,
    kind: 'task',
    label: label[language],
    of: stage.id,
    shape,
    owner,
    events: edge.map((event, index) => ({ id: `event-${stage.id}-${index}`, kind: event.kind, label: event.label[language] })),
  };
  const gates = gatesBefore(stage, owner);
  const ways = waysOn(stage, definition, language).map(forked(stage, definition, owner));
  const forks = ways.flatMap(({ fork }) => fork);
  const [only, ...others] = ways;
  const nodes = [...gates.nodes, task];
  if (only === undefined) return { nodes, edges: gates.edges };
  if (others.length === 0) {
    const edges = [...gates.edges, edgeOf(task.id, { ...only, label: '' }), ...forks.flatMap((fork) => fork.edges)];
    return { nodes: [...nodes, ...forks.map((fork) => fork.node)], edges };
  }
  const choice: GraphNode = { id: `choice-${stage.id}`, kind: 'choice', label: '', of: stage.id, owner, events: [] };
  return {
    nodes: [...nodes, choice, ...forks.map((fork) => fork.node)],
    edges: [
      ...gates.edges,
      { id: `flow-${task.id}`, from: task.id, to: choice.id, label: '' },
      ...ways.map((way) => edgeOf(choice.id, way)),
      ...forks.flatMap((fork) => fork.edges),
    ],
  };
}

const gate = (kind: 'fork' | 'join' | 'merge', id: string, of: string, owner: string): GraphNode => ({
  id: `${kind}-${id}`,
  kind,
  label: '',
  of,
  owner,
  events: [],
});

/** What a case passes before a stage that waits for branches: the join, and a merge where a branch may end in several ways. */
function gatesBefore(stage: Stage, owner: string): Graph {
  const branches = branchesOf(stage);
  if (branches.length === 0) return { nodes: [], edges: [] };
  const join = gate('join', stage.id, stage.id, owner);
  const merges = branches.flatMap((branch, at) =>
    branch.length < 2 ? [] : [gate('merge', `${stage.id}-${at}`, stage.id, owner)],
  );
  return {
    nodes: [...merges, join],
    edges: [
      ...merges.map(({ id }) => edgeOf(id, { to: join.id, label: '' })),
      edgeOf(join.id, { to: `stage-${stage.id}`, label: '' }),
    ],
  };
}

/** Where a stage leads to in a drawing: the stage, the gate before it, or the end. */
function placeOf({ stages }: Definition, from: string, to: string): string {
  const stage = stages.find(({ id }) => id === to);
  if (stage === undefined) return `end-${to}`;
  const branches = branchesOf(stage);
  const at = branches.findIndex((branch) => branch.includes(from));
  if (at < 0) return `stage-${to}`;
  return (branches[at] ?? []).length < 2 ? `join-${to}` : `merge-${to}-${at}`;
}

interface WayOn {
  readonly to: readonly string[];
  readonly label: string;
}

/** A way to several stages leads to a fork first. */
const forked =
  ({ id }: Stage, definition: Definition, owner: string) =>
  ({ to, label }: WayOn, index: number) => {
    const places = to.map((one) => placeOf(definition, id, one));
    const [only = '', ...others] = places;
    if (others.length === 0) return { to: only, label, fork: [] };
    const node = gate('fork', `${id}-${index}`, id, owner);
    return { to: node.id, label, fork: [{ node, edges: places.map((place) => edgeOf(node.id, { to: place, label: '' })) }] };
  };

const edgeOf = (from: string, { to, label }: { readonly to: string; readonly label: string }): GraphEdge => ({
  id: `flow-${from}-${to}`,
  from,
  to,
  label,
});

/** One way for each place, or each several, that it leads to, with every outcome that leads there; where it leads back, the end for whoever came too often. */
function waysOn(stage: Stage, { stages }: Definition, language: Language): readonly WayOn[] {
  const bound = (id: string) => stages.find((other) => other.id === id)?.visits;
  const onward = passagesOf(stage).map(({ outcome, to }) => ({ to, label: outcomeText(outcome)[language] }));
  const back = (stage.return?.to ?? []).map((to) => ({ to: [to], label: sentBack[language] }));
  const beyond = [...waysOf(stage).map(({ to }) => to)].flatMap((to) => {
    const visits = bound(to);
    const leadsBack = stages.findIndex(({ id }) => id === to) <= stages.indexOf(stage);
    return visits === undefined || !leadsBack ? [] : [{ to: [visits.then], label: oftenEnough[language] }];
  });
  const ways = [...onward, ...back, ...beyond];
  const keys = [...new Set(ways.map(({ to }) => to.join(' ')))];
  return keys.map((key) => {
    const same = ways.filter(({ to }) => to.join(' ') === key);
    return { to: key.split(' '), label: [...new Set(same.map(({ label }) => label))].join(' / ') };
  });
}

const sentBack: Text = { en: 'sent back', zh: '驳回' };

const oftenEnough: Text = { en: 'as often as allowed', zh: '次数已满' };

const outcomeTexts: Readonly<Record<string, Text>> = {
  passed: { en: 'passed', zh: '通过' },
  failed: { en: 'failed', zh: '不通过' },
  lapsed: { en: 'not in time', zh: '逾期' },
  expired: { en: 'nobody acted', zh: '逾期未办' },
  holds: { en: 'it holds', zh: '符合' },
  otherwise: { en: 'otherwise', zh: '不符合' },
  recommended: { en: 'recommended', zh: '推荐' },
  'not-recommended': { en: 'not recommended', zh: '不推荐' },
  vetoed: { en: 'vetoed', zh: '一票否决' },
  carried: { en: 'carried', zh: '通过' },
  'not-carried': { en: 'not carried', zh: '未通过' },
  inquorate: { en: 'no quorum', zh: '未达法定人数' },
  confirmed: { en: 'confirmed', zh: '确认' },
  upheld: { en: 'objection upheld', zh: '异议成立' },
  refused: { en: 'refused', zh: '拒绝' },
  published: { en: 'published', zh: '已发布' },
  selected: { en: 'selected', zh: '入选' },
  reserve: { en: 'reserve list', zh: '候补' },
  'not-selected': { en: 'not selected', zh: '未入选' },
  fulfilled: { en: 'fulfilled', zh: '期满合格' },
  withdrawn: { en: 'withdrawn', zh: '撤销' },
  held: { en: 'held', zh: '已举行' },
  given: { en: 'given', zh: '已陈述' },
  sustained: { en: 'sustained', zh: '成立' },
  dismissed: { en: 'dismissed', zh: '不成立' },
};

/** An outcome in words. */
export const outcomeText = (outcome: string): Text => outcomeTexts[outcome] ?? { en: outcome, zh: outcome };
