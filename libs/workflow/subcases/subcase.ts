import type { Text } from '#kernel';
import type { Definition, End, Stage } from '../definition.js';

/** A case of its own that a case may give rise to: an appeal against its end, or the hearing of an objection to it. */
export type Subcase = Appeal | Hearing;

interface SubcaseBase {
  readonly title: Text;
  /** Power of whoever keeps it, as `manage` does at a stage. */
  readonly manage: string;
  /** Of the kinds in `subcaseKinds`; it begins at the first. */
  readonly stages: readonly Stage[];
}

/** Against the end of a case, by the applicant's office, before other people, on grounds from a closed list. */
export interface Appeal extends SubcaseBase {
  readonly kind: 'appeal';
  /** Ends of the case from which it may be lodged. */
  readonly from: readonly string[];
  /** How long after the end. */
  readonly workingDays: number;
  /** Power of the applicant's office to lodge it. */
  readonly power: string;
  readonly grounds: readonly Ground[];
  readonly ends: Readonly<Record<string, AppealEnd>>;
}

export interface Ground {
  readonly id: string;
  readonly title: Text;
}

/** What it comes to for the first decision: it stands, or another end of the case takes its place. */
export type AppealEnd =
  | { readonly title: Text; readonly result: 'upheld' }
  | { readonly title: Text; readonly result: 'superseded'; readonly by: string };

/** Of an objection, named by the publicity stage that it is raised at; its end is the ruling. */
export interface Hearing extends SubcaseBase {
  readonly kind: 'hearing';
  readonly ends: Readonly<Record<string, { readonly title: Text; readonly result: 'upheld' | 'dismissed' }>>;
}

/** Stages that a sub-case may have: none that takes in others, waits for a round or makes it public. */
export const subcaseKinds = [
  'statement',
  'ruling',
  'panel',
  'ballot',
  'confirmation',
] as const satisfies readonly Stage['kind'][];

/** The end of a sub-case that is not seen through: the applicant gave up, or what it was about is over. */
export const givenUp = { title: { en: 'Not seen through', zh: '终止' }, outcome: 'withdrawn' } as const satisfies End;

/** The sub-case of that name. @throws Error where the definition has none */
function subcaseOf({ id, subcases }: Definition, name: string): Subcase {
  const found = subcases?.[name];
  if (found === undefined) throw new Error(`${id} has no sub-case ${name}`);
  return found;
}

/** What a sub-case runs under: a definition with the subject and the calendar of its parent's, and stages and ends of its own. */
export function procedureOf(whole: Definition, name: string): Definition {
  const subcase = subcaseOf(whole, name);
  const ends = Object.entries<{ readonly title: Text; readonly result: string }>(subcase.ends).map(
    ([end, { title, result }]): [string, End] => [end, { title, outcome: isSuccess(subcase, result) ? 'granted' : 'refused' }],
  );
  return {
    id: whole.id,
    version: whole.version,
    title: subcase.title,
    round: whole.round,
    subject: whole.subject,
    eligibility: [],
    stages: subcase.stages,
    ends: { ...Object.fromEntries(ends), withdrawn: givenUp },
    subcase: { name, ...subcase },
  };
}

/** Whether whoever appealed or objected has got what they asked for. */
const isSuccess = ({ kind }: Subcase, result: string): boolean => result === (kind === 'appeal' ? 'superseded' : 'upheld');
