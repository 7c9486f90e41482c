import type { Definition, Stage } from '../definition.js';
import { leadsTo } from '../ranking/presence.js';
import { kindOf } from '../stages/index.js';
import type { Bench } from '../stages/stage.js';
import { type Appeal, procedureOf, type Subcase } from '../subcases/subcase.js';
import type { CharterGiven } from './charter-given.js';
import { subcasePowerFindings } from './authority.js';
import { type Finding, finding } from './finding.js';
import { ownActBefore } from './own-act.js';
import { holdersOf } from './powers.js';
import { neededBy, poolOf } from './separation.js';

type Named = readonly [name: string, subcase: Subcase];

const named = ({ subcases }: Definition): readonly Named[] => Object.entries(subcases ?? {});

/** What is found in the procedures of sub-cases, at its place in the whole. What they share with the case is found there. */
export const withinSubcases = (
  definition: Definition,
  check: (procedure: Definition) => readonly Finding[],
): readonly Finding[] =>
  named(definition).flatMap(([name]) =>
    check(procedureOf(definition, name))
      .filter(({ path }) => /^\/(stages|ends)\//.test(path))
      .map((found) => ({ ...found, path: `/subcases/${name}${found.path}` })),
  );

/** Sub-cases that nothing opens, or that come to nothing. */
export const subcaseFindings = (definition: Definition): readonly Finding[] => [
  ...namesTwice(definition),
  ...hearingTargets(definition),
  ...named(definition).flatMap(([name, subcase]) => {
    const path = `/subcases/${name}`;
    if (subcase.kind === 'hearing') return hearingFindings(definition, [name, subcase], path);
    return appealFindings(definition, name, subcase, path);
  }),
];

/** Sub-cases that nobody keeps, or that are judged by those who judged before. */
export const subcaseCharterFindings = (definition: Definition, charter: CharterGiven): readonly Finding[] =>
  named(definition).flatMap(([name, subcase]) => {
    const path = `/subcases/${name}`;
    return [
      ...subcasePowerFindings(subcase, path, charter),
      ...ownActBefore(definition, name, charter),
      ...(subcase.kind === 'appeal' ? otherPeople(definition, subcase, charter, path) : []),
    ];
  });

/** A panel keeps its assignments by round and stage, so no two stages of a definition may be called the same. */
function namesTwice(definition: Definition): readonly Finding[] {
  const seen = new Set(definition.stages.map(({ id }) => id));
  return named(definition).flatMap(([name, { stages, ends }]) => [
    ...stages.flatMap(({ id }, index) => {
      const taken = seen.has(id);
      seen.add(id);
      return taken ? [usedTwice(id, `/subcases/${name}/stages/${index}/id`)] : [];
    }),
    ...(Object.hasOwn(ends, 'withdrawn') ? [usedTwice('withdrawn', `/subcases/${name}/ends/withdrawn`)] : []),
  ]);
}

const usedTwice = (id: string, path: string): Finding =>
  finding(
    'named-twice',
    path,
    [`"${id}" is used twice.`, `“${id}”重复使用。`],
    ['Give one of them another id.', '请为其中之一更换标识。'],
  );

const noSuch = (name: string, path: string, what: readonly [string, string]): Finding =>
  finding(
    'dead-end',
    path,
    [`"${name}" is no ${what[0]}.`, `“${name}”不是${what[1]}。`],
    [`Name ${article(what[0])}.`, `请写${what[1]}。`],
  );

const article = (what: string): string => (/^[aeiou]/.test(what) ? `an ${what}` : `a ${what}`);

const hearingTargets = (definition: Definition): readonly Finding[] =>
  definition.stages.flatMap((stage, index) => {
    const name = stage.kind === 'publicity' ? stage.ruling.hearing : undefined;
    if (name === undefined || definition.subcases?.[name]?.kind === 'hearing') return [];
    return [noSuch(name, `/stages/${index}/ruling/hearing`, ['hearing among the sub-cases', 'subcases 中的听证'])];
  });

function hearingFindings(definition: Definition, [name, { ends }]: Named, path: string): readonly Finding[] {
  const isOpened = definition.stages.some((stage) => stage.kind === 'publicity' && stage.ruling.hearing === name);
  const missing = ['upheld', 'dismissed'].filter((result) => !Object.values(ends).some((end) => end.result === result));
  return [
    ...(isOpened ? [] : [neverOpened(name, path)]),
    ...missing.map((result) => withoutResult(name, result, `${path}/ends`)),
  ];
}

function appealFindings(definition: Definition, name: string, appeal: Appeal, path: string): readonly Finding[] {
  const others = named(definition).filter(([other, { kind }]) => other < name && kind === 'appeal') as [string, Appeal][];
  const isClaimed = (end: string): boolean => others.some(([, { from }]) => from.includes(end));
  return [
    ...appeal.from.flatMap((end, index) => {
      if (definition.ends[end] === undefined) return [noSuch(end, `${path}/from/${index}`, ['end of the case', '案件的终点'])];
      const isMoot = definition.ends[end]?.outcome !== 'refused' || isClaimed(end);
      return isMoot ? [neverLodged(name, end, `${path}/from/${index}`)] : [];
    }),
    ...Object.entries(appeal.ends).flatMap(([id, end]) =>
      end.result === 'superseded' ? successFindings(definition, end.by, `${path}/ends/${id}/by`) : [],
    ),
    ...(Object.values(appeal.ends).some((end) => end.result === 'superseded')
      ? []
      : [withoutResult(name, 'superseded', `${path}/ends`)]),
    ...appeal.grounds.flatMap(({ id }, index) =>
      appeal.grounds.findIndex((ground) => ground.id === id) === index ? [] : [usedTwice(id, `${path}/grounds/${index}/id`)],
    ),
  ];
}

/** The end or the stage that an appeal leads to which is won. What a round decides for all its cases is not decided again for one. */
function successFindings(definition: Definition, by: string, path: string): readonly Finding[] {
  const { ends, stages } = definition;
  if (!Object.hasOwn(ends, by) && !stages.some(({ id }) => id === by))
    return [noSuch(by, path, ['stage or end of the case', '案件的环节或终点'])];
  const grants = Object.keys(ends).some((end) => ends[end]?.outcome === 'granted' && leadsTo(definition, by, end));
  const ranking = stages.find(({ id, kind }) => kind === 'ranking' && leadsTo(definition, by, id));
  return [...(grants ? [] : [winsNothing(by, path)]), ...(ranking === undefined ? [] : [beforeRanking(by, ranking, path)])];
}

const winsNothing = (by: string, path: string): Finding =>
  finding(
    'subcase-without-effect',
    path,
    [`An appeal that is granted would come to "${by}", which grants nothing.`, `申诉成立后转至“${by}”，但由此不会获得批准。`],
    ['Name an end with the outcome granted, or a stage that leads to one.', '请写结果为 granted 的终点，或通向该终点的环节。'],
  );

const beforeRanking = (by: string, { id, title }: Stage, path: string): Finding =>
  finding(
    'return-too-late',
    path,
    [
      `From "${by}" a case comes to the ranking "${id}" (${title.en}), in which the places of the round have been given.`,
      `案件从“${by}”会再次进入排序“${id}”（${title.zh}），而该轮名额已经分配。`,
    ],
    ['Let a case whose appeal is granted go on after the ranking.', '请让申诉成立的案件在排序之后的环节继续办理。'],
  );

const neverOpened = (name: string, path: string): Finding =>
  finding(
    'subcase-unreachable',
    path,
    [`No publicity stage opens the hearing "${name}".`, `没有任何公示环节启动听证“${name}”。`],
    [
      `Name it in a publicity stage (ruling: { hearing: ${name} }), or strike it out.`,
      `请在公示环节写明 ruling: { hearing: ${name} }，或将其删除。`,
    ],
  );

const neverLodged = (name: string, end: string, path: string): Finding =>
  finding(
    'subcase-unreachable',
    path,
    [`"${name}" can never be lodged against "${end}".`, `不可能对“${end}”提出“${name}”。`],
    ['Name an end that refuses, and that no other appeal is for.', '请写结果为 refused、且没有其他申诉途径的终点。'],
  );

const withoutResult = (name: string, result: string, path: string): Finding =>
  finding(
    'subcase-without-effect',
    path,
    [`"${name}" can never come to the result "${result}".`, `“${name}”不可能得出“${result}”的结果。`],
    ['Give it an end with that result.', '请设置产生该结果的终点。'],
  );

/** Other people than those who judged on the way to the ends that it may be lodged against. */
function otherPeople(definition: Definition, appeal: Appeal, charter: CharterGiven, path: string): readonly Finding[] {
  const before = definition.stages.filter(({ id }) => appeal.from.some((end) => leadsTo(definition, id, end)));
  return appeal.stages.flatMap((stage, index) =>
    kindOf(stage.kind)
      .outline(stage)
      .benches.flatMap((bench) => {
        const pool = poolOf(bench, charter);
        if (pool === undefined) return [];
        const took = Math.min(
          pool.all,
          before.reduce((sum, one) => sum + judgesIn(one, pool, charter), 0),
        );
        const left = pool.all - took;
        return took > 0 && left < neededBy(bench, { all: pool.all, eligible: left }, charter)
          ? [nobodyElse(pool.organ, { took, left }, `${path}/stages/${index}${bench.at}`)]
          : [];
      }),
  );
}

/** How many of an organ judge at a stage: everyone may vote. */
function judgesIn(stage: Stage, { organ, all }: { readonly organ: string; readonly all: number }, charter: CharterGiven): number {
  const isOf = ({ power }: Pick<Bench, 'power'>): boolean => holdersOf(charter, power).includes(organ);
  const { benches, powers } = kindOf(stage.kind).outline(stage);
  const sitting = benches.filter(isOf).map(({ votes, wanted = 1 }) => (votes === true ? all : wanted));
  return Math.max(0, ...sitting, ...powers.filter((used) => used.part === 'checks' && isOf(used)).map(() => 1));
}

const nobodyElse = (organ: string, { took, left }: { readonly took: number; readonly left: number }, path: string): Finding =>
  finding(
    'no-other-people',
    path,
    [
      `"${organ}" would judge its own act: ${took} of it may have judged before, and ${left} are left, too few to decide the appeal.`,
      `“${organ}”将评判自己的行为：其中 ${took} 人可能已参与原决定，仅余 ${left} 人，不足以审理申诉。`,
    ],
    ['Let another organ decide the appeal, or give this one more seats.', '请由其他机构审理申诉，或为该机构增设席位。'],
  );
