import { Button, Card, Skeleton } from 'antd';
import { type ReactNode, useEffect, useId } from 'react';
import type { Reading } from '../reading.js';
import { useWords } from '../language.js';
import { Refused } from './refused.js';

interface PageProperties {
  readonly title: string;
  /** Where the page stands, above its title. */
  readonly above?: ReactNode;
  readonly below?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its one heading. */
export function Page({ title, above, below, children }: PageProperties): ReactNode {
  useEffect(() => {
    document.title = `${title} · Entente`;
  }, [title]);
  return (
    <>
      <header className="page-head">
        {above !== undefined && <div className="quiet">{above}</div>}
        <h1>{title}</h1>
        {below !== undefined && <div className="page-below">{below}</div>}
      </header>
      {children}
    </>
  );
}

/** What was read; a skeleton until then, and what went wrong if it did. */
export function Read<T>({
  reading,
  children,
}: {
  readonly reading: Reading<T>;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const { t } = useWords();
  const { data, refusal, reload } = reading;
  if (data === undefined && refusal === undefined) {
    return (
      <div role="status" aria-label={t('loading')}>
        <Skeleton active paragraph={{ rows: 6 }} />
      </div>
    );
  }
  return (
    <>
      <Refused refusal={refusal} onReload={reload} />
      {data !== undefined && children(data)}
    </>
  );
}

/** The way to the next page of a list, where there is one. */
export function ShowMore({ more }: { readonly more: (() => void) | undefined }): ReactNode {
  const { t } = useWords();
  return (
    more !== undefined && (
      <div className="more">
        <Button onClick={more}>{t('list.more')}</Button>
      </div>
    )
  );
}

interface SectionProperties {
  readonly title: string;
  readonly extra?: ReactNode;
  readonly tone?: 'task';
  readonly children: ReactNode;
}

export function Section({ title, extra, tone, children }: SectionProperties): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className={tone === 'task' ? 'section section-task' : 'section'}>
      <Card size="small" title={<h2 id={id}>{title}</h2>} extra={extra}>
        {children}
      </Card>
    </section>
  );
}
