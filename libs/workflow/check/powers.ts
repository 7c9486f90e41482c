import type { PowerClause } from '#kernel';
import type { Definition, Owner } from '../definition.js';
import { kindOf } from '../stages/index.js';

/** What a power is used for in a workflow. */
export type Part =
  | 'applies'
  | 'checks'
  | 'reviews'
  | 'decides'
  | 'keeps'
  | 'objects'
  | 'rules'
  | 'orders'
  | 'states'
  | 'confirms'
  | 'inspects'
  | 'remedies'
  | 'registers';

/** A power that a definition names, and where. */
export interface PowerUsed extends Owner {
  readonly part: Part;
  readonly path: string;
}

/** Every power that people use in a workflow, as often as it is named. */
export const powersUsed = ({ subject: { powers }, stages }: Definition): readonly PowerUsed[] => [
  { power: powers.submit, scope: 'institution', part: 'applies', path: '/subject/powers/submit' },
  { power: powers.withdraw, scope: 'institution', part: 'applies', path: '/subject/powers/withdraw' },
  ...stages.flatMap((stage, index) =>
    kindOf(stage.kind)
      .outline(stage)
      .powers.map(({ at, ...used }) => ({ ...used, path: `/stages/${index}${at}` })),
  ),
];

/** The organs that hold a power. */
export const holdersOf = (
  { powers }: { readonly powers: readonly (PowerClause & { readonly power: string })[] },
  power: string,
): readonly string[] => powers.filter((clause) => clause.power === power).map(({ organ }) => organ);
