import { Button } from 'antd';
import type { ReactNode } from 'react';
import { write } from '../api.js';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { Read, Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useAsking } from '../sending.js';
import { allianceZone } from '../time.js';
import { IssueKey } from './issue-key.js';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly powers: readonly string[];
  readonly network?: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string;
}

/** Keys of a person's own programs. */
export function Keys(): ReactNode {
  const { t } = useWords();
  const reading = useRead<{ keys: readonly Key[] }>('/v1/keys');
  const { refusal, ask } = useAsking<unknown>();
  const revoke = async (key: string): Promise<void> => {
    await ask(write('POST', '/v1/keys/revoke', { key }));
    reading.reload();
  };
  return (
    <Section title={t('account.keys')}>
      <p className="quiet">{t('account.keys-what')}</p>
      <Refused refusal={refusal} />
      <Read reading={reading}>
        {({ keys }) => (keys.length === 0 ? <p>{t('account.no-keys')}</p> : <KeyTable keys={keys} onRevoke={revoke} />)}
      </Read>
      <IssueKey onIssued={reading.reload} />
    </Section>
  );
}

interface TableProperties {
  readonly keys: readonly Key[];
  readonly onRevoke: (key: string) => Promise<void>;
}

function KeyTable({ keys, onRevoke }: TableProperties): ReactNode {
  const { t } = useWords();
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('account.key-name')}</th>
          <th scope="col">{t('account.key-powers')}</th>
          <th scope="col">{t('account.key-network')}</th>
          <th scope="col">{t('account.key-until')}</th>
          <th scope="col">{t('account.last-seen')}</th>
          <th scope="col">{t('account.key-revoke')}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <KeyRow key={key.id} shown={key} onRevoke={() => void onRevoke(key.id)} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow({ shown, onRevoke }: { readonly shown: Key; readonly onRevoke: () => void }): ReactNode {
  const { t, known } = useWords();
  const { name, powers, network, expiresAt, lastUsedAt } = shown;
  return (
    <tr>
      <td data-label={t('account.key-name')}>
        <span className="prose">{name}</span>
      </td>
      <td data-label={t('account.key-powers')}>
        {powers.length === 0
          ? t('account.key-reads')
          : powers.map((power) => known(`power.${power}`, power)).join(t('list.comma'))}
      </td>
      <td data-label={t('account.key-network')}>{network ?? '—'}</td>
      <td data-label={t('account.key-until')}>
        <Instant at={expiresAt} zone={allianceZone} />
      </td>
      <td data-label={t('account.last-seen')}>
        {lastUsedAt === undefined ? '—' : <Instant at={lastUsedAt} zone={allianceZone} />}
      </td>
      <td data-label={t('account.key-revoke')}>
        <Button size="small" danger onClick={onRevoke} aria-label={t('account.key-revoke-of', { name })}>
          {t('account.key-revoke')}
        </Button>
      </td>
    </tr>
  );
}
