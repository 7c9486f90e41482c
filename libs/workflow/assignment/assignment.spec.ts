import { beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalJson } from '#kernel';
import fc from 'fast-check';
import type { Highs } from 'highs';
import { constraintsOf, isPossible, only } from './blocking.js';
import { canonical, checked } from './canonical.js';
import { compute } from './compute.js';
import { perfectFit, type AssignmentProblem, type AssignmentResult, type Constraint } from './problem.js';
import { loadSolver } from './solver.js';

let highs: Highs;
beforeAll(async () => {
  highs = await loadSolver();
});

const solved = (problem: AssignmentProblem, seed = 'lot') => compute(highs, problem, seed);

const tags = ['algebra', 'geometry', 'logic'];
const institutions = ['u1', 'u2', 'u3'];
const problems = fc
  .record({
    cases: fc.array(
      fc.record({
        institution: fc.constantFrom(...institutions),
        discipline: fc.option(fc.constantFrom('science', 'arts'), { nil: undefined, freq: 2 }),
        expertise: fc.uniqueArray(fc.constantFrom(...tags), { maxLength: 3 }),
        wanted: fc.integer({ min: 1, max: 2 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    reviewers: fc.array(
      fc.record({
        institution: fc.constantFrom(...institutions, 'u4', 'u5'),
        formerly: fc.uniqueArray(fc.constantFrom(...institutions), { maxLength: 1 }),
        disciplines: fc.uniqueArray(fc.constantFrom('science', 'arts'), { minLength: 1 }),
        expertise: fc.uniqueArray(fc.constantFrom(...tags), { maxLength: 3 }),
        least: fc.integer({ min: 0, max: 1 }),
        more: fc.integer({ min: 0, max: 3 }),
        load: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    conflicts: fc.array(fc.tuple(fc.nat(2), fc.nat(4)), { maxLength: 3 }),
    apart: fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 4 }),
    perInstitution: fc.constantFrom('one' as const, 'any' as const),
  })
  .map(({ cases, reviewers, conflicts, apart, perInstitution }): AssignmentProblem => ({
    cases: cases.map(({ discipline, ...one }, at) => ({
      id: `c${at}`,
      ...one,
      ...(discipline === undefined ? {} : { discipline }),
    })),
    reviewers: reviewers.map(({ more, ...one }, at) => ({ id: `r${at}`, ...one, most: one.least + more })),
    conflicts: conflicts
      .filter(([one, reviewer]) => one < cases.length && reviewer < reviewers.length)
      .map(([one, reviewer]) => ({ case: `c${one}`, reviewer: `r${reviewer}`, because: 'co-author' })),
    neverTogether: apart
      .filter(([a, b]) => a !== b && Math.max(a, b) < reviewers.length)
      .map(([a, b]) => [`r${a}`, `r${b}`] as const),
    perInstitution,
  }));

/** Every rule, told again in the plainest way and without the programme. */
function brokenRules(
  problem: AssignmentProblem,
  panels: ReadonlyMap<string, readonly string[]>,
  holds: (constraint: Constraint) => boolean = () => true,
): string[] {
  const broken: Constraint[] = [];
  const who = new Map(problem.reviewers.map((one) => [one.id, one]));
  const reviews = new Map(problem.reviewers.map(({ id }) => [id, 0]));
  for (const one of problem.cases) {
    const panel = panels.get(one.id) ?? [];
    if (panel.length < one.wanted) broken.push({ kind: 'wanted', case: one.id });
    if (panel.length > one.wanted) broken.push({ kind: 'places', case: one.id });
    const met = new Set<string>();
    for (const id of panel) {
      const reviewer = who.get(id);
      if (reviewer === undefined) return ['a stranger'];
      reviews.set(id, (reviews.get(id) ?? 0) + 1);
      if (one.discipline !== undefined && !reviewer.disciplines.includes(one.discipline))
        broken.push({ kind: 'discipline', case: one.id });
      if ([reviewer.institution, ...reviewer.formerly].includes(one.institution))
        broken.push({ kind: 'conflict', case: one.id, reviewer: id, because: 'same-institution' });
      for (const conflict of problem.conflicts)
        if (conflict.case === one.id && conflict.reviewer === id) broken.push({ kind: 'conflict', ...conflict });
      const institution = reviewer.institution ?? id;
      if (problem.perInstitution === 'one' && met.has(institution))
        broken.push({ kind: 'one-per-institution', case: one.id, institution });
      met.add(institution);
    }
    for (const pair of problem.neverTogether)
      if (pair.every((id) => panel.includes(id))) broken.push({ kind: 'never-together', reviewers: pair });
  }
  for (const { id, least, most, load } of problem.reviewers) {
    const all = load + (reviews.get(id) ?? 0);
    if (all > Math.max(most, load)) broken.push({ kind: 'most', reviewer: id });
    if (all < least) broken.push({ kind: 'least', reviewer: id });
  }
  return broken.filter(holds).map((one) => canonicalJson(one));
}

const subsets = <T>(all: readonly T[]): T[][] =>
  all.reduce<T[][]>((known, one) => [...known, ...known.map((set) => [...set, one])], [[]]);

function worth(problem: AssignmentProblem, panels: ReadonlyMap<string, readonly string[]>): { fit: number; unevenness: number } {
  const reviews = new Map(problem.reviewers.map(({ id, load }) => [id, load]));
  let fit = 0;
  for (const { id, expertise } of problem.cases)
    for (const reviewer of panels.get(id) ?? []) {
      reviews.set(reviewer, (reviews.get(reviewer) ?? 0) + 1);
      const known = problem.reviewers.find((one) => one.id === reviewer)?.expertise ?? [];
      fit += Math.round((perfectFit * expertise.filter((tag) => known.includes(tag)).length) / Math.max(1, expertise.length));
    }
  return { fit, unevenness: [...reviews.values()].reduce((sum, all) => sum + all ** 2, 0) };
}

/** Tries every assignment there is. */
function bruteForce(problem: AssignmentProblem, holds?: (constraint: Constraint) => boolean) {
  const choices = subsets(problem.reviewers.map(({ id }) => id));
  let best: { fit: number; unevenness: number } | undefined;
  const visit = (at: number, panels: ReadonlyMap<string, readonly string[]>): void => {
    const one = problem.cases[at];
    if (one === undefined) {
      if (brokenRules(problem, panels, holds).length > 0) return;
      const found = worth(problem, panels);
      if (best === undefined || found.fit > best.fit || (found.fit === best.fit && found.unevenness < best.unevenness))
        best = found;
      return;
    }
    for (const choice of choices) {
      if (holds === undefined && choice.length !== one.wanted) continue;
      visit(at + 1, new Map([...panels, [one.id, choice]]));
    }
  };
  visit(0, new Map());
  return best;
}

const panelsOf = (result: AssignmentResult) => new Map(result.assignments.map((one) => [one.case, one.reviewers]));

describe('the assignment of a round', () => {
  test('is the best there is, by every rule, and says so', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const best = bruteForce(problem);
        const result = solved(problem);
        expect(result.outcome).toBe(best === undefined ? 'infeasible' : 'assigned');
        if (result.outcome === 'infeasible') return;
        expect(brokenRules(problem, panelsOf(result))).toEqual([]);
        expect({ fit: result.fit.value, unevenness: result.unevenness.value }).toEqual(best);
        expect(worth(problem, panelsOf(result))).toEqual(best);
        expect([result.fit.gap, result.unevenness.gap]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  test('names constraints that block each other when nobody can be assigned, and not one too many', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const result = solved(problem);
        fc.pre(result.outcome === 'infeasible');
        if (result.outcome !== 'infeasible') return;
        const { blocking } = result;
        expect(blocking.length).toBeGreaterThan(0);
        const cheap = problem.cases.length < 3 && problem.reviewers.length < 5;
        const possible = (constraints: readonly Constraint[]) =>
          cheap ? bruteForce(problem, only(constraints)) !== undefined : isPossible(highs, canonical(problem), only(constraints));
        expect(possible(blocking)).toBe(false);
        for (const one of blocking) expect(possible(blocking.filter((other) => other !== one))).toBe(true);
        const all = new Set(constraintsOf(canonical(problem), everybody(problem)).map((one) => canonicalJson(one)));
        for (const one of blocking) expect(all).toContain(canonicalJson(one));
      }),
      { numRuns: 40 },
    );
  });

  test('names as few of them as any that block, where they are few', () => {
    const sizes = new Set<number>();
    fc.assert(
      fc.property(problems, (problem) => {
        const result = solved(problem);
        fc.pre(result.outcome === 'infeasible' && result.blocking.length <= 3);
        if (result.outcome !== 'infeasible') return;
        expect(result.smallest).toBe('fewest');
        sizes.add(result.blocking.length);
        const all = constraintsOf(canonical(problem), everybody(problem));
        for (const fewer of combinations(all, result.blocking.length - 1))
          expect(isPossible(highs, canonical(problem), only(fewer))).toBe(true);
      }),
      { numRuns: 25 },
    );
    expect(Math.max(...sizes)).toBeGreaterThan(1);
  });

  test('finds the fewest where leaving out one by one ends with more', () => {
    const problem: AssignmentProblem = {
      cases: ['a', 'b', 'c', 'd'].map((id) => ({ id, institution: 'u9', expertise: [], wanted: id === 'a' ? 2 : 1 })),
      reviewers: ['p', 'q'].map((id) => ({
        id,
        institution: 'u0',
        formerly: [],
        disciplines: [],
        expertise: [],
        least: 0,
        most: 1,
        load: 0,
      })),
      conflicts: [],
      neverTogether: [['p', 'q']],
      perInstitution: 'any',
    };
    const result = solved(problem);
    if (result.outcome !== 'infeasible') throw new Error('two who never sit together sat together');
    expect(result.smallest).toBe('fewest');
    expect(result.blocking.map(({ kind }) => kind).toSorted()).toEqual(['never-together', 'wanted']);
    expect(result.text.en).toContain('no fewer block');
  });

  test('is the same to the byte for the same inputs in any order, and follows the seed', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const turned = {
          ...problem,
          cases: problem.cases.toReversed(),
          reviewers: problem.reviewers.toReversed(),
          conflicts: problem.conflicts.toReversed(),
          neverTogether: problem.neverTogether.map(([a, b]) => [b, a] as const).toReversed(),
        };
        expect(canonicalJson(solved(turned))).toBe(canonicalJson(solved(problem)));
      }),
      { numRuns: 40 },
    );
    const equals = round(6, 12, 2);
    const drawn = new Set(
      ['a', 'b', 'c', 'd'].map((seed) => canonicalJson((solved(equals, seed) as AssignmentResult).assignments)),
    );
    expect(drawn.size).toBeGreaterThan(1);
  });

  test('tells how far it is, never backwards, to the end', () => {
    const shares: number[] = [];
    compute(highs, round(60, 400, 3), 'lot', (share) => shares.push(share));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(new Set(shares).size).toBeGreaterThan(3);
  });

  test('keeps loads and every rule where columns must be found by price', () => {
    const problem = round(300, 120, 3);
    const result = solved(problem);
    if (result.outcome !== 'assigned') throw new Error(result.text.en);
    expect(brokenRules(problem, panelsOf(result))).toEqual([]);
    expect(result.fit.gap).toBeLessThan(0.001);
    expect(result.unevenness.gap).toBeLessThan(0.01);
    expect(canonicalJson(solved(problem))).toBe(canonicalJson(result));
  });

  test('says in both languages who is too few for what', () => {
    const problem = round(2, 4, 3);
    const narrow = {
      ...problem,
      cases: [{ id: 'course-1', institution: '10559', discipline: '0701', expertise: [], wanted: 3 }],
      conflicts: [
        { case: 'course-1', reviewer: 'r0', because: 'co-author' as const },
        { case: 'course-1', reviewer: 'r1', because: 'declared' as const },
      ],
    };
    const result = solved({ ...narrow, reviewers: problem.reviewers.map((one) => ({ ...one, disciplines: ['0701'] })) });
    if (result.outcome !== 'infeasible') throw new Error('4 reviewers, 2 in conflict, and 3 were found');
    expect(result.blocking).toEqual([
      { kind: 'conflict', case: 'course-1', reviewer: 'r0', because: 'co-author' },
      { kind: 'conflict', case: 'course-1', reviewer: 'r1', because: 'declared' },
      { kind: 'wanted', case: 'course-1' },
    ]);
    expect(result.text.en).toContain(
      'Institution 10559: 1 case (course-1) needs 3 reviewers each for discipline 0701; 2 may review (r2, r3).',
    );
    expect(result.text.zh).toContain(
      '单位 10559 的 1 个项目（course-1）（学科 0701）各需 3 位专家，符合条件的专家共 2 位（r2、r3）',
    );
  });

  test('is refused for an input that speaks of strangers', () => {
    const problem = round(2, 4, 1);
    expect(() => checked({ ...problem, conflicts: [{ case: 'c0', reviewer: 'nobody', because: 'declared' }] })).toThrow('nobody');
    expect(() => checked({ ...problem, cases: [...problem.cases, ...problem.cases] })).toThrow('2 × c0');
  });
});

