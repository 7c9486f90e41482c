import { Button, Result } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { Page, Read } from '../parts/page.js';
import { useRead } from '../reading.js';
import type { CaseAnswer, Timeline } from '../shapes.js';

/** What an office keeps: number, server time, versions and the hashes of every file. */
export function Receipt(): ReactNode {
  const { t } = useWords();
  const id = useParams()['case'] as string;
  const reading = useRead<CaseAnswer>(`/v1/cases/${id}`, (changed) => changed.case === id);
  const timeline = useRead<Timeline>(`/v1/cases/${id}/timeline`);
  const handedIn = timeline.data?.items.filter(({ type }) => type === 'CaseOpened' || type === 'ApplicationResubmitted').at(-1);
  return (
    <Page title={t('receipt')}>
      <Read reading={reading}>
        {(answer) => (
          <div className="receipt">
            <Result
              status="success"
              title={t('receipt.received', { number: answer.case.number })}
              subTitle={String(answer.case.form['title'] ?? '')}
              extra={[
                <Link key="case" to={`/cases/${id}`}>
                  {t('receipt.case')}
                </Link>,
                <Button key="print" onClick={() => print()}>
                  {t('receipt.print')}
                </Button>,
              ]}
            />
            <ReceiptFacts
              answer={answer}
              at={handedIn?.at ?? answer.case.submittedAt}
              event={handedIn?.event}
              position={handedIn?.position}
            />
          </div>
        )}
      </Read>
    </Page>
  );
}

interface FactsProperties {
  readonly answer: CaseAnswer;
  readonly at: string;
  readonly event: string | undefined;
  readonly position: string | undefined;
}

function ReceiptFacts({ answer: { case: shown, definition }, at, event, position }: FactsProperties): ReactNode {
  const { t, say } = useWords();
  return (
    <dl className="facts">
      <dt>{t('receipt.number')}</dt>
      <dd className="number">{shown.number}</dd>
      <dt>{t('receipt.time')}</dt>
      <dd>
        <Instant at={at} zone={definition.zone} /> <code>{at}</code>
      </dd>
      <dt>{t('case.applicant')}</dt>
      <dd>{shown.applicant?.name}</dd>
      <dt>{t('receipt.version')}</dt>
      <dd>{t('receipt.versions', { version: shown.version, definition: definition.version, charter: shown.charter })}</dd>
      <dt>{t('receipt.definition-hash')}</dt>
      <dd>
        <code>{definition.hash}</code>
      </dd>
      {event !== undefined && (
        <>
          <dt>{t('receipt.event')}</dt>
          <dd>
            <code>{event}</code> {t('receipt.position', { position: position ?? '' })}
          </dd>
        </>
      )}
      {shown.files.map(({ slot, sha256 }) => {
        const label = definition.files.find(({ id }) => id === slot)?.label;
        return (
          <div key={slot} className="fact">
            <dt>{t('receipt.file', { file: label === undefined ? slot : say(label) })}</dt>
            <dd>
              <code>{sha256}</code>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
