import type { Case, PanelVisit } from '../case.state.js';
import type { Definition, RankingStage } from '../definition.js';
import { factsOfCase } from '../facts.js';
import { fraction, type Fraction, mean } from '../fraction.js';
import { keptFrom } from '../named.js';
import { counted } from '../stages/panel.result.js';
import { presence } from './presence.js';
import type { Quota } from './ranking.stage.js';
import type { StandingTaken } from './ranking.messages.js';

interface Counting {
  readonly definition: Definition;
  readonly stage: RankingStage;
  readonly quotas: readonly Quota[];
}

/** What a case is ordered by: the reviews of its last visit to the panel, and the facts that groups and quotas read. */
export function standingOf({ definition, stage, quotas }: Counting, state: Case, subject: string, visit: number): StandingTaken {
  const panel = state.visits.findLast((one): one is PanelVisit => one.kind === 'panel' && one.stage === stage.scores);
  const reviews = (panel === undefined ? [] : counted(panel)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const value = factReader(state);
  const facts = quotas.flatMap(({ by }) =>
    by === undefined || value(by) === undefined ? [] : [[by, value(by) as string] as const],
  );
  const group = stage.groups === undefined ? undefined : (value(stage.groups) ?? '');
  const criteria = stage.ties.rule === 'criteria' ? stage.ties.criteria : [];
  return {
    subject,
    visit,
    institution: state.applicant.institution,
    conflicts: keptFrom(definition, state),
    ...(group === undefined ? {} : { group }),
    facts: Object.fromEntries(facts),
    ...uncountedBy(quotas, definition, state),
    reviews: reviews.map(({ id, reviewer, review: { total } }) => ({ assignment: id, reviewer, total })),
    ...(reviews.length === 0 ? {} : { raw: mean(reviews.map(({ review: { total } }) => total)) }),
    criteria: reviews.length === 0 ? [] : criteria.map((criterion) => meanOf(reviews, criterion)),
  };
}

/** The quotas for what comes by way of a stage that the case has not been at, and does not come to. */
function uncountedBy(quotas: readonly Quota[], definition: Definition, state: Case): Pick<StandingTaken, 'uncounted'> {
  const comesBy = (stage: string): boolean =>
    state.visits.some((visit) => visit.stage === stage) || presence(definition, state, stage) !== 'out';
  const uncounted = quotas.flatMap(({ through }, index) => (through === undefined || comesBy(through) ? [] : [index]));
  return uncounted.length === 0 ? {} : { uncounted };
}

const meanOf = (reviews: ReturnType<typeof counted>, criterion: string): Fraction =>
  mean(reviews.map(({ review: { scores } }) => fraction(scores.find((score) => score.criterion === criterion)?.points ?? 0, 1)));

function factReader(state: Case) {
  const facts = factsOfCase(state);
  return (fact: string): string | undefined => (facts[fact] === undefined ? undefined : String(facts[fact]));
}
