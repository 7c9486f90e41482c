import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { Rubric } from '../shapes.js';

interface Properties {
  /** The comment is null once its writer was erased. */
  readonly review: { readonly vetoes: readonly string[]; readonly comment?: string | null };
  readonly rubric: Rubric;
}

/** What a reviewer found beside the scores: items of the negative list, and the comment. */
export function ReviewWords({ review: { vetoes, comment }, rubric }: Properties): ReactNode {
  const { t, say } = useWords();
  const found = rubric.vetoes.filter(({ id }) => vetoes.includes(id)).map(({ title }) => say(title));
  return (
    <>
      {vetoes.length > 0 && (
        <p className="fault">
          {t('review.vetoes')}
          {t('list.colon')}
          {found.join(t('list.comma'))}
        </p>
      )}
      <p className="prose">{comment ?? t('erased')}</p>
    </>
  );
}
