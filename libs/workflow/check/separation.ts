import type { DecisionRule } from '#kernel';
import type { Definition, Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import type { CharterGiven } from './charter-given.js';
import { type Finding, finding } from './finding.js';
import { holdersOf } from './powers.js';
import type { Bench } from '../stages/stage.js';

/** People of an organ, and how many of them one applicant's institution can bar at once. */
interface Pool {
  readonly organ: string;
  readonly all: number;
  readonly barred: number;
}

/**
 * Panels, ballots and rulings that ask for more people than there are, or than are left.
 *
 * Nobody judges their own institution's application. So each bench must still do its work without the largest group that works for one
 * institution; where the charter gives only the number of seats, without one person.
 */
export const separationFindings = (definition: Definition, charter: CharterGiven): readonly Finding[] =>
  definition.stages.flatMap((stage, index) =>
    kindOf(stage.kind)
      .outline(stage)
      .benches.flatMap((bench) => {
        const pool = poolOf(bench, charter);
        return pool === undefined ? [] : benchFindings(bench, pool, charter, `/stages/${index}${bench.at}`);
      })
      .concat(fourEyesFindings(definition, stage, charter, `/stages/${index}/separation`)),
  );

/** Duties that are kept apart from a check need other people than it: of one organ that is small, or of several in which the same sit. */
function fourEyesFindings(definition: Definition, stage: Stage, charter: CharterGiven, path: string): readonly Finding[] {
  if (stage.kind !== 'check' || stage.separation === undefined) return [];
  const organOf = (power: string | undefined): string | undefined => {
    const [organ, ...others] = holdersOf(charter, power ?? '');
    return others.length > 0 ? undefined : organ;
  };
  const powerOf = (duty: string): string | undefined =>
    duty === 'submit' ? definition.subject.powers.submit : definition.stages.find(({ id }) => id === duty)?.power;
  const organ = organOf(stage.power);
  if (organ === undefined) return [];
  // Duties that are kept apart from this one need another person; from each other, another one again; and this one those who sign.
  const apart = (duties: readonly string[]) =>
    duties.reduce<readonly string[]>(
      (before, duty) => (before.every((one) => isApart(definition, duty, one)) ? [...before, duty] : before),
      [],
    );
  const signing = typeof stage.signatures === 'number' ? stage.signatures : 1;
  const needed = apart(stage.separation.filter((duty) => organOf(powerOf(duty)) === organ)).length + signing;
  const seats = charter.seated?.[organ]?.length ?? charter.organs[organ]?.seats?.size ?? Infinity;
  if (seats < needed) return [tooFewEyes(organ, seats, needed, path)];
  const organs = [
    ...apart(stage.separation).map((duty) => organOf(powerOf(duty))),
    ...Array.from({ length: signing }, () => organ),
  ];
  return areOthers(organs.flatMap((one) => peopleOf(one, charter) ?? [])) ? [] : [sameEyes(organ, path)];
}

/** Who sits in an organ, once; undefined where that is not known. */
function peopleOf(organ: string | undefined, { seated = {} }: CharterGiven): readonly (readonly string[])[] | undefined {
  const seats = organ === undefined ? undefined : seated[organ];
  const people = seats?.flatMap(({ person }) => person ?? []);
  return people === undefined || people.length < (seats?.length ?? 0) ? undefined : [people];
}

/** Whether each of some groups can send somebody, and nobody is sent by two of them. */
function areOthers(groups: readonly (readonly string[])[]): boolean {
  const sentBy = new Map<string, number>();
  const sends = (group: number, tried: Set<string>): boolean =>
    (groups[group] ?? []).some((person) => {
      if (tried.has(person)) return false;
      tried.add(person);
      const before = sentBy.get(person);
      if (before !== undefined && !sends(before, tried)) return false;
      sentBy.set(person, group);
      return true;
    });
  return groups.every((_group, index) => sends(index, new Set()));
}

const sameEyes = (organ: string, path: string): Finding =>
  finding(
    'separation-unsatisfiable',
    path,
    [
      `The duties that are kept apart here belong to organs in which the same people sit, so nobody of "${organ}" may be left to act.`,
      `此处须分离的职责所属机构由相同人员组成，“${organ}”可能无人可办理。`,
    ],
    ['Seat other people, or keep fewer duties apart.', '请安排其他人员任职，或减少须分离的职责。'],
  );

const isApart = ({ stages }: Definition, one: string, other: string): boolean =>
  stages.some(
    (stage) =>
      stage.kind === 'check' &&
      ((stage.id === one && stage.separation?.includes(other)) || (stage.id === other && stage.separation?.includes(one))),
  );

const tooFewEyes = (organ: string, seats: number, needed: number, path: string): Finding =>
  finding(
    'separation-unsatisfiable',
    path,
    [
      `${needed} people of "${organ}" must act one after the other, and it has ${seats} ${seats === 1 ? 'seat' : 'seats'}.`,
      `须由“${organ}”的 ${needed} 人先后办理，而该机构只有 ${seats} 席。`,
    ],
    ['Give the organ more seats, or keep fewer duties apart.', '请增设席位，或减少须分离的职责。'],
  );

/** The people of a bench; undefined where the charter does not say how many there are. */
export function poolOf({ power, onePerInstitution }: Bench, charter: CharterGiven): Pool | undefined {
  const [organ, ...others] = holdersOf(charter, power);
  if (organ === undefined || others.length > 0) return undefined;
  const seated = charter.seated?.[organ];
  if (seated === undefined) {
    const size = charter.organs[organ]?.seats?.size;
    return size === undefined ? undefined : { organ, all: size, barred: Math.min(1, size) };
  }
  const employers = seated.flatMap(({ institution }) => institution ?? []);
  const largest = Math.max(0, ...employers.map((one) => employers.filter((other) => other === one).length));
  if (onePerInstitution !== true) return { organ, all: seated.length, barred: largest };
  const places = new Set(employers).size + seated.length - employers.length;
  return { organ, all: places, barred: Math.min(1, new Set(employers).size) };
}

function benchFindings(bench: Bench, pool: Pool, charter: CharterGiven, path: string): readonly Finding[] {
  const { all, barred } = pool;
  const wanted = bench.wanted ?? 1;
  if (wanted > all) return [aboveThePool(pool, wanted, path)];
  if (bench.minimum !== undefined) return all - barred >= bench.minimum ? [] : [unsatisfiable(pool, bench.minimum, path)];
  const rule = charter.rules[charter.powers.find(({ power }) => power === bench.power)?.rule ?? ''];
  if (bench.votes !== true || rule === undefined) return all > barred ? [] : [unsatisfiable(pool, 1, path)];
  if (neededOf(rule, all, all) > all) return [aboveThePool(pool, neededOf(rule, all, all), path)];
  const needed = neededOf(rule, all, all - barred);
  return all - barred >= needed ? [] : [unsatisfiable(pool, needed, path)];
}

/** How many people a bench cannot do without, of an organ of which so many are eligible. */
export function neededBy(
  { power, votes, wanted = 1 }: Bench,
  { all, eligible }: { readonly all: number; readonly eligible: number },
  charter: CharterGiven,
): number {
  const rule = charter.rules[charter.powers.find((clause) => clause.power === power)?.rule ?? ''];
  return votes === true && rule !== undefined ? neededOf(rule, all, eligible) : wanted;
}

/** How many must be there, and for it, before anything can be carried. */
function neededOf({ quorum, majority }: DecisionRule, all: number, eligible: number): number {
  const present = share(quorum.atLeast, quorum.of === 'all-seats' ? all : eligible);
  if (majority.of !== 'all-seats') return Math.max(1, present);
  const [over, of] = majority.over;
  const inFavour = majority.atLeast === true ? share(majority.over, all) : Math.floor((all * over) / of) + 1;
  return Math.max(1, present, inFavour);
}

const share = ([part, of]: readonly [number, number], all: number): number => Math.ceil((all * part) / of);

const aboveThePool = ({ organ, all }: Pool, wanted: number, path: string): Finding =>
  finding(
    'quorum-above-pool',
    path,
    [`${wanted} people of "${organ}" are needed, and it has ${all}.`, `需要“${organ}” ${wanted} 人，而其仅有 ${all} 人。`],
    ['Ask for fewer, or give the organ more seats.', '请减少人数，或为该机构增设席位。'],
  );

const unsatisfiable = ({ organ, all, barred }: Pool, needed: number, path: string): Finding =>
  finding(
    'separation-unsatisfiable',
    path,
    [
      `Nobody judges their own institution's application. Without the ${barred} of ${all} in "${organ}" whom that may bar, fewer than the ${needed} needed are left.`,
      `任何人不得评判本单位的申报。“${organ}”共 ${all} 人，可能回避 ${barred} 人，剩余不足所需的 ${needed} 人。`,
    ],
    [
      'Give the organ more seats, from more institutions, or count the quorum over the eligible seats.',
      '请增设来自更多单位的席位，或以应出席席位计算法定人数。',
    ],
  );
