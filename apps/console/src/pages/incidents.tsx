import { Button, Empty } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Text } from '../api.js';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { TextField } from '../parts/field.js';
import { Page, Read } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';

interface Incident {
  readonly id: string;
  readonly effect: string;
  readonly command: { readonly type: string };
  readonly case?: string;
  readonly number?: string;
  readonly stream: string;
  readonly code: string;
  readonly text: Text;
  readonly error?: string;
  readonly attempts: number;
  readonly since: string;
}

/** Steps of the engine that need somebody, with what may be done about them. */
export function Incidents(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = useRead<{ items: readonly Incident[] }>(alliance && `/v1/alliances/${alliance.id}/incidents`);
  return (
    <Page title={t('incidents')} below={<p className="quiet">{t('incidents.what')}</p>}>
      <Read reading={reading}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('incidents.none')} />
          ) : (
            <table className="rows">
              <caption className="unseen">{t('incidents')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('incidents.step')}</th>
                  <th scope="col">{t('incidents.cause')}</th>
                  <th scope="col">{t('incidents.since')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((incident) => (
                  <Row key={incident.id} incident={incident} onDone={reading.reload} />
                ))}
              </tbody>
            </table>
          )
        }
      </Read>
    </Page>
  );
}

interface RowProperties {
  readonly incident: Incident;
  readonly onDone: () => void;
}

function Row({ incident, onDone }: RowProperties): ReactNode {
  const { t, say } = useWords();
  const { command, case: id, number, stream, code, text, error, attempts, since } = incident;
  return (
    <tr>
      <td data-label={t('incidents.step')}>
        <strong>{command.type}</strong>
        <div>{id === undefined ? stream : <Link to={`/cases/${id}`}>{number}</Link>}</div>
      </td>
      <td data-label={t('incidents.cause')}>
        {say(text)} <code>{code}</code>
        {error !== undefined && <div className="quiet">{error}</div>}
        <Resolve incident={incident} onDone={onDone} />
      </td>
      <td data-label={t('incidents.since')}>
        <Instant at={since} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} />{' '}
        <div className="quiet">{t('incidents.attempts', { count: attempts })}</div>
      </td>
    </tr>
  );
}

function Resolve({ incident: { id }, onDone }: RowProperties): ReactNode {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCommand();
  const act = async (name: string, data: object): Promise<void> => {
    if ((await send({ context: 'incident', id, name, data })) !== undefined) onDone();
  };
  const skip = (event: FormEvent): void => {
    event.preventDefault();
    void act('skip-effect', { reason: reason.trim() });
  };
  return (
    <>
      <Button size="small" loading={sending} onClick={() => void act('retry-effect', {})}>
        {t('incidents.retry')}
      </Button>
      <details className="more-acts">
        <summary>{t('incidents.skip')}</summary>
        <form className="form" onSubmit={skip}>
          <TextField
            label={t('incidents.reason')}
            hint={t('incidents.reason-hint')}
            value={reason}
            onChange={setReason}
            required
            rows={2}
            maxLength={2000}
          />
          <div className="buttons">
            <Button danger htmlType="submit" loading={sending} disabled={reason.trim() === ''}>
              {t('incidents.skip')}
            </Button>
          </div>
        </form>
      </details>
      <Refused refusal={refusal} />
    </>
  );
}
