import type { AssignmentProblem } from '#workflow';

export interface RoundSize {
  readonly cases: number;
  readonly reviewers: number;
  readonly wanted: number;
  /** How many more reviews the reviewers may have than are wanted: 1.2 is a fifth. */
  readonly room: number;
  readonly discipline: 'open' | 'required';
}

const disciplines = 60;
const tags = 8;
const institutions = 300;

/** A round as they are: popular disciplines, several experts from each institution, conflicts, pairs who never sit together. */
export function roundOf({ cases, reviewers, wanted, room, discipline }: RoundSize): AssignmentProblem {
  const next = numbers(20_260_101);
  const below = (end: number): number => Math.floor(next() * end);
  const some = (count: number, of: number): number[] => [...new Set(Array.from({ length: count }, () => below(of)))];
  const knowledge = (field: number, count: number): string[] => [
    `field-${field}`,
    ...some(count, tags).map((tag) => `${field}.${tag}`),
  ];
  const most = Math.ceil((cases * wanted * room) / reviewers);
  return {
    cases: Array.from({ length: cases }, (_, at) => {
      const field = Math.floor(disciplines * next() ** 1.5);
      return {
        id: `case-${at}`,
        institution: `institution-${below(institutions)}`,
        ...(discipline === 'required' ? { discipline: `discipline-${field}` } : {}),
        expertise: knowledge(field, 1 + below(3)),
        wanted,
      };
    }),
    reviewers: Array.from({ length: reviewers }, (_, at) => {
      const fields = some(1 + below(3), disciplines);
      return {
        id: `reviewer-${at}`,
        institution: `institution-${below(institutions)}`,
        formerly: below(4) === 0 ? [`institution-${below(institutions)}`] : [],
        disciplines: fields.map((field) => `discipline-${field}`),
        expertise: fields.flatMap((field) => knowledge(field, 2 + below(4))),
        least: Math.floor(most / 10),
        most,
        load: below(3),
      };
    }),
    conflicts: Array.from({ length: cases * 5 }, () => ({
      case: `case-${below(cases)}`,
      reviewer: `reviewer-${below(reviewers)}`,
      because: 'co-author' as const,
    })),
    neverTogether: Array.from(
      { length: reviewers / 5 },
      (_, at) => [`reviewer-${at}`, `reviewer-${reviewers - 1 - at}`] as const,
    ),
    perInstitution: 'one',
  };
}

/** Mulberry32: the same numbers on every machine. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