function everybody({ reviewers }: AssignmentProblem) {
  const everyone = new Set(reviewers.map(({ id }) => id));
  return { most: everyone, least: everyone };
}

function combinations<T>(all: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return all.flatMap((one, at) => combinations(all.slice(at + 1), count - 1).map((others) => [one, ...others]));
}

/** Not by chance: the same round every time. */
function round(cases: number, reviewers: number, wanted: number): AssignmentProblem {
  const tag = (at: number) => `t${at % 17}`;
  return {
    cases: Array.from({ length: cases }, (_, at) => ({
      id: `c${at}`,
      institution: `u${at % 40}`,
      expertise: [tag(at * 3), tag(at * 5 + 1)],
      wanted,
    })),
    reviewers: Array.from({ length: reviewers }, (_, at) => ({
      id: `r${at}`,
      institution: `u${(at * 7) % 53}`,
      formerly: [],
      disciplines: [],
      expertise: [tag(at), tag(at * 2 + 3), tag(at * 11 + 5)],
      least: 0,
      most: Math.ceil((cases * wanted * 1.3) / reviewers),
      load: 0,
    })),
    conflicts: [],
    neverTogether: Array.from({ length: Math.floor(reviewers / 4) }, (_, at) => [`r${at}`, `r${reviewers - 1 - at}`] as const),
    perInstitution: 'one',
  };
}
