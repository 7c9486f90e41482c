import type { ReactNode } from 'react';
import { rubricOf } from '../conditions.js';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Section } from '../parts/page.js';
import type { Assignment, CaseAnswer, Rubric, Sitting, Stage, Visit } from '../shapes.js';
import { deadline } from '../time.js';
import { Discussion } from './discussion.js';
import { Signatures } from './office-acts.js';
import { ObjectionText } from './objections.js';
import { ReviewWords } from './review-words.js';

/** What was judged, as far as the reader may see it: reviews, ballots, objections. */
export function Judgement({ answer }: { readonly answer: CaseAnswer }): ReactNode {
  return answer.case.visits.map((visit) => {
    const stage = answer.definition.stages.find(({ id }) => id === visit.stage);
    if (stage === undefined) return null;
    return <JudgedVisit key={`${visit.stage} ${visit.visit}`} visit={visit} stage={stage} answer={answer} />;
  });
}

interface VisitProperties {
  readonly visit: Visit;
  readonly stage: Stage;
  readonly answer: CaseAnswer;
}

function JudgedVisit({ visit, stage, answer }: VisitProperties): ReactNode {
  const { say } = useWords();
  const reviews = (visit.assignments ?? []).filter(({ review }) => review !== undefined);
  const sittings = visit.sittings ?? [];
  const ruled = (visit.objections ?? []).filter(
    ({ ruling }) => ruling !== undefined || !answer.acts.some(({ act }) => act === 'rule'),
  );
  // Where the reader may speak, all of it stands with that.
  const discussion = answer.acts.some(({ act, stage: at }) => act === 'discuss' && at === visit.stage)
    ? undefined
    : visit.discussion;
  const shown =
    reviews.length + sittings.length + ruled.length + (visit.assignments ?? []).length + (visit.signing === undefined ? 0 : 1);
  if (shown === 0) return null;
  if (answer.as === 'reviewer' && discussion === undefined && (reviews.length === 0 || visit.discussion !== undefined))
    return null;
  return (
    <Section title={say(stage.title)}>
      <Signatures visit={visit} answer={answer} />
      {visit.assignments !== undefined && <Assignments assignments={visit.assignments} answer={answer} />}
      {discussion !== undefined && (
        <Discussion discussion={discussion} stage={stage} closed={visit.left === undefined ? 'open' : 'closed'} />
      )}
      {(visit.discussion === undefined ? reviews : []).map((assignment) => (
        <ReviewText key={assignment.id} assignment={assignment} rubric={rubricOf(stage, answer.case.form)} answer={answer} />
      ))}
      {sittings.map((sitting) => (
        <SittingText key={sitting.sitting} sitting={sitting} answer={answer} />
      ))}
      {ruled.map((objection) => (
        <ObjectionText key={objection.id} objection={objection} />
      ))}
    </Section>
  );
}

/** Who has been asked and who has answered, for who may know. */
function Assignments({
  assignments,
  answer,
}: {
  readonly assignments: readonly Assignment[];
  readonly answer: CaseAnswer;
}): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(answer.people);
  if (answer.as !== 'keeper') return null;
  return (
    <p>{assignments.map(({ reviewer, status }) => `${nameOf(reviewer)} (${t(`assignment.${status}`)})`).join(t('list.comma'))}</p>
  );
}

interface ReviewProperties {
  readonly assignment: Assignment;
  readonly rubric: Rubric | undefined;
  readonly answer: CaseAnswer;
}

function ReviewText({ assignment: { reviewer, review }, rubric, answer: { people } }: ReviewProperties): ReactNode {
  const { t, say } = useWords();
  if (review === undefined || rubric === undefined) return null;
  const [numerator, denominator] = review.total;
  const name = people[reviewer];
  return (
    <article className="review">
      <h3>
        {name === undefined ? t('review.anonymous') : say(name)}
        {t('list.colon')}
        {(numerator / denominator).toFixed(1)} {t('review.of-100')}
      </h3>
      <ul className="plain scores">
        {rubric.criteria.map(({ id, title }) => (
          <li key={id}>
            {say(title)} <strong>{review.scores.find(({ criterion }) => criterion === id)?.points ?? '—'}</strong>
          </li>
        ))}
      </ul>
      <ReviewWords review={review} rubric={rubric} />
    </article>
  );
}

function SittingText({
  sitting,
  answer: { as, definition, people },
}: {
  readonly sitting: Sitting;
  readonly answer: CaseAnswer;
}): ReactNode {
  const { t, known, language } = useWords();
  const nameOf = useNames(people);
  const { seats, recused, votes, rule, calledOff } = sitting;
  const of = seats.length - recused.length;
  const until = deadline(sitting.closesAt, definition.zone, language);
  return (
    <article className="review">
      <h3>{t('ballot.sitting', { number: sitting.sitting })}</h3>
      {calledOff !== undefined && <p>{t('ballot.called-off')}</p>}
      <p>
        {rule.secret === true && as === 'judge'
          ? t('ballot.secret', { of, until })
          : t('ballot.cast', { cast: votes.length, of, until })}{' '}
        {recused.length > 0 && t('ballot.recused', { count: recused.length })}
      </p>
      <ul className="plain scores">
        {votes.map(({ person, choice }) => (
          <li key={person}>
            {nameOf(person)} <strong>{known(`vote.${choice}`, choice)}</strong>
          </li>
        ))}
      </ul>
    </article>
  );
}
