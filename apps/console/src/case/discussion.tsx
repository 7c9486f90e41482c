import { Alert, Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { rubricOf } from '../conditions.js';
import { useDraft } from '../draft.js';
import { useWords, type Words } from '../language.js';
import { Deadline, Instant } from '../parts/deadline.js';
import { DraftConflict, DraftNote } from '../parts/draft-note.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import type {
  CaseAnswer,
  DiscussionRules,
  DiscussionShown,
  Panelist,
  ReviewHeard,
  ReviewSaid,
  Rubric,
  Stage,
} from '../shapes.js';
import { ReviewWords } from './review-words.js';
import { type ActProperties, useCaseCommand, useRoom } from './room.js';

const stems = '甲乙丙丁戊己庚辛壬癸';
const latin = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What reviewers call each other: A, B, C; 甲、乙、丙. */
const letterOf = (number: number, language: Words['language']): string =>
  (language === 'zh' ? stems : latin)[number - 1] ?? String(number);

function useNameOf(people: CaseAnswer['people']): (panelist: Panelist) => string {
  const { t, say, language } = useWords();
  return ({ reviewer, person, own }) => {
    const letter = t('discussion.reviewer', { letter: letterOf(reviewer, language) });
    if (own === true) return t('discussion.you', { letter });
    const name = person === undefined ? undefined : people[person];
    return name === undefined ? letter : t('discussion.named', { name: say(name), letter });
  };
}

const pointsOf = ({ total: [numerator, denominator] }: ReviewSaid): number => numerator / denominator;

interface DiscussionProperties {
  readonly discussion: DiscussionShown;
  readonly stage: Stage;
  readonly closed: 'closed' | 'open';
}

/** The reviews of a panel side by side, and what its reviewers said to each other. */
export function Discussion({ discussion, stage, closed }: DiscussionProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const nameOf = useNameOf(answer.people);
  const rubric = rubricOf(stage, answer.case.form);
  if (rubric === undefined) return null;
  const { reviews, comments, until } = discussion;
  return (
    <>
      <Until until={until} closed={closed} />
      {stage.discussion !== undefined && <ReadBy rules={stage.discussion} />}
      <SideBySide reviews={reviews} rubric={rubric} nameOf={nameOf} />
      {reviews.map((review) => (
        <ReviewRead key={review.reviewer} review={review} rubric={rubric} name={nameOf(review)} />
      ))}
      <h3>{t('discussion.comments')}</h3>
      {comments.length === 0 && <p className="quiet">{t('discussion.none')}</p>}
      <ol className="plain comments" aria-live="polite">
        {comments.map(({ text, at, ...author }) => (
          <li key={`${at} ${author.reviewer}`} className="review">
            <strong>{nameOf(author)}</strong> {author.excluded === true && <Tag>{t('discussion.excluded')}</Tag>}
            <span className="quiet">
              <Instant at={at} zone={answer.definition.zone} />
            </span>
            <p className="prose">{text ?? t('erased')}</p>
          </li>
        ))}
      </ol>
    </>
  );
}

function Until({ until, closed }: { readonly until: string | undefined; readonly closed: 'closed' | 'open' }): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  if (closed === 'closed') return <p className="quiet">{t('discussion.was')}</p>;
  if (until === undefined) return <Alert type="info" showIcon title={t('discussion.awaited')} />;
  return (
    <p>
      {t('discussion.closes')} <Deadline at={until} zone={answer.definition.zone} />
    </p>
  );
}

/** Whoever writes knows beforehand who reads it. */
function ReadBy({ rules: { afterwards = [] } }: { readonly rules: DiscussionRules }): ReactNode {
  const { t } = useWords();
  const others = afterwards.length === 2 ? 'both' : (afterwards[0] ?? 'nobody-else');
  return <p className="quiet">{t('discussion.read-by', { others: t(`discussion.${others}`) })}</p>;
}

interface TableProperties {
  readonly reviews: readonly ReviewHeard[];
  readonly rubric: Rubric;
  readonly nameOf: (panelist: Panelist) => string;
}

