import type { Text } from '#kernel';
import type { Definition, End, Stage, Subcase } from '../definition.js';

export type { Appeal, AppealEnd, Ground, Hearing, Subcase } from '../definition.js';

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
