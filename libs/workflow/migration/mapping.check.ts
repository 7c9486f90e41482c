import { type Finding, finding } from '../check/finding.js';
import { netOf } from '../check/flow.js';
import { type Marking, play } from '../check/net.js';
import type { Definition, PanelStage, Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { hidesApplicants } from '../wall.js';
import { sameRules } from './carry.js';
import type { Fate, StageMapping } from './transition.js';

const at = (stage: string): string => `/transition/stages/${stage}`;

/**
 * Proves a mapping from one version of a workflow to another: every stage that a case can stand at is mapped, kinds agree, what runs in
 * parallel comes to a state that the new version can come to, no case is moved past a vote, and nothing that was promised to reviewers is
 * lifted. Pure.
 */
export function mappingFindings(from: Definition, to: Definition, stages: StageMapping): readonly Finding[] {
  const { reached: markings } = play(netOf(from));
  const known = new Map(from.stages.map((stage) => [stage.id, stage]));
  const reached = new Set(markings.flat().filter((place) => known.has(place)));
  const named = [
    ...[...reached].filter((id) => stages[id] === undefined).map(unmapped),
    ...Object.entries(stages).flatMap(([id, fate]) => stageFindings(known.get(id), id, fate, to)),
  ];
  return [
    ...named,
    ...voteFindings(from, to, stages),
    ...barrierFindings(from, to),
    ...promiseFindings(from, to),
    ...(named.length > 0 ? [] : parallelFindings(markings, from, to, stages)),
  ];
}

function stageFindings(stage: Stage | undefined, id: string, fate: Fate, to: Definition): readonly Finding[] {
  if (stage === undefined) return [unknown(id, id)];
  if (!('to' in fate)) return [];
  const target = to.stages.find((candidate) => candidate.id === fate.to);
  if (target === undefined) return [unknown(id, fate.to)];
  if (fate.then === 'anew') return [];
  if (target.kind !== stage.kind) return [kindsDiffer(stage, target)];
  // What names its stage in streams of others keeps its name.
  return kindOf(stage.kind).carry === undefined && stage.id !== target.id ? [keepsItsName(stage)] : [];
}

/** What a case comes to by a vote alone, none comes to by being moved that may not have been voted on. */
function voteFindings(from: Definition, to: Definition, stages: StageMapping): readonly Finding[] {
  const powers = new Set(to.stages.flatMap(({ kind, power }) => (kind === 'ballot' ? [power] : [])));
  const skipping = [...powers].flatMap((power) => {
    const [before, after] = [withoutVote(from, power), withoutVote(to, power)];
    return Object.entries(stages).filter(([id, fate]) => 'to' in fate && before.has(id) && !after.has(fate.to));
  });
  return [...new Map(skipping)].flatMap(([id, fate]) => ('to' in fate ? [skipsVote(id, fate.to)] : []));
}

/** Where a case can stand though nothing was carried under a power, and no appeal granted. */
function withoutVote(definition: Definition, power: string): ReadonlySet<string> {
  const net = netOf(definition);
  const votes = definition.stages.flatMap((stage) =>
    stage.kind === 'ballot' && stage.power === power ? [`${stage.id}.carried`] : [],
  );
  const isAppeal = (place: string): boolean => net.ends.has(place);
  return play({ ...net, transitions: net.transitions.filter(({ id, from }) => !votes.includes(id) && !from.some(isAppeal)) })
    .marked;
}

/** A round has one order for all its cases, under the rules that it was opened with. */
const barrierFindings = (from: Definition, to: Definition): readonly Finding[] =>
  [...from.stages, ...to.stages]
    .filter(({ kind }) => kind === 'ranking')
    .filter(({ id }) => {
      const [before, after] = [from, to].map(({ stages }) => stages.find((stage) => stage.id === id));
      return before === undefined || after === undefined || !sameRules(before, after);
    })
    .filter((stage, index, all) => all.findIndex(({ id }) => id === stage.id) === index)
    .map(barrierDiffers);

const strictness = { none: 0, single: 1, double: 2 } as const;

function promiseFindings(from: Definition, to: Definition): readonly Finding[] {
  return [
    ...(hidesApplicants(to) && !hidesApplicants(from) ? [addressTells()] : []),
    ...from.stages.flatMap((stage) => {
      const now = to.stages.find(({ id }) => id === stage.id);
      if (now === undefined) return [];
      if (now.kind !== stage.kind) return [kindsDiffer(stage, now)];
      return stage.kind === 'panel' && strictness[(now as PanelStage).blind] < strictness[stage.blind] ? [lessBlind(stage)] : [];
    }),
    ...from.subject.fields.flatMap(({ id, identifying }) =>
      identifying === true && to.subject.fields.some((field) => field.id === id && field.identifying !== true)
        ? [identifies(id)]
        : [],
    ),
  ];
}

/**
 * Each state of the old flow, mapped, is a state of the new one; what waits to be joined waits for the same. Where a branch stays or is
 * refused, the case does not move at all.
 */
function parallelFindings(
  markings: readonly Marking[],
  from: Definition,
  to: Definition,
  stages: StageMapping,
): readonly Finding[] {
  const reachable = new Set(play(netOf(to)).reached.map((marking) => marking.join(' ')));
  for (const marking of markings) {
    if (marking.some((place) => Object.hasOwn(from.ends, place))) continue;
    const targets = marking.flatMap((place) => {
      const fate = stages[place];
      if (fate === undefined) return [place];
      return 'to' in fate ? [fate.to] : [];
    });
    if (targets.length < marking.length || reachable.has(targets.toSorted().join(' '))) continue;
    return [notTogether(marking, targets)];
  }
  return [];
}

const unmapped = (stage: string): Finding =>
  finding(
    'stage-not-mapped',
    at(stage),
    [
      `A case may stand at "${stage}", and the mapping does not say what becomes of it.`,
      `案件可能处于“${stage}”环节，而对应关系未作规定。`,
    ],
    ['Say carried, anew, stays or refused.', '请写明沿用（carried）、重新开始（anew）、保留（stays）或不得迁移（refused）。'],
  );

const unknown = (stage: string, missing: string): Finding =>
  finding(
    'mapped-nowhere',
    at(stage),
    [`There is no stage "${missing}" in that version.`, `该版本没有“${missing}”环节。`],
    ['Name a stage that the version has.', '请填写该版本已有的环节。'],
  );

const kindsDiffer = (stage: Stage, target: Stage): Finding =>
  finding(
    'kinds-differ',
    at(stage.id),
    [
      `"${stage.id}" is of kind ${stage.kind} and "${target.id}" of kind ${target.kind}: what was done cannot go on there.`,
      `“${stage.id}”类型为 ${stage.kind}，“${target.id}”类型为 ${target.kind}，已完成的工作无法沿用。`,
    ],
    [
      'Give another kind another name, and let such a case stay or begin anew.',
      '类型不同的环节请另行命名，并让此类案件保留原版本或重新开始。',
    ],
  );

const keepsItsName = ({ id, kind }: Stage): Finding =>
  finding(
    'name-not-kept',
    at(id),
    [`A stage of kind ${kind} is known to others by its name, "${id}".`, `${kind} 类型的环节以其名称“${id}”为他处所引用。`],
    ['Keep its name in the new version.', '请在新版本中保留该名称。'],
  );

const barrierDiffers = ({ id }: Stage): Finding =>
  finding(
    'ranking-differs',
    at(id),
    [
      `All cases of a round are ranked by one rule, and "${id}" is not the same in both versions.`,
      `同一轮次的案件按同一规则排序，而两个版本的“${id}”不同。`,
    ],
    ['Leave rankings as they are for open rounds.', '对已启动的轮次，请保持排序规则不变。'],
  );

const skipsVote = (stage: string, target: string): Finding =>
  finding(
    'vote-skipped',
    at(stage),
    [
      `A case comes to "${target}" only once a vote has carried it, and one at "${stage}" may not have been voted on.`,
      `案件须经表决通过才能到达“${target}”，而处于“${stage}”的案件可能尚未表决。`,
    ],
    ['Map it to a stage before the vote, or let such a case stay.', '请对应到表决之前的环节，或让此类案件保留原版本。'],
  );

const lessBlind = ({ id }: Stage): Finding =>
  finding(
    'blinding-lifted',
    at(id),
    [
      `Reviewers at "${id}" were promised more blinding than the new version gives.`,
      `“${id}”环节评审专家被承诺的匿名程度高于新版本。`,
    ],
    ['Keep the blinding, or give the new panel another name.', '请保持匿名方式，或为新的评审环节另行命名。'],
  );

/** A round is opened with addresses that tell nothing, or with others: its cases keep them. */
const addressTells = (): Finding =>
  finding(
    'blinding-too-late',
    '/transition/stages',
    [
      'The addresses of open cases name their subjects, and a new panel of this version may not learn whose they are.',
      '已受理案件的地址含有申报项目标识，而新版本有评审专家不得知悉申报单位。',
    ],
    ['Let open rounds keep their version; a new round begins blind.', '请让已启动的轮次保留原版本，新轮次再适用该匿名方式。'],
  );

const identifies = (field: string): Finding =>
  finding(
    'blinding-lifted',
    `/transition/stages`,
    [
      `The field "${field}" identifies the applicant and would be shown to blind reviewers.`,
      `字段“${field}”能识别申报单位，将会向匿名评审专家显示。`,
    ],
    ['Leave it marked as identifying.', '请保留其识别性标记。'],
  );

const notTogether = (marking: Marking, targets: readonly string[]): Finding =>
  finding(
    'never-together',
    '/transition/stages',
    [
      `A case may stand at ${marking.join(', ')} together; the new version never has ${targets.join(', ')} open together.`,
      `案件可能同时处于 ${marking.join('、')}，而新版本不会同时开启 ${targets.join('、')}。`,
    ],
    [
      'Let such a case stay, or map its branches to branches that run together.',
      '请让此类案件保留原版本，或对应到可并行的环节。',
    ],
  );

export const noSuchVersion = (version: number): Finding =>
  finding(
    'no-such-version',
    '/transition/from',
    [`Version ${version} has never been adopted.`, `第 ${version} 版从未通过。`],
    ['Name the version that open rounds are under.', '请填写已启动轮次所适用的版本。'],
  );
