import { Alert, Button, Checkbox } from 'antd';
import { type FormEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { type Draft, useDraft } from '../draft.js';
import { rubricOf } from '../conditions.js';
import { useWords } from '../language.js';
import { DraftConflict, DraftNote } from '../parts/draft-note.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useSession } from '../session.js';
import type { Assignment, Rubric } from '../shapes.js';
import { HandOver } from './panel-changes.js';
import { Due, More } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom } from './room.js';
import { Score } from './score.js';

interface Review {
  readonly scores: Readonly<Record<string, number>>;
  readonly vetoes: readonly string[];
  readonly comment: string;
  /** Of a review that takes the place of another: why. */
  readonly reason?: string;
}

const blank: Review = { scores: {}, vetoes: [], comment: '' };

/** The weighted score so far, of 100. */
export function totalOf({ criteria, points }: Rubric, scores: Readonly<Record<string, number>>): number {
  const weights = criteria.reduce((sum, { weight }) => sum + weight, 0);
  return criteria.reduce((sum, { id, weight }) => sum + weight * (scores[id] ?? 0), 0) * (100 / (weights * points));
}

export function ReviewPanel({ act }: ActProperties): ReactNode {
  const { answer } = useRoom();
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const rubric = stage && rubricOf(stage, answer.case.form);
  const draft = useDraft<Review>(`review.${answer.id}.${act.stage}`, blank);
  if (rubric === undefined) return null;
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  return <ReviewForm act={act} rubric={rubric} draft={draft} review={draft.value} />;
}

/** One's own review once more, as it was given: whoever thinks otherwise now says so and why. */
export function RevisePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const { session } = useSession();
  const visit = answer.case.visits.findLast(({ stage }) => stage === act.stage);
  const own = visit?.assignments?.find(({ reviewer, status }) => reviewer === session?.person && status === 'submitted');
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const rubric = stage && rubricOf(stage, answer.case.form);
  if (own?.review === undefined || rubric === undefined) return null;
  const version = (own.earlier?.length ?? 0) + 1;
  return (
    <More key={version} title={t('act.revise')}>
      <p className="quiet">{t('revise.what')}</p>
      <Revise act={act} rubric={rubric} given={own.review} version={version} />
    </More>
  );
}

interface ReviseProperties extends ActProperties {
  readonly rubric: Rubric;
  readonly given: NonNullable<Assignment['review']>;
  readonly version: number;
}

function Revise({ act, rubric, given, version }: ReviseProperties): ReactNode {
  const { answer } = useRoom();
  const draft = useDraft<Review>(`revise.${answer.id}.${act.stage}.${version}`, {
    scores: Object.fromEntries(given.scores.map(({ criterion, points }) => [criterion, points])),
    vetoes: given.vetoes,
    comment: given.comment ?? '',
    reason: '',
  });
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  return <ReviewFields act={act} rubric={rubric} draft={draft} review={draft.value} />;
}

interface FormProperties extends ActProperties {
  readonly rubric: Rubric;
  readonly draft: Draft<Review>;
  readonly review: Review;
}

function useSubmit({ act, rubric, draft, review }: FormProperties): {
  submit: () => Promise<void>;
  missing: readonly string[] | undefined;
  sender: ReturnType<typeof useCaseCommand>;
} {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const sender = useCaseCommand();
  const [asked, setAsked] = useState(false);
  const missing = [
    ...rubric.criteria.flatMap(({ id }) => (review.scores[id] === undefined ? [id] : [])),
    ...(review.comment.trim() === '' ? ['comment'] : []),
    ...(review.reason?.trim() === '' ? ['reason'] : []),
  ];
  const submit = async (): Promise<void> => {
    setAsked(true);
    if (missing.length > 0 || sender.sending || draft.conflict !== undefined) return;
    const scores = rubric.criteria.map(({ id }) => ({ criterion: id, points: review.scores[id] ?? 0 }));
    const { vetoes, comment, reason } = review;
    const given = { stage: act.stage, scores, vetoes, comment };
    const receipt = await (reason === undefined
      ? sender.send('submit-review', given)
      : sender.send('revise-review', { ...given, reason: reason.trim() }));
    if (receipt === undefined) return;
    await draft.discard();
    done({ text: t(reason === undefined ? 'review.done' : 'revise.done') });
    reload();
  };
  return { submit, missing: asked ? missing : undefined, sender };
}

/** A review on one page. */
function ReviewForm(properties: FormProperties): ReactNode {
  const { act, rubric } = properties;
  const { t, say } = useWords();
  const { answer } = useRoom();
  const { discussion: rules, blind } = answer.definition.stages.find(({ id }) => id === act.stage) ?? {};
  return (
    <Section title={say(rubric.title)} tone="task" extra={<Due act={act} />}>
      {rules !== undefined && (
        <p className="quiet">
          {t('discussion.before', { when: t(`discussion.${rules.from}`), as: t(`discussion.${rules.as}`) })}
        </p>
      )}
      <ReviewFields {...properties} />
      {blind === 'double' ? <p className="quiet">{t('panel-change.ask')}</p> : <HandOver stage={act.stage} />}
    </Section>
  );
}

