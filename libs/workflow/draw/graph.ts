import type { Language, Text } from '#kernel';
import { waysOf } from '../check/flow.js';
import type { Definition, Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import type { Drawing } from '../stages/stage.js';

/** What a drawing consists of, before anything has a place. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  readonly kind: 'start' | 'task' | 'choice' | 'end';
  readonly label: string;
  /** Stage or end of the definition that it stands for. */
  readonly of?: string;
  readonly shape?: Drawing['shape'];
  readonly outcome?: 'granted' | 'refused' | 'withdrawn';
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

/** A definition as a graph: its stages, a choice after each that has several ways on, and its ends. */
export function graphOf(definition: Definition, language: Language): Graph {
  const { stages, ends, subject } = definition;
  const [first] = stages;
  const flows = stages.map((stage) => flowOf(stage, stages, language));
  const start: GraphNode = {
    id: 'start',
    kind: 'start',
    label: { en: `Application: ${subject.title.en}`, zh: `申报：${subject.title.zh}` }[language],
    owner: subject.powers.submit,
    events: [],
  };
  const leading = (end: string) =>
    stages.find((stage) => waysOf(stage).some(({ to }) => to === end) || stage.visits?.then === end);
  const reached = Object.entries(ends).flatMap(([id, { title, outcome }]): readonly GraphNode[] => {
    const before = leading(id);
    if (before === undefined) return [];
    return [{ id: `end-${id}`, kind: 'end', label: title[language], of: id, outcome, owner: before.power, events: [] }];
  });
  return {
    nodes: [start, ...flows.flatMap(({ nodes }) => nodes), ...reached],
    edges: [
      ...(first === undefined ? [] : [{ id: 'flow-start', from: 'start', to: `stage-${first.id}`, label: '' }]),
      ...flows.flatMap(({ edges }) => edges),
    ],
  };
}

function flowOf(stage: Stage, stages: readonly Stage[], language: Language): Graph {
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
  const ways = waysOn(stage, stages, language);
  const [only, ...others] = ways;
  if (only === undefined) return { nodes: [task], edges: [] };
  if (others.length === 0) return { nodes: [task], edges: [edgeOf(task.id, { ...only, label: '' })] };
  const choice: GraphNode = { id: `choice-${stage.id}`, kind: 'choice', label: '', of: stage.id, owner, events: [] };
  return {
    nodes: [task, choice],
    edges: [{ id: `flow-${task.id}`, from: task.id, to: choice.id, label: '' }, ...ways.map((way) => edgeOf(choice.id, way))],
  };
}

const edgeOf = (from: string, { to, label }: { readonly to: string; readonly label: string }): GraphEdge => ({
  id: `flow-${from}-${to}`,
  from,
  to,
  label,
});

/** One way for each place that it leads to, with every outcome that leads there; where it leads back, the end for whoever came too often. */
function waysOn(stage: Stage, stages: readonly Stage[], language: Language) {
  const isStage = (id: string): boolean => stages.some((other) => other.id === id);
  const bound = (id: string) => stages.find((other) => other.id === id)?.visits;
  const onward = waysOf(stage).map(({ outcome, to }) => ({ to, label: outcomeText(outcome)[language] }));
  const beyond = waysOf(stage).flatMap(({ to }) => {
    const visits = bound(to);
    const leadsBack = stages.findIndex(({ id }) => id === to) <= stages.indexOf(stage);
    return visits === undefined || !leadsBack ? [] : [{ to: visits.then, label: oftenEnough[language] }];
  });
  const ways = [...onward, ...beyond];
  return [...new Set(ways.map(({ to }) => to))].map((to) => ({
    to: isStage(to) ? `stage-${to}` : `end-${to}`,
    label: [...new Set(ways.filter((way) => way.to === to).map(({ label }) => label))].join(' / '),
  }));
}

const oftenEnough: Text = { en: 'as often as allowed', zh: '次数已满' };

const outcomeTexts: Readonly<Record<string, Text>> = {
  passed: { en: 'passed', zh: '通过' },
  failed: { en: 'failed', zh: '不通过' },
  lapsed: { en: 'not corrected in time', zh: '逾期未补正' },
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
};

/** An outcome in words; its name where nobody has found words for it. */
export const outcomeText = (outcome: string): Text => outcomeTexts[outcome] ?? { en: outcome, zh: outcome };
