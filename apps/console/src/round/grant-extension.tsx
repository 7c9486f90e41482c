import { Button, Select } from 'antd';
import { type FormEvent, type ReactNode, useDeferredValue, useState } from 'react';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
import { DayField, Labelled } from '../parts/field.js';
import { ReasonField } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { Round } from '../shapes.js';
import { endOfDay } from '../time.js';

interface Institution {
  readonly code: string;
  readonly name: string;
}

interface Properties {
  readonly round: Round;
  readonly onGranted: () => void;
}

/** Gives one university longer, with a reason that everyone reads. */
export function GrantExtension({ round, onGranted }: Properties): ReactNode {
  const { t } = useWords();
  const zoneName = useZoneName();
  const [institution, setInstitution] = useState<string>();
  const [lastDay, setLastDay] = useState('');
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCommand();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const data = { institution, until: endOfDay(lastDay, round.zone), reason: reason.trim() };
    if ((await send({ context: 'round', id: round.id, name: 'grant-extension', data })) === undefined) return;
    setInstitution(undefined);
    setLastDay('');
    setReason('');
    onGranted();
  };
  return (
    <details className="more-acts">
      <summary>{t('extension.grant')}</summary>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <InstitutionField value={institution} onChange={setInstitution} />
        <DayField
          label={t('extension.last-day')}
          hint={t('extension.last-day-hint', { zone: zoneName(round.zone) })}
          value={lastDay}
          onChange={setLastDay}
          required
        />
        <ReasonField value={reason} onChange={setReason} hint={t('extension.reason-hint')} />
        <Refused refusal={refusal} />
        <div className="buttons">
          <Button
            type="primary"
            htmlType="submit"
            loading={sending}
            disabled={institution === undefined || lastDay === '' || reason.trim() === ''}
          >
            {t('extension.grant')}
          </Button>
        </div>
      </form>
    </details>
  );
}

interface InstitutionProperties {
  readonly value: string | undefined;
  readonly onChange: (code: string) => void;
}

function InstitutionField({ value, onChange }: InstitutionProperties): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(new URLSearchParams({ limit: '50', ...(typed === '' ? {} : { name: typed }) }).toString());
  const found = useRead<{ items: readonly Institution[] }>(alliance && `/v1/alliances/${alliance.id}/institutions?${asked}`);
  return (
    <Labelled label={t('extension.institution')} required>
      {(control) => (
        <Select
          {...control}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          placeholder={t('extension.search')}
          value={value ?? null}
          onChange={onChange}
          options={(found.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name }))}
        />
      )}
    </Labelled>
  );
}
