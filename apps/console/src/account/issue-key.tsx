import { Alert, Button, Select } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { write } from '../api.js';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
import { DayField, Labelled, TextField } from '../parts/field.js';
import { Refused } from '../parts/refused.js';
import { useAsking } from '../sending.js';
import { useSession } from '../session.js';
import { allianceZone, endOfDay } from '../time.js';

interface Draft {
  readonly name: string;
  readonly powers: readonly string[];
  readonly network: string;
  readonly lastDay: string;
}

const blank: Draft = { name: '', powers: [], network: '', lastDay: '' };

/** Issues a key and shows it, once. */
export function IssueKey({ onIssued }: { readonly onIssued: () => void }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const [draft, setDraft] = useState(blank);
  const { found: issued, refusal, asking, ask } = useAsking<{ readonly token: string }>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { name, powers, network, lastDay } = draft;
    const order = { alliance: alliance?.id ?? '', name: name.trim(), powers, expiresAt: endOfDay(lastDay, allianceZone) };
    const asked = { ...order, ...(network.trim() === '' ? {} : { network: network.trim() }) };
    if ((await ask(write('POST', '/v1/keys', asked))) === undefined) return;
    setDraft(blank);
    onIssued();
  };
  return (
    <details className="more-acts">
      <summary>{t('account.key-issue')}</summary>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <KeyFields draft={draft} onChange={setDraft} />
        <Refused refusal={refusal} />
        <div className="buttons">
          <Button type="primary" htmlType="submit" loading={asking} disabled={draft.name.trim() === '' || draft.lastDay === ''}>
            {t('account.key-issue')}
          </Button>
        </div>
      </form>
      {issued !== undefined && (
        <Alert type="success" showIcon role="status" title={t('account.key-token')} description={<code>{issued.token}</code>} />
      )}
    </details>
  );
}

interface FieldsProperties {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function KeyFields({ draft, onChange }: FieldsProperties): ReactNode {
  const { t, known } = useWords();
  const { standing } = useSession();
  const zone = useZoneName()(allianceZone);
  const held = [...new Set(standing?.powers.map(({ power }) => power))];
  const change = (part: Partial<Draft>): void => onChange({ ...draft, ...part });
  return (
    <>
      <TextField
        label={t('account.key-name')}
        hint={t('account.key-name-hint')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={80}
      />
      <Labelled label={t('account.key-powers')} hint={t('account.key-powers-hint')}>
        {(control) => (
          <Select
            {...control}
            mode="multiple"
            value={[...draft.powers]}
            onChange={(powers: string[]) => change({ powers })}
            options={held.map((power) => ({ value: power, label: known(`power.${power}`, power) }))}
          />
        )}
      </Labelled>
      <div className="field-row">
        <DayField
          label={t('account.key-last-day')}
          hint={t('account.key-last-day-hint', { zone })}
          value={draft.lastDay}
          onChange={(lastDay) => change({ lastDay })}
          required
        />
        <TextField
          label={t('account.key-network')}
          hint={t('account.key-network-hint')}
          value={draft.network}
          onChange={(network) => change({ network })}
          maxLength={49}
        />
      </div>
    </>
  );
}
