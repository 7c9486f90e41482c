import type { CaseEvent } from '#workflow';
import type { Odds, Temper } from './rehearsal.temper.js';

type DiscussionOpened = Extract<CaseEvent, { type: 'DiscussionOpened' }>['data'];

/** What a reviewer does while the panel discusses. */
interface Turn {
  readonly assignment: string;
  readonly reviewer: string;
  /** When, as a share of the time that there is. */
  readonly share: number;
  readonly does: 'speaks' | 'revises';
}

interface Discussing {
  readonly subject: string;
  readonly odds: Odds;
  readonly chance: Temper['chance'];
  readonly reviewerOf: (assignment: string) => string | undefined;
}

/** Whether somebody sees a course altogether differently from the others. */
export const strays = ({ subject, odds, chance }: Pick<Discussing, 'subject' | 'odds' | 'chance'>, reviewer: string): boolean =>
  chance.of(`${subject}.${reviewer}.strays`) < (odds.strays ?? 0);

/** Some speak, the others stay silent; of those who speak and saw it differently, some think again. */
export function discussion({ reviews }: DiscussionOpened, about: Discussing): readonly Turn[] {
  const { subject, odds, chance, reviewerOf } = about;
  return reviews.flatMap((assignment): readonly Turn[] => {
    const reviewer = reviewerOf(assignment);
    const name = `${subject}.${assignment}`;
    if (reviewer === undefined || chance.of(`${name}.speaks`) >= (odds.speaks ?? 0)) return [];
    const share = 0.1 + 0.4 * chance.of(`${name}.spoken`);
    const turn = { assignment, reviewer, share, does: 'speaks' as const };
    const isConvinced = strays(about, reviewer) && chance.of(`${name}.again`) < (odds.thinksAgain ?? 0);
    return isConvinced ? [turn, { ...turn, share: 0.6 + 0.3 * chance.of(`${name}.revised`), does: 'revises' }] : [turn];
  });
}