/** Everything can be done from the keyboard. */
function ReviewFields(properties: FormProperties): ReactNode {
  const { rubric, draft, review } = properties;
  const { t } = useWords();
  const { submit, missing, sender } = useSubmit(properties);
  const form = useRef<HTMLFormElement>(null);
  const move = (from: number, step: -1 | 1): void => {
    const stops = form.current?.querySelectorAll<HTMLElement>('[role=slider], textarea');
    stops?.[from + step]?.focus();
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void submit();
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('.score-missing, [aria-invalid=true]')?.focus());
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event);
  };
  return (
    <form ref={form} onKeyDown={press} onSubmit={send}>
      <p className="quiet">{t('review.keys')}</p>
      {rubric.criteria.map((criterion, index) => (
        <Score
          key={criterion.id}
          criterion={criterion}
          points={rubric.points}
          value={review.scores[criterion.id]}
          missing={missing?.includes(criterion.id) === true}
          onChange={(points) => draft.change({ ...review, scores: { ...review.scores, [criterion.id]: points } })}
          onMove={(step) => move(index, step)}
        />
      ))}
      <Vetoes rubric={rubric} review={review} onChange={(vetoes) => draft.change({ ...review, vetoes })} />
      <Written review={review} missing={missing} onChange={(said) => draft.change({ ...review, ...said })} />
      <DraftConflict draft={draft} show={(text) => <ReviewText rubric={rubric} review={text} />} />
      {missing !== undefined && missing.length > 0 && (
        <Alert type="warning" showIcon role="alert" title={t('review.missing', { count: missing.length })} />
      )}
      <Refused refusal={sender.refusal} />
      <Foot rubric={rubric} draft={draft} review={review} sending={sender.sending} />
    </form>
  );
}

interface WrittenProperties {
  readonly review: Review;
  readonly missing: readonly string[] | undefined;
  readonly onChange: (said: Partial<Pick<Review, 'comment' | 'reason'>>) => void;
}

function Written({ review, missing, onChange }: WrittenProperties): ReactNode {
  const { t } = useWords();
  const faultOf = (name: string): string | undefined => (missing?.includes(name) === true ? t('fault.missing') : undefined);
  return (
    <>
      <TextField
        label={t('review.comment')}
        hint={t('review.comment-hint')}
        value={review.comment}
        onChange={(comment) => onChange({ comment })}
        required
        rows={4}
        maxLength={10_000}
        fault={faultOf('comment')}
      />
      {review.reason !== undefined && (
        <TextField
          label={t('revise.reason')}
          hint={t('revise.reason-hint')}
          value={review.reason}
          onChange={(reason) => onChange({ reason })}
          required
          rows={2}
          maxLength={2000}
          fault={faultOf('reason')}
        />
      )}
    </>
  );
}

type FootProperties = Omit<FormProperties, 'act'> & { readonly sending: boolean };

function Foot({ rubric, draft, review, sending }: FootProperties): ReactNode {
  const { t } = useWords();
  return (
    <div className="review-foot">
      <Total rubric={rubric} review={review} />
      <div className="buttons">
        <DraftNote draft={draft} />
        <Button type="primary" htmlType="submit" loading={sending}>
          {t(review.vetoes.length > 0 ? 'review.submit-veto' : review.reason === undefined ? 'review.submit' : 'revise.submit')}
        </Button>
      </div>
    </div>
  );
}

function Total({ rubric, review }: { readonly rubric: Rubric; readonly review: Review }): ReactNode {
  const { t } = useWords();
  const scored = rubric.criteria.filter(({ id }) => review.scores[id] !== undefined).length;
  return (
    <output className="total" aria-live="polite">
      <strong>{totalOf(rubric, review.scores).toFixed(1)}</strong> {t('review.of-100')}
      <span className="quiet">
        {' '}
        {t('review.scored', { scored, of: rubric.criteria.length })} {t('review.pass-mark', { mark: rubric.passMark })}
      </span>
    </output>
  );
}

interface VetoProperties {
  readonly rubric: Rubric;
  readonly review: Review;
  readonly onChange: (vetoes: readonly string[]) => void;
}

function Vetoes({ rubric, review, onChange }: VetoProperties): ReactNode {
  const { t, say } = useWords();
  if (rubric.vetoes.length === 0) return null;
  return (
    <fieldset className="vetoes">
      <legend>{t('review.vetoes')}</legend>
      <Checkbox.Group
        value={[...review.vetoes]}
        onChange={(chosen) => onChange(chosen)}
        options={rubric.vetoes.map(({ id, title }) => ({ value: id, label: say(title) }))}
      />
      {review.vetoes.length > 0 && <Alert type="error" showIcon role="alert" title={t('review.veto-ends')} />}
    </fieldset>
  );
}

/** A review as it reads: for two versions side by side. */
function ReviewText({ rubric, review }: { readonly rubric: Rubric; readonly review: Review }): ReactNode {
  const { t, say } = useWords();
  return (
    <dl className="facts">
      {rubric.criteria.map(({ id, title }) => (
        <div key={id} className="fact">
          <dt>{say(title)}</dt>
          <dd>{review.scores[id] ?? '—'}</dd>
        </div>
      ))}
      <div className="fact">
        <dt>{t('review.comment')}</dt>
        <dd className="prose">{review.comment}</dd>
      </div>
    </dl>
  );
}
