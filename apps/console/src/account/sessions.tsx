import { Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { write } from '../api.js';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { Read, Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useAsking } from '../sending.js';
import { allianceZone, instant } from '../time.js';

interface SignedIn {
  readonly session: string;
  readonly current: boolean;
  readonly method: string;
  readonly agent: string;
  readonly signedInAt: string;
  readonly lastSeenAt: string;
}

/** Where a person is signed in. Any but the session of this page can be ended here; this one by signing out. */
export function Sessions(): ReactNode {
  const { t } = useWords();
  const reading = useRead<{ sessions: readonly SignedIn[] }>('/v1/sessions');
  const { refusal, ask } = useAsking<unknown>();
  const end = async (session: string): Promise<void> => {
    await ask(write('POST', '/v1/sessions/revoke', { session }));
    reading.reload();
  };
  return (
    <Section title={t('account.sessions')}>
      <p className="quiet">{t('account.sessions-what')}</p>
      <Refused refusal={refusal} />
      <Read reading={reading}>
        {({ sessions }) => (
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">{t('account.agent')}</th>
                <th scope="col">{t('account.method')}</th>
                <th scope="col">{t('account.signed-in')}</th>
                <th scope="col">{t('account.last-seen')}</th>
                <th scope="col">{t('account.end')}</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((one) => (
                <SessionRow key={one.session} one={one} onEnd={() => void end(one.session)} />
              ))}
            </tbody>
          </table>
        )}
      </Read>
    </Section>
  );
}

function SessionRow({ one, onEnd }: { readonly one: SignedIn; readonly onEnd: () => void }): ReactNode {
  const { t, known, language } = useWords();
  const agent = one.agent === '' ? t('account.unknown-agent') : one.agent;
  const at = instant(one.signedInAt, allianceZone, language);
  return (
    <tr>
      <td data-label={t('account.agent')}>
        <span className="prose">{agent}</span>
      </td>
      <td data-label={t('account.method')}>{known(`method.${one.method}`, one.method)}</td>
      <td data-label={t('account.signed-in')}>
        <Instant at={one.signedInAt} zone={allianceZone} />
      </td>
      <td data-label={t('account.last-seen')}>
        <Instant at={one.lastSeenAt} zone={allianceZone} />
      </td>
      <td data-label={t('account.end')}>
        {one.current ? (
          <Tag color="processing">{t('account.this')}</Tag>
        ) : (
          <Button size="small" onClick={onEnd} aria-label={t('account.end-of', { agent, at })}>
            {t('account.end')}
          </Button>
        )}
      </td>
    </tr>
  );
}
