import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import type { Draft } from '../draft.js';
import { useWords } from '../language.js';
import { Refused } from './refused.js';

/** Whether what was typed is safe. */
export function DraftNote({ draft }: { readonly draft: Pick<Draft<unknown>, 'status' | 'refusal'> }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <span className="quiet draft-note" role="status">
        {draft.status === 'loading' ? '' : t(`draft.${draft.status}`)}
      </span>
      <Refused refusal={draft.refusal} />
    </>
  );
}

interface ConflictProperties<T> {
  readonly draft: Draft<T>;
  readonly show: (value: T) => ReactNode;
}

/** Both texts side by side, where another window saved the same draft. */
export function DraftConflict<T>({ draft, show }: ConflictProperties<T>): ReactNode {
  const { t } = useWords();
  const { conflict } = draft;
  if (conflict === undefined) return null;
  const { mine, theirs } = conflict;
  return (
    <Alert
      type="warning"
      role="alert"
      className="draft-conflict"
      title={t('draft.conflict')}
      description={
        <div className="two-texts">
          <section>
            <h3>{t('draft.mine')}</h3>
            {show(mine)}
            <Button onClick={() => draft.settle(mine)}>{t('draft.keep-mine')}</Button>
          </section>
          <section>
            <h3>{t('draft.theirs')}</h3>
            {theirs === null ? <p>{t('draft.gone')}</p> : show(theirs)}
            {theirs !== null && <Button onClick={() => draft.settle(theirs)}>{t('draft.take-theirs')}</Button>}
          </section>
        </div>
      }
    />
  );
}
