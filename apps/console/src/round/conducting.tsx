import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Section } from '../parts/page.js';
import { Instant, Until } from '../parts/deadline.js';
import { Refused } from '../parts/refused.js';
import { useCommand } from '../sending.js';
import { useHolds } from '../session.js';
import type { Extension, People, Round } from '../shapes.js';
import { instant } from '../time.js';
import { GrantExtension } from './grant-extension.js';

interface Properties {
  readonly round: Round;
  readonly extensions: readonly Extension[];
  readonly onChanged: () => void;
}

/** Who was given longer and why: for everyone, and for who may grant it a form. */
export function Extensions({ round, extensions, people, onChanged }: Properties & { readonly people: People }): ReactNode {
  const { t } = useWords();
  const grants = useHolds('manage-panel') && round.status === 'open';
  if (extensions.length === 0 && !grants) return null;
  return (
    <Section title={t('round.extensions')}>
      <p className="quiet">{t('round.extensions-what')}</p>
      {extensions.length > 0 && <Granted extensions={extensions} people={people} zone={round.zone} />}
      {grants && <GrantExtension round={round} onGranted={onChanged} />}
    </Section>
  );
}

interface GrantedProperties {
  readonly extensions: readonly Extension[];
  readonly people: People;
  readonly zone: string;
}

function Granted({ extensions, people, zone }: GrantedProperties): ReactNode {
  const { t } = useWords();
  const nameOfPerson = useNames(people);
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('extension.institution')}</th>
          <th scope="col">{t('extension.until')}</th>
          <th scope="col">{t('extension.reason')}</th>
          <th scope="col">{t('extension.granted')}</th>
          <th scope="col">{t('extension.granted-by')}</th>
        </tr>
      </thead>
      <tbody>
        {extensions.map(({ institution, institutionName, until, reason, grantedAt, grantedBy }) => (
          <tr key={`${institution} ${grantedAt}`}>
            <td data-label={t('extension.institution')}>{institutionName ?? institution}</td>
            <td data-label={t('extension.until')}>
              <Until at={until} zone={zone} />
            </td>
            <td data-label={t('extension.reason')}>
              <span className="prose">{reason}</span>
            </td>
            <td data-label={t('extension.granted')}>
              <Instant at={grantedAt} zone={zone} />
            </td>
            <td data-label={t('extension.granted-by')}>{nameOfPerson(grantedBy)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** For who opens rounds: ends one that can receive nothing any more. */
export function CloseRound({ round, extensions, onChanged }: Properties): ReactNode {
  const { t, language } = useWords();
  const { send, sending, refusal } = useCommand();
  const closes = useHolds('open-round');
  if (!closes || round.status !== 'open') return null;
  const last = Math.max(...[round.closesAt, ...extensions.map(({ until }) => until)].map((at) => Date.parse(at)));
  const at = instant(new Date(last).toISOString(), round.zone, language);
  const submit = async (): Promise<void> => {
    const receipt = await send({ context: 'round', id: round.id, name: 'close-round', data: {} });
    if (receipt !== undefined) onChanged();
  };
  if (Date.now() < last) return <p className="quiet">{t('round.close-from', { at })}</p>;
  return (
    <>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button loading={sending} onClick={() => void submit()}>
          {t('round.close')}
        </Button>
      </div>
    </>
  );
}
