import type { Text } from '#kernel';
import type { Blocking } from './blocking.js';
import type { AssignmentCase, AssignmentProblem, Constraint } from './problem.js';

type Of<K extends Constraint['kind']> = Extract<Constraint, { readonly kind: K }>;

const shown = 8;
const few = (ids: readonly string[], more: (count: number) => string, comma: string): string =>
  ids.length <= shown ? ids.join(comma) : `${ids.slice(0, shown).join(comma)}${comma}${more(ids.length - shown)}`;
const en = (ids: readonly string[]): string => few(ids, (count) => `and ${count} more`, ', ');
const zh = (ids: readonly string[]): string => few(ids, (count) => `等另外 ${count} 项`, '、');

const grounds = {
  'same-institution': { en: 'same institution now or within three years', zh: '现任职或三年内曾任职于申报单位' },
  'co-author': { en: 'co-author', zh: '合作者' },
  supervised: { en: 'supervised', zh: '师生关系' },
  named: { en: 'named by the application', zh: '申报中列名人员' },
  declared: { en: 'declared', zh: '本人申报' },
  served: { en: 'has or had an assignment there', zh: '已承担或曾承担该项目评审' },
  'institution-taken': { en: 'a colleague is on the panel', zh: '同单位专家已在评审组' },
  'never-together': { en: 'never together with somebody on the panel', zh: '不得与评审组中已有专家同组' },
} as const;

const claim: Readonly<Record<Blocking['smallest'], Text>> = {
  fewest: {
    en: ', and no fewer block; lifting any one of them is enough for the others',
    zh: '，且已是最少的一组；放宽其中任意一项，其余各项即可满足',
  },
  proven: { en: '; lifting any one of them is enough for the others', zh: '，放宽其中任意一项，其余各项即可满足' },
  'not-tried': { en: '', zh: '' },
};

/** What stands in the way, and what could be lifted, in both languages. People, cases and institutions by their ids. */
export function textOf(problem: AssignmentProblem, { blocking, smallest }: Blocking): Text {
  const of = <K extends Constraint['kind']>(kind: K) => blocking.filter((one): one is Of<K> => one.kind === kind);
  const cases = new Map(problem.cases.map((one) => [one.id, one]));
  const about = (kind: 'wanted' | 'places' | 'discipline') => of(kind).flatMap((one) => cases.get(one.case) ?? []);
  const clauses = [
    ...wantedClauses(problem, blocking, about('wanted')),
    ...(about('places').length === 0 ? [] : [placesClause(about('places'))]),
    ...disciplineClauses(about('discipline')),
    ...conflictClauses(of('conflict')),
    ...togetherClauses(of('one-per-institution'), of('never-together')),
    ...loadClauses(problem, of('most'), of('least')),
  ];
  return {
    en: `These constraints cannot hold together${claim[smallest].en}. ${clauses.map((one) => one.en).join(' ')}`,
    zh: `以下限制条件无法同时满足${claim[smallest].zh}。${clauses.map((one) => one.zh).join('')}`,
  };
}

function grouped<T>(all: readonly T[], key: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const known = groups.get(key(one));
    if (known === undefined) groups.set(key(one), [one]);
    else known.push(one);
  }
  return [...groups.values()];
}

const idsOf = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

function wantedClauses(problem: AssignmentProblem, blocking: readonly Constraint[], wanting: readonly AssignmentCase[]): Text[] {
  return grouped(wanting, ({ institution, discipline, wanted }) => JSON.stringify([institution, discipline, wanted])).map(
    (group) => {
      const [{ institution, discipline, wanted }] = group;
      const able = idsOf(problem.reviewers).filter((reviewer) =>
        group.some((one) => mayReview(problem, blocking, one, reviewer)),
      );
      const [subject, field] = [idsOf(group), discipline === undefined ? undefined : discipline];
      return {
        en: `Institution ${institution}: ${group.length} case${group.length === 1 ? '' : 's'} (${en(subject)}) need${group.length === 1 ? 's' : ''} ${wanted} reviewers each${field === undefined ? '' : ` for discipline ${field}`}; ${able.length} may review${able.length === 0 ? '' : ` (${en(able)})`}. Ask for fewer reviewers, or enlarge the pool.`,
        zh: `单位 ${institution} 的 ${group.length} 个项目（${zh(subject)}）${field === undefined ? '' : `（学科 ${field}）`}各需 ${wanted} 位专家，符合条件的专家共 ${able.length} 位${able.length === 0 ? '' : `（${zh(able)}）`}；可减少评审人数，或扩充专家库。`,
      };
    },
  );
}

