import { branchesOf, type Definition, leadsOn, type Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';
import { waysOf } from './flow.js';

/** Branches that are begun or waited for and cannot be: what a stage waits for must lead there, and nothing else may. */
export const branchFindings = (definition: Definition): readonly Finding[] =>
  definition.stages.flatMap((stage, index) => [
    ...awaitedFindings(definition, stage, index),
    ...arrivalFindings(definition, stage, `/stages/${index}/on`),
    ...goalFindings(definition, stage, `/stages/${index}/return/to`),
  ]);

function awaitedFindings({ stages }: Definition, join: Stage, index: number): readonly Finding[] {
  const path = `/stages/${index}/waitsFor`;
  if (index === 0 && join.waitsFor !== undefined) return [firstWaits(path)];
  const names = branchesOf(join).flatMap((branch, at) => branch.map((name) => ({ name, path: `${path}/${at}` })));
  return names.flatMap(({ name, path: place }, at) => {
    if (names.findIndex((one) => one.name === name) < at) return [awaitedTwice(name, place)];
    const leads = stages.some((stage) => stage.id === name && leadsOn(stage).includes(join.id));
    return leads ? [] : [neverComes(name, join.id, place)];
  });
}

/** Whoever leads to a join is waited for there; what begins side by side are stages. */
function arrivalFindings({ stages, ends }: Definition, stage: Stage, path: string): readonly Finding[] {
  return Object.entries(stage.on).flatMap(([outcome, onward]) =>
    [onward].flat().flatMap((to) => {
      if (typeof onward !== 'string' && Object.hasOwn(ends, to)) return [endBeside(to, `${path}/${outcome}`)];
      const branches = branchesOf(stages.find(({ id }) => id === to) ?? {});
      const isAwaited = branches.length === 0 || branches.some((branch) => branch.includes(stage.id));
      return isAwaited ? [] : [notAwaited(stage.id, to, `${path}/${outcome}`)];
    }),
  );
}

const goalFindings = ({ stages }: Definition, stage: Stage, path: string): readonly Finding[] =>
  (stage.return?.to ?? []).flatMap((to, at) => (stages.some(({ id }) => id === to) ? [] : [noStage(to, `${path}/${at}`)]));

/** Returns to where a case does not come from, or past what others already rely on. Of a definition whose names are in order. */
export const returnFindings = ({ stages }: Definition): readonly Finding[] =>
  stages.flatMap((stage, index) =>
    (stage.return?.to ?? []).flatMap((to, at) => {
      const path = `/stages/${index}/return/to/${at}`;
      if (to === stage.id || !reachedFrom(stages, to).has(stage.id)) return [notEarlier(stage.id, to, path)];
      const others = stages.filter(({ id }) => id !== stage.id);
      const between = [...reachedFrom(others, to)];
      // On the other way of an either-or nothing was done; beside a fork it may have been.
      const isBeside = between.some((id) => forks(stages, id));
      const passed = between.find((id) => isIrrevocable(stages, id) && (isBeside || reachedFrom(stages, id).has(stage.id)));
      return passed === undefined ? [] : [tooLate(stage.id, to, passed, path)];
    }),
  );

const forks = (stages: readonly Stage[], id: string): boolean =>
  stages.some((stage) => stage.id === id && Object.values(stage.on).some((onward) => typeof onward !== 'string'));

const isIrrevocable = (stages: readonly Stage[], id: string): boolean =>
  stages.some((stage) => stage.id === id && kindOf(stage.kind).irrevocable === true);

function reachedFrom(stages: readonly Stage[], from: string): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const id of reached) for (const stage of stages) if (stage.id === id) for (const { to } of waysOf(stage)) reached.add(to);
  return reached;
}

const firstWaits = (path: string): Finding =>
  finding(
    'join-mismatch',
    path,
    ['A case begins at the first stage, so that one waits for nobody.', '案件从第一个环节开始，该环节无须等待。'],
    ['Strike out waitsFor here.', '请删除此处的 waitsFor。'],
  );

const awaitedTwice = (name: string, path: string): Finding =>
  finding(
    'join-mismatch',
    path,
    [`"${name}" is waited for twice.`, `重复等待“${name}”。`],
    ['Name each stage in one branch only.', '每个环节只能写在一个分支中。'],
  );

const neverComes = (name: string, join: string, path: string): Finding =>
  finding(
    'join-mismatch',
    path,
    [
      `"${join}" waits for "${name}", which never leads there: it would wait for ever.`,
      `“${join}”等待“${name}”，但后者从不通向它，将永远等待。`,
    ],
    [
      `Let an outcome of "${name}" lead to "${join}", or name the last stage of the branch.`,
      `请让“${name}”的某个结果通向“${join}”，或写明该分支的最后环节。`,
    ],
  );

const notAwaited = (stage: string, join: string, path: string): Finding =>
  finding(
    'join-mismatch',
    path,
    [
      `"${stage}" leads to "${join}", which waits for other branches and not for this one.`,
      `“${stage}”通向“${join}”，但后者等待的分支中没有它。`,
    ],
    [
      `Name "${stage}" in waitsFor of "${join}"; where it is another way to the end of the same branch, with anyOf.`,
      `请在“${join}”的 waitsFor 中写入“${stage}”；如属同一分支的另一路径，请写入 anyOf。`,
    ],
  );

const endBeside = (end: string, path: string): Finding =>
  finding(
    'dead-end',
    path,
    [`"${end}" is an end: nothing can begin beside it.`, `“${end}”是终点，不能与其他环节并行开始。`],
    ['Name stages only where several begin.', '并行开始处只能写环节。'],
  );

const noStage = (to: string, path: string): Finding =>
  finding(
    'dead-end',
    path,
    [`"${to}" is not a stage, so nothing can be sent back there.`, `“${to}”不是环节，不能驳回至该处。`],
    ['Name an earlier stage.', '请写此前的环节。'],
  );

const notEarlier = (stage: string, to: string, path: string): Finding =>
  finding(
    'return-elsewhere',
    path,
    [`No case comes to "${stage}" by way of "${to}".`, `案件不会经由“${to}”到达“${stage}”。`],
    ['Name a stage that a case has been at before.', '请写案件此前经过的环节。'],
  );

const tooLate = (stage: string, to: string, passed: string, path: string): Finding =>
  finding(
    'return-too-late',
    path,
    [
      `Sending a case back from "${stage}" to "${to}" would undo what was done at "${passed}", on which others rely.`,
      `从“${stage}”驳回至“${to}”将撤销“${passed}”的结果，而该结果已为他人所依据。`,
    ],
    ['Name a stage after it, or send back before it.', '请写其后的环节，或在其之前驳回。'],
  );