function SideBySide({ reviews, rubric, nameOf }: TableProperties): ReactNode {
  const { t, say } = useWords();
  const rows = rubric.criteria.map(({ id, title }) => ({
    id,
    title: say(title),
    points: reviews.map(({ scores }) => scores.find(({ criterion }) => criterion === id)?.points ?? 0),
  }));
  const counting = reviews.map(({ excluded }) => excluded !== true);
  const spread = (points: readonly number[]): number => {
    const counted = points.filter((_point, index) => counting[index]);
    return counted.length === 0 ? 0 : Math.max(...counted) - Math.min(...counted);
  };
  const widest = Math.max(...rows.map(({ points }) => spread(points)));
  const totals = reviews.map(pointsOf);
  return (
    <div className="side-by-side">
      <table>
        <caption className="unseen">{t('discussion.side-by-side')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('discussion.criterion')}</th>
            {reviews.map((review) => (
              <th key={review.reviewer} scope="col">
                {nameOf(review)} {review.excluded === true && <Tag>{t('discussion.excluded')}</Tag>}
              </th>
            ))}
            <th scope="col">{t('discussion.spread')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, points }) => (
            <tr key={id}>
              <th scope="row">{title}</th>
              {points.map((point, index) => (
                <td key={reviews[index]?.reviewer}>{point}</td>
              ))}
              <td className={spread(points) === widest && widest > 0 ? 'widest' : ''}>{spread(points)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('discussion.total')}</th>
            {reviews.map((review) => (
              <td key={review.reviewer}>{pointsOf(review).toFixed(1)}</td>
            ))}
            <td>{spread(totals).toFixed(1)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface ReadProperties {
  readonly review: ReviewHeard;
  readonly rubric: Rubric;
  readonly name: string;
}

/** What one reviewer wrote, and what it was before. */
function ReviewRead({ review, rubric, name }: ReadProperties): ReactNode {
  const { t } = useWords();
  const versions = [...review.earlier, review];
  return (
    <article className="review">
      <h4>
        {name}: {pointsOf(review).toFixed(1)} {t('review.of-100')}
      </h4>
      <ReviewWords review={review} rubric={rubric} />
      {versions.slice(1).map((version, index) => (
        <p key={index} className="quiet">
          {t('revise.earlier', {
            before: pointsOf(versions[index] as ReviewSaid).toFixed(1),
            after: pointsOf(version).toFixed(1),
          })}{' '}
          <span className="prose">{version.reason ?? t('erased')}</span>
        </p>
      ))}
    </article>
  );
}

/** For a reviewer whose own review is in: reads the others and says something to them. */
export function DiscussPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const discussion = answer.case.visits.findLast((visit) => visit.stage === act.stage)?.discussion;
  if (stage === undefined || discussion === undefined) return null;
  const said = discussion.comments.filter(({ own }) => own === true).length;
  return (
    <Section title={t('act.discuss')} tone="task">
      <Discussion discussion={discussion} stage={stage} closed="open" />
      <Speak key={said} act={act} place={`${act.stage}.${said}`} />
    </Section>
  );
}

function Speak({ act, place }: ActProperties & { readonly place: string }): ReactNode {
  const { t } = useWords();
  const { answer, reload, done } = useRoom();
  const draft = useDraft<string>(`discuss.${answer.id}.${place}`, '');
  const { send, sending, refusal } = useCaseCommand();
  const comment = (draft.value ?? '').trim();
  const submit = async (): Promise<void> => {
    if ((await send('discuss-reviews', { stage: act.stage, comment })) === undefined) return;
    await draft.discard();
    done({ text: t('discussion.sent') });
    reload();
  };
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  return (
    <>
      <TextField
        label={t('discussion.say')}
        hint={t('discussion.say-hint')}
        value={draft.value}
        onChange={draft.change}
        rows={3}
        maxLength={5000}
      />
      <DraftConflict draft={draft} show={(text) => <p className="prose">{text}</p>} />
      <Refused refusal={refusal} onReload={reload} />
      <div className="buttons">
        <DraftNote draft={draft} />
        <Button type="primary" loading={sending} disabled={comment === ''} onClick={() => void submit()}>
          {t('discussion.send')}
        </Button>
      </div>
    </>
  );
}
