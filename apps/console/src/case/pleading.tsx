import { Button, Checkbox, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { type Evidence, EvidenceFields } from './objections.js';
import { Due, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom, useTyping } from './room.js';

const longest = 10_000;

/** An appeal of the applicant's office: grounds, statement, evidence. */
export function AppealPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer, reload, done } = useRoom();
  const [grounds, setGrounds] = useState<readonly string[]>([]);
  const [statement, setStatement] = useState('');
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('lodge-appeal', { appeal: act.stage, grounds, statement, evidence })) === undefined) return;
    done({ text: t('appeal.done') });
    reload();
  };
  return (
    <Section title={t('act.appeal')} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t('appeal.what')}</p>
      <Checkbox.Group
        aria-label={t('appeal.grounds')}
        value={[...grounds]}
        onChange={(chosen) => setGrounds(chosen)}
        options={(answer.definition.subcases[act.stage]?.grounds ?? []).map(({ id, title }) => ({
          value: id,
          label: say(title),
        }))}
      />
      <TextField label={t('appeal.statement')} value={statement} onChange={setStatement} required rows={5} maxLength={longest} />
      <EvidenceFields evidence={evidence} atLeast={0} onChange={setEvidence} />
      <Refused refusal={refusal} onReload={reload} />
      <Button
        type="primary"
        loading={sending}
        disabled={grounds.length === 0 || statement.trim() === ''}
        onClick={() => void submit()}
      >
        {t('appeal.do')}
      </Button>
    </Section>
  );
}

/** What a party has to say before anybody rules. */
export function StatePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [statement, setStatement] = useState('');
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('give-statement', { stage: act.stage, statement, evidence })) === undefined) return;
    done({ text: t('state.done') });
    reload();
  };
  return (
    <Section title={t('act.state')} tone="task" extra={<Due act={act} />}>
      <TextField label={t('state.statement')} value={statement} onChange={setStatement} required rows={5} maxLength={longest} />
      <EvidenceFields evidence={evidence} atLeast={0} onChange={setEvidence} />
      <Refused refusal={refusal} onReload={reload} />
      <Button type="primary" loading={sending} disabled={statement.trim() === ''} onClick={() => void submit()}>
        {t('state.do')}
      </Button>
    </Section>
  );
}

const rulings = ['sustained', 'dismissed'] as const;

/** A ruling with its reason, and the minutes of the hearing. */
export function GiveRulingPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [ruling, setRuling] = useState<(typeof rulings)[number]>();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState<Evidence>();
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(ruling === undefined && reason === '' ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    const data = { stage: act.stage, ruling, reason: reason.trim(), ...(minutes === undefined ? {} : { minutes }) };
    if ((await send('give-ruling', data, revision)) === undefined) return;
    done({ text: t('ruling.done') });
    reload();
  };
  return (
    <Section title={t('act.give-ruling')} tone="task" extra={<Due act={act} />}>
      <Radio.Group
        aria-label={t('act.give-ruling')}
        optionType="button"
        value={ruling}
        onChange={({ target }) => setRuling(target.value as (typeof rulings)[number])}
        options={rulings.map((value) => ({ value, label: t(`ruling.${value}`) }))}
      />
      <TextField
        label={t('check.reason')}
        hint={t('check.reason-hint')}
        value={reason}
        onChange={setReason}
        required
        rows={3}
        maxLength={2000}
      />
      <FileField label={t('ruling.minutes')} hint={t('file.any')} value={minutes} onChange={setMinutes} />
      <Outdated refusal={refusal} />
      <Button
        type="primary"
        loading={sending}
        disabled={ruling === undefined || outdated || reason.trim() === ''}
        onClick={() => void submit()}
      >
        {t('ruling.do')}
      </Button>
    </Section>
  );
}