/** As far as the blocking set bars them. */
function mayReview(problem: AssignmentProblem, blocking: readonly Constraint[], one: AssignmentCase, reviewer: string): boolean {
  return !blocking.some((constraint) => {
    if (!('case' in constraint) || constraint.case !== one.id) return false;
    if (constraint.kind === 'conflict') return constraint.reviewer === reviewer;
    const able = problem.reviewers.find(({ id }) => id === reviewer)?.disciplines ?? [];
    return constraint.kind === 'discipline' && one.discipline !== undefined && !able.includes(one.discipline);
  });
}

const placesClause = (cases: readonly AssignmentCase[]): Text => ({
  en: `No more than the reviewers wanted may be given to: ${en(idsOf(cases))}. Ask for more reviewers there.`,
  zh: `下列项目的专家人数不得超过所需人数：${zh(idsOf(cases))}；可增加其评审人数。`,
});

const disciplineClauses = (cases: readonly AssignmentCase[]): Text[] =>
  grouped(cases, ({ discipline }) => discipline ?? '').map((group) => ({
    en: `Only reviewers of discipline ${group[0].discipline} may review: ${en(idsOf(group))}. Open them to a neighbouring discipline.`,
    zh: `下列项目只能由学科 ${group[0].discipline} 的专家评审：${zh(idsOf(group))}；可放宽至相近学科。`,
  }));

const conflictClauses = (conflicts: readonly Of<'conflict'>[]): Text[] =>
  grouped(conflicts, ({ because }) => because).map((group) => {
    const pairs = group.map((one) => `${one.reviewer} – ${one.case}`);
    const { because } = group[0];
    return {
      en: `Conflicts of interest (${grounds[because].en}): ${en(pairs)}. Check whether each still stands.`,
      zh: `利益冲突（${grounds[because].zh}）：${zh(pairs)}；可核实该回避是否仍然成立。`,
    };
  });

function togetherClauses(institutions: readonly Of<'one-per-institution'>[], pairs: readonly Of<'never-together'>[]): Text[] {
  const same = grouped(institutions, ({ institution }) => institution).map((group) => {
    const cases = group.map((one) => one.case);
    return {
      en: `Only one reviewer of institution ${group[0].institution} may sit on each of: ${en(cases)}. Allow a second one.`,
      zh: `下列项目的评审组中，单位 ${group[0].institution} 的专家至多一位：${zh(cases)}；可允许增加一位。`,
    };
  });
  const named = pairs.map(({ reviewers }) => reviewers.join(' – '));
  const apart = {
    en: `Never together on one panel: ${en(named)}. Allow them together.`,
    zh: `下列专家不得同组：${zh(named)}；可允许其同组。`,
  };
  return pairs.length === 0 ? same : [...same, apart];
}

function loadClauses({ reviewers }: AssignmentProblem, most: readonly Of<'most'>[], least: readonly Of<'least'>[]): Text[] {
  const known = new Map(reviewers.map((one) => [one.id, one]));
  const named = (all: readonly { readonly reviewer: string }[], which: 'most' | 'least') =>
    all.map(({ reviewer }) => `${reviewer} (${known.get(reviewer)?.[which] ?? 0}, ${known.get(reviewer)?.load ?? 0})`);
  const upper = {
    en: `At most so many reviews (limit, already taken): ${en(named(most, 'most'))}. Raise the most load of one of them.`,
    zh: `评审数量上限（上限，已有）：${zh(named(most, 'most'))}；可提高其中一位的上限。`,
  };
  const lower = {
    en: `At least so many reviews (limit, already taken): ${en(named(least, 'least'))}. Lower the least load of one of them.`,
    zh: `评审数量下限（下限，已有）：${zh(named(least, 'least'))}；可降低其中一位的下限。`,
  };
  return [...(most.length === 0 ? [] : [upper]), ...(least.length === 0 ? [] : [lower])];
}
